/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the spread between draws of parameters apart. */
#include "statistics/nested.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#define TAIL 0.025
#define SEEN 0.05 /* how often chance alone may pass for parameters, but for the draw left out */

#define STRIDE (sizeof(nested_draw_t) / sizeof(double))
_Static_assert(sizeof(nested_draw_t) % sizeof(double) == 0, "draws are an array of doubles");

static int by_estimate(const void *a, const void *b)
{
    const nested_draw_t *x = a, *y = b;
    return (x->estimate > y->estimate) - (x->estimate < y->estimate);
}

static int by_n(const void *a, const void *b)
{
    const nested_draw_t *x = a, *y = b;
    return (x->n > y->n) - (x->n < y->n);
}

/* Puts the draws that have a value first; how many. */
static size_t keep(nested_draw_t *draw, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const nested_draw_t this = draw[i];
        if (!isnan(this.estimate) && !isnan(this.variance)) {
            draw[i] = draw[kept];
            draw[kept++] = this;
        }
    }
    return kept;
}

/* The largest variance of parameters with which so small a variance between draws still has 2.5 %. */
static double at_most(double between, double within, size_t draws)
{
    const double freedom = (double)draws - 1.0;
    const double left = freedom * between / gsl_cdf_chisq_Pinv(TAIL, freedom) - within;
    return left > 0.0 ? left : (double)NAN;
}

/* Of sorted draws, without that of the two at the ends which is further from the mean. */
static int is_seen(const nested_draw_t *draw, size_t draws, double mean)
{
    const int last = draw[draws - 1].estimate - mean > mean - draw[0].estimate;
    const nested_draw_t *first = last ? draw : draw + 1;
    const size_t n = draws - 1;
    const double between = gsl_stats_variance(&first->estimate, STRIDE, n);
    const double within = gsl_stats_mean(&first->variance, STRIDE, n);
    const double freedom = (double)n - 1.0;
    return freedom * between > within * gsl_cdf_chisq_Pinv(1.0 - SEEN, freedom);
}

/* Quantiles of the sorted estimates, drawn in: which is a linear map, and goes through a quantile. */
static interval_t drawn_in(const nested_draw_t *draw, size_t n, double mean, double factor)
{
    const double *first = &draw[0].estimate;
    return (interval_t){
        mean + factor * (gsl_stats_quantile_from_sorted_data(first, STRIDE, n, TAIL) - mean),
        mean + factor * (gsl_stats_quantile_from_sorted_data(first, STRIDE, n, 1.0 - TAIL) - mean)};
}

nested_t nested_of(nested_draw_t *draw, size_t n)
{
    const double nan = (double)NAN;
    const size_t draws = keep(draw, n);
    nested_t t = {NESTED_FEW, draws, 0, nan, {nan, nan}, nan, nan, nan};
    if (draws == 0) {
        return t;
    }
    qsort(draw, draws, sizeof *draw, by_n);
    t.n = draw[draws / 2].n;
    qsort(draw, draws, sizeof *draw, by_estimate);
    t.mean = gsl_stats_mean(&draw[0].estimate, STRIDE, draws);
    const double within = gsl_stats_mean(&draw[0].variance, STRIDE, draws);
    t.sd_monte_carlo = sqrt(within);
    if (draws < NESTED_DRAWS) {
        return t;
    }
    /* Of equal estimates the mean may round. */
    const int same = !(draw[draws - 1].estimate > draw[0].estimate);
    const double between =
        same ? 0.0 : gsl_stats_variance_m(&draw[0].estimate, STRIDE, draws, t.mean);
    const double parameters = fmax(0.0, between - within);
    t.sd_parameters = sqrt(parameters);
    if (same) {
        t.state = NESTED_SAME;
    } else if (!(between > within) || !is_seen(draw, draws, t.mean)) {
        t.state = NESTED_UNRESOLVED;
        t.sd_at_most = sqrt(at_most(between, within, draws));
    } else {
        t.state = NESTED_RESOLVED;
        t.ci = drawn_in(draw, draws, t.mean, sqrt(parameters / between));
    }
    return t;
}

const char *nested_state_name(enum nested_state state)
{
    static const char *const name[NESTED_STATES] = {"resolved", "not_resolved", "same_in_all_draws",
                                                    "too_few_draws"};
    return name[state];
}

double nested_variance_mean(size_t n, double sd)
{
    return n < 2 ? (double)NAN : sd * sd / (double)n;
}

double nested_variance_share(size_t k, size_t n)
{
    const double share = (double)k / (double)n;
    return n < 2 ? (double)NAN : share * (1.0 - share) / ((double)n - 1.0);
}

double nested_variance_rate(const rate_t *rate)
{
    if (rate->method == RATE_POISSON) {
        return rate->rate / rate->time;
    }
    /* The interval is Student's t of patients - 1 degrees of freedom on the logarithm. */
    const double t = gsl_cdf_tdist_Pinv(1.0 - TAIL, (double)rate->units - 1.0);
    const double se = rate->rate * log(rate->ci.high / rate->rate) / t;
    return se * se;
}

double nested_variance_median(const double *sorted, size_t n)
{
    if (n < 5) {
        return (double)NAN;
    }
    /* The order statistics c and n + 1 - c, from 1. */
    const double middle = ((double)n + 1.0) / 2.0;
    const size_t c = (size_t)fmax(1.0, round(middle - sqrt((double)n)));
    const double outside = gsl_cdf_binomial_P((unsigned)(c - 1), 0.5, (unsigned)n);
    const double z = gsl_cdf_ugaussian_Qinv(outside);
    const double se = (sorted[n - c] - sorted[c - 1]) / (2.0 * z);
    return se * se;
}
