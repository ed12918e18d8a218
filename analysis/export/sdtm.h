/* SPDX-License-Identifier: Apache-2.0 */
/* DM, EX, EC, AE, PC and DV: a dataset laid out after the CDISC study data tabulation model (SDTM).
 *
 * For who has tools that read such tables. It is not a tabulation of a study in people: subjects are simulated lives, terms
 * are of no dictionary, and there are no dates.
 *
 * Thread rule: as export.h.
 */
#ifndef ANALYSIS_SDTM_H
#define ANALYSIS_SDTM_H

#include "error.h"
#include "export/export.h"

/* Errors of the reader, of people and of the outbox; ERROR_INTERRUPTED. */
int sdtm_write(export_t *x, error_t *e) __attribute__((warn_unused_result));

#endif
