/* SPDX-License-Identifier: Apache-2.0 */
/* Draws units again. */
#include "statistics/bootstrap.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "draw.h"

#define TAIL 0.025
#define LEAST 40 /* (n + 1) TAIL must be at least 1 */

/* The value at (n + 1) share of sorted[n]; between two, by the normal quantiles of their places. */
static double at_share(const double *sorted, size_t n, double share)
{
    const double at = (double)(n + 1) * share, place = (double)(n + 1);
    const size_t k = (size_t)floor(at);
    if (k == 0) {
        return sorted[0];
    }
    if (k >= n || !(at > (double)k)) {
        return sorted[k < n ? k - 1 : n - 1];
    }
    const double z = gsl_cdf_ugaussian_Pinv(share);
    const double low = gsl_cdf_ugaussian_Pinv((double)k / place);
    const double high = gsl_cdf_ugaussian_Pinv((double)(k + 1) / place);
    return sorted[k - 1] + (z - low) / (high - low) * (sorted[k] - sorted[k - 1]);
}

interval_t bootstrap_percentile(double *value, size_t n)
{
    if (n < LEAST) {
        return (interval_t){(double)NAN, (double)NAN};
    }
    gsl_sort(value, 1, n);
    return (interval_t){at_share(value, n, TAIL), at_share(value, n, 1.0 - TAIL)};
}

static void draw_units(uint64_t seed, size_t resample, size_t *unit, size_t units)
{
    draw_t d;
    draw_init(&d, seed, DRAW_RESAMPLE, 0, 0, resample);
    for (size_t i = 0; i < units; i++) {
        unit[i] = (size_t)(draw_uniform(&d) * (double)units);
    }
}

int bootstrap_intervals(bootstrap_estimate_t compute, const void *context, size_t units,
                        uint64_t seed, interval_t *ci, size_t estimates, error_t *e)
{
    size_t *unit = calloc(units + 1, sizeof *unit);
    double *one = calloc(estimates + 1, sizeof *one);
    double *all = calloc(estimates * BOOTSTRAP_RESAMPLES + 1, sizeof *all);
    size_t *n = calloc(estimates + 1, sizeof *n);
    int rc = unit == NULL || one == NULL || all == NULL || n == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory to draw %zu units again", units)
                 : 0;
    for (size_t r = 0; rc == 0 && r < BOOTSTRAP_RESAMPLES; r++) {
        draw_units(seed, r, unit, units);
        compute(context, unit, units, one);
        for (size_t k = 0; k < estimates; k++) {
            if (!isnan(one[k])) {
                all[k * BOOTSTRAP_RESAMPLES + n[k]++] = one[k];
            }
        }
    }
    for (size_t k = 0; rc == 0 && k < estimates; k++) {
        ci[k] = bootstrap_percentile(all + k * BOOTSTRAP_RESAMPLES, n[k]);
    }
    free(unit);
    free(one);
    free(all);
    free(n);
    return rc;
}
