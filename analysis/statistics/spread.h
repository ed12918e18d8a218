/* SPDX-License-Identifier: Apache-2.0 */
/* Describes a sample by a few numbers. Thread rule: any thread. */
#ifndef ANALYSIS_SPREAD_H
#define ANALYSIS_SPREAD_H

#include <stddef.h>

#include "statistics/interval.h"

/* All but n and units are NaN when n is 0; sd and mean_ci are NaN when n is 1, median_ci when n is below 6. */
typedef struct spread_t {
    size_t n;     /* values that are not NaN */
    size_t units; /* independent units, patients, that they come from: n but of spread_clustered */
    double mean;
    double sd; /* of the sample, n - 1 */
    double median;
    double p5; /* quantiles by linear interpolation between order statistics */
    double p95;
    double low;
    double high;
    interval_t mean_ci;
    interval_t median_ci;
} spread_t;

/* Describes values[n], NaN left out. Reorders values. */
spread_t spread_of(double *values, size_t n);

/* The same of values that belong to units, unit[n] ascending: the mean's interval is interval_clustered, the median has
 * none. Reorders values. */
spread_t spread_clustered(double *values, const size_t *unit, size_t n);

#endif
