/* SPDX-License-Identifier: Apache-2.0 */
/* Refills through the needle along a trajectory: what is left behind is found again, what degrades or is adsorbed is in the ledger. */
#include "tests/sim/cohort/fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEAD                                                                                       \
    "study: {name: t, patients: 1, horizon: 200 day, seed: 7}\ncatheter: {tip: T10}\n"             \
    "therapy: {mode: simple, dose: 200 ug/day}\nbody: {model: none}\n"
#define ONE "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"
#define REFILLS                                                                                    \
    "events:\n  - {at: 40 day, order: refill, volume: 18 mL}\n"                                    \
    "  - {at: 80 day, order: refill, volume: 18 mL}\n"                                             \
    "  - {at: 120 day, order: refill, volume: 18 mL}\n"                                            \
    "  - {at: 160 day, order: refill, volume: 18 mL}\n"
#define COUNT 4
#define DEAD_ML 0.3 /* needle, tube and filter by default */

/* What each refill left behind: what was there less what was withdrawn. */
static void left_behind(const fixture_life_t *l, double left_ml[COUNT])
{
    double there_ml = 20.0;
    cr_assert_eq(l->view.count[TABLE_REFILLS], COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        left_ml[i] = there_ml - fixture_at(l, FIELD_REFILLS_DELIVERED_SINCE_ML, i) -
                     fixture_at(l, FIELD_REFILLS_WITHDRAWN_ML, i);
        there_ml = fixture_at(l, FIELD_REFILLS_RESERVOIR_AFTER_ML, i);
        cr_expect_float_eq(there_ml,
                           left_ml[i] + fixture_at(l, FIELD_REFILLS_FILLED_ML, i) - DEAD_ML, 1e-9,
                           "refill %zu", i);
    }
}

Test(refills, what_is_left_behind_differs_and_is_found_by_the_next)
{
    fixture_life_t l = fixture_lived(HEAD ONE REFILLS);
    double left_ml[COUNT], withdrawn_ml = 0.0, delivered_ml = 0.0;
    left_behind(&l, left_ml);
    for (size_t i = 0; i < COUNT; i++) {
        cr_expect(left_ml[i] > 0.05 && left_ml[i] < 1.5, "%g mL", left_ml[i]);
        withdrawn_ml += fixture_at(&l, FIELD_REFILLS_WITHDRAWN_ML, i);
        delivered_ml += fixture_at(&l, FIELD_REFILLS_DELIVERED_SINCE_ML, i);
    }
    cr_expect_gt(fabs(left_ml[1] - left_ml[0]), 1e-3);
    /* The whole error of four withdrawals: the last remainder, and the dead volumes. */
    cr_expect_float_eq(20.0 + 3.0 * 18.0 - withdrawn_ml - delivered_ml, left_ml[3] + 3.0 * DEAD_ML,
                       1e-9);
    cr_expect_lt(fixture_at(&l, FIELD_LEDGER_CLOSURE_ERROR, 0), 1e-12);
    fixture_ended(&l);
}

/* A remainder belongs to its visit: another drug, dose or earlier event does not move it. */
Test(refills, what_is_left_behind_is_a_visits_own)
{
    fixture_life_t plain = fixture_lived(HEAD ONE REFILLS);
    fixture_life_t other =
        fixture_lived(HEAD ONE REFILLS "  - {at: 20 day, order: bolus, amount: 50 ug}\n");
    double a_ml[COUNT], b_ml[COUNT];
    left_behind(&plain, a_ml);
    left_behind(&other, b_ml);
    for (size_t i = 0; i < COUNT; i++) {
        cr_expect_float_eq(a_ml[i], b_ml[i], 1e-9, "refill %zu", i);
    }
    fixture_ended(&plain);
    fixture_ended(&other);
}

Test(refills, a_drug_that_degrades_is_in_the_ledger_and_the_other_is_not)
{
    fixture_life_t l =
        fixture_lived(HEAD ONE "  - {name: other, concentration: 1 mg/mL, compound: {degradation: "
                               "0.002 1/day}}\n" REFILLS);
    /* In 200 days of 2 ug in 1000 a day, of 10 to 20 mg: some 6 mg. */
    cr_expect_eq(fixture_at(&l, FIELD_LEDGER_DEGRADED_UG, 0), 0.0);
    const double degraded_ug = fixture_at(&l, FIELD_LEDGER_DEGRADED_UG, 1);
    cr_expect(degraded_ug > 4000.0 && degraded_ug < 8000.0, "%g ug", degraded_ug);
    for (size_t d = 0; d < 2; d++) {
        cr_expect_lt(fixture_at(&l, FIELD_LEDGER_CLOSURE_ERROR, d), 1e-11, "drug %zu", d);
    }
    fixture_ended(&l);
}

