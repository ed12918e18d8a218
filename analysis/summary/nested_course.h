/* SPDX-License-Identifier: Apache-2.0 */
/* The part of nested_study.h that is of what happens between beginning and end: pumps, events, days in target.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_NESTED_COURSE_H
#define ANALYSIS_NESTED_COURSE_H

#include "error.h"
#include "statistics/people.h"
#include "summary/nested_study.h"

/* What nested_study.c and this share: a pass over the replicates. draw[draws + 1] is scratch, the first for the central values. */
typedef struct nested_pass_t {
    nested_study_t *study;
    reader_t *reader;       /* shows all */
    const people_t *people; /* of people_read_apart */
    nested_draw_t *draw;
} nested_pass_t;

/* Makes the row of an arm from what is in draw[]. */
void nested_course_row(const nested_pass_t *p, nested_row_t *row);

/* Fills in the rows of pumps, events and target. Errors of the reader and of the parts; ERROR_MEMORY. */
int nested_course(const nested_pass_t *p, const history_t *h, error_t *e)
    __attribute__((warn_unused_result));

#endif
