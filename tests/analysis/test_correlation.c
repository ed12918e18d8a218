/* SPDX-License-Identifier: Apache-2.0 */
/* Normal scores and their correlation: small samples by hand, and normals of a known correlation behind any monotone function. */
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "draw.h"
#include "statistics/correlation.h"

#define N 4000

static error_t e;

Test(correlation, scores_are_bloms_and_ties_share_one)
{
    double x[] = {30.0, -2.0, 5.0, 5.0, 1e9};
    cr_assert_eq(correlation_scores(x, 5, &e), 0);
    cr_expect_float_eq(x[1], gsl_cdf_ugaussian_Pinv(0.625 / 5.25), 1e-12);
    cr_expect_float_eq(x[2], gsl_cdf_ugaussian_Pinv(2.125 / 5.25), 1e-12);
    cr_expect_eq(x[2], x[3]);
    cr_expect_float_eq(x[0], gsl_cdf_ugaussian_Pinv(3.625 / 5.25), 1e-12);
    cr_expect_float_eq(x[4], -x[1], 1e-12);
}

Test(correlation, of_a_monotone_function_is_one)
{
    double a[50], b[50], c[50];
    for (int i = 0; i < 50; i++) {
        a[i] = sin(1.7 * i);
        b[i] = exp(3.0 * a[i]);
        c[i] = -a[i] * a[i] * a[i];
    }
    cr_assert_eq(correlation_scores(a, 50, &e), 0);
    cr_assert_eq(correlation_scores(b, 50, &e), 0);
    cr_assert_eq(correlation_scores(c, 50, &e), 0);
    cr_expect_float_eq(correlation_of(a, b, 50).r, 1.0, 1e-12);
    cr_expect_float_eq(correlation_of(a, c, 50).r, -1.0, 1e-12);
}

Test(correlation, that_does_not_vary_or_is_of_one_is_none)
{
    const double same[] = {2.0, 2.0, 2.0, 2.0, 2.0}, other[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    cr_expect(isnan(correlation_of(same, other, 5).r));
    cr_expect(isnan(correlation_of(other, other, 1).r));
    cr_expect(isnan(correlation_of(other, same, 5).ci.low));
}

/* Normals with correlation rho, seen through functions that rise. */
static void make(double rho, double *a, double *b, size_t n)
{
    draw_t draw;
    draw_init(&draw, 5, DRAW_PERSON, 1, 0, 0);
    for (size_t i = 0; i < n; i++) {
        const double x = draw_normal(&draw), y = draw_normal(&draw);
        a[i] = exp(1.5 * x);
        b[i] = atan(rho * x + sqrt(1.0 - rho * rho) * y);
    }
}

Test(correlation, that_was_imposed_is_found)
{
    static double a[N], b[N];
    for (double rho = -0.9; rho < 0.95; rho += 0.3) {
        make(rho, a, b, N);
        cr_assert_eq(correlation_scores(a, N, &e), 0);
        cr_assert_eq(correlation_scores(b, N, &e), 0);
        const correlation_t c = correlation_of(a, b, N);
        /* four of its standard errors, (1 - rho^2) / sqrt(n) */
        cr_expect_float_eq(c.r, rho, 4.0 * (1.0 - rho * rho) / sqrt(N), "%g: %g", rho, c.r);
        cr_expect_float_eq(atanh(c.ci.high) - atanh(c.r), INTERVAL_Z_95 / sqrt(N - 3.0), 1e-12);
        cr_expect_float_eq(atanh(c.r) - atanh(c.ci.low), INTERVAL_Z_95 / sqrt(N - 3.0), 1e-12);
    }
}

/* Two groups apart from each other in both: a correlation between them that is in neither. */
Test(correlation, within_strata_does_not_see_what_sets_them_apart)
{
    static double a[N], b[N], c[N], d[N];
    static int stratum[N];
    make(0.2, a, b, N);
    for (int i = 0; i < N; i++) {
        stratum[i] = i % 3 == 0;
        c[i] = a[i] += stratum[i] ? 1000.0 : 0.0;
        d[i] = b[i] += stratum[i] ? 10.0 : 0.0;
    }
    cr_assert_eq(correlation_scores(a, N, &e), 0);
    cr_assert_eq(correlation_scores(b, N, &e), 0);
    cr_expect_gt(correlation_of(a, b, N).r, 0.6);
    cr_assert_eq(correlation_scores_within(c, stratum, N, &e), 0);
    cr_assert_eq(correlation_scores_within(d, stratum, N, &e), 0);
    cr_expect_float_eq(correlation_of(c, d, N).r, 0.2, 0.062);
}
