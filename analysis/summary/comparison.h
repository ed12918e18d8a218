/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes of an arm with their intervals, and two arms compared patient by patient.
 *
 * Arms share their random numbers, so the difference within a patient carries less chance than either value: its
 * interval is Student's t on the differences, and the correlation achieved tells how much was gained. Replicates are pairs
 * of their own. Weights are not applied.
 *
 * Thread rule: constant inputs; any thread.
 */
#ifndef ANALYSIS_COMPARISON_H
#define ANALYSIS_COMPARISON_H

#include "error.h"
#include "statistics/interval.h"
#include "summary/outcomes.h"
#include "statistics/spread.h"

/* One outcome of one arm. */
typedef struct comparison_estimate_t {
    spread_t spread;
    interval_t
        ci; /* of spread.mean: interval_mean, or by the outcome's kind interval_share or interval_amount */
} comparison_estimate_t;

/* One outcome of two arms, over the patients who have it in both. */
typedef struct comparison_pair_t {
    size_t n;
    double first;      /* mean */
    double second;     /* mean */
    double difference; /* mean of second - first */
    interval_t ci;     /* of the difference */
    double
        correlation; /* Pearson's, between first and second; NaN where one of them does not vary */
} comparison_pair_t;

/* Where an outcome of a cohort of so many other patients who have it will lie, 95 %: of an outcome's kind MEAN or AMOUNT its mean, of
 * the last not below 0; of SHARE its share. */
interval_t comparison_cohort(const comparison_estimate_t *estimate, enum outcomes_kind kind,
                             size_t cohort);

/* Computes estimate[OUTCOMES_COUNT] of one arm. ERROR_MEMORY. */
int comparison_arm(const outcomes_t *o, int32_t arm, comparison_estimate_t *estimate, error_t *e)
    __attribute__((warn_unused_result));

/* Describes all times between refills of one arm, clustered by patient. ERROR_MEMORY. */
int comparison_intervals(const outcomes_t *o, int32_t arm, spread_t *spread, error_t *e)
    __attribute__((warn_unused_result));

/* Computes pair[OUTCOMES_COUNT] of arm `second_arm` of `second` against `first_arm` of `first`, matched by patient and
 * replicate; the two may be one. ERROR_MEMORY. */
int comparison_pairs(const outcomes_t *first, int32_t first_arm, const outcomes_t *second,
                     int32_t second_arm, comparison_pair_t *pair, error_t *e)
    __attribute__((warn_unused_result));

/* The same for groups of other people, which no patient pairs: Welch's interval (Welch 1947, Biometrika 34:28) of the difference of
 * the means; n is of the smaller group, correlation NaN. ERROR_MEMORY. */
int comparison_groups(const outcomes_t *first, int32_t first_arm, const outcomes_t *second,
                      int32_t second_arm, comparison_pair_t *pair, error_t *e)
    __attribute__((warn_unused_result));

/* Whether the patients of two datasets are the same people: ERROR_ARGUMENT, naming the difference, when seed, number of
 * patients, number of arms or first drug differ. */
int comparison_check(const provenance_t *first, const provenance_t *second, error_t *e)
    __attribute__((warn_unused_result));

#endif
