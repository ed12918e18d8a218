/* SPDX-License-Identifier: Apache-2.0 */
/* Scripted exposures and faults: what the pump does, and what its core says of it. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <math.h>

#define HEAD                                                                                       \
    "study: {name: t, patients: 1, horizon: 10 day, seed: 7}\ncatheter: {tip: T10}\n"              \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "population: {unit_error_sd: 0, oscillator_error_sd: 0 ppm}\n"                                 \
    "body: {model: none}\ntherapy: {dose: 300 ug/day}\n"
#define PUMP "pump: {head: {ripple: 0, drift_sd: 0 1/year}}\n"

static double of(const fixture_life_t *l, enum fields_id field)
{
    return fixture_at(l, field, 0);
}

/* How often an event happened; of its last, *time_ms. */
static int events(const fixture_life_t *l, int kind, double value, double *time_ms)
{
    int n = 0;
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind &&
            (isnan(value) || fixture_at(l, FIELD_EVENTS_VALUE, i) == value)) {
            *time_ms = fixture_at(l, FIELD_EVENTS_TIME_MS, i);
            n++;
        }
    }
    return n;
}

/* Ten days at 0.6 mL/day are 24,000 pulses, 100 in an hour. */
Test(scenario, a_scanner_stops_the_rotor_and_dosing_goes_on_after_it)
{
    double when = 0.0;
    fixture_life_t l = fixture_lived(
        HEAD PUMP "events:\n  - {at: 5 day, order: exposure, lasting: 1 h, field: 3 T}\n");
    const double missed =
        of(&l, FIELD_PATIENTS_PULSES_COMMANDED) - of(&l, FIELD_PATIENTS_PULSES_CONFIRMED);
    cr_expect(missed >= 99.0 && missed <= 2510.0, "%g pulses missed", missed);
    cr_expect_eq(events(&l, FIELDS_EVENT_EXPOSURE, (double)NAN, &when), 2);
    cr_expect_float_eq(when, (5.0 * 24.0 + 1.0) * 3.6e6, 0.5);
    cr_expect_gt(of(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 5.3);
    fixture_ended(&l);
}

Test(scenario, a_field_below_the_motors_threshold_does_nothing)
{
    fixture_life_t l = fixture_lived(
        HEAD PUMP "events:\n  - {at: 5 day, order: exposure, lasting: 1 h, field: 1 mT}\n");
    cr_expect_eq(of(&l, FIELD_PATIENTS_PULSES_COMMANDED), of(&l, FIELD_PATIENTS_PULSES_CONFIRMED));
    fixture_ended(&l);
}

Test(scenario, a_seized_motor_gives_nothing_more_and_the_core_tells)
{
    double when = 0.0;
    fixture_life_t l =
        fixture_lived(HEAD PUMP "events:\n  - {at: 4 day, order: fault, fault: motor_seized}\n");
    cr_expect_float_eq(of(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 2.4, 0.01);
    cr_expect_eq(events(&l, FIELDS_EVENT_FAULT, 0.0, &when), 1);
    cr_expect_gt(events(&l, FIELDS_EVENT_TONE, 2.0, &when), 10, "critical tones until the end");
    fixture_ended(&l);
}

Test(scenario, a_seized_motor_that_is_freed_turns_again)
{
    fixture_life_t l = fixture_lived(
        HEAD PUMP "events:\n  - {at: 4 day, order: fault, fault: motor_seized}\n"
                  "  - {at: 5 day, order: fault, fault: motor_seized, severity: 0}\n");
    cr_expect_float_eq(of(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 5.4, 0.05);
    fixture_ended(&l);
}

/* The core cannot see it: no sensor of flow. */
Test(scenario, a_damaged_tube_gives_too_much_unseen)
{
    fixture_life_t sound = fixture_lived(HEAD PUMP),
                   worn = fixture_lived(
                       HEAD PUMP
                       "events:\n  - {at: 0 day, order: fault, fault: tube_damage, severity: 2}\n");
    cr_expect_gt(of(&worn, FIELD_PATIENTS_VOLUME_DELIVERED_ML),
                 1.14 * of(&sound, FIELD_PATIENTS_VOLUME_DELIVERED_ML));
    cr_expect_eq(of(&worn, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML),
                 of(&sound, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML));
    fixture_ended(&sound);
    fixture_ended(&worn);
}

Test(scenario, fever_and_altitude_move_the_flow_of_a_constant_flow_pump)
{
#define CONSTANT                                                                                   \
    "study: {name: t, patients: 1, horizon: 10 day, seed: 7}\ncatheter: {tip: T10}\n"              \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "body: {model: none}\npump: {kind: constant_flow, flow: 0.5 mL/day}\n"
    fixture_life_t
        rest = fixture_lived(CONSTANT),
        fever = fixture_lived(
            CONSTANT
            "events:\n  - {at: 1 day, order: exposure, lasting: 4 day, temperature: 40 degC}\n"),
        flight = fixture_lived(
            CONSTANT
            "events:\n  - {at: 1 day, order: exposure, lasting: 4 day, pressure: 75 kPa}\n");
    const double usual = of(&rest, FIELD_PATIENTS_VOLUME_DELIVERED_ML);
    cr_expect_gt(of(&fever, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 1.05 * usual);
    cr_expect_gt(of(&flight, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 1.1 * usual);
    fixture_ended(&rest);
    fixture_ended(&fever);
    fixture_ended(&flight);
}

/* The second begins while the first lasts: each ends by its own time. */
Test(scenario, each_exposure_ends_by_its_own_time)
{
    double when = 0.0;
    fixture_life_t l = fixture_lived(
        HEAD PUMP "events:\n"
                  "  - {at: 2 day, order: exposure, lasting: 2 day, temperature: 39 degC}\n"
                  "  - {at: 3 day, order: exposure, lasting: 3 day, temperature: 40 degC}\n");
    cr_expect_eq(events(&l, FIELDS_EVENT_EXPOSURE, (double)NAN, &when), 4);
    cr_expect_float_eq(when, 6.0 * 86.4e6, 0.5);
    fixture_ended(&l);
}

static double delivered(const char *text)
{
    fixture_life_t l = fixture_lived(text);
    const double ml = of(&l, FIELD_PATIENTS_VOLUME_DELIVERED_ML);
    fixture_ended(&l);
    return ml;
}

#define EXPOSED(from, lasting, what)                                                               \
    "  - {at: " from " day, order: exposure, lasting: " lasting " day, " what "}\n"
#define FEVER "temperature: 40 degC"
#define FLIGHT "pressure: 75 kPa"

/* Told as they overlap, or as what they come to one after the other. */
Test(scenario, exposures_that_overlap_hold_together)
{
    const double usual = delivered(CONSTANT);
    const double told = delivered(CONSTANT "events:\n" EXPOSED("1", "4", FEVER)
                                      EXPOSED("2", "1", FLIGHT) EXPOSED("4", "3", FLIGHT));
    const double cut =
        delivered(CONSTANT "events:\n" EXPOSED("1", "1", FEVER) EXPOSED("2", "1", FEVER ", " FLIGHT)
                      EXPOSED("3", "1", FEVER) EXPOSED("4", "1", FEVER ", " FLIGHT)
                          EXPOSED("5", "2", FLIGHT));
    cr_expect_float_eq(told, cut, 1e-12 * cut, "%.17g and %.17g mL", told, cut);
    cr_expect_gt(told, 1.1 * usual);
}

Test(scenario, of_what_two_exposures_set_the_later_one_holds_while_it_lasts)
{
    const double told = delivered(CONSTANT "events:\n" EXPOSED("1", "6", FEVER)
                                      EXPOSED("2", "1", "temperature: 38 degC"));
    const double cut = delivered(CONSTANT "events:\n" EXPOSED("1", "1", FEVER) EXPOSED(
        "2", "1", "temperature: 38 degC") EXPOSED("3", "4", FEVER));
    cr_expect_float_eq(told, cut, 1e-12 * cut, "%.17g and %.17g mL", told, cut);
}

/* The gears bind by the scan's own draw, and not by the fever's end. */
Test(scenario, a_scan_in_fever_stops_the_rotor_for_as_long_as_without)
{
#define SCAN "  - {at: 5 day, order: exposure, lasting: 1 h, field: 3 T}\n"
    fixture_life_t alone = fixture_lived(HEAD PUMP "events:\n" SCAN),
                   ill = fixture_lived(HEAD PUMP "events:\n" SCAN EXPOSED("4", "4", FEVER));
    const double missed =
        of(&alone, FIELD_PATIENTS_PULSES_COMMANDED) - of(&alone, FIELD_PATIENTS_PULSES_CONFIRMED);
    cr_expect_gt(missed, 90.0);
    cr_expect_eq(of(&ill, FIELD_PATIENTS_PULSES_COMMANDED) -
                     of(&ill, FIELD_PATIENTS_PULSES_CONFIRMED),
                 missed);
    fixture_ended(&alone);
    fixture_ended(&ill);
}
