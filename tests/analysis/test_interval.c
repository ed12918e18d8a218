/* SPDX-License-Identifier: Apache-2.0 */
/* Confidence intervals against published values and against what they promise. */
#include <criterion/criterion.h>
#include <gsl/gsl_sort.h>
#include <math.h>

#include "draw.h"
#include "statistics/interval.h"
#include "statistics/spread.h"

static void expect(const char *what, interval_t got, double low, double high, double within)
{
    cr_assert(fabs(got.low - low) <= within && fabs(got.high - high) <= within,
              "%s: %.12g to %.12g, expected %.12g to %.12g", what, got.low, got.high, low, high);
}

/* t(0.975) is 2.262157 with 9 degrees of freedom: any table. */
Test(interval, of_a_mean_is_students)
{
    const double half = 2.262157162740992 * 2.0 / sqrt(10.0);
    expect("mean", interval_mean(10, 5.0, 2.0), 5.0 - half, 5.0 + half, 1e-9);
}

Test(interval, of_one_value_is_unknown)
{
    const interval_t i = interval_mean(1, 5.0, 0.0);
    cr_assert(isnan(i.low) && isnan(i.high));
}

/* The ranks that tables of the sign test give: 1 and 6 of 6, 2 and 9 of 10, 6 and 15 of 20, 40 and 61 of 100. */
Test(interval, of_a_median_is_the_tables_order_statistics)
{
    static const struct {
        size_t n, low, high;
    } row[] = {{6, 1, 6}, {10, 2, 9}, {20, 6, 15}, {100, 40, 61}};
    double sorted[100];
    for (size_t i = 0; i < 100; i++) {
        sorted[i] = (double)i + 1.0;
    }
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        expect("median", interval_median(sorted, row[i].n), (double)row[i].low, (double)row[i].high,
               0.0);
    }
}

