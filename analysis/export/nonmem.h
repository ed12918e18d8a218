/* SPDX-License-Identifier: Apache-2.0 */
/* Doses and levels of the first drug, one row an event, laid out as NONMEM reads its data: plasma.csv and csf.csv.
 *
 * A dose of the pump is what left the catheter tip between two rows of the daily series, as an infusion over that time; the
 * head begins with a letter (IGNORE=@). What a catheter loses elsewhere than at its tip is not in the files: /ledger/lost_ug
 * tells of whom that is true.
 *
 * Thread rule: as export.h.
 */
#ifndef ANALYSIS_NONMEM_H
#define ANALYSIS_NONMEM_H

#include "error.h"
#include "export/export.h"

#define NONMEM_NONE (-99.0) /* a covariate without a value */

/* Errors of the reader, of people and of the outbox; ERROR_INTERRUPTED. */
int nonmem_write(export_t *x, error_t *e) __attribute__((warn_unused_result));

#endif
