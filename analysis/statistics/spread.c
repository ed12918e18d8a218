/* SPDX-License-Identifier: Apache-2.0 */
/* Means, deviations and quantiles by GSL. */
#include "statistics/spread.h"

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
    const size_t kept = drop_nan(values, n);
    spread_t s = {kept, kept, nan, nan, nan, nan, nan, nan, nan, {nan, nan}, {nan, nan}};
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

spread_t spread_clustered(double *values, const size_t *unit, size_t n)
{
    double total = 0.0, squares = 0.0;
    size_t known = 0, units = 0;
    for (size_t i = 0; i < n; i++) {
        total += isnan(values[i]) ? 0.0 : values[i];
        known += isnan(values[i]) ? 0 : 1;
    }
    const double mean = known > 0 ? total / (double)known : (double)NAN;
    for (size_t i = 0, next = 0; i < n; i = next) {
        double sum = 0.0;
        size_t here = 0;
        for (next = i; next < n && unit[next] == unit[i]; next++) {
            sum += isnan(values[next]) ? 0.0 : values[next] - mean;
            here += isnan(values[next]) ? 0 : 1;
        }
        squares += sum * sum;
        units += here > 0 ? 1 : 0;
    }
    spread_t s = spread_of(values, n);
    s.units = units;
    s.mean_ci = interval_clustered(s.n, units, s.mean, squares);
    s.median_ci = (interval_t){(double)NAN, (double)NAN};
    return s;
}
