/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a validation as a table: in plain text, or in Markdown. Thread rule: any thread. */
#ifndef ANALYSIS_RESULTS_TEXT_H
#define ANALYSIS_RESULTS_TEXT_H

#include <stdio.h>

#include "dataset/results.h"
#include "error.h"
#include "validation/verdict.h"

/* Counts the rows by their role and verdict. ERROR_DATASET_FOREIGN: one of these is none of the names of verdict.h. */
int results_text_sum(const results_t *r, verdict_sum_t *sum, error_t *e)
    __attribute__((warn_unused_result));

/* Prints rows, totals and what they come to. ERROR_FILE_WRITE; errors of results_text_sum. */
int results_text_print(const results_t *r, FILE *out, error_t *e)
    __attribute__((warn_unused_result));
int results_text_markdown(const results_t *r, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
