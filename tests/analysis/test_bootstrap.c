/* SPDX-License-Identifier: Apache-2.0 */
/* Bootstrap intervals against worked numbers and what they promise. */
#include "statistics/bootstrap.h"

#include <criterion/criterion.h>
#include <math.h>

#include "draw.h"

/* Of 999 values the places 25 and 975 are order statistics themselves. */
Test(bootstrap, percentile_of_999_is_an_order_statistic)
{
    double value[999];
    for (int i = 0; i < 999; i++) {
        value[i] = (double)((i * 500) % 999 + 1);
    }
    const interval_t i = bootstrap_percentile(value, 999);
    cr_expect_float_eq(i.low, 25.0, 1e-12);
    cr_expect_float_eq(i.high, 975.0, 1e-12);
}

/* Of 100 values place 2.525 lies between the second and the third, on the scale of normal quantiles: of 2/101, 0.025 and 3/101 they
 * are -2.057856, -1.959964 and -1.885177 (Python 3.11, statistics.NormalDist().inv_cdf). */
Test(bootstrap, percentile_between_two_values_is_on_the_normal_scale)
{
    double value[100];
    for (int i = 0; i < 100; i++) {
        value[i] = (double)(i + 1);
    }
    const interval_t i = bootstrap_percentile(value, 100);
    const double share = (2.0578560 - 1.9599640) / (2.0578560 - 1.8851770);
    cr_expect_float_eq(i.low, 2.0 + share, 2e-5, "%.9g", i.low);
    cr_expect_float_eq(i.high, 101.0 - i.low, 1e-9);
    cr_expect(isnan(bootstrap_percentile(value, 39).low));
}

static void mean_of(const void *context, const size_t *unit, size_t units, double *estimate)
{
    const double *value = context;
    double sum = 0.0;
    for (size_t i = 0; i < units; i++) {
        sum += value[unit[i]];
    }
    estimate[0] = sum / (double)units;
    estimate[1] = (double)NAN;
}

/* The mean of 100 normal values: the interval is 1.96 standard errors to each side, and its ends err by some per cent. */
Test(bootstrap, interval_of_a_mean_is_near_the_normal_one)
{
    double value[100], sum = 0.0, squares = 0.0;
    interval_t ci[2];
    error_t e = {0};
    draw_t d;
    draw_init(&d, 21, DRAW_TEST, 1, 0, 0);
    for (int i = 0; i < 100; i++) {
        value[i] = draw_normal(&d);
        sum += value[i];
        squares += value[i] * value[i];
    }
    const double mean = sum / 100.0, se = sqrt((squares / 100.0 - mean * mean) / 100.0);
    cr_assert_eq(bootstrap_intervals(mean_of, value, 100, 7, ci, 2, &e), 0, "%s", e.text);
    cr_expect_float_eq(ci[0].low, mean - 1.96 * se, 0.25 * se);
    cr_expect_float_eq(ci[0].high, mean + 1.96 * se, 0.25 * se);
    cr_expect(isnan(ci[1].low) && isnan(ci[1].high));
}

Test(bootstrap, the_same_seed_gives_the_same_interval_and_another_another)
{
    static const double value[] = {1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 3.3, 9.1};
    interval_t a[2], b[2], c[2];
    error_t e = {0};
    cr_assert_eq(bootstrap_intervals(mean_of, value, 8, 7, a, 2, &e), 0);
    cr_assert_eq(bootstrap_intervals(mean_of, value, 8, 7, b, 2, &e), 0);
    cr_assert_eq(bootstrap_intervals(mean_of, value, 8, 8, c, 2, &e), 0);
    cr_expect_float_eq(a[0].low, b[0].low, 0.0);
    cr_expect(fabs(a[0].low - c[0].low) > 0.0 || fabs(a[0].high - c[0].high) > 0.0);
}
