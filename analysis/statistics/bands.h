/* SPDX-License-Identifier: Apache-2.0 */
/* Quantile bands over time: how far patients lie apart on chosen days.
 *
 * Estimand: the quantile of a daily value on a day, over the patients of an arm with a pump who are still followed then and have
 * a value. Nobody is carried forward: `n` falls as follow-up ends. Quantiles are linear between order statistics (type 7 of
 * Hyndman and Fan 1996, Am Stat 50:361); their 95 % intervals are order statistics too (interval_quantile), pointwise,
 * and speak of chance between the simulated patients alone. Nothing is binned: the quantiles are of the values as stored.
 *
 * Memory: 4 bytes a patient, field and day, of as many days at a time as fit into BANDS_BYTES (always one at least); the rows
 * are read again for the days that are left.
 *
 * Thread rule: a reader is used by one thread; bands are constant once computed.
 */
#ifndef ANALYSIS_BANDS_H
#define ANALYSIS_BANDS_H

#include <stddef.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/daily.h"
#include "statistics/interval.h"
#include "statistics/people.h"

#define BANDS_QUANTILES 5
#define BANDS_MEDIAN 2 /* its place among them */
#define BANDS_BYTES ((size_t)32 << 20)

/* The shares that they leave below: 0.05, 0.25, 0.5, 0.75, 0.95. */
extern const double bands_share[BANDS_QUANTILES];

/* NaN where nobody has a value. */
typedef struct bands_point_t {
    double day;
    size_t n; /* patients with a value on that day */
    double quantile[BANDS_QUANTILES];
    interval_t ci[BANDS_QUANTILES]; /* 95 % */
} bands_point_t;

/* Owned. */
typedef struct bands_t {
    bands_point_t *point; /* [arms][fields][days]; see bands_of */
    size_t arms, fields, days;
} bands_t;

/* What is asked of the daily series. Borrowed. */
typedef struct bands_ask_t {
    const enum fields_id *field; /* [fields] of table `daily`, at most DAILY_FIELDS_MAX */
    size_t fields;
    const double *day; /* [days], whole, >= 0, ascending */
    size_t days;
    size_t bytes; /* for values held at a time; 0: BANDS_BYTES */
    daily_visitor_t
        also; /* shown every row of the same fields once, to spare another reading; visit NULL: nobody */
} bands_ask_t;

/* Computes the bands of all arms. bands_free is legal after a failure and on a zeroed struct. ERROR_ARGUMENT: days that
 * are not whole, below 0 or out of order; errors of daily_each; ERROR_MEMORY. */
int bands_compute(bands_t *b, reader_t *r, const people_t *p, const bands_ask_t *ask, error_t *e)
    __attribute__((warn_unused_result));
void bands_free(bands_t *b);

/* The points [days] of an arm and of the i-th field asked for. */
const bands_point_t *bands_of(const bands_t *b, size_t arm, size_t field);

/* Spreads at most `most` >= 2 whole days evenly over the days 0 to floor(horizon_d) - 1 of a series, both ends included;
 * returns how many there are. */
size_t bands_days(double horizon_d, size_t most, double *day);

#endif
