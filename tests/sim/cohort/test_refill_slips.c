/* SPDX-License-Identifier: Apache-2.0 */
/* Refills that go wrong unseen: drug beside the port, and a programmer that tells the pump something else. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <math.h>

/* Ten days at 0.3 mL/day of 2 mg/mL; the refill is on day 5. */
#define HEAD(model)                                                                                \
    "study: {name: t, patients: 1, horizon: 10 day, seed: 7}\ncatheter: {tip: T10}\n"              \
    "drugs:\n  - {name: baclofen, concentration: 2000 ug/mL}\n"                                    \
    "population: {unit_error_sd: 0, oscillator_error_sd: 0 ppm}\n"                                 \
    "body: {model: " model "}\ntherapy: {dose: 600 ug/day}\n"                                      \
    "pump: {head: {ripple: 0, drift: 0 1/year, drift_sd: 0 1/year}}\n"
#define REFILL(slip) "events:\n  - {at: 5 day, order: refill, volume: 18 mL" slip "}\n"
#define UG_PER_ML 2000.0

static double of(const fixture_life_t *l, enum fields_id field)
{
    return fixture_at(l, field, 0);
}

static double event(const fixture_life_t *l, int kind, enum fields_id field)
{
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind) {
            return fixture_at(l, field, i);
        }
    }
    return (double)NAN;
}

/* The needle's own volume goes to waste wherever its point is, so at 1 all else lies in the pocket. What a reservoir holds is
 * found by iteration. */
Test(refill_slips, what_misses_the_port_is_in_the_pocket_and_believed_in_the_reservoir)
{
    fixture_life_t sound = fixture_lived(HEAD("none") REFILL("")),
                   half = fixture_lived(HEAD("none") REFILL(", pocket: 0.5")),
                   all = fixture_lived(HEAD("none") REFILL(", pocket: 1"));
    const double filled_ml =
        of(&sound, FIELD_REFILLS_RESERVOIR_AFTER_ML) - of(&all, FIELD_REFILLS_RESERVOIR_AFTER_ML);
    cr_expect_float_eq(event(&all, FIELDS_EVENT_POCKET_FILL, FIELD_EVENTS_VALUE), filled_ml, 1e-6);
    cr_expect_float_eq(of(&all, FIELD_LEDGER_DEPOTS_UG), UG_PER_ML * filled_ml, 1e-3);
    cr_expect_float_eq(of(&all, FIELD_LEDGER_LOST_UG), UG_PER_ML * filled_ml, 1e-3);
    cr_expect_float_eq(event(&half, FIELDS_EVENT_POCKET_FILL, FIELD_EVENTS_VALUE), filled_ml / 2.0,
                       1e-6);
    cr_expect_float_eq(of(&all, FIELD_REFILLS_FILLED_ML), 18.0, 1e-12);
    cr_expect_gt(of(&all, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML), 16.0);
    cr_expect(isnan(event(&sound, FIELDS_EVENT_POCKET_FILL, FIELD_EVENTS_VALUE)));
    fixture_ended(&sound);
    fixture_ended(&half);
    fixture_ended(&all);
}

Test(refill_slips, what_is_drawn_out_of_the_pocket_again_is_discarded)
{
    fixture_life_t stays = fixture_lived(HEAD("none") REFILL(", pocket: 0.8")),
                   comes = fixture_lived(HEAD("none") REFILL(", pocket: 0.8, regained: 0.75"));
    const double before_ug = of(&stays, FIELD_LEDGER_DEPOTS_UG),
                 after_ug = of(&comes, FIELD_LEDGER_DEPOTS_UG);
    cr_expect_float_eq(after_ug, 0.25 * before_ug, 1e-6);
    cr_expect_float_eq(of(&comes, FIELD_LEDGER_WITHDRAWN_UG) -
                           of(&stays, FIELD_LEDGER_WITHDRAWN_UG),
                       0.75 * before_ug, 1e-6);
    fixture_ended(&stays);
    fixture_ended(&comes);
}

