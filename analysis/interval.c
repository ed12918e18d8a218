/* SPDX-License-Identifier: Apache-2.0 */
/* 95 % confidence intervals by GSL's distributions. */
#include "interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define TAIL 0.025

static const interval_t unknown = {(double)NAN, (double)NAN};

interval_t interval_mean(size_t n, double mean, double sd)
{
    if (n < 2) {
        return unknown;
    }
    const double half = gsl_cdf_tdist_Pinv(1.0 - TAIL, (double)n - 1.0) * sd / sqrt((double)n);
    return (interval_t){mean - half, mean + half};
}

interval_t interval_median(const double *sorted, size_t n)
{
    size_t k = 0;
    while (2 * k < n && gsl_cdf_binomial_P((unsigned)k, 0.5, (unsigned)n) <= TAIL) {
        k++;
    }
    return k == 0 ? unknown : (interval_t){sorted[k - 1], sorted[n - k]};
}

interval_t interval_share(size_t k, size_t n)
{
    if (n == 0) {
        return unknown;
    }
    const double z = gsl_cdf_ugaussian_Pinv(1.0 - TAIL), count = (double)n;
    const double share = (double)k / count, scale = 1.0 + z * z / count;
    const double middle = (share + z * z / (2.0 * count)) / scale;
    const double half =
        z / scale * sqrt(share * (1.0 - share) / count + z * z / (4.0 * count * count));
    /* At the ends the two terms cancel to a rounding error. */
    return (interval_t){k == 0 ? 0.0 : middle - half, k == n ? 1.0 : middle + half};
}
