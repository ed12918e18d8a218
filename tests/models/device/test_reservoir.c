/* SPDX-License-Identifier: Apache-2.0 */
/* The reservoir: draws, running dry, needle, refill by mixing with the residual. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/reservoir.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 19U

static reservoir_t filled(double volume_ml, double ug_per_ml)
{
    reservoir_t r;
    error_t e = {0};
    cr_assert_eq(reservoir_init(&r, &default_reservoir, 1, &e), 0, "%s", e.text);
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
    (void)reservoir_withdraw(&r, &mass_ug);
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
    double withdrawn = reservoir_withdraw(&r, &mass_ug);
    cr_assert_float_eq(withdrawn, 15.0, 1e-14);
    cr_assert_float_eq(reservoir_volume_ml(&r), 1.4, 0.0);
    cr_assert_float_eq(mass_ug + reservoir_mass_ug(&r, 0), before, 1e-9);
}

Test(reservoir, an_emptied_one_takes_its_capacity_and_not_a_drop_more)
{
    reservoir_t r = filled(20.0, 100.0);
    reservoir_t before = r;
    error_t e = {0};
    cr_assert_eq(reservoir_fill(&r, 0.001, (const double[]){100.0}, &e), ERROR_ARGUMENT);
    cr_assert_arr_eq(&r, &before, sizeof r, "a refused refill must change nothing");
    cr_assert_eq(reservoir_verify(&r, &e), 0, "%s", e.text);
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
            (void)reservoir_withdraw(&r, out);
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
