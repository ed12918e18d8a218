/* SPDX-License-Identifier: Apache-2.0 */
/* A visual predictive check for people, and for programs. Thread rule: any thread. */
#ifndef ANALYSIS_VPC_TEXT_H
#define ANALYSIS_VPC_TEXT_H

#include <stdio.h>

#include "dataset/provenance.h"
#include "error.h"
#include "statistics/vpc.h"

/* A table of the bins, at most 100 columns. `data` is what the file of observations is called. ERROR_FILE_WRITE. */
int vpc_text_print(const vpc_t *v, const provenance_t *p, const char *data, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

/* The same as JSON, all digits, an array of bins that a figure can be drawn from. ERROR_FILE_WRITE; ERROR_MEMORY. */
int vpc_text_json(const vpc_t *v, const provenance_t *p, const char *data, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
