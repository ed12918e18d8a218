/* SPDX-License-Identifier: Apache-2.0 */
/* The reservoir: draws, running dry, needle, refill by mixing with the residual. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/reservoir.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 19U

/* Without a knee: what is displaced flows, down to the residual. */
static reservoir_t filled(double volume_ml, double ug_per_ml)
{
    reservoir_param_t p = default_reservoir;
    reservoir_t r;
    error_t e = {0};
    p.knee_ml = 0.0;
    cr_assert_eq(reservoir_init(&r, &p, 1, &e), 0, "%s", e.text);
    cr_assert_eq(reservoir_fill(&r, volume_ml, &ug_per_ml, &e), 0, "%s", e.text);
    return r;
}

Test(reservoir, a_new_one_holds_its_residual_without_drug)
{
    reservoir_t r;
    error_t e = {0};
    cr_assert_eq(reservoir_init(&r, &default_reservoir, 2, &e), 0);
    cr_assert_float_eq(reservoir_volume_ml(&r), 1.4, 0.0);
    cr_assert_float_eq(reservoir_mass_ug(&r, 0), 0.0, 0.0);
    cr_assert_float_eq(reservoir_mass_ug(&r, 1), 0.0, 0.0);
    cr_assert_eq(reservoir_verify(&r, &e), 0);
}

/* C = (C_new V_fill + C_old V_res) / (V_fill + V_res) */
Test(reservoir, refill_mixes_with_the_residual)
{
    reservoir_t r = filled(20.0, 500.0);
    error_t e = {0};
    double mass_ug;
    double first = 500.0 * 20.0 / 21.4;
    cr_assert_float_eq(r.ug_per_ml[0], first, 1e-12 * first);
    (void)reservoir_withdraw(&r, 0.0, &mass_ug);
    cr_assert_eq(reservoir_fill(&r, 18.0, (const double[]){2000.0}, &e), 0, "%s", e.text);
    double second = (2000.0 * 18.0 + first * 1.4) / 19.4;
    cr_assert_float_eq(r.ug_per_ml[0], second, 1e-12 * second);
}

Test(reservoir, draw_takes_volume_and_mass)
{
    reservoir_t r = filled(10.0, 570.0);
    double mass_ug;
    double drawn = reservoir_draw(&r, 2.0, &mass_ug);
    cr_assert_float_eq(drawn, 2.0, 0.0);
    cr_assert_float_eq(mass_ug, 1000.0, 1e-9);
    cr_assert_float_eq(reservoir_volume_ml(&r), 9.4, 1e-14);
}

Test(reservoir, runs_dry_at_the_residual_and_reports_the_gas)
{
    reservoir_t r = filled(1.0, 570.0);
    double mass_ug;
    double drawn = reservoir_draw(&r, 1.5, &mass_ug);
    cr_assert_float_eq(drawn, 1.0, 1e-15);
    cr_assert_float_eq(r.gas_ml, 0.5, 1e-15);
    cr_assert_float_eq(reservoir_volume_ml(&r), 1.4, 0.0);
    cr_assert_float_eq(mass_ug, drawn * r.ug_per_ml[0], 1e-12);
    drawn = reservoir_draw(&r, 0.1, &mass_ug);
    cr_assert_float_eq(drawn, 0.0, 0.0);
    cr_assert_float_eq(mass_ug, 0.0, 0.0);
    cr_assert_float_eq(r.gas_ml, 0.6, 1e-15);
}

Test(reservoir, needle_leaves_the_residual)
{
    reservoir_t r = filled(15.0, 400.0);
    double mass_ug;
    double before = reservoir_mass_ug(&r, 0);
    double withdrawn = reservoir_withdraw(&r, 0.0, &mass_ug);
    cr_assert_float_eq(withdrawn, 15.0, 1e-14);
    cr_assert_float_eq(reservoir_volume_ml(&r), 1.4, 0.0);
    cr_assert_float_eq(mass_ug + reservoir_mass_ug(&r, 0), before, 1e-9);
}

