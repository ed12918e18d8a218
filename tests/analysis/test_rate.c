/* SPDX-License-Identifier: Apache-2.0 */
/* Rates against tables of Poisson's limits, worked numbers and what their intervals promise. */
#include "statistics/rate.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "draw.h"

static rate_t rate_from(const size_t *events, const double *time, size_t n)
{
    rate_sums_t sums = {0};
    for (size_t i = 0; i < n; i++) {
        rate_add(&sums, events[i], time[i]);
    }
    return rate_of(&sums);
}

/* Garwood's table as reprinted everywhere: 0 to 3.689, 0.0253 to 5.572 for 1, 4.795 to 18.39 for 10. */
Test(rate, of_single_events_is_poissons_exact)
{
    static const struct {
        size_t events;
        double low, high;
    } row[] = {{0, 0.0, 3.689}, {1, 0.0253, 5.572}, {10, 4.795, 18.39}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        rate_sums_t sums = {0};
        for (size_t k = 0; k < 20; k++) {
            rate_add(&sums, k < row[i].events ? 1 : 0, 2.0);
        }
        const rate_t r = rate_of(&sums);
        cr_expect_eq(r.method, RATE_POISSON);
        cr_expect_eq(r.units_with, row[i].events);
        cr_expect_float_eq(r.rate, (double)row[i].events / 40.0, 1e-15);
        cr_expect_float_eq(r.ci.low * 40.0, row[i].low, 5e-4 * (1.0 + row[i].low));
        cr_expect_float_eq(r.ci.high * 40.0, row[i].high, 5e-4 * row[i].high);
    }
}

/* By hand: 5, 1 and 0 events in 2, 1 and 3 years: the rate is 1 a year, the deviations 3, 0 and -3, the error of its
 * logarithm sqrt(3/2 18)/6; Student's t of 2 degrees of freedom is 0.95/sqrt(2 0.975 0.025) = 4.302653. */
Test(rate, of_repeated_events_takes_the_unit_s_deviation)
{
    static const size_t events[] = {5, 1, 0};
    static const double time[] = {2.0, 1.0, 3.0};
    const rate_t r = rate_from(events, time, 3);
    const double half = 0.95 / sqrt(0.04875) * sqrt(1.5 * 18.0) / 6.0;
    cr_expect_eq(r.method, RATE_CLUSTERED);
    cr_expect_float_eq(r.rate, 1.0, 1e-15);
    cr_expect_float_eq(r.ci.low, exp(-half), 1e-12);
    cr_expect_float_eq(r.ci.high, exp(half), 1e-10);
    cr_expect_eq(r.units, 3);
    cr_expect_eq(r.units_with, 2);
    cr_expect_eq(r.events, 6);
}

Test(rate, of_units_that_agree_has_no_width_and_of_no_time_no_value)
{
    static const size_t events[] = {2, 4, 6};
    static const double time[] = {1.0, 2.0, 3.0}, none[] = {0.0, 0.0, 0.0};
    const rate_t r = rate_from(events, time, 3);
    cr_expect_float_eq(r.ci.low, 2.0, 1e-6);
    cr_expect_float_eq(r.ci.high, 2.0, 1e-6);
    cr_expect(isnan(rate_from(events, none, 3).rate));
}

/* Frail units: each has its own rate, gamma distributed with mean 2 and variance 4, for one year. The clustered interval holds 2
 * in about 95 of 100; one that took the events as independent would in about 74. */
Test(rate, interval_holds_what_it_promises_where_units_differ)
{
    enum { ROUNDS = 2000, UNITS = 60 };
    int inside = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        draw_t d;
        draw_init(&d, 17, DRAW_TEST, round, 0, 0);
        rate_sums_t sums = {0};
        for (int u = 0; u < UNITS; u++) {
            /* Gamma of shape 1 is exponential; then Poisson by counting unit exponentials. */
            const double own = -2.0 * log(draw_uniform(&d));
            size_t events = 0;
            for (double t = -log(draw_uniform(&d)); t < own; t -= log(draw_uniform(&d))) {
                events++;
            }
            rate_add(&sums, events, 1.0);
        }
        const rate_t r = rate_of(&sums);
        inside += r.ci.low <= 2.0 && 2.0 <= r.ci.high ? 1 : 0;
    }
    cr_expect(inside > 0.93 * ROUNDS && inside < 0.97 * ROUNDS, "%d of %d", inside, ROUNDS);
}
