/* SPDX-License-Identifier: Apache-2.0 */
/* 95 % confidence intervals by GSL's distributions. */
#include "statistics/interval.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
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

interval_t interval_difference(double difference, const size_t n[2], const double sd[2])
{
    if (n[0] < 2 || n[1] < 2) {
        return unknown;
    }
    const double a = sd[0] * sd[0] / (double)n[0], b = sd[1] * sd[1] / (double)n[1];
    if (!(a + b > 0.0)) { /* neither varies: Welch's degrees of freedom are 0 over 0 */
        return (interval_t){difference, difference};
    }
    const double freedom =
        (a + b) * (a + b) / (a * a / ((double)n[0] - 1.0) + b * b / ((double)n[1] - 1.0));
    const double half = gsl_cdf_tdist_Pinv(1.0 - TAIL, freedom) * sqrt(a + b);
    return (interval_t){difference - half, difference + half};
}

/* A tilted sample: weights in proportion to 1 / (1 + tilt * (x - lowest)), which are those of the greatest
 * likelihood among all that give their mean. */
typedef struct tilted_t {
    double mean;
    double deficit; /* -2 log of the likelihood ratio against equal weights */
} tilted_t;

/* A value that occurs k times is computed once. */
static tilted_t tilt_sample(const double *sorted, size_t n, double tilt)
{
    double sum = 0.0, moment = 0.0, logs = 0.0;
    for (size_t i = 0, next = 0; i < n; i = next) {
        const double above = sorted[i] - sorted[0], part = 1.0 / (1.0 + tilt * above);
        next = i + 1;
        while (next < n && !(sorted[next] > sorted[i])) {
            next++;
        }
        const double k = (double)(next - i);
        sum += k * part;
        moment += k * part * above;
        logs += k * log1p(tilt * above);
    }
    return (tilted_t){sorted[0] + moment / sum,
                      2.0 * (logs + (double)n * (log(sum) - log((double)n)))};
}

/* From 0, no tilt, to 1, all weight at one end: the lowest where `down`, else the highest. */
static double tilt_of(double share, double scale, int down)
{
    return down ? share / (1.0 - share) / scale : -share / scale;
}

/* The mean at which the deficit reaches the bound, by halving: the deficit grows with the share. */
static double limit_of(const double *sorted, size_t n, double bound, int down)
{
    enum { HALVINGS = 60 };
    const double scale = sorted[n - 1] - sorted[0];
    double low = 0.0, high = 1.0;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        if (middle < 1.0 && tilt_sample(sorted, n, tilt_of(middle, scale, down)).deficit < bound) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return tilt_sample(sorted, n, tilt_of(low, scale, down)).mean;
}

interval_t interval_amount(const double *sorted, size_t n)
{
    if (n < 2 || !(sorted[n - 1] > sorted[0])) {
        return unknown;
    }
    const double t = gsl_cdf_tdist_Pinv(1.0 - TAIL, (double)n - 1.0);
    return (interval_t){limit_of(sorted, n, t * t, 1), limit_of(sorted, n, t * t, 0)};
}

interval_t interval_clustered(size_t n, size_t units, double mean, double sum_of_squares)
{
    if (units < 2) {
        return unknown;
    }
    const double m = (double)units;
    const double half =
        gsl_cdf_tdist_Pinv(1.0 - TAIL, m - 1.0) * sqrt(m / (m - 1.0) * sum_of_squares) / (double)n;
    return (interval_t){mean - half, mean + half};
}

/* The largest k from 0 to n with P(Binomial(n, p) < k) at most TAIL: the k-th order statistic is then seldom above the
 * quantile. 0: none is. */
static size_t seldom_above(size_t n, double p)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t k = low + (high - low + 1) / 2;
        if (gsl_cdf_binomial_P((unsigned)(k - 1), p, (unsigned)n) <= TAIL) {
            low = k;
        } else {
            high = k - 1;
        }
    }
    return low;
}

interval_t interval_quantile(const double *sorted, size_t n, double p)
{
    /* From above the sample is the same with the other share: the k-th from its end. */
    const size_t low = seldom_above(n, p), high = seldom_above(n, 1.0 - p);
    return (interval_t){low == 0 ? (double)NAN : sorted[low - 1],
                        high == 0 ? (double)NAN : sorted[n - high]};
}

interval_t interval_median(const double *sorted, size_t n)
{
    return interval_quantile(sorted, n, 0.5);
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

interval_t interval_cohort_mean(size_t n, double mean, double sd, size_t cohort)
{
    if (n < 2 || cohort < 1) {
        return unknown;
    }
    const double half = gsl_cdf_tdist_Pinv(1.0 - TAIL, (double)n - 1.0) * sd *
                        sqrt(1.0 / (double)n + 1.0 / (double)cohort);
    return (interval_t){mean - half, mean + half};
}

interval_t interval_cohort_share(size_t k, size_t n, size_t cohort)
{
    if (n < 1 || cohort < 1) {
        return unknown;
    }
    const double a = (double)k + 0.5, b = (double)(n - k) + 0.5, size = (double)cohort;
    const double whole = gsl_sf_lnbeta(a, b);
    double below = 0.0; /* probability of at most i */
    interval_t found = unknown;
    for (size_t i = 0; i <= cohort; i++) {
        const double x = (double)i;
        below += exp(gsl_sf_lnchoose((unsigned)cohort, (unsigned)i) +
                     gsl_sf_lnbeta(a + x, b + size - x) - whole);
        if (isnan(found.low) && below > TAIL) {
            found.low = x / size;
        }
        if (below >= 1.0 - TAIL || i == cohort) {
            found.high = x / size;
            break;
        }
    }
    return found;
}