/* The figures of the issue: what a refill of 20 mL makes of a residual of 1.4 mL. */
Test(reservoir, twenty_millilitres_onto_the_residual_give_the_closed_form)
{
    const double row[][3] = {{500.0, 2000.0, 1902.0}, {2000.0, 500.0, 598.0}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        reservoir_t r = filled(0.0, 0.0);
        error_t e = {0};
        reservoir_season(&r, &row[i][0], false);
        cr_assert_eq(reservoir_fill(&r, 20.0, &row[i][1], &e), 0, "%s", e.text);
        cr_expect_float_eq(r.ug_per_ml[0], (row[i][1] * 20.0 + row[i][0] * 1.4) / 21.4, 1e-10);
        cr_expect_float_eq(r.ug_per_ml[0], row[i][2], 0.5, "%g", r.ug_per_ml[0]);
    }
}

Test(reservoir, the_valve_closes_a_margin_above_the_capacity)
{
    reservoir_t r = filled(19.0, 100.0);
    const double ug_per_ml = 100.0;
    double taken_ml;
    error_t e = {0};
    cr_expect_eq(reservoir_inject(&r, 1.5, &ug_per_ml, &taken_ml, &e), RESERVOIR_FILLED);
    cr_expect_float_eq(taken_ml, 1.5, 0.0);
    cr_expect_float_eq(reservoir_overfilled_ml(&r), 0.5, 1e-12);
    cr_expect_eq(reservoir_inject(&r, 3.0, &ug_per_ml, &taken_ml, &e), RESERVOIR_VALVE_CLOSED);
    cr_expect_float_eq(taken_ml, 0.5, 1e-12);
    cr_expect_float_eq(reservoir_room_ml(&r), 0.0, 1e-12);
    cr_expect_eq(reservoir_verify(&r, &e), 0, "%s", e.text);
}

Test(reservoir, a_filling_that_must_go_in_takes_what_the_valve_lets_and_not_a_drop_more)
{
    reservoir_t r = filled(21.0, 100.0);
    reservoir_t before = r;
    error_t e = {0};
    cr_assert_eq(reservoir_fill(&r, 0.001, (const double[]){100.0}, &e), ERROR_ARGUMENT);
    cr_assert_arr_eq(&r, &before, sizeof r, "a refused refill must change nothing");
    cr_assert_eq(reservoir_verify(&r, &e), 0, "%s", e.text);
}

Test(reservoir, what_is_driven_back_dilutes_and_its_mass_is_kept)
{
    reservoir_t r = filled(10.0, 570.0);
    const double before_ug = reservoir_mass_ug(&r, 0), back_ug = 12.0;
    error_t e = {0};
    cr_assert_eq(reservoir_return(&r, 2.0, &back_ug, &e), 0, "%s", e.text);
    cr_expect_float_eq(reservoir_volume_ml(&r), 13.4, 1e-14);
    cr_expect_float_eq(reservoir_mass_ug(&r, 0), before_ug + 12.0, 1e-9);
    cr_expect_lt(r.ug_per_ml[0], 500.0);
    cr_expect_eq(reservoir_return(&r, 20.0, &back_ug, &e), ERROR_ARGUMENT, "more than its room");
}

Test(reservoir, ten_metres_of_sea_deform_it_for_good)
{
    reservoir_t r = filled(10.0, 100.0);
    environment_t around = ENVIRONMENT_AT_REST;
    around.ambient_kpa = 101.3 + 9.0 * 10.05;
    reservoir_surround(&r, &around);
    cr_expect_not(r.deformed, "9 m");
    around.ambient_kpa = 101.3 + 11.0 * 10.05;
    reservoir_surround(&r, &around);
    cr_expect(r.deformed, "11 m");
    reservoir_surround(&r, &ENVIRONMENT_AT_REST);
    cr_expect(r.deformed, "still");
}

