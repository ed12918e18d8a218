/* SPDX-License-Identifier: Apache-2.0 */
/* Survival and cumulative incidence against published tables, worked fractions and properties of random lives. */
#include "statistics/survival.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>

#include "draw.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static survival_curve_t curve_of(survival_life_t *life, size_t n, int cause, int incidence)
{
    survival_curve_t c;
    error_t e = {0};
    const int rc = incidence ? survival_incidence(&c, life, n, cause, &e)
                             : survival_estimate(&c, life, n, cause, &e);
    cr_assert_eq(rc, 0, "%s", e.text);
    return c;
}

/* Weeks in remission with 6-mercaptopurine: Freireich 1963, Blood 21:699, as printed by Gehan 1965, Biometrika 52:203. */
static survival_life_t remission[] = {
    {6, 1, 0},  {6, 1, 0},  {6, 1, 0},  {6, 0, 0},  {7, 1, 0},  {9, 0, 0},  {10, 1, 0},
    {10, 0, 0}, {11, 0, 0}, {13, 1, 0}, {16, 1, 0}, {17, 0, 0}, {19, 0, 0}, {20, 0, 0},
    {22, 1, 0}, {23, 1, 0}, {25, 0, 0}, {32, 0, 0}, {32, 0, 0}, {34, 0, 0}, {35, 0, 0},
};

/* R 4.2.2, survival 3.5-3: summary(survfit(Surv(time, cens) ~ 1, gehan[gehan$treat == "6-MP", ], conf.type = "log-log")), with
 * `gehan` of package MASS. */
Test(survival, gives_the_published_table_of_remission_in_leukaemia)
{
    static const struct {
        double time, at_risk, survival, se, low, high;
    } row[] = {
        {6, 21, 0.857, 0.0764, 0.620, 0.952},  {7, 17, 0.807, 0.0869, 0.563, 0.923},
        {10, 15, 0.753, 0.0963, 0.503, 0.889}, {13, 12, 0.690, 0.1068, 0.432, 0.849},
        {16, 11, 0.627, 0.1141, 0.368, 0.805}, {22, 7, 0.538, 0.1282, 0.268, 0.747},
        {23, 6, 0.448, 0.1346, 0.188, 0.680},
    };
    survival_curve_t c = curve_of(remission, COUNT(remission), 1, 0);
    cr_assert_eq(c.steps, COUNT(row));
    for (size_t i = 0; i < COUNT(row); i++) {
        cr_expect_float_eq(c.step[i].time, row[i].time, 1e-12);
        cr_expect_eq(c.step[i].at_risk, (size_t)row[i].at_risk);
        cr_expect_float_eq(c.step[i].value, row[i].survival, 5.1e-4);
        cr_expect_float_eq(c.step[i].se, row[i].se, 5.1e-5);
        cr_expect_float_eq(c.step[i].band.low, row[i].low, 5.1e-4, "low at %g: %g", row[i].time,
                           c.step[i].band.low);
        cr_expect_float_eq(c.step[i].band.high, row[i].high, 5.1e-4, "high at %g: %g", row[i].time,
                           c.step[i].band.high);
    }
    survival_free(&c);
}

Test(survival, median_of_remission_is_23_weeks_from_13_without_an_end)
{
    interval_t band;
    survival_curve_t c = curve_of(remission, COUNT(remission), 1, 0);
    cr_expect_float_eq(survival_median(&c, &band), 23.0, 1e-12);
    cr_expect_float_eq(band.low, 13.0, 1e-12);
    cr_expect(isnan(band.high));
    survival_free(&c);
}

