/* SPDX-License-Identifier: Apache-2.0 */
/* A pump's tubing leaves with it: the fluid next to the pump is exchanged, the catheter's stays, and mass is kept. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/tubing.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

enum { DRUGS = 2 };

static error_t e;

static void push(catheter_t *c, double ml, double ug_per_ml, double out_ug[])
{
    const double conc[DRUGS] = {ug_per_ml, ug_per_ml / 7.0};
    const segment_t s = {.duration_ms = 1.0, .volume_ml = ml};
    catheter_push(c, &s, conc, out_ug);
}

Test(tubing, what_lies_in_it_goes_and_new_fluid_takes_its_place)
{
    const double old[DRUGS] = {500.0, 10.0}, new[DRUGS] = {2000.0, 40.0};
    catheter_t c;
    double removed_ug[DRUGS], out_ug[DRUGS];
    cr_assert_eq(catheter_init(&c, &default_catheter, DRUGS, old, &e), 0);
    const double path_ml = c.volume_ml - 0.14;
    cr_assert_eq(tubing_swap(&c, 0.14, new, removed_ug, &e), 0, "%s", e.text);
    cr_assert_eq(catheter_verify(&c, &e), 0, "%s", e.text);
    cr_expect_float_eq(removed_ug[0], 70.0, 1e-12);
    cr_expect_float_eq(removed_ug[1], 1.4, 1e-12);
    push(&c, path_ml, 0.0, out_ug);
    cr_expect_float_eq(out_ug[0], 500.0 * path_ml, 1e-10, "first the catheter's");
    push(&c, 0.14, 0.0, out_ug);
    cr_expect_float_eq(out_ug[0], 280.0, 1e-10, "then the tubing's");
}

/* Columns of random history, full lists among them. */
Test(tubing, mass_is_kept_whatever_lies_in_the_column)
{
    int full = 0;
    for (uint64_t history = 0; history < 400; history++) {
        catheter_t c;
        draw_t d;
        double before_ug[DRUGS], removed_ug[DRUGS], out_ug[DRUGS];
        const double start[DRUGS] = {1.0, 2.0};
        draw_init(&d, 3, DRAW_TEST, history, 0, 0);
        cr_assert_eq(catheter_init(&c, &default_catheter, DRUGS, start, &e), 0);
        const int pushes = (int)(80.0 * draw_uniform(&d));
        for (int i = 0; i < pushes; i++) {
            push(&c, draw_exponential(&d, 0.004), 1000.0 * draw_uniform(&d), out_ug);
        }
        const double tubing_ml = history % 9 == 0 ? c.volume_ml : c.volume_ml * draw_uniform(&d);
        const double fresh[DRUGS] = {300.0 * draw_uniform(&d), 30.0};
        full += c.parcels == CATHETER_PARCELS_MAX;
        for (int k = 0; k < DRUGS; k++) {
            before_ug[k] = catheter_mass_ug(&c, k);
        }
        cr_assert_eq(tubing_swap(&c, tubing_ml, fresh, removed_ug, &e), 0, "%s", e.text);
        cr_assert_eq(catheter_verify(&c, &e), 0, "history %d: %s", (int)history, e.text);
        for (int k = 0; k < DRUGS; k++) {
            const double expected_ug = before_ug[k] - removed_ug[k] + fresh[k] * tubing_ml;
            cr_assert_float_eq(catheter_mass_ug(&c, k), expected_ug, 1e-12 * expected_ug + 1e-12,
                               "history %d, drug %d", (int)history, k);
        }
    }
    cr_assert_gt(full, 10, "%d full lists: no coverage", full);
}

Test(tubing, more_than_the_column_is_refused)
{
    const double conc[DRUGS] = {500.0, 10.0};
    catheter_t c;
    double removed_ug[DRUGS];
    cr_assert_eq(catheter_init(&c, &default_catheter, DRUGS, conc, &e), 0);
    cr_expect_eq(tubing_swap(&c, 2.0 * c.volume_ml, conc, removed_ug, &e), ERROR_ARGUMENT);
    cr_expect_eq(tubing_swap(&c, -0.1, conc, removed_ug, &e), ERROR_ARGUMENT);
}