/* Plasma floods within a day, then CSF lacks what the pump no longer has: the little that the needle left flows ever slower. */
Test(refill_slips, a_pocket_fill_floods_plasma_and_empties_csf)
{
    fixture_life_t sound = fixture_lived(HEAD("intrathecal") REFILL("")),
                   missed = fixture_lived(HEAD("intrathecal") REFILL(", pocket: 1"));
    double peak = 0.0, usual = 0.0;
    const size_t last = sound.view.count[TABLE_DAILY] - 1;
    for (size_t i = 5; i <= last; i++) {
        peak = fmax(peak, fixture_at(&missed, FIELD_DAILY_PLASMA_NG_PER_ML, i));
        usual = fmax(usual, fixture_at(&sound, FIELD_DAILY_PLASMA_NG_PER_ML, i));
    }
    cr_expect_gt(peak, 20.0 * usual, "%g against %g ng/mL", peak, usual);
    cr_expect_lt(fixture_at(&missed, FIELD_DAILY_LUMBAR_NG_PER_ML, last),
                 0.25 * fixture_at(&sound, FIELD_DAILY_LUMBAR_NG_PER_ML, last));
    cr_expect_lt(of(&missed, FIELD_LEDGER_CLOSURE_ERROR), 1e-9);
    fixture_ended(&sound);
    fixture_ended(&missed);
}

/* Told too little, the pump warns long before it is empty, and gives what it gave. */
Test(refill_slips, a_pump_told_too_little_warns_early_and_gives_the_same)
{
    fixture_life_t sound = fixture_lived(HEAD("none") REFILL("")),
                   early = fixture_lived(HEAD("none") REFILL(", told_volume: 2.5 mL"));
    cr_expect(isnan(event(&sound, FIELDS_EVENT_TONE, FIELD_EVENTS_TIME_MS)));
    cr_expect_eq(event(&early, FIELDS_EVENT_TONE, FIELD_EVENTS_VALUE), 1.0, "advisory");
    cr_expect_eq(of(&early, FIELD_PATIENTS_VOLUME_DELIVERED_ML),
                 of(&sound, FIELD_PATIENTS_VOLUME_DELIVERED_ML));
    cr_expect_gt(fixture_last(&early.record, &early.view, FIELD_DAILY_RESERVOIR_ML), 15.0);
    fixture_ended(&sound);
    fixture_ended(&early);
}

/* Four times as strong, and the dose not lowered. */
Test(refill_slips, a_concentration_that_is_not_told_multiplies_the_dose)
{
    fixture_life_t told = fixture_lived(HEAD("none") REFILL(", concentration: 8000 ug/mL")),
                   not = fixture_lived(HEAD("none") REFILL(
                       ", concentration: 8000 ug/mL, told_concentration: 2000 ug/mL"));
    const double right_ug = fixture_last(&told.record, &told.view, FIELD_DAILY_DOSE_UG),
                 wrong_ug = fixture_last(&not .record, &not .view, FIELD_DAILY_DOSE_UG);
    cr_expect_gt(wrong_ug, 3.5 * right_ug, "%g and %g ug/day", wrong_ug, right_ug);
    cr_expect_lt(of(&not, FIELD_LEDGER_BELIEVED_GIVEN_UG), 6100.0);
    fixture_ended(&told);
    fixture_ended(&not );
}

/* Of itself, where the study's needle slips at each refill. */
Test(refill_slips, a_needle_that_slips_of_itself_is_a_pocket_fill)
{
    fixture_life_t l = fixture_lived(HEAD("none") REFILL("") "refill: {pocket_fill: 1}\n");
    const double pocket_ml = event(&l, FIELDS_EVENT_POCKET_FILL, FIELD_EVENTS_VALUE);
    cr_expect(pocket_ml >= 0.5 * 17.7 && pocket_ml <= 17.7, "%g mL", pocket_ml);
    cr_expect_lt(of(&l, FIELD_LEDGER_CLOSURE_ERROR), 1e-9);
    fixture_ended(&l);
}
