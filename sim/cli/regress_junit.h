/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress --junit`: the lives, the populations and what is said to differ by design, as test cases. */
#ifndef SIM_CLI_REGRESS_JUNIT_H
#define SIM_CLI_REGRESS_JUNIT_H

#include "cli/regress_page.h"
#include "error.h"

#include <stdio.h>

/* Errors of regression_junit_write; ERROR_MEMORY. */
int regress_junit_write(const regress_page_t *p, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
