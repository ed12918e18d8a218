/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluates a study at many points: a cohort each, of which the mean of one outcome is kept.
 *
 * Results go to PATH.partial, a line each, and it gets its name when all are there. A run that was cut short goes on from it: a torn
 * last line is dropped, and a file of another analysis refused.
 */
#ifndef SIM_CLI_SENSITIVITY_RUN_H
#define SIM_CLI_SENSITIVITY_RUN_H

#include "cli/options.h"
#include "cli/sensitivity_input.h"
#include "config/study.h"
#include "dataset/fields.h"
#include "error.h"
#include "host/core.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct sensitivity_run_t {
    const char *study;        /* path */
    const option_list_t *set; /* what the user lays over it */
    const core_t *core;
    const sensitivity_input_t *input; /* [inputs] */
    size_t inputs;
    enum fields_id outcome; /* of table outcomes */
    int32_t arm;
    int jobs;
    const char *path;     /* of the results */
    const char *identity; /* one line: what decides the results */
    bool resume, overwrite;
    const volatile sig_atomic_t *interrupt;
} sensitivity_run_t;

/* Fills y[points] with the mean outcome at x[points][inputs], places from 0 to 1 within the ranges, under seed[points]; draws
 * progress on stderr. ERROR_INTERRUPTED: the results so far are kept. ERROR_EXISTS: PATH or PATH.partial is there, and neither overwrite nor
 * resume was asked for, or the partial one is of another analysis. ERROR_CONFIG: a point is no valid study, said on stderr.
 * ERROR_ARGUMENT: nobody has a value of the outcome. Else the errors of cohort_run and of the reader. */
int sensitivity_run(const sensitivity_run_t *r, const double *x, const int64_t *seed, double *y,
                    size_t points, error_t *e) __attribute__((warn_unused_result));

/* Reads the study at one point; its diagnostics go to stderr where it has errors. The caller frees it. */
int sensitivity_run_study(const sensitivity_run_t *r, const double *x, int64_t seed, study_t *study,
                          error_t *e) __attribute__((warn_unused_result));

#endif
