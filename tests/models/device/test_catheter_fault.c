/* SPDX-License-Identifier: Apache-2.0 */
/* Each fault of a catheter: what it does to flow and pressure, where the drug goes, and that the book closes. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/catheter_fault.h"
#include "draw.h"
#include "tests/models/device/line.h"

#define SEED 31U
#define HOUR_MS 3.6e6
#define LIMIT_KPA 100.0

static error_t e;

/* A day at 0.3 mL/day of what is in it already. */
static void day(line_t *l)
{
    line_push(l, 0.3, 24.0 * HOUR_MS, 500.0);
}

Test(catheter_fault, half_a_leak_gives_half_the_dose)
{
    line_t l = line_filled(&default_catheter, 500.0);
    cr_assert_eq(catheter_fault_leak(&l.catheter, 5.0, 0.5, &e), 0);
    day(&l);
    cr_expect_float_eq(l.out.tip_ug[0], 75.0, 1e-9);
    cr_expect_float_eq(l.out.lost_ug[CATHETER_POCKET][0], 75.0, 1e-9);
    cr_expect_not(l.out.csf_leak);
    cr_expect_lt(line_missing(&l), 1e-12);
}

Test(catheter_fault, a_leak_is_lost_where_it_lies)
{
    static const struct {
        double cm;
        catheter_place_t place;
    } at[] = {{0.0, CATHETER_POCKET},
              {10.0, CATHETER_POCKET},
              {40.0, CATHETER_SUBCUTANEOUS},
              {68.0, CATHETER_EPIDURAL},
              {80.0, CATHETER_CANAL}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        line_t l = line_filled(&default_catheter, 500.0);
        cr_assert_eq(catheter_fault_leak(&l.catheter, at[i].cm, 0.2, &e), 0);
        day(&l);
        cr_expect_float_eq(l.out.lost_ug[at[i].place][0], 30.0, 1e-9, "%g cm", at[i].cm);
        cr_expect_lt(line_missing(&l), 1e-12);
    }
}

/* What is downstream of a complete fracture stays; when it is joined again it comes first. */
Test(catheter_fault, beyond_a_fracture_the_column_stays_loaded)
{
    line_t l = line_filled(&default_catheter, 500.0);
    cr_assert_eq(catheter_fault_fracture(&l.catheter, 45.0, 1.0, true, &e), 0);
    double loaded_ug = catheter_part_mass_ug(&l.catheter, CATHETER_DISTAL, 0);
    cr_expect_float_eq(loaded_ug, 45.0 * 0.0022 * 500.0, 1e-9);
    for (int i = 0; i < 5; i++) {
        line_push(&l, 0.3, 24.0 * HOUR_MS, 2000.0);
        cr_expect_float_eq(l.out.tip_ug[0], 0.0, 0.0);
        cr_expect(l.out.csf_leak);
    }
    cr_expect_float_eq(catheter_part_mass_ug(&l.catheter, CATHETER_DISTAL, 0), loaded_ug, 0.0);
    cr_expect_gt((double)l.lost_ug[CATHETER_SUBCUTANEOUS], 2000.0);
    catheter_fault_heal_hole(&l.catheter, CATHETER_HOLE_BORDER);
    line_push(&l, 0.05, 4.0 * HOUR_MS, 2000.0);
    cr_expect_float_eq(l.out.tip_ug[0], 25.0, 1e-3);
    cr_expect_lt(line_missing(&l), 1e-12);
}

Test(catheter_fault, a_disconnected_pump_fills_the_pocket)
{
    line_t l = line_filled(&default_catheter, 500.0);
    cr_assert_eq(catheter_fault_disconnect(&l.catheter, CATHETER_HOLE_PUMP, false, &e), 0);
    day(&l);
    cr_expect_float_eq(l.out.lost_ug[CATHETER_POCKET][0], 150.0, 1e-9);
    cr_expect_float_eq(l.out.tip_ug[0], 0.0, 0.0);
    cr_expect_lt(line_missing(&l), 1e-12);
}

Test(catheter_fault, a_tip_that_slipped_doses_the_tissue)
{
    line_t l = line_filled(&default_catheter, 500.0);
    cr_assert_eq(catheter_fault_dislodge(&l.catheter, CATHETER_EPIDURAL, &e), 0);
    day(&l);
    cr_expect_float_eq(l.out.lost_ug[CATHETER_EPIDURAL][0], 150.0, 1e-9);
    cr_expect_float_eq(l.out.lost_ml[CATHETER_EPIDURAL], 0.3, 1e-12);
    cr_assert_eq(catheter_fault_migrate(&l.catheter, -4.0, &e), 0);
    cr_expect_float_eq(l.catheter.fault.tip_moved_cm, -4.0, 0.0);
    cr_expect_lt(line_missing(&l), 1e-12);
}

static double admitted(const line_t *l, double *kpa)
{
    segment_t s = {l->now_ms, HOUR_MS, 12.5e-3, 50.0};
    return catheter_admit_ml(&l->catheter, &s, LIMIT_KPA, kpa) / 12.5e-3;
}

