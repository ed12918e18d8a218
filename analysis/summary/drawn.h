/* SPDX-License-Identifier: Apache-2.0 */
/* What the people of a frozen cohort are like: spreads, shares, correlations, and how often the draw sent somebody back.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef ANALYSIS_DRAWN_H
#define ANALYSIS_DRAWN_H

#include <stddef.h>

#include "dataset/frozen.h"
#include "error.h"
#include "statistics/correlation.h"
#include "statistics/interval.h"
#include "statistics/spread.h"

#define DRAWN_QUANTILES 5
#define DRAWN_BINS 8
#define DRAWN_SHARES_MAX 256
#define DRAWN_MATRIX_PEOPLE 20000 /* from whom a matrix is made at most */

/* The quantiles that are told: 2.5, 25, 50, 75 and 97.5 %. */
extern const double drawn_quantile[DRAWN_QUANTILES];

typedef struct drawn_field_t {
    const frozen_field_t *field; /* of the file */
    size_t at;                   /* its number in the file */
    spread_t spread;
    double cv; /* SD over mean; NaN where a value is below 0 */
    double quantile[DRAWN_QUANTILES];
    size_t bin[DRAWN_BINS]; /* people, between the lowest value and the highest */
    int varies;
} drawn_field_t;

/* One name of a field that has names. */
typedef struct drawn_share_t {
    const frozen_field_t *field;
    char name[32];
    size_t people;
    double share;
    interval_t ci; /* Wilson's, of the population that they were drawn from */
} drawn_share_t;

typedef struct drawn_pair_t {
    const frozen_pair_t *pair;
    correlation_t achieved;
} drawn_pair_t;

/* Borrows from the file. */
typedef struct drawn_t {
    const frozen_head_t *head;
    const char *identity;
    size_t people, fields, shares, pairs;
    double attempts, held;                  /* of all; values held to the ends of their ranges */
    drawn_field_t field[FROZEN_FIELDS_MAX]; /* numbers that do not only count or name */
    drawn_share_t share[DRAWN_SHARES_MAX];
    drawn_pair_t pair[FROZEN_PAIRS_MAX];
    /* Fields that vary: correlations matrix[rows * rows] of their normals, of the first matrix_people; NULL: not asked for. Owned. */
    double *matrix;
    size_t rows, matrix_people;
} drawn_t;

/* Fills *d, which is to be all zero, from an open file; with its matrix or without. ERROR_MEMORY; the errors of frozen_read. drawn_free is legal
 * after an error. */
int drawn_compute(drawn_t *d, frozen_t *f, int with_matrix, error_t *e)
    __attribute__((warn_unused_result));
void drawn_free(drawn_t *d);

/* What a field is called in tables: the study's key, or its name. */
void drawn_label(const frozen_field_t *f, char *label, size_t size);

#endif
