/* SPDX-License-Identifier: Apache-2.0 */
/* A sensitivity analysis for people, and for programs. Thread rule: any thread. */
#ifndef ANALYSIS_SENSITIVITY_TEXT_H
#define ANALYSIS_SENSITIVITY_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "dataset/fields.h"
#include "error.h"
#include "statistics/morris.h"
#include "statistics/sobol.h"

/* One input and the ends of its range. Borrowed. */
typedef struct sensitivity_text_input_t {
    const char *key, *unit;
    double low, high;
    int logarithmic;
} sensitivity_text_input_t;

/* What is told. Borrowed. */
typedef struct sensitivity_text_t {
    const char *study, *arm;
    enum fields_id outcome;
    int64_t patients; /* of each cohort */
    const sensitivity_text_input_t *input;
    size_t inputs;
    const morris_t *morris; /* NULL: not asked for */
    const sobol_t *sobol;
} sensitivity_text_t;

/* Tables, at most 100 columns. ERROR_FILE_WRITE. */
int sensitivity_text_print(const sensitivity_text_t *t, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

/* The same as JSON, all digits. ERROR_FILE_WRITE; ERROR_MEMORY. */
int sensitivity_text_json(const sensitivity_text_t *t, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
