/* SPDX-License-Identifier: Apache-2.0 */
/* A summary as one JSON object for programs. Thread rule: any thread. */
#ifndef ANALYSIS_SUMMARY_JSON_H
#define ANALYSIS_SUMMARY_JSON_H

#include <stdio.h>

#include "error.h"
#include "summary/summary.h"

/* Prints to `out`, indented, keys in a fixed order, units in the keys, null for a number that is not there.
 * ERROR_FILE_WRITE when a write fails; ERROR_MEMORY. */
int summary_json_print(const summary_t *s, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
