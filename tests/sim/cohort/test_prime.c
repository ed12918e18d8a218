/* SPDX-License-Identifier: Apache-2.0 */
/* Primes of the path: what the releases of a programmer reckon with comes out of the tip, or is refused. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <math.h>

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

/* ---- by the clinic ---- */

/* A catheter closes 250 days after the implant; the clinic finds it, and replaces its spinal part. */
#define REVISED(primes, catheter)                                                                  \
    "study: {name: t, patients: 12, horizon: 700 day, seed: 3}\ncatheter: {tip: T10" catheter      \
    "}\ndrugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                  \
    "therapy: {limits: {daily_dose: 1500 ug/day}}\n"                                               \
    "clinic: {policy: titration, concentration: 500 ug/mL, primes: " primes                        \
    ", frame_loss: 0, reply_loss: 0}\n"                                                            \
    "events:\n  - {when: implant + 250 day, order: fault, fault: catheter_occlusion}\n"

/* The first day that begins after an event of that kind, where it is found. */
static size_t day_after(const fixture_life_t *l, int kind)
{
    const int row = find(l, kind);
    cr_assert_geq(row, 0);
    return (size_t)ceil(fixture_at(l, FIELD_EVENTS_TIME_MS, (size_t)row) / 86400e3);
}

/* What the tip gave from an event of that kind to a day and more after it, as a share of what was commanded in a later day. */
static double given_at_first(const fixture_life_t *l, int kind)
{
    const size_t day = day_after(l, kind);
    double ug = 0.0;
    for (size_t i = day - 1; i <= day; i++) {
        ug += fixture_at(l, FIELD_DAILY_DOSE_UG, i);
    }
    return ug / fixture_at(l, FIELD_DAILY_DOSE_UG, day + 3);
}

/* 52 cm of 0.0022 mL/cm: 57 ug that come at once, or half a day late. The revision is late in the morning. */
Test(prime, a_new_part_of_a_catheter_is_primed_and_gives_no_day_without_drug)
{
    fixture_life_t own = fixture_lived(REVISED("own", "")),
                   none = fixture_lived(REVISED("none", ""));
    const int row = find(&own, FIELDS_EVENT_PRIME);
    cr_assert_geq(row, 0);
    cr_expect_eq((int)fixture_at(&own, FIELD_EVENTS_REASON, (size_t)row), FIELDS_REASON_PROTOCOL);
    cr_expect_eq(
        fixture_at(&own, FIELD_EVENTS_TIME_MS, (size_t)row),
        fixture_at(&own, FIELD_EVENTS_TIME_MS, (size_t)find(&own, FIELDS_EVENT_CATHETER_REPAIRED)));
    const double ml = fixture_at(&own, FIELD_EVENTS_VALUE, (size_t)row);
    cr_expect(ml > 0.07 && ml < 52.0 * 0.0022, "%g mL", ml);
    cr_expect_eq(find(&none, FIELDS_EVENT_PRIME), -1);
    const double primed = given_at_first(&own, FIELDS_EVENT_CATHETER_REPAIRED),
                 bare = given_at_first(&none, FIELDS_EVENT_CATHETER_REPAIRED);
    cr_expect_gt(primed, bare + 0.1, "%g and %g days' doses", primed, bare);
    cr_expect_lt(fixture_at(&own, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-12);
    cr_expect_eq(fixture_at(&own, FIELD_OUTCOMES_ORDERS_FAILED, 0), 0.0);
    fixture_ended(&own);
    fixture_ended(&none);
}

/* 0.338 mL without drug, at 0.1 mL/day: days without any, but for the prime. */
Test(prime, a_system_that_was_not_filled_before_its_implant_is_primed_whole)
{
    fixture_life_t own = fixture_lived(REVISED("own", ", primed: false")),
                   card = fixture_lived(REVISED("card-0.140", ", primed: false")),
                   none = fixture_lived(REVISED("none", ", primed: false")),
                   filled = fixture_lived(REVISED("own", ""));
    const size_t day = day_after(&own, FIELDS_EVENT_IMPLANT);
    const int row = find(&card, FIELDS_EVENT_PRIME);
    cr_assert_geq(row, 0);
    cr_expect_float_eq(fixture_at(&card, FIELD_EVENTS_VALUE, (size_t)row), 0.338, 1e-9);
    cr_expect_float_eq(fixture_at(&card, FIELD_EVENTS_VALUE2, (size_t)row), 0.140, 1e-9);
    cr_expect_gt(fixture_at(&own, FIELD_DAILY_DOSE_UG, day), 10.0);
    cr_expect_lt(fixture_at(&none, FIELD_DAILY_DOSE_UG, day), 1.0);
    cr_expect_neq(find(&filled, FIELDS_EVENT_PRIME), find(&own, FIELDS_EVENT_PRIME),
                  "who is filled is not primed again");
    fixture_ended(&own);
    fixture_ended(&card);
    fixture_ended(&none);
    fixture_ended(&filled);
}

/* The next pump's tubing, 0.140 mL. */
Test(prime, a_next_pump_that_is_not_filled_leaves_its_patient_without_drug)
{
#define REPLACED(primes)                                                                           \
    "study: {name: t, patients: 9, horizon: 900 day, seed: 7}\ncatheter: {tip: T10}\n"             \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "therapy: {limits: {daily_dose: 1200 ug/day}}\npump: {battery: {capacity: 300 mA.h}}\n"        \
    "clinic: {policy: titration, primes: " primes "}\n"
    fixture_life_t own = fixture_lived(REPLACED("own")), none = fixture_lived(REPLACED("none"));
    const size_t day = day_after(&own, FIELDS_EVENT_REPLACEMENT);
    double lacking_ug = 0.0;
    for (size_t i = day - 1; i < day + 6; i++) {
        lacking_ug +=
            fixture_at(&own, FIELD_DAILY_DOSE_UG, i) - fixture_at(&none, FIELD_DAILY_DOSE_UG, i);
    }
    cr_expect_float_eq(lacking_ug, 0.14 * 500.0, 2.0, "%g ug", lacking_ug);
    cr_expect_lt(fixture_at(&none, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-10);
    fixture_ended(&own);
    fixture_ended(&none);
}
