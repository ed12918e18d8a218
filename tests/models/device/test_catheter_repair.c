/* SPDX-License-Identifier: Apache-2.0 */
/* Surgery: what is new, what stays, what was taken out. */
#include <criterion/criterion.h>

#include "device/catheter_fault.h"
#include "device/catheter_repair.h"
#include "draw.h"
#include "tests/models/device/line.h"

static const double primed = 80.0;
static error_t e;

Test(catheter_repair, another_pump_leaves_the_patients_part_loaded)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double removed;
    double lumen_ug = 90.0 * 0.0022 * 500.0;
    catheter_new_pump(&l.catheter, 0.199, &primed, &removed);
    cr_expect_float_eq(removed, 0.14 * 500.0, 1e-10);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), 0.199 * primed + lumen_ug, 1e-10);
    cr_expect_float_eq(l.catheter.volume_ml, 0.199 + 0.198, 1e-15);
    cr_assert_eq(catheter_verify(&l.catheter, &e), 0, "%s", e.text);
    line_push(&l, 0.1, 3.6e6, primed);
    cr_expect_float_eq(l.out.tip_ug[0], 50.0, 0.2);
}

/* Columns of random history, tubings of any size: what was, less what was taken out, and what is new. */
Test(catheter_repair, another_pump_keeps_the_book)
{
    for (uint64_t history = 0; history < 400; history++) {
        line_t l = line_filled(&default_catheter, 500.0);
        double removed, fresh;
        draw_t d;
        draw_init(&d, 3, DRAW_TEST, history, 0, 0);
        for (int i = (int)(80.0 * draw_uniform(&d)); i > 0; i--) {
            line_push(&l, draw_exponential(&d, 0.004), 3.6e6, 1000.0 * draw_uniform(&d));
        }
        double before_ug = catheter_mass_ug(&l.catheter, 0);
        double tubing_ml = history % 9 == 0 ? 0.0 : 0.4 * draw_uniform(&d);
        fresh = 300.0 * draw_uniform(&d);
        catheter_new_pump(&l.catheter, tubing_ml, &fresh, &removed);
        double expected_ug = before_ug - removed + fresh * tubing_ml;
        cr_assert_eq(catheter_verify(&l.catheter, &e), 0, "history %d: %s", (int)history, e.text);
        cr_assert_float_eq(catheter_mass_ug(&l.catheter, 0), expected_ug, 1e-12 * 338.0,
                           "history %d", (int)history);
    }
}

Test(catheter_repair, a_new_spinal_part_begins_at_the_connector)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double removed;
    cr_assert_eq(catheter_fault_leak(&l.catheter, 60.0, 0.5, &e), 0);
    cr_assert_eq(catheter_fault_kink(&l.catheter, 1.0, 1.0, &e), 0);
    cr_assert_eq(catheter_fault_occlude(&l.catheter, 0.0, 1.0, 0.0, &e), 0);
    catheter_repair_spinal(&l.catheter, &primed, &removed);
    cr_expect_float_eq(removed, 52.0 * 0.0022 * 500.0, 1e-10);
    cr_expect_float_eq(catheter_part_mass_ug(&l.catheter, CATHETER_DISTAL, 0),
                       52.0 * 0.0022 * primed, 1e-10);
    cr_expect(catheter_is_tight(&l.catheter));
    cr_expect_float_eq(l.catheter.fault.open, 1.0, 0.0);
    line_push(&l, 0.3, 24 * 3.6e6, 500.0);
    cr_expect_float_eq(l.out.tip_ml, 0.3, 1e-12);
}

/* A hole nearer the pump than the connector is not mended by it. */
Test(catheter_repair, a_new_spinal_part_leaves_a_hole_before_it)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double removed;
    cr_assert_eq(catheter_fault_leak(&l.catheter, 20.0, 0.5, &e), 0);
    catheter_repair_spinal(&l.catheter, &primed, &removed);
    cr_expect_not(catheter_is_tight(&l.catheter));
    cr_expect_float_eq(removed, 52.0 * 0.0022 * 500.0, 1e-10);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), 0.338 * 500.0 - 52.0 * 0.0022 * 420.0,
                       1e-10);
}

Test(catheter_repair, a_new_catheter_is_sound_and_the_tubing_stays)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double removed;
    cr_assert_eq(catheter_fault_disconnect(&l.catheter, CATHETER_HOLE_PUMP, true, &e), 0);
    cr_assert_eq(catheter_fault_dislodge(&l.catheter, CATHETER_SUBCUTANEOUS, &e), 0);
    catheter_repair_all(&l.catheter, &primed, &removed);
    cr_expect_float_eq(removed, 0.198 * 500.0, 1e-10);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), 0.14 * 500.0 + 0.198 * primed, 1e-10);
    cr_expect(catheter_is_tight(&l.catheter));
    line_push(&l, 0.05, 3.6e6, 500.0);
    cr_expect_float_eq(l.out.tip_ug[0], 4.0, 0.01);
}

Test(catheter_repair, a_revised_tip_and_a_spliced_hole_keep_the_fluid)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double before_ug = catheter_mass_ug(&l.catheter, 0);
    cr_assert_eq(catheter_fault_dislodge(&l.catheter, CATHETER_EPIDURAL, &e), 0);
    cr_assert_eq(catheter_fault_fracture(&l.catheter, 50.0, 1.0, true, &e), 0);
    catheter_repair_tip(&l.catheter);
    catheter_repair_hole(&l.catheter, CATHETER_HOLE_BORDER);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), before_ug, 1e-12 * before_ug);
    line_push(&l, 0.3, 24 * 3.6e6, 500.0);
    cr_expect_float_eq(l.out.tip_ug[0], 150.0, 1e-9);
    cr_expect_not(l.out.csf_leak);
}
