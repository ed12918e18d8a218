/* SPDX-License-Identifier: Apache-2.0 */
/* The knee: what flows of what is displaced when little is left, and how early a population of older pumps notices. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/needle.h"
#include "device/reservoir.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 31U

/* Knee at 3 mL, falling over 1 mL to 0.2. */
static reservoir_param_t knee(void)
{
    reservoir_param_t p = default_reservoir;
    p.knee_ml = 3.0;
    p.knee_width_ml = 1.0;
    p.knee_floor = 0.2;
    return p;
}

static reservoir_t filled(const reservoir_param_t *p, double volume_ml)
{
    reservoir_t r;
    error_t e = {0};
    cr_assert_eq(reservoir_init(&r, p, 1, &e), 0, "%s", e.text);
    cr_assert_eq(reservoir_fill(&r, volume_ml, (const double[]){500.0}, &e), 0, "%s", e.text);
    return r;
}

Test(low_fill, the_factor_is_straight_between_knee_and_foot)
{
    const reservoir_param_t p = knee();
    const double row[][2] = {{20.0, 1.0}, {3.0, 1.0}, {2.5, 0.6},
                             {2.0, 0.2},  {0.5, 0.2}, {0.0, 0.0}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const reservoir_t r = filled(&p, row[i][0]);
        cr_expect_float_eq(reservoir_fill_factor(&r), row[i][1], 1e-12, "%g mL", row[i][0]);
    }
}

/* On the slope 0.8 per mL the factor f obeys df/dD = -0.8 f: from 1 to 0.2 by ln 5 / 0.8, and then 2 mL at a fifth. */
Test(low_fill, the_volume_follows_its_closed_form)
{
    const reservoir_param_t p = knee();
    reservoir_t r = filled(&p, 4.0);
    const double displaced_ml[] = {1.0, log(2.0) / 0.8, log(2.5) / 0.8 + 1.0, 10.0};
    const double drawn_ml[] = {1.0, 0.5 / 0.8, 0.3 / 0.8 + 0.2, 1.8};
    const double factor[] = {1.0, 0.5, 0.2, 0.0}, gas_ml[] = {0.0, 0.0, 0.0, 1.0};
    double ug;
    for (int i = 0; i < 4; i++) {
        const double came_ml = reservoir_draw(&r, displaced_ml[i], &ug);
        cr_expect_float_eq(came_ml, drawn_ml[i], 1e-12, "draw %d: %.15g", i, came_ml);
        cr_expect_float_eq(reservoir_fill_factor(&r), factor[i], 1e-12, "draw %d", i);
        cr_expect_float_eq(r.gas_ml, gas_ml[i], 1e-12, "draw %d", i);
    }
    cr_expect_float_eq(reservoir_volume_ml(&r), 1.4, 0.0);
    cr_expect_float_eq(r.short_ml, 1.0 + log(5.0) / 0.8 + 10.0 - 4.0, 1e-12);
}

Test(low_fill, displaced_is_drawn_or_short_or_gas)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int history = 0; history < 200; history++) {
        reservoir_param_t p = knee();
        p.knee_ml = 5.0 * draw_uniform(&d);
        p.knee_width_ml = 0.1 + 3.0 * draw_uniform(&d);
        p.knee_floor = history % 4 == 0 ? 0.0 : draw_uniform(&d);
        reservoir_t r = filled(&p, 8.0 * draw_uniform(&d));
        const double before_ml = reservoir_volume_ml(&r);
        double displaced_ml = 0.0, drawn_ml = 0.0, ug, least = 1.0;
        error_t e = {0};
        for (int i = 0; i < 40; i++) {
            const double volume_ml = draw_exponential(&d, 0.4),
                         came_ml = reservoir_draw(&r, volume_ml, &ug);
            displaced_ml += volume_ml;
            drawn_ml += came_ml;
            cr_assert_float_eq(ug, came_ml * r.ug_per_ml[0], 1e-9);
            cr_assert_leq(reservoir_fill_factor(&r), least, "the share only falls");
            least = reservoir_fill_factor(&r);
            cr_assert_eq(reservoir_verify(&r, &e), 0, "%s", e.text);
        }
        cr_assert_float_eq(drawn_ml + r.short_ml + r.gas_ml, displaced_ml, 1e-11,
                           "history %d (seed %u)", history, SEED);
        cr_assert_float_eq(before_ml - drawn_ml, reservoir_volume_ml(&r), 1e-12);
    }
}

