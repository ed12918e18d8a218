/* SPDX-License-Identifier: Apache-2.0 */
/* The propellant: vapour against published values, what drives and what turns the drive round, passages against quadrature. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/propellant.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 41U
#define DAY_MS 86400000.0
#define SEA_KPA_PER_M 10.05

static propellant_t made(double inert_kpa)
{
    propellant_param_t q = default_propellant;
    propellant_t p;
    error_t e = {0};
    q.inert_kpa = inert_kpa;
    cr_assert_eq(propellant_init(&p, &q, 20.0, &e), 0, "%s", e.text);
    return p;
}

/* Against the vapour pressures of isopentane that the reference equation of state gives (Lemmon and Span, J Chem Eng Data 2006;51:785,
 * by its published ancillary), which owes nothing to the Antoine constants. */
Test(propellant, vapour_agrees_with_the_equation_of_state)
{
    const double row[][2] = {{17.0, 68.59}, {27.83, 101.36}, {37.0, 137.68}, {40.0, 151.53}};
    const propellant_t p = made(0.0);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const double kpa = propellant_vapour_kpa(&p, row[i][0]);
        cr_expect_float_eq(kpa, row[i][1], 0.003 * row[i][1], "%g kPa at %g degC", kpa, row[i][0]);
    }
}

Test(propellant, presses_with_some_35_kpa_that_fall_under_5_per_cent_until_2_ml_are_left)
{
    const propellant_t p = made(default_propellant.inert_kpa);
    const double full = propellant_kpa(&p, 20.0, 37.0) - 101.325;
    const double low = propellant_kpa(&p, 2.0, 37.0) - 101.325;
    cr_expect(full > 33.0 && full < 38.0, "%g kPa", full);
    cr_expect(low < full && low > 0.95 * full, "%g kPa when full, %g at 2 mL", full, low);
}

/* Of the inert gas alone: in proportion to what room there is and to absolute temperature, whatever the vapour does. */
Test(propellant, inert_gas_is_an_ideal_one)
{
    const propellant_t with = made(2.0), without = made(0.0);
    const double row[][3] = {
        {20.0, 37.0, 2.0}, {5.0, 37.0, 0.5}, {5.0, 10.0, 0.5 * 283.15 / 310.15}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const double kpa = propellant_kpa(&with, row[i][0], row[i][1]) -
                           propellant_kpa(&without, row[i][0], row[i][1]);
        cr_expect_float_eq(kpa, row[i][2], 1e-12, "%g mL, %g degC: %g kPa", row[i][0], row[i][1],
                           kpa);
    }
}

Test(propellant, fever_and_altitude_add_and_water_takes_away)
{
    const propellant_t p = made(default_propellant.inert_kpa);
    environment_t around = ENVIRONMENT_AT_REST;
    const double rest = propellant_drive_kpa(&p, 10.0, &around);
    around.temperature_c = 40.0;
    cr_expect_float_eq(propellant_drive_kpa(&p, 10.0, &around) - rest, 13.8, 0.2, "fever");
    around = ENVIRONMENT_AT_REST;
    around.ambient_kpa = 75.0;
    cr_expect_float_eq(propellant_drive_kpa(&p, 10.0, &around) - rest, 26.325, 1e-9, "cabin");
    around.ambient_kpa = 101.325 + 3.0 * SEA_KPA_PER_M;
    cr_expect_gt(propellant_drive_kpa(&p, 10.0, &around), 0.0, "3 m");
    around.ambient_kpa = 101.325 + 4.0 * SEA_KPA_PER_M;
    cr_expect_lt(propellant_drive_kpa(&p, 10.0, &around), 0.0, "4 m");
}

/* Of vapour-pressure pumps 10 to 13 % a degree are told. */
Test(propellant, a_restrictor_would_gain_12_per_cent_a_degree)
{
    const propellant_t p = made(default_propellant.inert_kpa);
    environment_t around = ENVIRONMENT_AT_REST;
    const double at_37 = propellant_drive_kpa(&p, 10.0, &around);
    around.temperature_c = 38.0;
    const double gain = propellant_drive_kpa(&p, 10.0, &around) / at_37 - 1.0;
    cr_expect(gain > 0.10 && gain < 0.13, "%g", gain);
}

/* Midpoint steps of dV/dt = conductance * drive(V). */
static double by_steps(const propellant_t *p, double usable_ml, const environment_t *around,
                       double ml_per_kpa)
{
    enum { STEPS = 20000 };
    double out_ml = 0.0;
    for (int i = 0; i < STEPS; i++) {
        const double h = ml_per_kpa / STEPS;
        const double half_ml =
            out_ml + 0.5 * h * propellant_drive_kpa(p, usable_ml - out_ml, around);
        out_ml += h * propellant_drive_kpa(p, usable_ml - half_ml, around);
    }
    return out_ml;
}

