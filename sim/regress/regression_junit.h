/* SPDX-License-Identifier: Apache-2.0 */
/* A regression as JUnit XML, as builders read it: a suite for each scenario, a test case for each of its lives. */
#ifndef SIM_REGRESS_REGRESSION_JUNIT_H
#define SIM_REGRESS_REGRESSION_JUNIT_H

#include "error.h"
#include "regress/regression_text.h"

#include <stdio.h>

/* ERROR_FILE_WRITE. */
int regression_junit_write(const regression_t *r, const regression_names_t *names, FILE *out,
                           error_t *e) __attribute__((warn_unused_result));

#endif
