/* SPDX-License-Identifier: Apache-2.0 */
/* Wear: its closed forms, that it only grows, that no division of time matters, and what is drawn. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/wear.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

enum { SEED = 11 };

static wear_t wear_new(const wear_param_t *p)
{
    wear_t w;
    error_t e = {0};
    cr_assert_eq(wear_init(&w, p, 0, &e), 0, "%s", e.text);
    cr_assert_eq(wear_verify(&w, &e), 0, "%s", e.text);
    return w;
}

static int64_t years(double y)
{
    return (int64_t)(y * WEAR_YEAR_MS);
}

static draw_t stream(uint64_t entity)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, entity);
    return d;
}

static bool same(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

Test(wear, nothing_has_worn_when_new)
{
    wear_t w = wear_new(&default_wear);
    wear_state_t s = wear_at(&w, 0, 0.0);
    cr_assert_eq(s.shaft + s.gear + s.drag + s.particle + s.shunt, 0.0);
}

Test(wear, paces_of_zero_never_wear)
{
    wear_param_t none = {0};
    wear_t w = wear_new(&none);
    wear_state_t s = wear_at(&w, years(50.0), 1e6);
    cr_assert_eq(s.shaft + s.gear + s.drag + s.particle + s.shunt, 0.0);
}

/* Six years of index 1 and 10,957 revolutions, by hand: X = 6, E = 5.5, R = 10.957. */
Test(wear, follows_its_closed_forms)
{
    wear_param_t p = default_wear;
    p.shaft_rate = 0.1;
    p.gear_rate = 0.1;
    p.short_rate = 0.1;
    p.drag_rate = 0.01;
    wear_t w = wear_new(&p);
    wear_state_t s = wear_at(&w, years(6.0), 10957.0);
    cr_assert(same(s.shaft, pow(0.1 * pow(10.957, 0.2) * pow(6.0, 0.8), 1.5)), "%.17g", s.shaft);
    cr_assert(same(s.gear, 0.55 * 0.55), "%.17g", s.gear);
    cr_assert(same(s.drag, 0.06), "%.17g", s.drag);
    cr_assert(same(s.shunt, pow(0.55, 4.0)), "%.17g", s.shunt);
}

Test(wear, gears_and_feedthroughs_wait_for_what_the_wall_takes_up)
{
    wear_t w = wear_new(&default_wear);
    wear_state_t before = wear_at(&w, years(0.499), 900.0);
    wear_state_t after = wear_at(&w, years(0.6), 1100.0);
    cr_assert_eq(before.gear + before.shunt, 0.0);
    cr_assert_gt(after.gear, 0.0);
    cr_assert_gt(after.shunt, 0.0);
}

Test(wear, an_off_label_drug_makes_the_exposure_half_as_long_again)
{
    wear_t w = wear_new(&default_wear);
    (void)wear_set_index(&w, years(2.0), 3.4);
    cr_assert_float_eq(wear_exposure_years(&w, years(6.0)), 2.0 + 4.0 * 1.5, 0.003);
}

Test(wear, a_generation_multiplies_its_paces)
{
    wear_param_t p = default_wear;
    wear_t before = wear_new(&p);
    p.shaft_factor = p.gear_factor = p.short_factor = 0.5;
    wear_t after = wear_new(&p);
    wear_state_t a = wear_at(&before, years(6.0), 1e4), b = wear_at(&after, years(6.0), 1e4);
    cr_assert(same(b.shaft, a.shaft * pow(0.5, 1.5)));
    cr_assert(same(b.gear, a.gear * 0.25));
    cr_assert(same(b.shunt, a.shunt / 16.0));
    cr_assert_eq(b.drag, a.drag);
}

static void check_grown(const wear_state_t *a, const wear_state_t *b, int unit, int step)
{
    cr_assert(b->shaft >= a->shaft && b->gear >= a->gear && b->drag >= a->drag &&
                  b->particle >= a->particle && b->shunt >= a->shunt && b->shunt <= 1.0,
              "unit %d, step %d (seed %d): wear has shrunk", unit, step, SEED);
}

