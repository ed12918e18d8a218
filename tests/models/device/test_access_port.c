/* SPDX-License-Identifier: Apache-2.0 */
/* The access port: what a syringe draws, what it fails to draw, and the bolus that an injection pushes out. */
#include <criterion/criterion.h>

#include "device/access_port.h"
#include "device/catheter_fault.h"
#include "tests/models/device/line.h"

#define PORT_ML 0.198 /* of line_plug: no chamber */

static const double csf = 1.5;
static const double saline = 0.0;
static error_t e;

Test(access_port, the_first_fluid_drawn_is_the_catheters)
{
    line_t l = line_plug(500.0);
    access_port_draw_t out;
    access_port_draw(&l.catheter, 0.1, &csf, &out);
    cr_expect_float_eq(out.volume_ml, 0.1, 0.0);
    cr_expect_float_eq(out.ug[0], 50.0, 1e-12);
    cr_expect_float_eq(out.csf_ml, 0.1, 0.0);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), 0.338 * 500.0 - 50.0 + 0.15, 1e-10);
    cr_assert_eq(catheter_verify(&l.catheter, &e), 0, "%s", e.text);
}

/* V beyond the contents: contents + (V - contents) of CSF; CSF fills the catheter, the tubing keeps its drug. */
Test(access_port, then_csf_follows)
{
    line_t l = line_plug(500.0);
    access_port_draw_t out;
    access_port_draw(&l.catheter, 2.0, &csf, &out);
    cr_expect_float_eq(out.ug[0], PORT_ML * 500.0 + (2.0 - PORT_ML) * csf, 1e-10);
    cr_expect_float_eq(out.csf_ug[0], 2.0 * csf, 1e-12);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), 0.14 * 500.0 + PORT_ML * csf, 1e-10);
    cr_expect_float_eq(catheter_tip_ug_per_ml(&l.catheter, 0), csf, 0.0);
    line_push(&l, PORT_ML, 0.0, 500.0);
    cr_expect_float_eq(l.out.tip_ug[0], PORT_ML * csf, 1e-10);
}

Test(access_port, the_book_closes_over_any_drawing)
{
    for (int i = 0; i < 40; i++) {
        line_t l = line_filled(&default_catheter, 500.0);
        access_port_draw_t out;
        line_push(&l, 0.02 * i, 3.6e6, 2000.0);
        double before_ug = catheter_mass_ug(&l.catheter, 0);
        if (i % 3 == 1) {
            cr_assert_eq(catheter_fault_leak(&l.catheter, 2.2 * i, 0.01 * i, &e), 0);
        }
        access_port_draw(&l.catheter, 0.013 * i, &csf, &out);
        cr_expect_float_eq(out.ug[0] + catheter_mass_ug(&l.catheter, 0), before_ug + out.csf_ug[0],
                           1e-10, "drawing %d", i);
        cr_expect_float_eq(out.csf_ml + out.tissue_ml, out.volume_ml, 1e-12);
        cr_assert_eq(catheter_verify(&l.catheter, &e), 0, "%s", e.text);
    }
}

/* Injecting through a loaded catheter: the bolus is what lay between port and tip. */
Test(access_port, injecting_through_a_loaded_catheter_gives_its_contents_at_once)
{
    line_t l = line_plug(2000.0);
    double in_ml = access_port_inject(&l.catheter, 0.0, PORT_ML, &saline, &l.out);
    cr_expect_float_eq(in_ml, PORT_ML, 0.0);
    cr_expect_float_eq(l.out.tip_ug[0], PORT_ML * 2000.0, 1e-9);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), 0.14 * 2000.0, 1e-9);
}

/* With the chamber stirred: chamber and lumen hold 416 ug; 1 mL flushes them, bar exp(-0.802 / 0.01). */
Test(access_port, a_flush_leaves_nothing_of_it)
{
    line_t l = line_filled(&default_catheter, 2000.0);
    (void)access_port_inject(&l.catheter, 0.0, 1.0, &saline, &l.out);
    cr_expect_float_eq(l.out.tip_ug[0], 0.208 * 2000.0, 1e-3);
    cr_expect_float_eq(l.out.tip_ug[0] + catheter_mass_ug(&l.catheter, 0), 0.338 * 2000.0, 1e-9);
}

/* Drawn out first, an injection gives CSF back and no bolus. */
Test(access_port, drawing_before_injecting_spares_the_bolus)
{
    line_t l = line_plug(2000.0);
    access_port_draw_t out;
    access_port_draw(&l.catheter, 1.0, &csf, &out);
    (void)access_port_inject(&l.catheter, 0.0, 1.0, &saline, &l.out);
    cr_expect_float_eq(l.out.tip_ug[0], PORT_ML * csf, 1e-10);
}

Test(access_port, nothing_comes_from_a_closed_catheter)
{
    line_t l = line_filled(&default_catheter, 500.0);
    access_port_draw_t out;
    double before_ug = catheter_mass_ug(&l.catheter, 0);
    cr_assert_eq(catheter_fault_occlude(&l.catheter, 0.0, 1.0, 0.0, &e), 0);
    access_port_draw(&l.catheter, 1.0, &csf, &out);
    cr_expect_float_eq(out.volume_ml, 0.0, 0.0);
    cr_expect_float_eq(access_port_inject(&l.catheter, 0.0, 1.0, &saline, &l.out), 0.0, 0.0);
    cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), before_ug, 1e-12);
}

/* Suction over resistance, for as long as one tries. */
Test(access_port, a_narrow_catheter_gives_what_poiseuille_lets)
{
    line_t l = line_filled(&default_catheter, 500.0);
    access_port_draw_t out;
    cr_assert_eq(catheter_fault_occlude(&l.catheter, 0.0, 0.9, 0.0, &e), 0);
    double expected = 60.0 / l.catheter.fault.kpa_day_per_ml * 60.0 / 86400.0;
    cr_assert_lt(expected, 1.0);
    access_port_draw(&l.catheter, 1.0, &csf, &out);
    cr_expect_float_eq(out.volume_ml, expected, 1e-12);
}

Test(access_port, a_tip_in_tissue_gives_its_own_fluid_only)
{
    line_t l = line_plug(500.0);
    access_port_draw_t out;
    cr_assert_eq(catheter_fault_dislodge(&l.catheter, CATHETER_EPIDURAL, &e), 0);
    access_port_draw(&l.catheter, 2.0, &csf, &out);
    cr_expect_float_eq(out.volume_ml, PORT_ML, 1e-15);
    cr_expect_float_eq(out.ug[0], PORT_ML * 500.0, 1e-10);
    cr_expect_float_eq(out.csf_ml, 0.0, 0.0);
}

Test(access_port, a_disconnected_catheter_gives_no_csf_and_takes_no_drug)
{
    line_t l = line_plug(500.0);
    access_port_draw_t out;
    cr_assert_eq(catheter_fault_disconnect(&l.catheter, CATHETER_HOLE_PUMP, false, &e), 0);
    access_port_draw(&l.catheter, 2.0, &csf, &out);
    cr_expect_float_eq(out.csf_ml, 0.0, 0.0);
    cr_expect_float_eq(out.tissue_ml, 2.0, 0.0);
    cr_expect_float_eq(access_port_inject(&l.catheter, 0.0, 1.0, &csf, &l.out), 1.0, 0.0);
    cr_expect_float_eq(l.out.lost_ug[CATHETER_POCKET][0], csf, 1e-12);
    cr_expect_float_eq(l.out.tip_ug[0], 0.0, 0.0);
}
