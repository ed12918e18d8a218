/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim summary --vpc`: observations in a file held against a dataset. */
#ifndef SIM_CLI_SUMMARY_VPC_H
#define SIM_CLI_SUMMARY_VPC_H

#include <stdbool.h>

/* What was asked for; NULL: the first arm, the field lumbar_ng_per_ml. */
typedef struct summary_vpc_t {
    const char *data, *arm, *field;
} summary_vpc_t;

/* Prints the check to stdout. Returns an exit code of enum cli_exit, with what was wrong said; CLI_USAGE: no such arm or field. */
int summary_vpc(const char *path, const summary_vpc_t *asked, bool json);

#endif
