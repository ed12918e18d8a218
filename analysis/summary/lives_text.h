/* SPDX-License-Identifier: Apache-2.0 */
/* The lives of pumps, and of catheters, as tables for people. Thread rule: any thread. */
#ifndef ANALYSIS_LIVES_TEXT_H
#define ANALYSIS_LIVES_TEXT_H

#include <stdio.h>

#include "statistics/lives.h"

/* Prints the lives of an arm by its name; nothing where there is nothing to tell. Failures show in ferror(out). */
void lives_text_print(const lives_t *l, const char *arm, FILE *out);

/* The same of its catheters (catheters.h); nothing where there are none. */
void lives_text_catheters(const lives_t *l, const char *arm, FILE *out);

#endif
