/* SPDX-License-Identifier: Apache-2.0 */
/* The pump's cell in a study: what the core believes of it beside the truth, and resets as events. */
#include "tests/sim/cohort/fixture.h"

#include "dosing_hal.h"

#include <criterion/criterion.h>
#include <math.h>

#define STUDY(horizon, battery)                                                                    \
    "study: {name: t, patients: 9, horizon: " horizon ", seed: 7}\ncatheter: {tip: T10}\n"         \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\nbody: {model: none}\n"                \
    "therapy: {dose: 300 ug/day}\npump: {battery: {" battery "}}\n"

static double last(const fixture_life_t *l, enum fields_id field)
{
    return fixture_last(&l->record, &l->view, field);
}

Test(cell, sound_is_believed_as_it_is)
{
    fixture_life_t l = fixture_lived(STUDY("30 day", "wake_charge: 20 uC"));
    const double truth = last(&l, FIELD_PUMPS_CHARGE_TRUE);
    const double believed = last(&l, FIELD_PUMPS_CHARGE_BELIEVED);
    cr_expect_gt(truth, 0.0);
    cr_expect_float_eq(truth * last(&l, FIELD_PUMPS_CAPACITY_MAH),
                       last(&l, FIELD_PUMPS_CHARGE_USED_MAH), 1e-9);
    cr_expect(believed > 0.85 * truth && believed < 1.15 * truth, "%g believed, %g true", believed,
              truth);
    cr_expect_eq(last(&l, FIELD_PUMPS_RESETS), 0.0);
    cr_expect_eq(last(&l, FIELD_PUMPS_BROWN_OUTS), 0.0);
    fixture_ended(&l);
}

/* A film as of years grows within weeks here; the sounder is the first load that is too much. */
Test(cell, with_a_film_resets_its_core_again_and_again)
{
    fixture_life_t l =
        fixture_lived(STUDY("32 day", "film_resistance: 20000 ohm, film_exponent: 1, film_cv: 0, "
                                      "film_fault_share: 0"));
    double resets = 0.0;
    for (size_t row = 0; row < l.view.count[TABLE_EVENTS]; row++) {
        if (fixture_at(&l, FIELD_EVENTS_KIND, row) == FIELDS_EVENT_PUMP_RESET) {
            resets++;
            cr_expect_eq(fixture_at(&l, FIELD_EVENTS_REASON, row), FIELDS_REASON_CORE);
            cr_expect_eq(fixture_at(&l, FIELD_EVENTS_VALUE, row), DOSING_RESET_BROWN_OUT);
        }
    }
    cr_expect_gt(resets, 8.0);
    cr_expect_eq(last(&l, FIELD_PUMPS_RESETS), resets);
    const double brown_outs = last(&l, FIELD_PUMPS_BROWN_OUTS);
    cr_expect(brown_outs == resets || brown_outs == resets + 1.0);
    cr_expect_float_eq(last(&l, FIELD_PUMPS_FILM_OHM), 20000.0 * 32.0 / (6.0 * 365.25), 10.0);
    fixture_ended(&l);
}

Test(cell, that_carries_no_radio_leaves_the_belief_unknown)
{
    fixture_life_t l = fixture_lived(
        STUDY("30 day", "film_resistance: 20000 ohm, film_exponent: 1, film_cv: 0, "
                        "film_fault_share: 0, tone_current: 1 mA, frame_current: 9 mA"));
    cr_expect(isnan(last(&l, FIELD_PUMPS_CHARGE_BELIEVED)));
    cr_expect_gt(last(&l, FIELD_PUMPS_CHARGE_TRUE), 0.0);
    fixture_ended(&l);
}
