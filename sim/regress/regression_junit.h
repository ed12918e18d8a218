/* SPDX-License-Identifier: Apache-2.0 */
/* A regression as JUnit XML, as builders read it: a suite for each scenario, a test case for each of its lives; where there are any, a suite of
 * the populations that were compared, and one of the scenarios that are said to differ by design. */
#ifndef SIM_REGRESS_REGRESSION_JUNIT_H
#define SIM_REGRESS_REGRESSION_JUNIT_H

#include "error.h"
#include "regress/regression_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A population that whoever compares them has judged: one arm of a scenario. */
typedef struct regression_junit_population_t {
    size_t scenario;
    int32_t arm;
    bool passes;
    const char *says; /* what was found, where it does not pass; borrowed */
} regression_junit_population_t;

/* `populations` of them. ERROR_FILE_WRITE. */
int regression_junit_write(const regression_t *r, const regression_names_t *names,
                           const regression_junit_population_t *population, size_t populations,
                           FILE *out, error_t *e) __attribute__((warn_unused_result));

#endif
