/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over the subjects of a dataset, each of whom adds rows to every sheet of a format.
 *
 * Thread rule: as export.h.
 */
#ifndef ANALYSIS_SUBJECTS_H
#define ANALYSIS_SUBJECTS_H

#include <stddef.h>

#include "error.h"
#include "export/export.h"
#include "export/people.h"
#include "export/sheet.h"

#define SUBJECTS_SHEETS_MAX 8

typedef struct subjects_t {
    const sheet_plan_t *plan; /* without their columns */
    size_t sheets;            /* at most SUBJECTS_SHEETS_MAX */
    const sheet_column_t *column;
    const unsigned char *of; /* the plan of each column; those of one stand one after another */
    size_t columns;
    int (*put)(people_t *p, sheet_t *sheet, error_t *e); /* the rows of one subject */
} subjects_t;

/* Writes all sheets. Errors of the reader, of people, of the outbox and of `put`; ERROR_INTERRUPTED. */
int subjects_write(export_t *x, const subjects_t *s, error_t *e)
    __attribute__((warn_unused_result));

/* Number of the row that is begun among those of this subject, from 1. */
int64_t subjects_sequence(const sheet_t *s);

#endif