/* (1 - w)^-4: at 0.3 mL/day no occlusion is felt until its lumen is a fiftieth of what it was. */
Test(catheter_fault, an_occlusion_is_silent_until_it_is_nearly_whole)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double kpa;
    for (double narrowing = 0.0; narrowing < 0.97; narrowing += 0.1) {
        cr_assert_eq(catheter_fault_occlude(&l.catheter, 0.0, narrowing, 0.0, &e), 0);
        cr_expect_float_eq(admitted(&l, &kpa), 1.0, 0.0, "narrowed by %g", narrowing);
        cr_expect_lt(kpa, LIMIT_KPA);
    }
    cr_assert_eq(catheter_fault_occlude(&l.catheter, 0.0, 0.99, 0.0, &e), 0);
    double sound = catheter_shape_resistance(&l.catheter.param, 90.0);
    double plug = catheter_shape_resistance(&l.catheter.param, 1.0) * (1e8 - 1.0);
    cr_expect_float_eq(admitted(&l, &kpa), LIMIT_KPA / (0.3 * (sound + plug)), 1e-9);
    cr_expect_float_eq(kpa, LIMIT_KPA, 0.0);
    cr_assert_eq(catheter_fault_occlude(&l.catheter, 0.0, 1.0, 0.0, &e), 0);
    cr_expect_float_eq(admitted(&l, &kpa), 0.0, 0.0);
}

Test(catheter_fault, a_growing_occlusion_closes_when_its_rate_says)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double kpa, year_ms = CATHETER_FAULT_YEAR_MS;
    cr_assert_eq(catheter_fault_occlude(&l.catheter, year_ms, 0.2, 0.4, &e), 0);
    catheter_fault_advance(&l.catheter, 2.9 * year_ms);
    cr_expect_float_eq(admitted(&l, &kpa), 1.0, 0.0);
    catheter_fault_advance(&l.catheter, 3.001 * year_ms);
    cr_expect_float_eq(admitted(&l, &kpa), 0.0, 0.0);
}

Test(catheter_fault, a_kink_shuts_with_posture)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double kpa;
    cr_assert_eq(catheter_fault_posture(&l.catheter, 0.0, &e), 0);
    cr_assert_eq(catheter_fault_kink(&l.catheter, 0.0, 0.75, &e), 0);
    cr_expect_float_eq(admitted(&l, &kpa), 1.0, 0.0);
    cr_assert_eq(catheter_fault_posture(&l.catheter, 2.0 / 3.0, &e), 0);
    cr_expect_float_eq(admitted(&l, &kpa), 0.5, 1e-12);
    cr_expect_float_eq(kpa, LIMIT_KPA, 0.0);
    cr_assert_eq(catheter_fault_posture(&l.catheter, 1.0, &e), 0);
    cr_expect_float_eq(admitted(&l, &kpa), 0.25, 1e-12);
}

/* A closed tip behind a pinhole: nothing resists, and all is lost through the hole. */
Test(catheter_fault, what_obstructs_the_tip_turns_the_flow_to_a_leak)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double kpa;
    cr_assert_eq(catheter_fault_leak(&l.catheter, 40.0, 0.1, &e), 0);
    cr_assert_eq(catheter_fault_occlude(&l.catheter, 0.0, 1.0, 0.0, &e), 0);
    cr_expect_float_eq(admitted(&l, &kpa), 1.0, 0.0);
    day(&l);
    cr_expect_float_eq(l.out.lost_ug[CATHETER_SUBCUTANEOUS][0], 150.0, 1e-9);
    cr_expect_float_eq(l.out.tip_ug[0], 0.0, 0.0);
    cr_expect_lt(line_missing(&l), 1e-12);
}

Test(catheter_fault, a_mass_at_the_tip_grows_and_closes_it)
{
    line_t l = line_filled(&default_catheter, 500.0);
    double kpa, year_ms = CATHETER_FAULT_YEAR_MS;
    cr_assert_eq(catheter_fault_tip_mass(&l.catheter, 0.0, 3.0, 4.0, &e), 0);
    catheter_fault_advance(&l.catheter, 2.0 * year_ms);
    cr_expect_float_eq(l.catheter.fault.mass_now_mm, 11.0, 1e-12);
    cr_expect_float_eq(admitted(&l, &kpa), 1.0, 0.0);
    catheter_fault_advance(&l.catheter, 3.1 * year_ms);
    cr_expect_float_eq(admitted(&l, &kpa), 0.0, 0.0);
    catheter_fault_heal_tip(&l.catheter);
    cr_expect_float_eq(admitted(&l, &kpa), 1.0, 0.0);
}

