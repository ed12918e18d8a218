/* SPDX-License-Identifier: Apache-2.0 */
/* Goes down the daily series once, patient by patient, for several statistics at a time: each is shown every row.
 *
 * Only records with a pump are shown. Memory: a block of each column (walk.h), however many patients and days.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_DAILY_H
#define ANALYSIS_DAILY_H

#include <stddef.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/people.h"

typedef struct daily_row_t {
    size_t record; /* its number in people_t */
    double day;    /* whole days since enrolment */
    const double
        *value; /* of each field asked for; NaN where there is none. Valid for the call alone */
} daily_row_t;

/* Takes one row. Rows come in order of records, and of days within a record. */
typedef struct daily_visitor_t {
    void (*visit)(void *context, const daily_row_t *row);
    void *context;
} daily_visitor_t;

#define DAILY_FIELDS_MAX 14

/* Shows visitor[visitors] the rows of all records, with the values of field[fields] of table `daily`. ERROR_ARGUMENT: more
 * than DAILY_FIELDS_MAX fields; errors of the reader; ERROR_MEMORY. */
int daily_each(reader_t *r, const people_t *p, const enum fields_id *field, size_t fields,
               const daily_visitor_t *visitor, size_t visitors, error_t *e)
    __attribute__((warn_unused_result));

#endif