/* By hand: 6 lives, two causes. At 1 cause 1 of 6, at 2 cause 2 of 5, at 4 both of 3 (one cut off at 3). */
Test(survival, incidence_of_two_causes_is_the_worked_fraction)
{
    survival_life_t life[] = {{4, 1, 0}, {1, 1, 0}, {5, 0, 0}, {3, 0, 0}, {2, 2, 0}, {4, 2, 0}};
    survival_curve_t one = curve_of(life, COUNT(life), 1, 1);
    survival_curve_t two = curve_of(life, COUNT(life), 2, 1);
    const double survival_2 = 4.0 / 6.0;
    cr_expect_float_eq(survival_at(&one, 1).value, 1.0 / 6.0, 1e-15);
    cr_expect_float_eq(survival_at(&two, 3.9).value, 5.0 / 6.0 / 5.0, 1e-15);
    cr_expect_float_eq(survival_at(&one, 4).value, 1.0 / 6.0 + survival_2 / 3.0, 1e-15);
    cr_expect_float_eq(survival_at(&two, 5).value, 1.0 / 6.0 + survival_2 / 3.0, 1e-15);
    survival_free(&one);
    survival_free(&two);
}

/* R 4.2.2, survival 3.5-3: summary(survfit(Surv(t, e) ~ 1), times = c(1, 4, 7, 11)), e a factor with the cut-off level first. */
Test(survival, incidence_with_ties_is_what_r_gives)
{
    survival_life_t life[] = {{1, 1, 0}, {2, 2, 0}, {2, 0, 0},  {3, 1, 0},  {4, 1, 0},
                              {4, 2, 0}, {5, 0, 0}, {6, 2, 0},  {7, 1, 0},  {7, 0, 0},
                              {8, 1, 0}, {9, 0, 0}, {10, 2, 0}, {11, 1, 0}, {12, 0, 0}};
    static const struct {
        double time, free, one, two;
    } row[] = {{1, 0.933333, 0.0666667, 0.0},
               {4, 0.650000, 0.2111111, 0.138889},
               {7, 0.487500, 0.2923611, 0.220139},
               {11, 0.130000, 0.5198611, 0.350139}};
    survival_curve_t any = curve_of(life, COUNT(life), SURVIVAL_ANY, 0);
    survival_curve_t one = curve_of(life, COUNT(life), 1, 1);
    survival_curve_t two = curve_of(life, COUNT(life), 2, 1);
    for (size_t i = 0; i < COUNT(row); i++) {
        cr_expect_float_eq(survival_at(&any, row[i].time).value, row[i].free, 6e-7);
        cr_expect_float_eq(survival_at(&one, row[i].time).value, row[i].one, 6e-7);
        cr_expect_float_eq(survival_at(&two, row[i].time).value, row[i].two, 6e-7);
    }
    survival_free(&any);
    survival_free(&one);
    survival_free(&two);
}

Test(survival, point_tells_who_is_at_risk_and_nothing_beyond_the_last_life)
{
    survival_curve_t c = curve_of(remission, COUNT(remission), 1, 0);
    cr_expect_eq(survival_at(&c, 0).at_risk, 21);
    cr_expect_float_eq(survival_at(&c, 0).value, 1.0, 0.0);
    cr_expect_eq(survival_at(&c, 10).at_risk, 15);
    cr_expect_eq(survival_at(&c, 32).at_risk, 4);
    cr_expect_float_eq(survival_at(&c, 35).value, c.step[c.steps - 1].value, 0.0);
    cr_expect(isnan(survival_at(&c, 35.1).value));
    survival_free(&c);
}

Test(survival, nobody_left_has_no_error_and_no_band)
{
    survival_life_t life[] = {{1, 1, 0}, {2, 1, 0}};
    survival_curve_t c = curve_of(life, COUNT(life), SURVIVAL_ANY, 0);
    cr_expect_float_eq(survival_at(&c, 2).value, 0.0, 0.0);
    cr_expect(isnan(survival_at(&c, 2).se));
    survival_free(&c);
}