Test(reservoir, senseless_refills_are_refused)
{
    reservoir_t r = filled(1.0, 100.0);
    error_t e = {0};
    cr_assert_eq(reservoir_fill(&r, -1.0, (const double[]){1.0}, &e), ERROR_ARGUMENT);
    cr_assert_eq(reservoir_fill(&r, nan(""), (const double[]){1.0}, &e), ERROR_ARGUMENT);
    cr_assert_eq(reservoir_fill(&r, 1.0, (const double[]){-1.0}, &e), ERROR_ARGUMENT);
    cr_assert_eq(reservoir_fill(&r, 1.0, (const double[]){HUGE_VAL}, &e), ERROR_ARGUMENT);
}

Test(reservoir, drugs_outside_1_to_6_are_refused)
{
    reservoir_t r;
    error_t e = {0};
    cr_assert_eq(reservoir_init(&r, &default_reservoir, 0, &e), ERROR_ARGUMENT);
    cr_assert_eq(reservoir_init(&r, &default_reservoir, 7, &e), ERROR_ARGUMENT);
}

/* Equal small draws are rounded the same way each time; a plain difference is off by 1e-11 here. */
Test(reservoir, seventy_thousand_pulses_take_exactly_their_sum)
{
    reservoir_t r = filled(20.0, 500.0);
    double mass_ug;
    for (int i = 0; i < 70000; i++) {
        (void)reservoir_draw(&r, 0.25e-3, &mass_ug);
    }
    long double left = 21.4L - 70000.0L * 0.25e-3L;
    double off = fabs((double)((long double)reservoir_volume_ml(&r) - left));
    cr_assert(off < 4e-15, "off by %g mL", off);
}

/* In - out = content for each drug, over random refills, needles and draws that run dry. */
Test(reservoir, masses_balance_over_random_histories)
{
    enum { DRUGS = 3, STEPS = 20000 };
    reservoir_t r;
    error_t e = {0};
    draw_t d;
    double conc[DRUGS];
    double out[DRUGS];
    long double in_ug[DRUGS] = {0.0L};
    long double balance[DRUGS] = {0.0L};
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    cr_assert_eq(reservoir_init(&r, &default_reservoir, DRUGS, &e), 0);
    for (int step = 0; step < STEPS; step++) {
        (void)reservoir_draw(&r, draw_exponential(&d, 0.05), out);
        for (int i = 0; i < DRUGS; i++) {
            balance[i] -= (long double)out[i];
        }
        if (draw_uniform(&d) < 0.003) {
            double volume_ml = 20.0 * draw_uniform(&d);
            (void)reservoir_withdraw(&r, 0.5 * draw_uniform(&d), out);
            for (int i = 0; i < DRUGS; i++) {
                conc[i] = 2000.0 * draw_uniform(&d);
                balance[i] += (long double)conc[i] * (long double)volume_ml - (long double)out[i];
                in_ug[i] += (long double)conc[i] * (long double)volume_ml;
            }
            cr_assert_eq(reservoir_fill(&r, volume_ml, conc, &e), 0, "step %d: %s", step, e.text);
        }
        cr_assert_eq(reservoir_verify(&r, &e), 0, "step %d (seed %u): %s", step, SEED, e.text);
    }
    cr_assert_gt(r.gas_ml, 1.0, "the history must run dry to mean something");
    for (int i = 0; i < DRUGS; i++) {
        double off = fabs((double)(balance[i] - (long double)reservoir_mass_ug(&r, i)));
        cr_assert(off < 1e-12 * (double)in_ug[i], "drug %d is off by %g ug (seed %u)", i, off,
                  SEED);
    }
}

Test(reservoir, verify_sees_fluid_below_the_residual)
{
    reservoir_t r = filled(1.0, 1.0);
    error_t e = {0};
    r.fluid_ml.high = 1.3;
    cr_assert_eq(reservoir_verify(&r, &e), ERROR_INVARIANT);
}
