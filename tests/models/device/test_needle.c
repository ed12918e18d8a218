/* SPDX-License-Identifier: Apache-2.0 */
/* The needle: what is left behind is found the next time, what stays in needle and filter is not. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/needle.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 47U
#define UG_PER_ML 500.0

static reservoir_t filled(double volume_ml)
{
    reservoir_t r;
    error_t e = {0};
    cr_assert_eq(reservoir_init(&r, &default_reservoir, 1, &e), 0, "%s", e.text);
    cr_assert_eq(reservoir_fill(&r, volume_ml, (const double[]){UG_PER_ML}, &e), 0, "%s", e.text);
    return r;
}

/* `expected` below 0: the valve may close or not. */
static needle_injection_t inject(const needle_param_t *p, reservoir_t *r, double volume_ml,
                                 int expected)
{
    const needle_syringe_t syringe = {volume_ml, (const double[]){UG_PER_ML}};
    needle_injection_t out;
    error_t e = {0};
    const int result = needle_inject(p, r, &syringe, &out, &e);
    cr_assert(result == expected || (expected < 0 && result >= 0), "%d: %s", result, e.text);
    return out;
}

Test(needle, what_is_left_behind_has_its_mean_and_spread)
{
    enum { DRAWN = 20000 };
    double sum_ml = 0.0, squares = 0.0;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < DRAWN; i++) {
        const double ml = needle_left_ml(&default_needle, draw_uniform(&d));
        sum_ml += ml;
        squares += ml * ml;
    }
    const double mean_ml = sum_ml / DRAWN;
    cr_expect_float_eq(mean_ml, 0.3, 4.0 * 0.15 / sqrt(DRAWN));
    cr_expect_float_eq(sqrt(squares / DRAWN - mean_ml * mean_ml), 0.15, 0.01);
}

/* Over any refills, withdrawn = injected - delivered + left at first - left at last: errors telescope to the two ends. */
Test(needle, the_error_of_what_is_left_behind_telescopes)
{
    enum { REFILLS = 40 };
    needle_param_t p = default_needle;
    double withdrawn_ml = 0.0, injected_ml = 0.0, delivered_ml = 0.0, ug, first_ml, last_ml = 0.0;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 0);
    p.needle_ml = p.extension_ml = p.filter_ml = 0.0;
    reservoir_t r = filled(15.0);
    first_ml = needle_left_ml(&p, draw_uniform(&d));
    (void)reservoir_withdraw(&r, first_ml, &ug);
    for (int i = 0; i < REFILLS; i++) {
        const double uniform = draw_uniform(&d);
        injected_ml += inject(&p, &r, 18.0, RESERVOIR_FILLED).injected_ml;
        delivered_ml += reservoir_draw(&r, 5.0 + 8.0 * draw_uniform(&d), &ug);
        withdrawn_ml += needle_withdraw(&p, &r, uniform, &ug);
        last_ml = needle_left_ml(&p, uniform);
        cr_expect_float_eq(injected_ml - withdrawn_ml - delivered_ml, last_ml - first_ml, 1e-11,
                           "after refill %d (seed %u)", i, SEED);
    }
    cr_expect_gt(fabs(last_ml - first_ml), 0.01, "or nothing was shown");
}

/* The clinic reckons with the syringe's volume: of that, needle, tube and filter keep 0.3 mL each time. */
Test(needle, only_the_dead_volumes_bias_for_good)
{
    enum { REFILLS = 400 };
    double missed_ml = 0.0, ug;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 2, 0, 0);
    reservoir_t r = filled(15.0);
    (void)needle_withdraw(&default_needle, &r, draw_uniform(&d), &ug);
    for (int i = 0; i < REFILLS; i++) {
        (void)inject(&default_needle, &r, 18.0, RESERVOIR_FILLED);
        const double delivered_ml = reservoir_draw(&r, 12.0, &ug);
        missed_ml +=
            18.0 - delivered_ml - needle_withdraw(&default_needle, &r, draw_uniform(&d), &ug);
    }
    cr_expect_float_eq(missed_ml / REFILLS, 0.3, 0.005, "%g mL a refill", missed_ml / REFILLS);
}

Test(needle, a_syringe_is_injected_dead_or_kept)
{
    reservoir_t r = filled(0.0);
    needle_injection_t out = inject(&default_needle, &r, 18.0, RESERVOIR_FILLED);
    cr_expect_float_eq(out.injected_ml, 17.7, 1e-12);
    cr_expect_float_eq(out.dead_ml, 0.3, 1e-12);
    cr_expect_eq(out.kept_ml, 0.0);
    out = inject(&default_needle, &r, 5.0, RESERVOIR_VALVE_CLOSED);
    cr_expect_float_eq(out.injected_ml, 3.3, 1e-12, "20 mL, and 1 over");
    cr_expect_float_eq(out.injected_ml + out.dead_ml + out.kept_ml, 5.0, 1e-12);
    out = inject(&default_needle, &r, 0.2, RESERVOIR_FILLED);
    cr_expect_eq(out.injected_ml, 0.0);
    cr_expect_eq(out.dead_ml, 0.2);
}

Test(needle, an_almost_empty_reservoir_gives_nothing)
{
    reservoir_t r = filled(0.01);
    double ug;
    cr_expect_eq(needle_withdraw(&default_needle, &r, 0.5, &ug), 0.0);
    cr_expect_eq(ug, 0.0);
    cr_expect_float_eq(reservoir_volume_ml(&r), 1.41, 1e-12);
}