#define CLINIC                                                                                     \
    "study: {name: t, patients: 1, horizon: 60 day, seed: 7}\ncatheter: {tip: T10}\n"              \
    "drugs: [{name: baclofen, concentration: 500 ug/mL, compound: {adsorbed: 100 ug}}]\n"          \
    "clinic: {policy: titration, responder_drop: 0.1}\n"

Test(refills, a_new_pumps_surface_takes_up_drug_and_an_established_ones_does_not)
{
    fixture_life_t fresh = fixture_lived(CLINIC);
    fixture_life_t used = fixture_lived(
        HEAD "drugs: [{name: baclofen, concentration: 500 ug/mL, compound: {adsorbed: 100 ug}}]\n");
    cr_expect_float_eq(fixture_at(&fresh, FIELD_LEDGER_ADSORBED_UG, 0), 100.0, 1e-9);
    cr_expect_lt(fixture_at(&fresh, FIELD_LEDGER_CLOSURE_ERROR, 0), 1e-10);
    cr_expect_eq(fixture_at(&used, FIELD_LEDGER_ADSORBED_UG, 0), 0.0);
    fixture_ended(&fresh);
    fixture_ended(&used);
}

/* Its draws are a visit's own, by second, order and twin: a refill that comes again is the same as one written out. */
Test(refills, one_that_comes_again_is_the_list_written_out)
{
    static const char *const brief = "events:\n  - {at: 40 day, every: 40 day, times: 4, order: "
                                     "refill, volume: 18 mL, fraction: 0.7}\n";
    static const char *const written_out =
        "events:\n  - {at: 40 day, order: refill, volume: 18 mL, fraction: 0.7}\n"
        "  - {at: 80 day, order: refill, volume: 18 mL, fraction: 0.7}\n"
        "  - {at: 120 day, order: refill, volume: 18 mL, fraction: 0.7}\n"
        "  - {at: 160 day, order: refill, volume: 18 mL, fraction: 0.7}\n";
    char text[2][1024];
    (void)snprintf(text[0], sizeof text[0], "%s%s", HEAD ONE, brief);
    (void)snprintf(text[1], sizeof text[1], "%s%s", HEAD ONE, written_out);
    fixture_life_t a = fixture_lived(text[0]), b = fixture_lived(text[1]);
    size_t sizes[2] = {0, 0};
    const uint8_t *one = record_frame(&a.record, &sizes[0]);
    const uint8_t *other = record_frame(&b.record, &sizes[1]);
    cr_assert_eq(sizes[0], sizes[1]);
    cr_expect_eq(memcmp(one, other, sizes[0]), 0, "the records differ");
    cr_expect(a.view.count[TABLE_REFILLS] > 0 && a.view.count[TABLE_REFILLS] < 4, "%zu",
              (size_t)a.view.count[TABLE_REFILLS]);
    fixture_ended(&a);
    fixture_ended(&b);
}

Test(refills, a_scripted_one_is_read_off_the_syringe_too)
{
    fixture_life_t real = fixture_lived(HEAD ONE REFILLS);
    fixture_life_t perfect =
        fixture_lived(HEAD ONE "refill: {syringe_sd: 0 mL, syringe_step: 0 mL}\n" REFILLS);
    for (size_t i = 0; i < COUNT; i++) {
        const double truth_ml = fixture_at(&real, FIELD_REFILLS_WITHDRAWN_ML, i);
        const double read_ml = fixture_at(&real, FIELD_REFILLS_READ_ML, i);
        cr_expect(fabs(read_ml - truth_ml) > 1e-6 && fabs(read_ml - truth_ml) < 5.0, "%g mL as %g",
                  truth_ml, read_ml);
        cr_expect_float_eq(read_ml / 0.2, round(read_ml / 0.2), 1e-9, "no graduation: %g", read_ml);
        cr_expect_eq(fixture_at(&perfect, FIELD_REFILLS_READ_ML, i),
                     fixture_at(&perfect, FIELD_REFILLS_WITHDRAWN_ML, i));
    }
    fixture_ended(&real);
    fixture_ended(&perfect);
}