Test(propellant, passages_agree_with_quadrature_out_back_and_to_rest)
{
    const double ambient[] = {60.0, 101.325, 136.0, 136.4344, 137.0, 138.0, 150.0, 240.0};
    const double inert[] = {0.0, 1.0, 6.0, 30.0};
    for (size_t i = 0; i < sizeof inert / sizeof inert[0]; i++) {
        const propellant_t p = made(inert[i]);
        for (size_t j = 0; j < sizeof ambient / sizeof ambient[0]; j++) {
            environment_t around = ENVIRONMENT_AT_REST;
            around.ambient_kpa = ambient[j];
            const propellant_path_t path = {0.03 / DAY_MS, DAY_MS};
            const double exact_ml = propellant_passes_ml(&p, 10.0, &around, &path);
            cr_expect_float_eq(exact_ml, by_steps(&p, 10.0, &around, 0.03), 1e-8,
                               "inert %g, ambient %g: %.12g mL", inert[i], ambient[j], exact_ml);
        }
    }
}

Test(propellant, a_passage_and_its_parts_are_one)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int history = 0; history < 300; history++) {
        const propellant_t p = made(history % 5 == 0 ? 0.0 : 30.0 * draw_uniform(&d));
        environment_t around = ENVIRONMENT_AT_REST;
        around.ambient_kpa = 70.0 + 130.0 * draw_uniform(&d);
        const int parts = 2 + (int)(50.0 * draw_uniform(&d));
        const double usable_ml = 5.0 + 10.0 * draw_uniform(&d);
        propellant_path_t path = {0.05 * draw_uniform(&d) / DAY_MS, DAY_MS};
        const double whole_ml = propellant_passes_ml(&p, usable_ml, &around, &path);
        double sum_ml = 0.0;
        path.duration_ms /= parts;
        for (int i = 0; i < parts; i++) {
            sum_ml += propellant_passes_ml(&p, usable_ml - sum_ml, &around, &path);
        }
        cr_assert_float_eq(sum_ml, whole_ml, 1e-12 * fmax(1.0, fabs(whole_ml)),
                           "history %d (seed %u): %.17g and %.17g", history, SEED, whole_ml,
                           sum_ml);
    }
}

Test(propellant, a_passage_ends_where_the_drive_is_spent)
{
    const propellant_t p = made(30.0);
    environment_t around = ENVIRONMENT_AT_REST;
    const propellant_path_t path = {1.0, 1e9};
    around.ambient_kpa = 160.0;
    const double back_ml = -propellant_passes_ml(&p, 2.0, &around, &path);
    cr_expect_gt(back_ml, 1.0);
    cr_expect_float_eq(propellant_drive_kpa(&p, 2.0 + back_ml, &around), 0.0, 1e-9);
}

/* Akman 1994, Paraplegia 32:281: after 7 weeks in a pressure chamber there was more in the reservoir than computed. */
Test(propellant, a_leaky_head_lets_csf_back_under_hyperbaric_oxygen_and_only_then)
{
    propellant_t p = made(default_propellant.inert_kpa);
    environment_t around = ENVIRONMENT_AT_REST;
    const double sessions_ms = 35.0 * 90.0 * 60000.0;
    around.ambient_kpa = 240.0;
    cr_expect_eq(propellant_returns_ml(&p, 10.0, &around, sessions_ms), 0.0, "a tight head");
    p.param.return_ml_per_day_kpa = 0.01;
    const double back_ml = propellant_returns_ml(&p, 10.0, &around, sessions_ms);
    cr_expect_float_eq(back_ml, 2.27, 0.03, "%g mL", back_ml);
    cr_expect_eq(propellant_returns_ml(&p, 10.0, &ENVIRONMENT_AT_REST, sessions_ms), 0.0,
                 "at rest");
}

Test(propellant, parameters_without_a_vapour_or_a_gas_are_refused)
{
    propellant_param_t q = default_propellant;
    propellant_t p;
    error_t e = {0};
    q.antoine_c_k = -280.0;
    cr_expect_eq(propellant_init(&p, &q, 20.0, &e), ERROR_ARGUMENT);
    q = default_propellant;
    q.gas_full_ml = 0.0;
    cr_expect_eq(propellant_init(&p, &q, 20.0, &e), ERROR_ARGUMENT);
}