/* Random units through random intervals, drugs and use. */
Test(wear, only_grows)
{
    for (int unit = 0; unit < 300; unit++) {
        draw_t d = stream((uint64_t)unit);
        wear_param_t p = default_wear;
        p.particle_share = 0.3;
        wear_param_draw(&p, &d);
        wear_t w = wear_new(&p);
        wear_state_t last = {0};
        double revolutions = 0.0, leak_uc = 0.0, exposure = 0.0;
        int64_t t = 0;
        for (int step = 0; step < 100; step++) {
            t += (int64_t)draw_exponential(&d, 1e10);
            revolutions += draw_exponential(&d, 200.0);
            wear_state_t now = wear_at(&w, t, revolutions);
            check_grown(&last, &now, unit, step);
            cr_assert_geq(wear_leak_uc(&w, t), leak_uc, "unit %d, step %d", unit, step);
            cr_assert_geq(wear_exposure_years(&w, t), exposure, "unit %d, step %d", unit, step);
            last = now;
            leak_uc = wear_leak_uc(&w, t);
            exposure = wear_exposure_years(&w, t);
            (void)wear_set_index(&w, t, 8.0 * draw_uniform(&d) * draw_uniform(&d));
        }
    }
}

Test(wear, telling_the_same_index_again_changes_no_bit)
{
    wear_t once = wear_new(&default_wear), often = wear_new(&default_wear);
    (void)wear_set_index(&once, years(1.0), 2.0);
    for (int64_t t = years(1.0); t < years(3.0); t += 86400000) {
        (void)wear_set_index(&often, t, 2.0);
    }
    cr_assert_arr_eq(&once, &often, sizeof once);
}

/* A change to what is imposed ends one closed form and begins another. */
Test(wear, no_division_of_time_matters)
{
    for (int unit = 0; unit < 200; unit++) {
        draw_t d = stream((uint64_t)unit);
        wear_param_t p = default_wear;
        wear_param_draw(&p, &d);
        wear_t whole = wear_new(&p), parts = whole;
        const wear_state_t nothing = {0};
        for (int i = 1; i < 200; i++) {
            wear_impose(&parts, years(0.05 * i + 0.04 * draw_uniform(&d)), &nothing);
        }
        wear_state_t a = wear_at(&whole, years(11.0), 2e4), b = wear_at(&parts, years(11.0), 2e4);
        cr_assert(same(a.shaft, b.shaft) && same(a.gear, b.gear) && same(a.drag, b.drag) &&
                      same(a.shunt, b.shunt),
                  "unit %d (seed %d)", unit, SEED);
        cr_assert(same(wear_leak_uc(&whole, years(11.0)), wear_leak_uc(&parts, years(11.0))),
                  "unit %d (seed %d): leak", unit, SEED);
    }
}

/* The charge against the midpoint rule over the share: before the capacity, growing, full, and a drug of index 0. */
Test(wear, leaked_charge_is_the_integral_of_the_shorts_share)
{
    wear_param_t p = default_wear;
    enum { PARTS = 200000 };
    const double from = 0.0, to = 9.0;
    double sum = 0.0;
    p.short_rate = 0.25;
    wear_t w = wear_new(&p);
    for (int i = 0; i < PARTS; i++) {
        double y = from + (to - from) * (i + 0.5) / PARTS;
        if (y >= 3.0 && w.since_ms < years(3.0)) {
            (void)wear_set_index(&w, years(3.0), 0.0);
        }
        if (y >= 4.0 && w.since_ms < years(4.0)) {
            (void)wear_set_index(&w, years(4.0), 3.4);
        }
        sum += wear_at(&w, years(y), 0.0).shunt * (to - from) / PARTS;
    }
    double uc = sum * p.short_leak_ua * WEAR_YEAR_MS * 1e-3;
    cr_assert_float_eq(wear_leak_uc(&w, years(to)) / uc, 1.0, 1e-6, "%.9g uC, by parts %.9g",
                       wear_leak_uc(&w, years(to)), uc);
}

Test(wear, an_imposed_short_leaks_from_then_on)
{
    wear_param_t none = {.short_leak_ua = 100.0};
    wear_t w = wear_new(&none);
    wear_impose(&w, 1000, &(wear_state_t){.shunt = 0.5});
    cr_assert_float_eq(wear_leak_uc(&w, 1000), 0.0, 0.0);
    cr_assert_float_eq(wear_leak_uc(&w, 11000), 500.0, 1e-9);
    cr_assert_float_eq(wear_at(&w, 11000, 0.0).shunt, 0.5, 0.0);
}

/* Both shorts together take no more than all of the drive, and leak no more: the unit's own is 0.64 from two years on, 0.5 imposed
 * beside it; that it takes all begins where its own is 0.5. */
