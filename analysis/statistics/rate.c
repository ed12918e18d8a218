/* SPDX-License-Identifier: Apache-2.0 */
/* Rates with their intervals. */
#include "statistics/rate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define TAIL 0.025

void rate_add(rate_sums_t *sums, size_t events, double time)
{
    const double k = (double)events;
    sums->units++;
    sums->units_with += events > 0 ? 1 : 0;
    sums->events += events;
    sums->most = events > sums->most ? events : sums->most;
    sums->time += time;
    sums->squares += k * k;
    sums->products += k * time;
    sums->time_squares += time * time;
}

/* A Poisson count's limits are quantiles of chi-squared distributions. */
static interval_t poisson(size_t events, double time)
{
    const double k = (double)events;
    return (interval_t){events == 0 ? 0.0 : gsl_cdf_chisq_Pinv(TAIL, 2.0 * k) / (2.0 * time),
                        gsl_cdf_chisq_Pinv(1.0 - TAIL, 2.0 * k + 2.0) / (2.0 * time)};
}

static interval_t clustered(const rate_sums_t *s, double rate)
{
    const double n = (double)s->units;
    /* Sum of (events - rate time)^2; where the units agree, rounding may leave it below 0. */
    const double squares =
        fmax(0.0, s->squares - 2.0 * rate * s->products + rate * rate * s->time_squares);
    const double se = sqrt(n / (n - 1.0) * squares) / (double)s->events;
    const double half = gsl_cdf_tdist_Pinv(1.0 - TAIL, n - 1.0) * se;
    return (interval_t){rate * exp(-half), rate * exp(half)};
}

rate_t rate_of(const rate_sums_t *s)
{
    rate_t r = {s->units,    s->units_with, s->events,
                s->time,     (double)NAN,   {(double)NAN, (double)NAN},
                RATE_POISSON};
    if (!(s->time > 0.0)) {
        return r;
    }
    r.rate = (double)s->events / s->time;
    r.method = s->most > 1 && s->units > 1 ? RATE_CLUSTERED : RATE_POISSON;
    r.ci = r.method == RATE_CLUSTERED ? clustered(s, r.rate) : poisson(s->events, s->time);
    return r;
}
