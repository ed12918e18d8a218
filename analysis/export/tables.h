/* SPDX-License-Identifier: Apache-2.0 */
/* Every table of a dataset as CSV, as it is: the same columns, rows and values.
 *
 * A table without the key of its record gets it: patient, arm, replicate, and `row`, the place among the rows of that record
 * from 0. Numbers of lists stand as their names. Two tables tell the names behind numbers: drugs and, of a trace, hal_calls.
 *
 * Thread rule: as export.h.
 */
#ifndef ANALYSIS_TABLES_H
#define ANALYSIS_TABLES_H

#include "error.h"
#include "export/export.h"

/* Errors of the reader and of the outbox; ERROR_MEMORY, ERROR_INTERRUPTED. */
int tables_write(export_t *x, error_t *e) __attribute__((warn_unused_result));

#endif