/* Of 300 ug a day; half at 15 mm, so a sixth at 5 mm: the water goes on. */
Test(catheter_fault, a_mass_at_the_tip_takes_up_its_share_of_the_drug)
{
    line_t l = line_filled(&default_catheter, 500.0);
    cr_assert_eq(catheter_fault_tip_mass(&l.catheter, 0.0, 5.0, 0.0, &e), 0);
    day(&l);
    cr_expect_float_eq(l.out.lost_ug[CATHETER_EPIDURAL][0], l.out.tip_ug[0] / 5.0, 1e-9);
    cr_expect_float_eq(l.out.tip_ml, 0.3, 1e-12);
    cr_expect_eq(l.out.lost_ml[CATHETER_EPIDURAL], 0.0);
    cr_expect_lt(line_missing(&l), 1e-12);
    catheter_fault_heal_tip(&l.catheter);
    day(&l);
    cr_expect_eq(l.out.lost_ug[CATHETER_EPIDURAL][0], 0.0);
}

Test(catheter_fault, a_hole_moves_no_fluid)
{
    line_t l = line_filled(&default_catheter, 500.0);
    line_push(&l, 0.12, 3.0 * HOUR_MS, 2000.0);
    double before_ug = catheter_mass_ug(&l.catheter, 0);
    for (double cm = 1.0; cm <= 90.0; cm += 8.9) {
        cr_assert_eq(catheter_fault_leak(&l.catheter, cm, 0.3, &e), 0);
        cr_expect_float_eq(catheter_mass_ug(&l.catheter, 0), before_ug, 1e-12 * before_ug);
        cr_assert_eq(catheter_verify(&l.catheter, &e), 0, "%s", e.text);
    }
}

Test(catheter_fault, senseless_severities_are_refused)
{
    line_t l = line_filled(&default_catheter, 500.0);
    catheter_t *c = &l.catheter;
    cr_expect_eq(catheter_fault_occlude(c, 0.0, 1.1, 0.0, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_occlude(c, 0.0, 0.1, -1.0, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_kink(c, -0.1, 0.0, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_posture(c, 2.0, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_leak(c, 91.0, 0.1, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_leak(c, 5.0, 1.1, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_dislodge(c, CATHETER_PLACES, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_migrate(c, (double)NAN, &e), ERROR_ARGUMENT);
    cr_expect_eq(catheter_fault_tip_mass(c, 0.0, -1.0, 0.0, &e), ERROR_ARGUMENT);
}

static void strike(line_t *l, draw_t *d, int kind)
{
    catheter_t *c = &l->catheter;
    double share = draw_uniform(d), cm = 90.0 * draw_uniform(d);
    int code = 0;
    switch (kind) {
    case 0:
        code = catheter_fault_leak(c, cm, share, &e);
        break;
    case 1:
        code = catheter_fault_fracture(c, cm, 1.0, true, &e);
        break;
    case 2:
        code = catheter_fault_disconnect(c, CATHETER_HOLE_PUMP, false, &e);
        break;
    case 3:
        code = catheter_fault_dislodge(c, (catheter_place_t)(4.0 * share), &e);
        break;
    case 4:
        code = catheter_fault_occlude(c, l->now_ms, share, 1.0, &e);
        break;
    case 5:
        catheter_fault_heal_hole(c, CATHETER_HOLE_PUMP);
        break;
    default:
        catheter_fault_heal_hole(c, CATHETER_HOLE_BORDER);
        break;
    }
    cr_assert_eq(code, 0, "%s", e.text);
}

/* Random faults, fluids and flows; each segment whole and in parts: the same places get the same, and every
 * book closes. */
Test(catheter_fault, every_history_closes_its_book_however_it_is_cut)
{
    for (int history = 0; history < 20; history++) {
        line_t whole = line_filled(&default_catheter, 500.0), cut = whole;
        draw_t d;
        double now = 500.0;
        draw_init(&d, SEED, DRAW_TEST, (uint64_t)history, 0, 0);
        for (int i = 0; i < 100; i++) {
            if (draw_uniform(&d) < 0.15) {
                draw_t again = d;
                int kind = (int)(7.0 * draw_uniform(&again));
                draw_t same = again;
                strike(&whole, &same, kind);
                strike(&cut, &again, kind);
                d = again;
            }
            now = draw_uniform(&d) < 0.1 ? 2000.0 * draw_uniform(&d) : now;
            double ml = draw_exponential(&d, 0.02), ms = draw_exponential(&d, HOUR_MS);
            int parts = 1 + (int)(20.0 * draw_uniform(&d));
            line_push(&whole, ml, ms, now);
            for (int k = 0; k < parts; k++) {
                line_push(&cut, ml / parts, ms / parts, now);
            }
            cr_assert(fabsl(whole.tip_ug - cut.tip_ug) <= 1e-12L * whole.in_ug,
                      "history %d, segment %d (seed %u)", history, i, SEED);
            for (int place = 0; place < CATHETER_PLACES; place++) {
                cr_assert(fabsl(whole.lost_ug[place] - cut.lost_ug[place]) <= 1e-12L * whole.in_ug,
                          "history %d, segment %d, place %d (seed %u)", history, i, place, SEED);
            }
            cr_assert_lt(line_missing(&whole), 1e-12);
            cr_assert_lt(line_missing(&cut), 1e-12);
        }
    }
}
