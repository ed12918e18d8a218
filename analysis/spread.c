/* SPDX-License-Identifier: Apache-2.0 */
/* Means, deviations and quantiles by GSL. */
#include "spread.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

static size_t drop_nan(double *values, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i])) {
            values[kept++] = values[i];
        }
    }
    return kept;
}

spread_t spread_of(double *values, size_t n)
{
    const double nan = (double)NAN;
    spread_t s = {drop_nan(values, n), nan, nan, nan, nan, nan, nan, nan, {nan, nan}, {nan, nan}};
    if (s.n == 0) {
        return s;
    }
    gsl_sort(values, 1, s.n);
    s.mean = gsl_stats_mean(values, 1, s.n);
    s.median = gsl_stats_quantile_from_sorted_data(values, 1, s.n, 0.5);
    s.p5 = gsl_stats_quantile_from_sorted_data(values, 1, s.n, 0.05);
    s.p95 = gsl_stats_quantile_from_sorted_data(values, 1, s.n, 0.95);
    s.low = values[0];
    s.high = values[s.n - 1];
    if (s.n > 1) {
        s.sd = gsl_stats_sd_m(values, 1, s.n, s.mean);
        s.mean_ci = interval_mean(s.n, s.mean, s.sd);
        s.median_ci = interval_median(values, s.n);
    }
    return s;
}
