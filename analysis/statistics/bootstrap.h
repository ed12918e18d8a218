/* SPDX-License-Identifier: Apache-2.0 */
/* Bootstrap intervals: what estimates become when the units behind them are drawn again (Efron 1979, Ann Stat 7:1).
 *
 * Units are drawn with replacement, DRAW_RESAMPLE keyed by seed and resample: the same seed gives the same interval. The
 * interval is the percentile interval, whose ends lie between order statistics on the scale of the normal quantile (Davison and
 * Hinkley 1997, Bootstrap Methods, section 5.3.2, equation 5.8), as package boot of R has it.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_BOOTSTRAP_H
#define ANALYSIS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "statistics/interval.h"

#define BOOTSTRAP_RESAMPLES 999

/* Computes estimate[estimates] from the units unit[units], each a number of 0 to units - 1, repeated ones as often as they
 * stand there. May give NaN. */
typedef void (*bootstrap_estimate_t)(const void *context, const size_t *unit, size_t units,
                                     double *estimate);

/* Fills ci[estimates] by BOOTSTRAP_RESAMPLES resamples of units >= 1; resamples that give NaN are left out of that
 * estimate's. ERROR_MEMORY. */
int bootstrap_intervals(bootstrap_estimate_t compute, const void *context, size_t units,
                        uint64_t seed, interval_t *ci, size_t estimates, error_t *e)
    __attribute__((warn_unused_result));

/* The percentile interval, 95 %, of value[n], which is put in order. NaN below 40 values: their ends are no order statistics. */
interval_t bootstrap_percentile(double *value, size_t n);

#endif