Test(wear, two_shorts_take_and_leak_no_more_than_all)
{
    wear_param_t p = {
        .short_rate = 0.4, .short_factor = 1.0, .short_power = 2.0, .short_leak_ua = 100.0};
    wear_t w = wear_new(&p);
    wear_impose(&w, 0, &(wear_state_t){.shunt = 0.5});
    const double full = sqrt(0.5) / 0.4; /* years */
    const double share_years = 0.5 * full + 0.16 * full * full * full / 3.0 + (2.0 - full);
    cr_expect_float_eq(wear_at(&w, years(2.0), 0.0).shunt, 1.0, 0.0);
    cr_expect_float_eq(wear_leak_uc(&w, years(2.0)) / (100.0 * share_years * WEAR_YEAR_MS * 1e-3),
                       1.0, 1e-12);
    wear_impose(&w, years(2.0), &(wear_state_t){.shunt = 7.0});
    const double before_uc = wear_leak_uc(&w, years(2.0));
    cr_expect_float_eq(wear_leak_uc(&w, years(2.0) + 1000) - before_uc, 100.0, 1e-3);
}

Test(wear, bouts_are_even_between_their_bounds_and_constant_within)
{
    wear_t w = wear_new(&default_wear);
    draw_t d = stream(5);
    const int64_t bout_ms = 3 * 3600000;
    double sum = 0.0;
    for (int i = 0; i < 20000; i++) {
        double b = wear_bout(&w, i * bout_ms, &d);
        cr_assert(b > 0.8 && b < 1.0, "bout %d: %g", i, b);
        cr_assert_eq(b, wear_bout(&w, i * bout_ms + bout_ms - 1, &d), "bout %d", i);
        sum += b / 20000.0;
    }
    cr_assert_float_eq(sum, 0.9, 4.0 * 0.2 / sqrt(12.0 * 20000.0));
}

Test(wear, a_particle_bites_once_it_has_gone_its_way)
{
    wear_param_t p = default_wear;
    p.particle_share = 1.0;
    p.particle_rate = 2.0;
    wear_t w = wear_new(&p);
    cr_assert_eq(wear_at(&w, 0, 499.0).particle, 0.0);
    cr_assert_eq(wear_at(&w, 0, 500.0).particle, p.particle_torque);
    p.particle_share = 0.0;
    w = wear_new(&p);
    cr_assert_eq(wear_at(&w, 0, 1e9).particle, 0.0);
}

Test(wear, an_imposed_particle_takes_the_place_of_the_units_own)
{
    wear_param_t p = default_wear;
    p.particle_share = 1.0;
    wear_t w = wear_new(&p);
    wear_impose(&w, 0, &(wear_state_t){.particle = 0.3, .particle_angle = 0.1});
    cr_assert_eq(wear_at(&w, 0, 1e6).particle, 0.3);
    cr_assert_eq(wear_at(&w, 0, 1e6).particle_angle, 0.1);
    wear_impose(&w, 0, &(wear_state_t){.particle = 0.0});
    cr_assert_eq(wear_at(&w, 0, 1e6).particle, p.particle_torque);
}

Test(wear, a_unit_takes_eight_uniforms_and_its_medians_are_the_rows)
{
    enum { UNITS = 20001 };
    int above = 0, particles = 0;
    for (int unit = 0; unit < UNITS; unit++) {
        draw_t d = stream((uint64_t)unit), eight = d;
        wear_param_t p = default_wear;
        p.particle_share = 0.1;
        wear_param_draw(&p, &d);
        for (int i = 0; i < 8; i++) {
            (void)draw_bits(&eight);
        }
        cr_assert_eq(draw_bits(&d), draw_bits(&eight), "unit %d", unit);
        above += p.shaft_rate > default_wear.shaft_rate;
        particles += p.particle_share > 0.5;
    }
    cr_assert_float_eq(above, UNITS / 2.0, 4.0 * sqrt(UNITS / 4.0));
    cr_assert_float_eq(particles, UNITS / 10.0, 4.0 * sqrt(UNITS * 0.09));
}

Test(wear, senseless_parameters_are_refused)
{
    error_t e = {0};
    wear_t w;
    wear_param_t p = default_wear;
    p.gear_rate = -1.0;
    cr_assert_eq(wear_init(&w, &p, 0, &e), ERROR_ARGUMENT);
    p = default_wear;
    p.shaft_rate = (double)NAN;
    cr_assert_eq(wear_init(&w, &p, 0, &e), ERROR_ARGUMENT);
    p = default_wear;
    p.short_wander = 1.5;
    cr_assert_eq(wear_init(&w, &p, 0, &e), ERROR_ARGUMENT);
}

Test(wear, verify_sees_a_lost_exposure)
{
    wear_t w = wear_new(&default_wear);
    error_t e = {0};
    w.since_years = -1.0;
    cr_assert_eq(wear_verify(&w, &e), ERROR_INVARIANT);
}
