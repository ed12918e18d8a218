/* SPDX-License-Identifier: Apache-2.0 */
/* A report that goes into a file: under its name only once it is whole. */
#ifndef SIM_CLI_REPORT_FILE_H
#define SIM_CLI_REPORT_FILE_H

#include "error.h"

#include <stdio.h>

/* Calls `write` on a file beside `path`, syncs it and gives it its name, which may be taken: it is replaced. On an error nothing of
 * it is left and what was there stays. ERROR_FILE_OPEN, ERROR_FILE_WRITE, ERROR_MEMORY; those of `write`. */
int report_file(const char *path, int (*write)(const void *context, FILE *out, error_t *e),
                const void *context, error_t *e) __attribute__((warn_unused_result));

#endif
