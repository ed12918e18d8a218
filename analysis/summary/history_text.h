/* SPDX-License-Identifier: Apache-2.0 */
/* A history as tables for people, at most 100 columns. Thread rule: any thread. */
#ifndef ANALYSIS_HISTORY_TEXT_H
#define ANALYSIS_HISTORY_TEXT_H

#include <stdio.h>

#include "summary/history.h"

/* Prints what there is to tell of an arm by its name. Failures show in ferror(out). */
void history_text_arm(const history_t *h, size_t arm, const char *name, FILE *out);

#endif