Test(interval, of_a_median_of_five_is_unknown)
{
    static const double sorted[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    cr_assert(isnan(interval_median(sorted, 5).low));
}

/* By summing the binomial: of 5 % in 100 values ranks 1 and 11 (P(X <= 0) = 0.0059, P(X <= 1) = 0.037; P(X >= 11) = 0.0115,
 * P(X >= 10) = 0.028), of 95 % the same from above; the lower end of 5 % begins with 72 values, 0.95^72 = 0.02489. */
Test(interval, of_a_quantile_is_the_binomials_order_statistics)
{
    double sorted[100];
    for (size_t i = 0; i < 100; i++) {
        sorted[i] = (double)i + 1.0;
    }
    expect("5 %", interval_quantile(sorted, 100, 0.05), 1.0, 11.0, 0.0);
    expect("95 %", interval_quantile(sorted, 100, 0.95), 90.0, 100.0, 0.0);
    cr_assert(isnan(interval_quantile(sorted, 71, 0.05).low));
    cr_assert_float_eq(interval_quantile(sorted, 72, 0.05).low, 1.0, 0.0);
    cr_assert(isnan(interval_quantile(sorted, 71, 0.95).high));
    cr_assert(isnan(interval_quantile(sorted, 0, 0.5).low));
}

/* 88 of 93: 0.880 to 0.977. */
Test(interval, of_a_share_is_wilsons)
{
    expect("88 of 93", interval_share(88, 93), 0.880, 0.977, 5e-4);
    expect("none of 10", interval_share(0, 10), 0.0, 0.2775, 5e-5);
    expect("all of 10", interval_share(10, 10), 0.7225, 1.0, 5e-5);
    cr_assert(isnan(interval_share(0, 0).low));
}

/* 2,000 samples of 12 from a log-normal whose median is known: 95 % hold it, and never fewer by more than chance. */
Test(interval, of_a_median_holds_what_it_promises)
{
    int held = 0;
    for (uint64_t sample = 1; sample <= 2000; sample++) {
        double value[12];
        draw_t d;
        draw_init(&d, 7, DRAW_TEST, sample, 0, 0);
        for (int i = 0; i < 12; i++) {
            value[i] = draw_lognormal(&d, 3.0, 1.0);
        }
        gsl_sort(value, 1, 12);
        const interval_t i = interval_median(value, 12);
        held += i.low <= 3.0 && 3.0 <= i.high;
    }
    cr_assert(held >= 1900 - 29 && held <= 2000, "%d of 2000 hold the median", held);
}

Test(interval, a_spread_carries_both)
{
    double value[] = {6.0, 5.0, 4.0, 3.0, 2.0, 1.0};
    const spread_t s = spread_of(value, 6);
    const interval_t mean = interval_mean(6, s.mean, s.sd);
    expect("mean", s.mean_ci, mean.low, mean.high, 0.0);
    expect("median", s.median_ci, 1.0, 6.0, 0.0);
}

/* Of values 0 and 1 the likelihood of a mean p is the binomial's, and its interval where twice the logarithm of its ratio
 * to the greatest is the square of Student's t: a root of its own here. */
static double binomial_deficit(double k, double n, double p)
{
    return 2.0 * (k * log(k / n / p) + (n - k) * log((1.0 - k / n) / (1.0 - p)));
}

Test(interval, amount_of_noughts_and_ones_is_the_likelihood_interval_of_the_binomial)
{
    enum { N = 40, K = 3 };
    double values[N] = {0.0};
    const double t = 2.0226909200367604; /* 0.975 of Student's t, 39 degrees of freedom */
    for (int i = N - K; i < N; i++) {
        values[i] = 1.0;
    }
    const interval_t got = interval_amount(values, N);
    cr_expect_float_eq(binomial_deficit(K, N, got.low), t * t, 1e-9);
    cr_expect_float_eq(binomial_deficit(K, N, got.high), t * t, 1e-9);
    cr_expect(got.low > 0.0 && got.low < (double)K / N && got.high > (double)K / N);
}

/* Scaling and shifting the sample does the same to the interval. */
Test(interval, amount_moves_with_its_sample)
{
    double plain[] = {0.0, 0.0, 0.5, 1.0, 4.0}, other[5];
    for (int i = 0; i < 5; i++) {
        other[i] = 7.0 + 100.0 * plain[i];
    }
    const interval_t a = interval_amount(plain, 5), b = interval_amount(other, 5);
    cr_expect_float_eq(b.low, 7.0 + 100.0 * a.low, 1e-9);
    cr_expect_float_eq(b.high, 7.0 + 100.0 * a.high, 1e-9);
}

/* Where a sample is large and not skew it is Student's interval. */
Test(interval, amount_of_an_even_sample_is_near_student_s)
{
    enum { N = 2001 };
    static double values[N];
    double squares = 0.0;
    for (int i = 0; i < N; i++) {
        values[i] = (double)i;
        squares += pow((double)i - 1000.0, 2.0);
    }
    const interval_t t = interval_mean(N, 1000.0, sqrt(squares / (N - 1))),
                     got = interval_amount(values, N);
    cr_expect_float_eq(got.low, t.low, 0.05);
    cr_expect_float_eq(got.high, t.high, 0.05);
}

/* The sample's ends are the limits of what it can say, however small it is. */
Test(interval, amount_stays_within_the_sample_and_is_silent_without_variety)
{
    const double two[] = {0.0, 9.0}, same[] = {0.0, 0.0, 0.0};
    const interval_t got = interval_amount(two, 2);
    cr_expect(got.low >= 0.0 && got.high <= 9.0 && got.low < 4.5 && got.high > 4.5);
    cr_expect(isnan(interval_amount(same, 3).low) && isnan(interval_amount(same, 3).high));
    cr_expect(isnan(interval_amount(two, 1).low));
}

/* R 4.2: t.test(c(2, 4, 6, 8), c(1, 2, 3, 4, 5)), with unequal variances. */
Test(interval, welch_as_r_has_it)
{
    const size_t n[2] = {5, 4};
    const double sd[2] = {sqrt(2.5), sqrt(20.0 / 3.0)};
    const interval_t i = interval_difference(2.0, n, sd);
    cr_expect_float_eq(i.low, -1.844636384, 1e-8);
    cr_expect_float_eq(i.high, 5.844636384, 1e-8);
}

/* t(0.975) of 9 degrees of freedom; sqrt(1/10 + 1/40). */
Test(interval, of_a_cohort_adds_its_own_chance)
{
    const double half = 2.262157162740992 * 2.0 * sqrt(0.125);
    expect("cohort", interval_cohort_mean(10, 5.0, 2.0, 40), 5.0 - half, 5.0 + half, 1e-9);
    cr_assert(isnan(interval_cohort_mean(1, 5.0, 0.0, 40).low));
}

/* After 1 of 1 the next one is 1 with the chance 3/4; after none of 39 with 0.5/40, below 2.5 %. Of a million
 * seen the share of ten is the binomial's: of one half from 2 to 8. */
Test(interval, of_a_cohorts_share_is_beta_binomial)
{
    expect("1 of 1", interval_cohort_share(1, 1, 1), 0.0, 1.0, 0.0);
    expect("0 of 39", interval_cohort_share(0, 39, 1), 0.0, 0.0, 0.0);
    expect("half", interval_cohort_share(500000, 1000000, 10), 0.2, 0.8, 1e-12);
    cr_assert(isnan(interval_cohort_share(0, 0, 5).low));
}

/* Of samples of 80, and cohorts of 30 beside them, of one kind: in about 95 of 100 the cohort's mean and share are inside. */
Test(interval, of_a_cohort_holds_what_it_promises)
{
    enum { ROUNDS = 4000, SEEN = 80, COHORT = 30 };
    int means = 0, shares = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        double sum[2] = {0.0, 0.0}, squares = 0.0;
        size_t k[2] = {0, 0};
        draw_t d;
        draw_init(&d, 31, DRAW_TEST, round + 1, 0, 0);
        for (int i = 0; i < SEEN + COHORT; i++) {
            const double x = draw_normal(&d);
            sum[i >= SEEN] += x;
            squares += i < SEEN ? x * x : 0.0;
            k[i >= SEEN] += draw_uniform(&d) < 0.3 ? 1 : 0;
        }
        const double mean = sum[0] / SEEN, share = (double)k[1] / COHORT;
        const double sd = sqrt((squares - mean * sum[0]) / (SEEN - 1.0));
        const interval_t m = interval_cohort_mean(SEEN, mean, sd, COHORT);
        const interval_t s = interval_cohort_share(k[0], SEEN, COHORT);
        means += sum[1] / COHORT >= m.low && sum[1] / COHORT <= m.high;
        shares += share >= s.low - 1e-9 && share <= s.high + 1e-9;
    }
    cr_assert(means > 0.94 * ROUNDS && means < 0.96 * ROUNDS, "means: %d of %d", means, ROUNDS);
    /* Shares come in steps of 1/30: the interval holds a little more. */
    cr_assert(shares > 0.94 * ROUNDS && shares < 0.98 * ROUNDS, "shares: %d of %d", shares, ROUNDS);
}
