/* SPDX-License-Identifier: Apache-2.0 */
/* The cohorts of one validation: simulated into datasets, and its rows judged from them. */
#ifndef SIM_CLI_VALIDATE_COHORTS_H
#define SIM_CLI_VALIDATE_COHORTS_H

#include "config/validation.h"
#include "dataset/reader.h"
#include "dataset/results.h"
#include "error.h"
#include "host/core.h"

#include <signal.h>

typedef struct validate_cohorts_t {
    const core_t *core; /* borrowed */
    const char *folder; /* that takes the datasets, NAME-RUN.h5; others of that name are replaced */
    int jobs;           /* threads, >= 1 */
    const volatile sig_atomic_t *interrupt; /* as of cohort_t */
    int keep;                               /* 0: the datasets are removed again */
} validate_cohorts_t;

/* Simulates each run of *v that a row uses, and appends a judged row for each observed one to results->row, whose rows it
 * counts and which has room. Errors of cohort_run and of the reader. */
int validate_cohorts_judge(const validate_cohorts_t *c, const validation_t *v, results_t *results,
                           error_t *e) __attribute__((warn_unused_result));

#endif
