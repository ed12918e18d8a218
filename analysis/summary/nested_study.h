/* SPDX-License-Identifier: Apache-2.0 */
/* Parameter uncertainty of what a summary tells: how far each number moves with the draws of the uncertain parameters.
 *
 * Every estimate is made again of the patients of each draw, as it is made of those at the central values, with the variance that
 * chance between patients leaves in it; nested.h takes the two apart. Differences between arms are taken patient by patient within
 * a draw, which both arms share. Of what a summary tells the bands over time, dose beside effect and the tables of refills have
 * no such interval.
 *
 * Memory: 110 bytes a record of all replicates, and what occurrence.h holds at a time. Time grows in proportion to the records.
 *
 * Thread rule: a reader is used by one thread; constant once computed.
 */
#ifndef ANALYSIS_NESTED_STUDY_H
#define ANALYSIS_NESTED_STUDY_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/lives.h"
#include "statistics/nested.h"
#include "statistics/occurrence.h"
#include "summary/history.h"
#include "summary/outcomes.h"

enum nested_study_quantity {
#define NESTED_QUANTITY(symbol, key, label, first, second, combine, kind) NESTED_QUANTITY_##symbol,
#include "summary/nested_study.def"
#undef NESTED_QUANTITY
    NESTED_QUANTITIES
};

#define NESTED_DAYS 7 /* moments of first events */

/* One number of a summary. */
typedef struct nested_row_t {
    double central; /* at the central values; NaN: none */
    size_t n;       /* whom that is over */
    nested_t draws; /* what the draws make of it */
} nested_row_t;

/* One arm. */
typedef struct nested_arm_t {
    nested_row_t outcome[OUTCOMES_COUNT]; /* its mean or share */
    nested_row_t difference
        [OUTCOMES_COUNT]; /* less that of the first arm, within patients; not of the first */
    nested_row_t quantity[NESTED_QUANTITIES];          /* of those with a pump */
    nested_row_t target[HISTORY_WINDOWS];              /* mean share of days inside */
    nested_row_t rate[OCCURRENCE_COUNT];               /* events per patient-year */
    nested_row_t first[OCCURRENCE_COUNT][NESTED_DAYS]; /* share to whom it has happened */
    nested_row_t left[LIVES_YEARS]; /* share of pumps in place after y + 1 years */
    size_t causes;                  /* rows of `ended`: those of the central values */
    int cause[LIVES_CAUSES];        /* FIELDS_REASON_* */
    nested_row_t ended[LIVES_CAUSES][LIVES_YEARS]; /* share that it has ended */
} nested_arm_t;

typedef struct nested_study_t {
    int32_t draws; /* of the dataset; 0: it has none, and nothing else is set */
    size_t arms;
    nested_arm_t *arm;       /* owned, [arms] */
    double day[NESTED_DAYS]; /* of first events */
    size_t windows;          /* of target */
} nested_study_t;

/* A quantity's key in JSON, label of at most 23 characters, unit, and whether it is a median. Static storage. */
typedef struct nested_quantity_t {
    const char *key, *label, *unit;
    int is_median;
} nested_quantity_t;
nested_quantity_t nested_study_quantity(enum nested_study_quantity quantity);

/* Computes *n of a reader that shows the central records, and shows them again afterwards; `h` is the history of these, whose windows and
 * days are taken. nested_study_free is legal after a failure and on a zeroed struct. Errors of the reader and of the
 * parts; ERROR_MEMORY. */
int nested_study_compute(nested_study_t *n, reader_t *r, const history_t *h, error_t *e)
    __attribute__((warn_unused_result));
void nested_study_free(nested_study_t *n);

#endif
