/* SPDX-License-Identifier: Apache-2.0 */
/* Scripted faults between a core and its hardware: what they come to in a patient's records. */
#include "tests/sim/cohort/fixture.h"

#include <criterion/criterion.h>

#define HEAD                                                                                       \
    "study: {name: t, patients: 1, horizon: 10 day, seed: 7}\ncatheter: {tip: T10}\n"              \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "population: {unit_error_sd: 0, oscillator_error_sd: 0 ppm}\n"                                 \
    "pump: {head: {ripple: 0, drift_sd: 0 1/year}}\n"                                              \
    "body: {model: none}\ntherapy: {dose: 300 ug/day}\n"
#define FAULT(text) "  - {at: 4 day, order: fault, fault: " text "}\n"
#define LATER(text) "  - {at: 5 day, order: fault, fault: " text "}\n"

/* How often an event of a kind and value happened. */
static int events(const fixture_life_t *l, int kind, double value)
{
    int n = 0;
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        n += (int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind &&
             fixture_at(l, FIELD_EVENTS_VALUE, i) == value;
    }
    return n;
}

static void expect_volume(const char *faults, double low_ml, double high_ml)
{
    char text[2048];
    (void)snprintf(text, sizeof text, HEAD "events:\n%s", faults);
    fixture_life_t l = fixture_lived(text);
    const double ml = fixture_at(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0);
    cr_expect(ml >= low_ml && ml <= high_ml, "%s: %g mL", faults, ml);
    fixture_ended(&l);
}

/* Ten days are 6 mL. */
Test(scenario_core, a_motor_that_refuses_for_a_day_gives_nothing_in_it)
{
    expect_volume(FAULT("call_fails, call: train_start, calls: 1000000, within: 24 h"), 5.3, 5.45);
    expect_volume(FAULT("call_fails, call: train_start, calls: 1000000")
                      LATER("call_fails, call: train_start, severity: 0"),
                  5.3, 5.45);
}

Test(scenario_core, a_motor_that_only_says_that_it_started_gives_as_little)
{
    expect_volume(FAULT("call_lies, call: train_start, severity: 0, calls: 1000000"), 2.35, 2.45);
}

Test(scenario_core, a_store_that_is_worn_out_ends_dosing)
{
    expect_volume(FAULT("store_worn"), 2.35, 2.6);
    expect_volume(FAULT("store_worn") LATER("store_worn, severity: 0"), 5.2, 5.6);
}

/* Whatever flips in the memory: dosing goes on as it was, or ends. */
Test(scenario_core, a_memory_that_flips_never_doses_more)
{
    expect_volume(FAULT("memory_flip, severity: 1"), 2.35, 6.01);
    expect_volume(FAULT("memory_flip, severity: 65536"), 2.35, 2.45);
}

Test(scenario_core, a_torn_write_is_a_brown_out_that_dosing_survives)
{
    fixture_life_t l = fixture_lived(HEAD "events:\n" FAULT("store_torn, severity: 0.5, after: 3"));
    cr_expect_eq(events(&l, FIELDS_EVENT_PUMP_RESET, 2.0), 1);
    cr_expect_eq(events(&l, FIELDS_EVENT_FAULT, 25.0), 1, "the place of store_torn, from 0");
    cr_expect_gt(fixture_at(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0), 5.9);
    fixture_ended(&l);
}

/* Both copies are gone at the reset: nothing more is dosed. */
Test(scenario_core, a_store_that_flips_all_over_is_lost_at_the_next_reset)
{
    expect_volume(FAULT("store_flip, severity: 524288"), 5.9, 6.01);
    expect_volume(FAULT("store_flip, severity: 524288") FAULT("pump_reset, severity: 3"), 2.35,
                  2.45);
}

Test(scenario_core, a_sounder_that_lies_is_not_heard)
{
    fixture_life_t l = fixture_lived(HEAD "events:\n" FAULT("motor_seized") FAULT(
        "call_lies, call: tone, severity: 0, calls: 1000000, within: 144 h"));
    cr_expect_eq(events(&l, FIELDS_EVENT_TONE, 2.0), 0);
    fixture_ended(&l);
}

/* Two faults at one time flip other bits: each event has draws of its own. */
Test(scenario_core, flips_are_drawn_by_the_event)
{
    fixture_life_t one = fixture_lived(HEAD "events:\n" FAULT("memory_flip, length: 512")),
                   both = fixture_lived(HEAD "events:\n" FAULT("memory_flip, length: 512")
                                            FAULT("memory_flip, length: 512"));
    fixture_life_t none = fixture_lived(HEAD);
    const double sound = fixture_at(&none, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0);
    cr_expect_lt(fixture_at(&one, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0), sound);
    cr_expect_lt(fixture_at(&both, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0), sound,
                 "the second would undo the first");
    fixture_ended(&none);
    fixture_ended(&one);
    fixture_ended(&both);
}
