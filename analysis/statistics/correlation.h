/* SPDX-License-Identifier: Apache-2.0 */
/* Correlation of two samples whose values are monotone functions of normals, told from ranks alone. Thread rule: any thread. */
#ifndef ANALYSIS_CORRELATION_H
#define ANALYSIS_CORRELATION_H

#include <stddef.h>

#include "error.h"
#include "statistics/interval.h"

typedef struct correlation_t {
    size_t n;
    double r;      /* NaN where one sample does not vary */
    interval_t ci; /* 95 %, Fisher's z; NaN below n = 4 */
} correlation_t;

/* Replaces values[n] by the normals of their ranks, those of ties by their mean rank: Blom's scores, Phi^-1((rank - 3/8) / (n + 1/4)) (Blom
 * 1958, Statistical Estimates and Transformed Beta-Variables). ERROR_MEMORY. */
int correlation_scores(double *values, size_t n, error_t *e) __attribute__((warn_unused_result));

/* The same within each of the strata, stratum[n]. */
int correlation_scores_within(double *values, const int *stratum, size_t n, error_t *e)
    __attribute__((warn_unused_result));

/* The correlation of scores: that of the normals behind them, as efficient as if these were seen (Klaassen and Wellner 1997, Bernoulli
 * 3:55). */
correlation_t correlation_of(const double *a, const double *b, size_t n);

#endif