/* Of two lives that ended nothing is left to happen; of one that was cut off last, or ended by a cause not asked for, anything. */
Test(survival, stays_beyond_the_last_life_where_all_have_ended)
{
    survival_life_t life[] = {{1, 1, 0}, {2, 2, 0}};
    survival_curve_t any = curve_of(life, COUNT(life), SURVIVAL_ANY, 0);
    survival_curve_t one = curve_of(life, COUNT(life), 1, 0);
    survival_curve_t share = curve_of(life, COUNT(life), 1, 1);
    cr_expect_float_eq(survival_stays(&any, 3).value, 0.0, 0.0);
    cr_expect_eq(survival_stays(&any, 3).at_risk, 0);
    cr_expect(isnan(survival_at(&any, 3).value));
    cr_expect(isnan(survival_stays(&one, 3).value), "the first cause alone is cut off at 2");
    cr_expect_float_eq(survival_stays(&share, 3).value, 0.5, 0.0);
    survival_free(&any);
    survival_free(&one);
    survival_free(&share);
    life[1].cause = 0;
    share = curve_of(life, COUNT(life), 1, 1);
    cr_expect(isnan(survival_stays(&share, 3).value));
    cr_expect_float_eq(survival_stays(&share, 2).value, 0.5, 0.0);
    cr_expect_eq(survival_stays(&share, 2).at_risk, 1);
    survival_free(&share);
}

Test(survival, of_no_lives_is_empty)
{
    survival_curve_t c = curve_of(NULL, 0, 1, 0);
    cr_expect_eq(c.steps, 0);
    cr_expect(isnan(survival_at(&c, 1).value));
    cr_expect(isnan(survival_stays(&c, 1).value));
    survival_free(&c);
}

Test(survival, refuses_a_time_below_zero_or_not_a_number)
{
    survival_life_t life[] = {{1, 1, 0}, {-1, 1, 0}};
    survival_curve_t c;
    error_t e = {0};
    cr_expect_eq(survival_estimate(&c, life, 2, 1, &e), ERROR_ARGUMENT);
    survival_free(&c);
    life[1].time = (double)NAN;
    cr_expect_eq(survival_incidence(&c, life, 2, 1, &e), ERROR_ARGUMENT);
    survival_free(&c);
}

/* ---- random lives ---- */

#define SEED 20270105u
#define MOST 60

/* Lives on a coarse lattice, so that there are ties of every kind; causes 0 to `causes`. */
static size_t random_lives(survival_life_t *life, int causes, uint64_t entity)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, entity);
    const size_t n = 1 + (size_t)(draw_uniform(&d) * (double)(MOST - 1));
    for (size_t i = 0; i < n; i++) {
        life[i].time = floor(draw_uniform(&d) * 20.0);
        life[i].cause = (int)(draw_uniform(&d) * (double)(causes + 1));
    }
    return n;
}

/* The product-limit estimate as the definition has it, from unordered lives. */
static double brute_survival(const survival_life_t *life, size_t n, int cause, double time)
{
    double survival = 1.0;
    for (double at = 0.0; at <= time; at += 1.0) {
        double at_risk = 0.0, ended = 0.0;
        for (size_t i = 0; i < n; i++) {
            at_risk += life[i].time >= at;
            ended += life[i].time >= at && life[i].time <= at && life[i].cause == cause;
        }
        survival *= at_risk > 0.0 ? 1.0 - ended / at_risk : 1.0;
    }
    return survival;
}

Test(survival, of_random_lives_is_the_product_of_the_definition)
{
    for (uint64_t k = 0; k < 200; k++) {
        survival_life_t life[MOST];
        const size_t n = random_lives(life, 2, k);
        survival_curve_t c = curve_of(life, n, 1, 0);
        for (double t = 0.0; t <= c.last; t += 1.0) {
            cr_assert_float_eq(survival_at(&c, t).value, brute_survival(life, n, 1, t), 1e-12,
                               "seed %u, lives %llu, time %g", SEED, (unsigned long long)k, t);
        }
        survival_free(&c);
    }
}

Test(survival, incidences_of_all_causes_and_survival_from_any_are_one)
{
    for (uint64_t k = 0; k < 200; k++) {
        survival_life_t life[MOST];
        const size_t n = random_lives(life, 3, k);
        survival_curve_t any = curve_of(life, n, SURVIVAL_ANY, 0);
        double sum[20] = {0};
        for (int cause = 1; cause <= 3; cause++) {
            survival_curve_t c = curve_of(life, n, cause, 1);
            for (int t = 0; t < 20 && t <= c.last; t++) {
                sum[t] += survival_at(&c, t).value;
            }
            survival_free(&c);
        }
        for (int t = 0; t < 20 && t <= any.last; t++) {
            cr_assert_float_eq(sum[t] + survival_at(&any, t).value, 1.0, 1e-12,
                               "seed %u, lives %llu, time %d", SEED, (unsigned long long)k, t);
        }
        survival_free(&any);
    }
}