/* A uniform for each entity. */
static double uniform_of(uint64_t entity)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, entity, 1, 0);
    return draw_uniform(&d);
}

Test(needle, the_eye_is_true_on_average_and_scatters_as_its_parameter_says)
{
    enum { DRAWN = 40000 };
    const needle_param_t p = default_needle;
    double sum_ml = 0.0;
    double squares = 0.0;
    for (uint64_t i = 0; i < DRAWN; i++) {
        const double error_ml = needle_read_ml(&p, 10.0, uniform_of(i)) - 10.0;
        sum_ml += error_ml;
        squares += error_ml * error_ml;
    }
    const double mean_ml = sum_ml / DRAWN;
    /* the eye, and 0.2/sqrt(12) of the graduation */
    const double sd_ml = sqrt(p.syringe_sd_ml * p.syringe_sd_ml + 0.04 / 12.0);
    cr_expect_float_eq(mean_ml, 0.0, 4.0 * sd_ml / sqrt(DRAWN));
    cr_expect_float_eq(sqrt(squares / DRAWN - mean_ml * mean_ml), sd_ml, 0.02);
}

Test(needle, the_syringe_reads_whole_graduations_and_never_below_nothing)
{
    const needle_param_t p = default_needle;
    for (uint64_t i = 0; i < 1000u; i++) {
        const double read_ml = needle_read_ml(&p, 1.0, uniform_of(i));
        cr_assert_geq(read_ml, 0.0);
        cr_assert_float_eq(read_ml / 0.2, round(read_ml / 0.2), 1e-9);
    }
}

Test(needle, a_perfect_syringe_reads_the_truth)
{
    needle_param_t p = default_needle;
    p.syringe_sd_ml = 0.0;
    p.syringe_step_ml = 0.0;
    cr_expect_float_eq(needle_read_ml(&p, 7.123, 0.9), 7.123, 1e-12);
}

/* One pump's refills of `fill_ml`, given_ml from one to the next: sums of ratios of delivered, by syringes, over computed. */
static void add_ratios(draw_t *d, double fill_ml, double given_ml, double sum[2])
{
    enum { REFILLS = 19 };
    const double unit = 1.0 + draw_truncated_normal(d, 0.0, 0.036, -0.145, 0.145);
    reservoir_param_t p = default_reservoir;
    reservoir_t r;
    error_t e = {0};
    double ug;
    p.capacity_ml = fill_ml;
    cr_assert_eq(reservoir_init(&r, &p, 1, &e), 0, "%s", e.text);
    cr_assert_eq(reservoir_fill(&r, 0.5 * fill_ml, (const double[]){UG_PER_ML}, &e), 0);
    (void)needle_withdraw(&default_needle, &r, draw_uniform(d), &ug);
    for (int i = 0; i < REFILLS; i++) {
        const double noted_ml = fill_ml - inject(&default_needle, &r, fill_ml, -1).kept_ml;
        (void)reservoir_draw(&r, given_ml * unit, &ug);
        const double there_ml = needle_withdraw(&default_needle, &r, draw_uniform(d), &ug);
        const double read_ml = needle_read_ml(&default_needle, there_ml, draw_uniform(d));
        const double ratio = (noted_ml - read_ml) / given_ml;
        sum[0] += ratio / REFILLS;
        sum[1] += ratio * ratio / REFILLS;
    }
}

/* Neuromodulation 2023;26:1240: 95 % of single refills within 0.15 of the mean ratio, pumps of 20 and 40 mL. */
Test(needle, one_refills_ratio_lies_within_0_15)
{
    enum { PUMPS = 1200 };
    double sum[2] = {0.0, 0.0};
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 3, 0, 0);
    for (int pump = 0; pump < PUMPS; pump++) {
        add_ratios(&d, pump % 2 == 0 ? 20.0 : 40.0, pump % 2 == 0 ? 16.5 : 33.0, sum);
    }
    const double mean = sum[0] / PUMPS, sd = sqrt(sum[1] / PUMPS - mean * mean);
    cr_expect_float_eq(1.96 * sd, 0.15, 0.01, "+-%.3f", 1.96 * sd);
    cr_expect_float_eq(mean, 1.0 + 0.5 * (0.3 / 16.5 + 0.3 / 33.0), 0.006,
                       "the pump, and the dead volumes: %.4f", mean);
}

/* At 1 in 4, three quarters of the needles hold; what slips is spread evenly from the least to all. */
Test(needle, slips_as_often_and_as_far_as_its_rows_say)
{
    needle_param_t p = default_needle;
    double slips = 0.0, sum = 0.0, least = 1.0;
    draw_t d;
    cr_expect_eq(needle_slip(&p, (const double[2]){1e-9, 0.5}), 0.0, "never, by default");
    p.pocket_fill_share = 0.25;
    p.pocket_least_share = 0.4;
    draw_init(&d, 11, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < 40000; i++) {
        double uniform[2];
        uniform[0] = draw_uniform(&d);
        uniform[1] = draw_uniform(&d);
        const double share = needle_slip(&p, uniform);
        slips += share > 0.0;
        sum += share;
        least = share > 0.0 && share < least ? share : least;
    }
    cr_expect_float_eq(slips / 40000.0, 0.25, 0.01);
    cr_expect_float_eq(sum / slips, 0.7, 0.01);
    cr_expect_geq(least, 0.4);
}
