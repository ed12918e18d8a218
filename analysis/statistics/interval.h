/* SPDX-License-Identifier: Apache-2.0 */
/* 95 % confidence intervals for what a sample tells of its population. Thread rule: any thread.
 *
 * The intervals speak of chance between patients alone: parameters and models may be wrong beside it. Those of a simulation are of
 * two kinds: "Monte Carlo", how well the patients simulated tell the model's own value, which narrows with their number; and
 * "cohort of N", where a cohort of N people would fall by chance if the model is right, which does not.
 */
#ifndef ANALYSIS_INTERVAL_H
#define ANALYSIS_INTERVAL_H

#include <stddef.h>

/* NaN where the sample is too small to say. */
typedef struct interval_t {
    double low;
    double high;
} interval_t;

/* Standard normal quantile of 97.5 %. */
#define INTERVAL_Z_95 1.959963984540054

/* Half the width of an interval. */
static inline double interval_half(interval_t i)
{
    return (i.high - i.low) / 2.0;
}

/* For a mean: mean -+ t * sd / sqrt(n), Student's t with n - 1 degrees of freedom. n >= 2, sd >= 0 with n - 1. */
interval_t interval_mean(size_t n, double mean, double sd);

/* For a mean of values that cannot be negative and of which many may be 0, by empirical likelihood (Owen 1988,
 * Biometrika 75:237): all means to which some weighting of the sample gives a likelihood ratio within the square of Student's t
 * with n - 1 degrees of freedom. It lies within the sample's own range, so never below 0, and is as skew as the
 * sample. sorted[n] ascends. Needs n >= 2 and two values that differ: of a sample that does not vary, it cannot
 * say how rare another value is. */
interval_t interval_amount(const double *sorted, size_t n);

/* For the difference of the means of two samples that share nothing, of sizes n[2] >= 2 and standard deviations sd[2]: Student's t
 * with the degrees of freedom of Welch (1947, Biometrika 34:28). */
interval_t interval_difference(double difference, const size_t n[2], const double sd[2]);

/* For a mean of n values of which those of one unit (a patient) are not independent: by the units' sums of deviations
 * from the mean. sum_of_squares: of these sums, units of them. Student's t with units - 1 degrees of freedom.
 * units >= 2, n >= units. */
interval_t interval_clustered(size_t n, size_t units, double mean, double sum_of_squares);

/* For the quantile of a share 0 < p < 1, free of any distribution: the order statistics that leave each tail of Binomial(n, p)
 * at most 2.5 % (Conover 1999, Practical Nonparametric Statistics, chapter 3.2). An end that a sample of this size has no
 * order statistic for is NaN: of 5 % the lower one below n = 72. sorted[n] ascends. */
interval_t interval_quantile(const double *sorted, size_t n, double p);

/* The same for a median. Needs n >= 6. */
interval_t interval_median(const double *sorted, size_t n);

/* For a share of k in n: Wilson's score interval (Wilson 1927, J Am Stat Assoc 22:209). n >= 1, k <= n. */
interval_t interval_share(size_t k, size_t n);

/* Where the mean of a cohort of `cohort` other patients of the same kind will lie, 95 %: the chance of that cohort and that of the n
 * patients from whom mean and sd are known (Hahn and Meeker 1991, Statistical Intervals, section 4.7). n >= 2, cohort >= 1. */
interval_t interval_cohort_mean(size_t n, double mean, double sd, size_t cohort);

/* The same for its share, where k of n have been seen: the middle 95 % of the beta-binomial distribution with Jeffreys's prior
 * (Brown, Cai and DasGupta 2001, Stat Sci 16:101). n >= 1, k <= n, cohort >= 1. */
interval_t interval_cohort_share(size_t k, size_t n, size_t cohort);

#endif