Test(survival, incidence_of_the_only_cause_is_one_less_survival_with_greenwoods_error)
{
    for (uint64_t k = 0; k < 200; k++) {
        survival_life_t life[MOST];
        const size_t n = random_lives(life, 1, k);
        survival_curve_t s = curve_of(life, n, 1, 0), f = curve_of(life, n, 1, 1);
        cr_assert_eq(s.steps, f.steps);
        for (size_t i = 0; i < s.steps; i++) {
            cr_assert_float_eq(s.step[i].value + f.step[i].value, 1.0, 1e-12);
            if (!isnan(s.step[i].se)) {
                cr_assert_float_eq(s.step[i].se, f.step[i].se, 1e-9,
                                   "seed %u, lives %llu: %g and %g", SEED, (unsigned long long)k,
                                   s.step[i].se, f.step[i].se);
            }
        }
        survival_free(&s);
        survival_free(&f);
    }
}

Test(survival, bands_hold_their_value_and_stay_between_nothing_and_all)
{
    for (uint64_t k = 0; k < 200; k++) {
        survival_life_t life[MOST];
        const size_t n = random_lives(life, 2, k);
        for (int incidence = 0; incidence < 2; incidence++) {
            survival_curve_t c = curve_of(life, n, 1, incidence);
            for (size_t i = 0; i < c.steps; i++) {
                const survival_step_t *s = &c.step[i];
                cr_assert(isnan(s->band.low) ||
                          (s->band.low >= 0.0 && s->band.high <= 1.0 && s->band.low <= s->value &&
                           s->value <= s->band.high));
            }
            survival_free(&c);
        }
    }
}

Test(survival, without_anybody_cut_off_is_the_share_that_is_left)
{
    survival_life_t life[MOST];
    for (int i = 0; i < MOST; i++) {
        life[i] = (survival_life_t){(double)((i * 7) % MOST), 1, 0};
    }
    survival_curve_t c = curve_of(life, MOST, 1, 0);
    for (int t = 0; t < MOST; t++) {
        cr_assert_float_eq(survival_at(&c, t).value, 1.0 - (t + 1.0) / MOST, 1e-12);
    }
    survival_free(&c);
}

/* The error of an incidence against its spread over many samples of one known law: exponential causes of rates 0.03 and 0.05,
 * cut off at 20: F(10) = 3/8 (1 - exp(-0.8)). */
Test(survival, error_of_an_incidence_is_its_spread_over_samples)
{
    enum { SAMPLES = 2000, EACH = 80 };
    double sum = 0.0, squares = 0.0, claimed = 0.0;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 2, 0, 0);
    for (int k = 0; k < SAMPLES; k++) {
        survival_life_t life[EACH];
        for (int i = 0; i < EACH; i++) {
            const double a = draw_exponential(&d, 1.0 / 0.03), b = draw_exponential(&d, 1.0 / 0.05);
            const double cut = 4.0 + 16.0 * draw_uniform(&d), first = fmin(a, b);
            life[i] = (survival_life_t){fmin(first, cut), first >= cut ? 0 : a < b ? 1 : 2, 0};
        }
        survival_curve_t c = curve_of(life, EACH, 1, 1);
        const survival_point_t p = survival_at(&c, 10.0);
        sum += p.value;
        squares += p.value * p.value;
        claimed += p.se * p.se;
        survival_free(&c);
    }
    const double mean = sum / SAMPLES, variance = squares / SAMPLES - mean * mean;
    cr_expect_float_eq(mean, 0.375 * (1.0 - exp(-0.8)), 0.004, "seed %u: mean %g", SEED, mean);
    cr_expect_float_eq(claimed / SAMPLES / variance, 1.0, 0.1, "seed %u: %g times the spread", SEED,
                       claimed / SAMPLES / variance);
}
