/* SPDX-License-Identifier: Apache-2.0 */
/* Dose and effect of the patients of one arm, side by side.
 *
 * Estimand: what patients who came to a higher dose show, in groups of equal size by dose, and Spearman's rank correlation
 * between the two. It is an association, and not what a dose does: a clinic that titrates gives more to who responds less. What
 * the dose does is the difference between arms of the same patients (summary/comparison.h).
 *
 * Intervals, 95 %: of a group's mean Student's t; of the correlation Fisher's transformation with the variance 1.06/(n - 3)
 * of Fieller, Hartley and Pearson 1957, Biometrika 44:470.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_DOSE_EFFECT_H
#define ANALYSIS_DOSE_EFFECT_H

#include <stddef.h>

#include "error.h"
#include "statistics/spread.h"

#define DOSE_EFFECT_GROUPS 5

typedef struct dose_effect_pair_t {
    double dose; /* the pair is left out where either is NaN */
    double effect;
} dose_effect_pair_t;

typedef struct dose_effect_group_t {
    double low, high; /* its smallest and largest dose */
    double dose;      /* mean */
    spread_t effect;
} dose_effect_group_t;

typedef struct dose_effect_t {
    size_t n;
    size_t groups; /* at most DOSE_EFFECT_GROUPS; equal doses are never parted */
    dose_effect_group_t group[DOSE_EFFECT_GROUPS];
    double correlation; /* NaN where either does not vary */
    interval_t ci;      /* of it; NaN below 4 patients and where it is -1 or 1 */
} dose_effect_t;

/* Describes pair[n], which is put in order of dose. ERROR_MEMORY. */
int dose_effect_describe(dose_effect_t *d, dose_effect_pair_t *pair, size_t n, error_t *e)
    __attribute__((warn_unused_result));

#endif
