/* SPDX-License-Identifier: Apache-2.0 */
/* Values pooled over the records of all sources: what statistics of refills, catheters and primes are judged by.
 *
 * A plan names what is read of each source, takes the values of one record after the other from it, and judges them together.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_ESTIMATOR_POOL_H
#define ANALYSIS_ESTIMATOR_POOL_H

#include "validation/estimator.h"

enum { ESTIMATOR_POOL_TABLES = 2, ESTIMATOR_POOL_FIELDS = 6 };

typedef struct estimator_pool_t {
    double *value;   /* [n], in whatever unit the plan takes */
    double *years;   /* [n], when */
    size_t *unit;    /* [n], ascending: whose */
    size_t n, room;  /* room: that the three have */
    size_t records;  /* visited so far, the present one included: a patient in an arm each */
    size_t patients; /* the same, who lives in several arms of a source being one */
} estimator_pool_t;

/* What is read of a source. */
typedef struct estimator_pool_read_t {
    enum fields_table table[ESTIMATOR_POOL_TABLES]; /* whose rows it goes through */
    enum fields_id field[ESTIMATOR_POOL_FIELDS];
    size_t tables, fields;
} estimator_pool_read_t;

/* One source as it was read, in the order of estimator_pool_read_t. */
typedef struct estimator_pool_from_t {
    record_key_t *key;                                                     /* [records] */
    int64_t *offset[ESTIMATOR_POOL_TABLES], *count[ESTIMATOR_POOL_TABLES]; /* [records] each */
    double *column[ESTIMATOR_POOL_FIELDS];                                 /* [rows] each */
} estimator_pool_from_t;

/* Rows [begin, end) of the columns of a table. */
typedef struct estimator_pool_rows_t {
    size_t begin, end;
} estimator_pool_rows_t;

struct estimator_pool_plan_t {
    const estimator_pool_read_t *read;
    /* Adds the values of a record. */
    int (*visit)(estimator_pool_t *to, const estimator_pool_from_t *from, size_t record,
                 error_t *e);
    /* Judges what was added, of which there is some, and may overwrite it. *out: no value yet, n is that of the pool. */
    int (*judge)(estimator_pool_t *pool, estimate_t *out, error_t *e);
    const char *needs; /* static: what is missing where nothing was added */
};

/* The estimate of a plan. Errors of the reader and of the plan, ERROR_MEMORY. */
int estimator_pool_estimate(const estimator_pool_plan_t *plan, const estimator_source_t *source,
                            size_t sources, estimate_t *out, error_t *e)
    __attribute__((warn_unused_result));

/* What plans judge by: the mean of values that are independent of each other; the share of those above 0. */
int estimator_pool_mean(estimator_pool_t *pool, estimate_t *out, error_t *e);
int estimator_pool_share(estimator_pool_t *pool, estimate_t *out, error_t *e);

/* One more value, at `years`, of a unit not below that of the one before. ERROR_MEMORY. */
int estimator_pool_add(estimator_pool_t *to, size_t unit, double value, double years, error_t *e)
    __attribute__((warn_unused_result));

/* The rows of a record in the table of that number among those read. */
estimator_pool_rows_t estimator_pool_rows(const estimator_pool_from_t *from, size_t table,
                                          size_t record);

#endif
