/* SPDX-License-Identifier: Apache-2.0 */
/* Named statistics of datasets, each with its Monte Carlo error: what a published row is held against.
 *
 * An estimate speaks of all its sources together: datasets, or one arm of a dataset. Its half-width is half of a 95 % interval
 * for chance between the simulated patients alone; patients are the unit where one has several values. One that the datasets
 * do not hold says what it needs, and has no value.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_ESTIMATOR_H
#define ANALYSIS_ESTIMATOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/lives.h"

typedef struct estimator_source_t {
    reader_t *reader; /* borrowed */
    int32_t arm;      /* or LIVES_ALL_ARMS */
} estimator_source_t;

typedef struct estimate_t {
    double value;      /* NaN: none */
    double half_width; /* NaN: too few to say */
    size_t n;          /* what it is over: refills, lives, patients */
    const char *needs; /* static; NULL where it was computed */
} estimate_t;

/* An estimate of nothing, and what it needs: static storage. */
static inline estimate_t estimator_none(const char *needs)
{
    return (estimate_t){(double)NAN, (double)NAN, 0, needs};
}

typedef int estimator_function_t(const estimator_source_t *source, size_t sources, estimate_t *out,
                                 error_t *e);

typedef struct estimator_pool_plan_t estimator_pool_plan_t; /* estimator_pool.h */

typedef struct estimator_t {
    const char *name;
    const char *unit;
    estimator_function_t *compute;     /* NULL: by its plan */
    const estimator_pool_plan_t *plan; /* NULL: by its function */
} estimator_t;

/* The table; *n rows, static storage. */
const estimator_t *estimator_table(size_t *n);

/* The row of a name, NULL if there is none. */
const estimator_t *estimator_find(const char *name);

/* The statistic of `of`, less that of `against` where that has sources. The half-width of a difference takes both as
 * independent, which for arms that share their patients is on the safe side. Errors of the reader, ERROR_MEMORY. */
int estimator_compute(const estimator_t *estimator, const estimator_source_t *of, size_t n_of,
                      const estimator_source_t *against, size_t n_against, estimate_t *out,
                      error_t *e) __attribute__((warn_unused_result));

#endif
