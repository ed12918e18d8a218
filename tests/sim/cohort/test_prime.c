/* SPDX-License-Identifier: Apache-2.0 */
/* Primes of the path: what the releases of a programmer reckon with comes out of the tip, or is refused. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>

/* Path: 0.140 mL of tubing, and 90 cm at 0.0022 mL/cm. The therapy gives 500 ug in the 20 hours between prime and end. */
#define STUDY(pump, release)                                                                       \
    "study: {name: t, patients: 1, horizon: 1 day, seed: 7}\n"                                     \
    "catheter: {tip: T10, primed: false}\nbody: {model: none}\n"                                   \
    "drugs:\n  - {name: baclofen, concentration: 2000 ug/mL}\n"                                    \
    "population: {unit_error_sd: 0, oscillator_error_sd: 0 ppm}\n"                                 \
    "therapy: {dose: 600 ug/day}\npump: {" pump "head: {ripple: 0, drift_sd: 0 1/year}}\n"         \
    "events:\n  - {at: 4 h, order: prime, release: " release "}\n"
#define OF_ITS_TIME "stated_tubing: 0.199 mL, "
#define PULSE_ML 0.00025
#define UG_PER_ML 2000.0

static double given_ug(const fixture_life_t *l)
{
    return fixture_at(l, FIELD_LEDGER_CSF_UG, 0);
}

/* The row of an event, or -1. */
static int find(const fixture_life_t *l, int kind)
{
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind) {
            return (int)i;
        }
    }
    return -1;
}

Test(prime, the_faulty_release_gives_its_excess_of_tubing_to_the_patient)
{
    fixture_life_t faulty = fixture_lived(STUDY(OF_ITS_TIME, "card-0.199")),
                   mended = fixture_lived(STUDY(OF_ITS_TIME, "card-0.140"));
    const int row = find(&faulty, FIELDS_EVENT_PRIME);
    cr_assert_geq(row, 0);
    cr_expect_float_eq(fixture_at(&faulty, FIELD_EVENTS_VALUE, (size_t)row), 0.397, 1e-9);
    cr_expect_float_eq(fixture_at(&faulty, FIELD_EVENTS_VALUE2, (size_t)row), 0.199, 1e-9);
    cr_expect_float_eq(given_ug(&faulty) - given_ug(&mended), 0.059 * UG_PER_ML,
                       4.0 * PULSE_ML * UG_PER_ML);
    fixture_ended(&faulty);
    fixture_ended(&mended);
}

/* Between the cards' plug and what the fluid does, some drug leaves early; who reckons with mixing lets little go. */
Test(prime, a_release_that_reckons_with_mixing_primes_less)
{
    fixture_life_t card = fixture_lived(STUDY("", "card-0.140")),
                   own = fixture_lived(STUDY("", "own"));
    cr_expect_lt(given_ug(&own), given_ug(&card) - 10.0);
    cr_expect_geq(find(&own, FIELDS_EVENT_PRIME), 0);
    fixture_ended(&card);
    fixture_ended(&own);
}

Test(prime, a_core_that_knows_its_tubing_refuses_the_faulty_release)
{
    fixture_life_t l = fixture_lived(STUDY("", "card-0.199"));
    const int row = find(&l, FIELDS_EVENT_ORDER_FAILED);
    cr_assert_geq(row, 0);
    cr_expect_eq(fixture_at(&l, FIELD_EVENTS_REASON, (size_t)row), FIELDS_REASON_REFUSED);
    cr_expect_eq(find(&l, FIELDS_EVENT_PRIME), -1);
    fixture_ended(&l);
}

Test(prime, a_pump_primed_before_implant_has_its_catheter_primed_alone)
{
    fixture_life_t l = fixture_lived(STUDY("", "card-0.140, tubing_filled: true"));
    const int row = find(&l, FIELDS_EVENT_PRIME);
    cr_assert_geq(row, 0);
    cr_expect_float_eq(fixture_at(&l, FIELD_EVENTS_VALUE, (size_t)row), 0.198, 1e-9);
    cr_expect_eq(fixture_at(&l, FIELD_EVENTS_VALUE2, (size_t)row), 0.0);
    fixture_ended(&l);
}
