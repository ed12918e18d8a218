/* SPDX-License-Identifier: Apache-2.0 */
/* How far an estimate moves with the uncertain parameters, from nested simulation: an outer loop over R draws of the parameters, and
 * within each an inner loop over patients.
 *
 * Each draw gives an estimate and, from its own patients, the variance that chance between patients leaves in it. The
 * estimates of all draws scatter for two reasons, parameters and chance, whose variances add, since patients are drawn anew for
 * each draw (their streams are keyed by the replicate): so that of the parameters is what is found between draws less the mean of those within (the analysis of
 * variance of O'Hagan, Stevenson and Madan 2007, Health Economics 16:1009). Quantiles of the estimates themselves would be too
 * wide by the second. They are taken, by linear interpolation (type 7 of Hyndman and Fan 1996, Am Stat 50:361), after every
 * estimate has been drawn in towards the mean of all by one factor, that which leaves them the parameters' variance:
 * Louis's constrained estimates (1984, J Am Stat Assoc 79:393), with one weight for all draws, as they are when the draws have
 * patients alike. The shape of the scatter is kept; no distribution is assumed for it.
 *
 * Whether parameters are seen at all is asked first: without them (R - 1) between / within would be chi-squared with R - 1 degrees
 * of freedom. Where it is not above that distribution's 95 % point the spread is what chance alone gives, the interval is not
 * told, and the standard deviation that the parameters may still have, at most, is. It is asked of all draws but the one
 * furthest from the mean: what a rare patient does to one draw is chance, however far, and so about one in a hundred of the numbers on
 * which parameters have no hold at all are taken for resolved.
 *
 * The interval is of what the model gives at other parameters that the evidence allows: it holds neither chance between patients (the
 * Monte Carlo interval has that) nor a wrong model. Of few draws its ends are uncertain themselves and lie inwards: of R draws
 * it spans on average about 0.95 (R - 1) / (R + 1) of their distribution. Below NESTED_DRAWS none is told.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_NESTED_H
#define ANALYSIS_NESTED_H

#include <stddef.h>

#include "statistics/interval.h"
#include "statistics/rate.h"

#define NESTED_DRAWS 10 /* fewest for an interval */

enum nested_state {
    NESTED_RESOLVED,   /* the interval is there */
    NESTED_UNRESOLVED, /* the draws differ by no more than chance between patients */
    NESTED_SAME,       /* all draws gave one and the same value */
    NESTED_FEW,        /* below NESTED_DRAWS draws have a value */
    NESTED_STATES
};

/* What one draw gave. NaN where it has none. */
typedef struct nested_draw_t {
    double estimate;
    double variance; /* of the estimate, by chance between the draw's patients; >= 0 */
    size_t n;        /* patients, or whatever the estimate is over */
} nested_draw_t;

/* NaN where it cannot be told. */
typedef struct nested_t {
    enum nested_state state;
    size_t draws;          /* that have an estimate and its variance */
    size_t n;              /* that each is over, the middle one of them */
    double mean;           /* of the draws' estimates */
    interval_t ci;         /* 95 %, parameter uncertainty; only where resolved */
    double sd_parameters;  /* 0 where the variance between draws is below that within */
    double sd_monte_carlo; /* of one draw's estimate */
    double
        sd_at_most; /* upper 97.5 % limit of sd_parameters, the draws' estimates taken as normal; of unresolved */
} nested_t;

/* Describes draw[n], which is reordered, those without a value behind. n may be 0. */
nested_t nested_of(nested_draw_t *draw, size_t n);

/* A word for a program: "resolved", "not_resolved", "same_in_all_draws", "too_few_draws". Static storage. */
const char *nested_state_name(enum nested_state state);

/* The variance by chance of an estimate from a sample, unbiased where it can be, since it is averaged over draws: of a mean; of a
 * share k of n; of a rate; of the median of sorted[n], from the order statistics about it (Price and Bonett 2001, J Stat
 * Comput Simul 68:295), which of 40 values are a tenth too much. NaN of a sample too small: below 2, of a median below 5; without time. */
double nested_variance_mean(size_t n, double sd);
double nested_variance_share(size_t k, size_t n);
double nested_variance_rate(const rate_t *rate);
double nested_variance_median(const double *sorted, size_t n);

#endif
