/* SPDX-License-Identifier: Apache-2.0 */
/* A summary as text for people: aligned tables of at most 100 columns. Thread rule: any thread. */
#ifndef ANALYSIS_SUMMARY_TEXT_H
#define ANALYSIS_SUMMARY_TEXT_H

#include <stdio.h>

#include "error.h"
#include "summary/summary.h"

/* Prints to `out`. ERROR_FILE_WRITE when a write fails. */
int summary_text_print(const summary_t *s, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