/* Any division of a draw across knee, foot and bottom, within 1e-12. */
Test(low_fill, a_draw_and_its_parts_are_one)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 0);
    for (int history = 0; history < 300; history++) {
        reservoir_param_t p = knee();
        p.knee_ml = 4.0 * draw_uniform(&d);
        p.knee_floor = history % 5 == 0 ? 0.0 : 0.5 * draw_uniform(&d);
        reservoir_t whole = filled(&p, 0.1 + 5.0 * draw_uniform(&d)), cut = whole;
        const double volume_ml = 8.0 * draw_uniform(&d);
        const int parts = 1 + (int)(500.0 * draw_uniform(&d));
        double a_ug, b_ug, sum_ug = 0.0, sum_ml = 0.0;
        const double drawn_ml = reservoir_draw(&whole, volume_ml, &a_ug);
        for (int i = 0; i < parts; i++) {
            sum_ml += reservoir_draw(&cut, volume_ml / parts, &b_ug);
            sum_ug += b_ug;
        }
        cr_assert_float_eq(sum_ml, drawn_ml, 1e-12, "history %d, %d parts (seed %u)", history,
                           parts, SEED);
        cr_assert_float_eq(sum_ug, a_ug, 1e-12 * 2500.0);
        cr_assert_float_eq(cut.gas_ml, whole.gas_ml, 1e-12 * 8.0);
        cr_assert_float_eq(cut.short_ml, whole.short_ml, 1e-12 * 8.0);
    }
}

Test(low_fill, units_differ_within_their_bounds_by_two_uniforms)
{
    draw_t d, two;
    double sum_ml = 0.0;
    draw_init(&d, SEED, DRAW_TEST, 2, 0, 0);
    for (int i = 0; i < 20000; i++) {
        reservoir_param_t p = default_reservoir;
        two = d;
        reservoir_param_draw(&p, &d);
        (void)draw_uniform(&two);
        (void)draw_uniform(&two);
        cr_assert_arr_eq(&two, &d, sizeof d);
        cr_assert(p.knee_ml >= 0.0 && p.knee_ml <= p.knee_most_ml, "knee at %g mL", p.knee_ml);
        cr_assert(p.residual_ml > 0.49 && p.residual_ml < 2.31);
        sum_ml += p.residual_ml;
    }
    cr_expect_float_eq(sum_ml / 20000.0, 1.4, 0.01);
}

/* ---- Neurosurgery 2004;55(2), PMID 15271246: 21 of 88 patients early, at 2.7 mL, none once the alarm came at 4 mL ---- */

/* Volume by the core's count after a day with less than half the flow, by `ml_per_day`; 0: that never came to be. */
static double noticed_ml(draw_t *d, const reservoir_param_t *kind, double ml_per_day)
{
    reservoir_param_t p = *kind;
    needle_injection_t injection;
    reservoir_t r;
    error_t e = {0};
    double ug, computed_ml = 18.0;
    int hours = 0;
    reservoir_param_draw(&p, d);
    const double unit = 1.0 + draw_truncated_normal(d, -0.005, 0.036, -0.145, 0.145);
    cr_assert_eq(reservoir_init(&r, &p, 1, &e), 0);
    cr_assert_eq(reservoir_fill(&r, needle_left_ml(&default_needle, draw_uniform(d)),
                                (const double[]){500.0}, &e),
                 0);
    const needle_syringe_t syringe = {computed_ml, (const double[]){500.0}};
    cr_assert_geq(needle_inject(&default_needle, &r, &syringe, &injection, &e), 0, "%s", e.text);
    computed_ml -= injection.kept_ml;
    while (hours < 24 && computed_ml > 0.0) {
        const double commanded_ml = ml_per_day / 24.0;
        const double came_ml = reservoir_draw(&r, commanded_ml * unit, &ug);
        hours = came_ml < 0.5 * commanded_ml ? hours + 1 : 0;
        computed_ml -= commanded_ml;
    }
    return hours < 24 ? 0.0 : computed_ml;
}

static reservoir_param_t legacy(void)
{
    reservoir_param_t p = default_reservoir;
    p.capacity_ml = 18.0;
    p.knee_ml = 2.3;
    p.knee_sd_ml = 1.7;
    p.knee_most_ml = 4.5;
    return p;
}

Test(low_fill, a_quarter_of_older_pumps_is_early_at_2_7_ml_and_nobody_before_4)
{
    enum { PUMPS = 4000 };
    const reservoir_param_t p = legacy();
    int early = 0, before_4 = 0;
    double sum_ml = 0.0, most_ml = 0.0;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 3, 0, 0);
    for (int i = 0; i < PUMPS; i++) {
        const double ml = noticed_ml(&d, &p, 0.3);
        early += ml > 2.0;
        before_4 += ml > 4.0;
        sum_ml += ml > 2.0 ? ml : 0.0;
        most_ml = fmax(most_ml, ml);
    }
    const double share = (double)early / PUMPS, mean_ml = sum_ml / early;
    cr_expect(share > 0.20 && share < 0.28, "%.3f are early; 24 %% were (95 %% CI 16-34)", share);
    cr_expect(mean_ml > 2.55 && mean_ml < 2.85, "at %.2f mL; 2.7 (2.1-3.8)", mean_ml);
    cr_expect_lt((double)before_4 / PUMPS, 0.005, "%d of %d before 4 mL, up to %.2f", before_4,
                 PUMPS, most_ml);
}

Test(low_fill, hardly_a_pump_of_today_is_early)
{
    int early = 0;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 4, 0, 0);
    for (int i = 0; i < 4000; i++) {
        early += noticed_ml(&d, &default_reservoir, 0.3) > 2.0;
    }
    cr_expect_lt(early, 80, "%d of 4000", early);
}
