/* SPDX-License-Identifier: Apache-2.0 */
/* Events per time at risk, over units (patients) that may have several.
 *
 * Estimand: all events over all time, that is the mean of the units' own rates weighted by their time. The 95 % interval is
 * by one of two methods, and says by which. Where no unit had more than one, the count is taken as Poisson's, exact (Garwood
 * 1936, Biometrika 28:437): of no event it still gives an upper end. Else by the units' own deviations from the rate,
 * whatever makes their events come together or apart: a ratio's variance (Cochran 1977, Sampling Techniques, chapter 6) on the
 * scale of the logarithm, with Student's t of units - 1 degrees of freedom.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_RATE_H
#define ANALYSIS_RATE_H

#include <stddef.h>

#include "statistics/interval.h"

enum rate_method { RATE_POISSON, RATE_CLUSTERED };

/* What has been added so far. Zero-initialise. */
typedef struct rate_sums_t {
    size_t units, units_with, events;
    size_t most; /* events of one unit */
    double time;
    double squares, products, time_squares; /* sums of events^2, events times time, time^2 */
} rate_sums_t;

typedef struct rate_t {
    size_t units;
    size_t units_with; /* that had any */
    size_t events;
    double time;
    double rate; /* per unit of time; NaN without time */
    interval_t ci;
    enum rate_method method;
} rate_t;

/* Adds a unit with its events and its time at risk, >= 0. */
void rate_add(rate_sums_t *sums, size_t events, double time);

rate_t rate_of(const rate_sums_t *sums);

#endif
