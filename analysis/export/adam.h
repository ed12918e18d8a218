/* SPDX-License-Identifier: Apache-2.0 */
/* ADSL, ADEX, ADAE and ADPC: a dataset laid out after the CDISC analysis data model (ADaM).
 *
 * For who has tools that read such tables. It is no analysis dataset of a study in people: subjects are simulated lives, terms
 * are of no dictionary, and there are no dates.
 *
 * Thread rule: as export.h.
 */
#ifndef ANALYSIS_ADAM_H
#define ANALYSIS_ADAM_H

#include "error.h"
#include "export/export.h"

/* Errors of the reader, of people and of the outbox; ERROR_INTERRUPTED. */
int adam_write(export_t *x, error_t *e) __attribute__((warn_unused_result));

#endif
