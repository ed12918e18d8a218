/* SPDX-License-Identifier: Apache-2.0 */
/* The lives of pumps as a table for people. Thread rule: any thread. */
#ifndef ANALYSIS_LIVES_TEXT_H
#define ANALYSIS_LIVES_TEXT_H

#include <stdio.h>

#include "statistics/lives.h"

/* Prints the lives of an arm by its name; nothing where there is nothing to tell. Failures show in ferror(out). */
void lives_text_print(const lives_t *l, const char *arm, FILE *out);

#endif
