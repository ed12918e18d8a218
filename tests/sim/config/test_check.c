/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that join several fields, each placed at the value to change. */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/sim/config/fixture.h"

#define EVENTS(text) FIXTURE_LEAST "events:\n" text

Test(check, drug_names_are_unique)
{
    fixture_refused("study: {name: x, patients: 1, horizon: 1 day}\n"
                    "drugs:\n"
                    "  - {name: baclofen, concentration: 500 ug/mL}\n"
                    "  - {name: baclofen, concentration: 1 mg/mL}\n"
                    "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n",
                    NULL,
                    "s.yaml:4:12: error: drugs[1].name: baclofen is also the name of drugs[0]");
}

Test(check, drugs_are_one_to_six)
{
    static const char seven[] =
        "study: {name: x, patients: 1, horizon: 1 day}\n"
        "drugs: [{name: a, concentration: 500 ug/mL}, {name: b, concentration: 1 mg/mL}, "
        "{name: c, concentration: 1 mg/mL}, {name: d, concentration: 1 mg/mL}, "
        "{name: e, concentration: 1 mg/mL}, {name: f, concentration: 1 mg/mL}, "
        "{name: g, concentration: 1 mg/mL}]\n"
        "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n";
    fixture_refused(seven, NULL, "s.yaml:2:8: error: drugs: has 7 items; the range is 1 to 6");
    fixture_refused(FIXTURE_LEAST, "drugs=[]", "drugs: has 0 items; the range is 1 to 6");
}

Test(check, fill_fits_the_reservoir)
{
    fixture_refused(FIXTURE_LEAST "pump: {fill: 30 mL}\n", NULL,
                    "s.yaml:5:14: error: pump.fill: 30 mL is above pump.reservoir.capacity, 20 mL");
}

Test(check, default_that_breaks_a_rule_is_placed_at_its_section)
{
    fixture_refused(FIXTURE_LEAST "pump: {reservoir: {capacity: 10 mL}}\n", NULL,
                    "s.yaml:5:1: error: pump.fill: 20 mL is above pump.reservoir.capacity, 10 mL");
}

Test(check, rollers_divide_the_revolution)
{
    fixture_refused(FIXTURE_LEAST, "pump.head.rollers=7",
                    "pump.head.rollers: 7 rollers do not divide the 240 pulses");
    fixture_refused(FIXTURE_LEAST, "pump.head.rollers=2.5",
                    "pump.head.rollers: 2.5 must be a whole number");
}

Test(check, cells_are_whole)
{
    fixture_refused(FIXTURE_LEAST, "body.csf.cells=60.5",
                    "body.csf.cells: 60.5 must be a whole number");
}

Test(check, a_body_is_read_at_whole_minutes)
{
    fixture_refused(FIXTURE_LEAST, "study.horizon=33.333 h",
                    "study.horizon: 119998800 ms is not a whole number of minutes");
    fixture_refused(FIXTURE_LEAST, "record.daily_time=7201 s",
                    "record.daily_time: 7201000 ms is not a whole number of minutes");
}

Test(check, the_canal_is_recorded_with_daily_rows)
{
    fixture_refused(FIXTURE_LEAST, "record.canal=36 h",
                    "record.canal: 36 h is not a whole number of days");
    fixture_refused(FIXTURE_LEAST, "record.canal=-7 day", "record.canal: -7 day is below");
    fixture_refused(FIXTURE_LEAST, "record.canal=7", "record.canal");
}

Test(check, battery_falls_from_new_over_its_knee_to_its_end)
{
    fixture_refused(FIXTURE_LEAST, "pump.battery.end_voltage=3.2 V",
                    "pump.battery.end_voltage: 3.2 V is not below pump.battery.knee_voltage");
    fixture_refused(FIXTURE_LEAST, "pump.battery.knee_voltage=3.2 V",
                    "pump.battery.knee_voltage: 3.2 V is not below pump.battery.open_voltage");
}

#define FAULT(text) EVENTS("  - {at: 0 day, order: fault, fault: " text "}\n")

Test(check, a_share_of_a_catheters_fault_is_at_most_1)
{
    fixture_refused(
        FAULT("catheter_leak, severity: 1.5"), NULL,
        "events[0].severity: 1.5 is not within 0 to 1; catheter_leak, share of the flow");
}

Test(check, a_fault_is_as_severe_as_it_can_be)
{
    fixture_refused(FAULT("pump_reset, severity: 6"), NULL,
                    "events[0].severity: 6 is not within 1 to 5; pump_reset, cause of a reset");
    study_t s;
    fixture_accepted(&s, FAULT("clock_jump, severity: -3600"), NULL);
    cr_expect_eq(s.event[0].fault, STUDY_FAULT_CLOCK_JUMP);
    study_free(&s);
}

Test(check, a_call_that_is_upset_is_named)
{
    fixture_refused(FAULT("call_fails"), NULL, "events[0].call: is required; write clock_ms");
    fixture_refused(
        FAULT("call_fails, call: beep"), NULL,
        "events[0].call: \"beep\" is not a choice here; write clock_ms, second_clock_ms");
    fixture_refused(
        FAULT("call_fails, call: tone, severity: 5"), NULL,
        "events[0].severity: 5 is not within 0 to 4; call_fails, answer of the hardware's "
        "call to the core: 1 failed");
    study_t s;
    fixture_accepted(&s, FAULT("call_fails, call: pair, calls: 3, after: 2, within: 2 h"), NULL);
    cr_expect_eq(s.event[0].call, STUDY_CALL_PAIR);
    cr_expect_eq(s.event[0].calls, 3);
    cr_expect_eq(s.event[0].after, 2);
    cr_expect_eq(s.event[0].within_ms, 7200000);
    study_free(&s);
}

Test(check, what_is_for_some_faults_is_for_these_alone)
{
    fixture_refused(
        FAULT("motor_seized, call: tone"), NULL,
        "events[0].call: applies only where fault is call_fails or call_lies; remove it");
    fixture_refused(
        FAULT("store_torn, severity: 0.5, calls: 3"), NULL,
        "events[0].calls: applies only where fault is call_fails or call_lies; remove it");
    fixture_refused(
        FAULT("store_flip, after: 3"), NULL,
        "events[0].after: applies only where fault is call_fails, call_lies, store_torn or "
        "store_rot; remove it");
    fixture_refused(FAULT("store_rot, address: 3"), NULL,
                    "events[0].address: applies only where fault is store_worn, store_flip or "
                    "memory_flip; remove it");
    fixture_refused(FAULT("store_flip, address: 65536"), NULL,
                    "events[0].address: 65536 is above the limit 65535");
    fixture_refused(FAULT("memory_flip"), "pump.kind=constant_flow",
                    "events[0].fault: memory_flip is a fault of a pump with a core");
    study_t s;
    fixture_accepted(&s, FAULT("store_flip, address: 8192"), NULL);
    cr_expect_eq(s.event[0].length, 65536);
    study_free(&s);
}

#define ORDER(text) EVENTS("  - {at: 0 day, order: " text "}\n")

Test(check, a_payload_is_bytes)
{
    fixture_refused(ORDER("frame, payload: \"abc\""), NULL,
                    "events[0].payload: \"abc\" is not pairs of hexadecimal digits");
    fixture_refused(ORDER("image, payload: \"0g\""), NULL,
                    "events[0].payload: \"0g\" is not pairs of hexadecimal digits");
    study_t s;
    fixture_accepted(&s, ORDER("frame, payload: \"00fF\", wrong: replay, session: left"), NULL);
    cr_expect_eq(s.event[0].wrong, STUDY_WRONG_REPLAY);
    cr_expect_eq(s.event[0].session, 2);
    cr_expect_eq(s.event[0].role, 1);
    study_free(&s);
}

Test(check, telemetry_is_told_what_it_needs_and_no_more)
{
    fixture_refused(ORDER("stop, alarms: 1"), NULL,
                    "events[0].alarms: applies only where order is clear_alarms; remove it");
    fixture_refused(ORDER("frame, by: papers"), NULL,
                    "events[0].by: applies only where order is stop or read_logs; remove it");
    fixture_refused(ORDER("frame, byte: 3"), NULL,
                    "events[0].byte: applies only where order is image; remove it");
    fixture_refused(ORDER("image, wrong: crc"), NULL,
                    "events[0].wrong: applies only where order is frame; remove it");
    fixture_refused(ORDER("frame, wrong: crcs"), NULL, "events[0].wrong: \"crcs\" is not a choice");
    fixture_refused(ORDER("read_logs"), "pump.kind=constant_flow",
                    "events[0].order: a constant-flow pump cannot be programmed");
}

Test(check, a_hole_is_on_the_catheter_as_implanted)
{
    fixture_refused(FAULT("catheter_fracture, position: 91 cm"), NULL,
                    "events[0].position: 91 cm is not within 0 to 90 cm, the catheter");
    fixture_refused(FAULT("catheter_migration, position: 101 cm"), NULL,
                    "events[0].position: 101 cm is not within -100 to 100 cm");
}

Test(check, any_pump_has_a_catheter_that_may_fail)
{
    fixture_refused(FAULT("shaft_wear"), "pump.kind=valve_gated",
                    "events[0].fault: shaft_wear is a fault of a peristaltic pump");
    fixture_refused(FAULT("battery_film, severity: 300"), "pump.kind=constant_flow",
                    "events[0].fault: battery_film is a fault of a pump with a core");
    study_t s;
    fixture_accepted(&s, FAULT("catheter_tip_mass, severity: 12"), "pump.kind=valve_gated");
    study_free(&s);
}

Test(check, trimming_leaves_a_catheter)
{
    fixture_refused(FIXTURE_LEAST, "catheter.trimmed=1.2 m",
                    "catheter.trimmed: 120 cm leaves nothing of catheter.length, 114 cm");
}

Test(check, dose_gives_a_flow_that_the_pump_has)
{
    fixture_refused(
        "study: {name: x, patients: 1, horizon: 1 day}\n"
        "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
        "therapy: {dose: 20 ug/day}\ncatheter: {tip: T10}\n",
        NULL,
        "s.yaml:3:17: error: therapy.dose: 20 ug/day at 500 ug/mL is 0.04 mL/day, outside "
        "the pump's 0.048 to 24 mL/day");
}

Test(check, flow_at_the_pump_s_minimum_is_accepted)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "therapy.dose=24 ug/day");
    study_free(&s);
}

Test(check, dose_is_within_its_limits)
{
    fixture_refused(FIXTURE_LEAST, "therapy.limits.daily_dose=200 ug/day",
                    "therapy.dose: 300 ug/day is above therapy.limits.daily_dose, 200 ug/day");
    fixture_refused(
        FIXTURE_LEAST, "therapy.limits.rate=0.5 mL/day",
        "therapy.dose: 300 ug/day at 500 ug/mL is 0.6 mL/day, above therapy.limits.rate");
}

Test(check, event_lies_within_the_horizon)
{
    fixture_refused(EVENTS("  - {at: 91 day, order: refill, volume: 18 mL}\n"), NULL,
                    "s.yaml:6:10: error: events[0].at: day 91 is after study.horizon, day 90");
}

Test(check, refill_fits_the_reservoir)
{
    fixture_refused(EVENTS("  - {at: 28 day, order: refill, volume: 21 mL}\n"), NULL,
                    "s.yaml:6:41: error: events[0].volume: 21 mL is above pump.reservoir.capacity");
}

Test(check, refill_of_another_concentration_keeps_the_flow_in_range)
{
    fixture_refused(
        EVENTS("  - {at: 28 day, order: refill, volume: 18 mL, concentration: 10 mg/mL}\n"), NULL,
        "s.yaml:6:63: error: events[0].concentration: 300 ug/day at 10000 ug/mL is 0.03 mL/day");
}

Test(check, refill_takes_the_drugs_concentration)
{
    study_t s;
    fixture_accepted(
        &s,
        EVENTS("  - {at: 1 day, order: refill, volume: 18 mL}\n"
               "  - {at: 2 day, order: refill, volume: 18 mL, concentration: 1 mg/mL}\n"),
        NULL);
    cr_expect(s.event[0].concentration_ug_per_ml[0] == 500.0);
    cr_expect(s.event[1].concentration_ug_per_ml[0] == 1000.0);
    cr_expect(s.event[0].fraction == 1.0 && s.event[0].patient == 0);
    study_free(&s);
}

Test(check, later_therapy_is_within_limits)
{
    fixture_refused(EVENTS("  - {at: 2 day, order: therapy, dose: 1200 ug/day}\n"), NULL,
                    "s.yaml:6:39: error: events[0].dose: 1200 ug/day is above "
                    "therapy.limits.daily_dose, 1000 ug/day");
}

Test(check, bolus_is_within_the_daily_limit_with_the_therapy_in_force)
{
    static const char text[] = EVENTS("  - {at: 5 day, order: bolus, amount: 400 ug, over: 2 h}\n"
                                      "  - {at: 2 day, order: therapy, dose: 700 ug/day}\n");
    fixture_refused(
        text, NULL,
        "s.yaml:6:39: error: events[0].amount: with the therapy in force the day's dose "
        "is 1100 ug");
}

Test(check, bolus_is_within_the_flow_limit)
{
    fixture_refused(EVENTS("  - {at: 5 day, order: bolus, amount: 50 ug, over: 1 min}\n"), NULL,
                    "events[0].amount: with the therapy in force the bolus flows at 144.6 mL/day");
}

Test(check, constant_flow_pump_takes_refills_only)
{
    fixture_refused("study: {name: x, patients: 1, horizon: 9 day}\n"
                    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                    "pump: {kind: constant_flow, flow: 0.6 mL/day}\ncatheter: {tip: T10}\n"
                    "events: [{at: 1 day, order: bolus, amount: 5 ug}]\n",
                    NULL, "s.yaml:5:29: error: events[0].order: a constant-flow pump cannot be");
}

Test(check, trajectory_without_core_or_body_is_a_study)
{
    study_t s;
    fixture_accepted(&s,
                     "study: {name: x, patients: 1, horizon: 9 day}\n"
                     "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                     "pump: {kind: constant_flow, flow: 0.6 mL/day}\ncatheter: {tip: T10}\n"
                     "body: {model: none}\n",
                     NULL);
    cr_expect_eq(s.pump.kind, STUDY_PUMP_CONSTANT_FLOW);
    cr_expect_eq(s.body.model, STUDY_BODY_NONE);
    cr_expect_eq(s.therapy.mode, STUDY_THERAPY_STOPPED);
    study_free(&s);
}

static void warned_of_death(const char *text, int warned)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    cr_assert_eq(fixture_parse(&s, text, strlen(text), NULL, out), 0, "%s", out);
    cr_expect_eq(strstr(out, "everybody has died before") != NULL, warned, "%s", out);
    cr_expect_null(strstr(out, "runs dry"), "%s", out);
    study_free(&s);
}

/* 0.6 mL a day: 20 mL would be gone on day 34. */
Test(check, what_follows_the_death_of_everybody_is_a_warning)
{
    warned_of_death("study: {name: x, patients: 2, horizon: 60 day}\n"
                    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                    "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n"
                    "events:\n  - {at: 9 day, order: death}\n"
                    "  - {at: 10 day, order: refill, volume: 18 mL}\n",
                    1);
    warned_of_death("study: {name: x, patients: 2, horizon: 30 day}\n"
                    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                    "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n"
                    "events:\n  - {at: 9 day, order: death, patient: 1}\n"
                    "  - {at: 9 day, order: death, fraction: 0.5}\n"
                    "  - {at: 10 day, order: refill, volume: 18 mL}\n"
                    "  - {at: 10 day, order: death}\n",
                    0);
    /* Death comes last at its time, and at a whole minute: these refills happen. */
    warned_of_death("study: {name: x, patients: 2, horizon: 30 day}\n"
                    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                    "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n"
                    "events:\n  - {at: 777600001 ms, order: death}\n"
                    "  - {at: 777660000 ms, order: refill, volume: 18 mL}\n",
                    0);
}

Test(check, dry_reservoir_is_a_warning)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char text[] = FIXTURE_LEAST;
    study_t s;
    cr_assert_eq(fixture_parse(&s, text, sizeof text - 1, NULL, out), 0, "%s", out);
    cr_expect(strstr(out,
                     "s.yaml:1:44: warning: study.horizon: at 0.6 mL/day the reservoir runs dry "
                     "on day 33.3, before this") != NULL,
              "%s", out);
    study_free(&s);
}

Test(check, rules_on_a_reported_field_add_nothing)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char text[] = FIXTURE_LEAST "pump: {fill: 99 mL}\n";
    study_t s;
    cr_expect_eq(fixture_parse(&s, text, sizeof text - 1, NULL, out), ERROR_CONFIG);
    cr_expect(strstr(out, "capacity") == NULL && strstr(out, "dry") == NULL, "%s", out);
}

/* Prints what an accepted study is warned of. */
static void warned(const char *text, const char *set, const char *expected)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    out[0] = '\0';
    cr_assert_eq(fixture_parse(&s, text, strlen(text), set, out), 0, "%s", out);
    if (expected != NULL)
        cr_expect(strstr(out, expected) != NULL, "%s not in:\n%s", expected, out);
    else
        cr_expect_str_empty(out);
    study_free(&s);
}

#define SHORT                                                                                      \
    "study: {name: short, patients: 1, horizon: 10 day}\n"                                         \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "therapy: {dose: 300 ug/day}\n"                                                                \
    "catheter: {tip: T10}\n"

Test(check, dry_reservoir_is_not_judged_beside_errors)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char *const sets[] = {"events=[{at: 2026-01-28, order: refill, volume: 20 mL}]",
                                       "events=[{at: 91 day, order: refill, volume: 20 mL}]",
                                       "therapy.dose=3000 ug/day"};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        study_t s;
        cr_expect_eq(fixture_parse(&s, FIXTURE_LEAST, strlen(FIXTURE_LEAST), sets[i], out),
                     ERROR_CONFIG);
        cr_expect(strstr(out, "dry") == NULL, "%s", out);
    }
}

Test(check, bolus_empties_the_reservoir_too)
{
    warned(SHORT, "events=[{at: 1 day, order: bolus, amount: 600 ug, over: 2 h}]", NULL);
    warned(SHORT "pump: {fill: 6.5 mL}\n", NULL, NULL);
    warned(SHORT "pump: {fill: 6.5 mL}\n",
           "events=[{at: 1 day, order: bolus, amount: 600 ug, over: 2 h}]",
           "study.horizon: at 0.6 mL/day the reservoir runs dry on day 8.8, before this");
}

Test(check, bolus_flows_at_least_at_the_pump_s_minimum)
{
    fixture_refused(
        "study: {name: x, patients: 1, horizon: 1 day}\n"
        "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
        "therapy: {mode: stopped}\ncatheter: {tip: T10}\n"
        "events: [{at: 1 h, order: bolus, amount: 0.5 ug, over: 1 h}]\n",
        NULL,
        "s.yaml:5:42: error: events[0].amount: with the therapy in force the bolus flows at 0.024 "
        "mL/day, below the pump's 0.048 mL/day; give it over a shorter time");
}

Test(check, dose_just_below_its_limit_is_a_warning)
{
    warned(SHORT, "therapy.limits.daily_dose=313 ug/day", NULL);
    warned(SHORT, "therapy.limits.daily_dose=300 ug/day",
           "therapy.dose: a pump that counts whole hours counts up to 25 of them as a day, 312.5 "
           "ug");
}

Test(check, boluses_of_one_day_count_together)
{
    static const char text[] = SHORT "events:\n"
                                     "  - {at: 1 day, order: bolus, amount: 300 ug, over: 1 h}\n"
                                     "  - {at: 3.1 day, order: bolus, amount: 300 ug, over: 1 h}\n"
                                     "  - {at: 3.5 day, order: bolus, amount: 300 ug, over: 1 h}\n";
    warned(text, NULL, NULL);
    warned(text, "therapy.limits.daily_dose=900 ug/day",
           "s.yaml:8:41: warning: events[2].amount: a pump that counts whole hours counts up to 26 "
           "of them as a day, 925 ug");
}

Test(check, overlapping_boluses_are_a_warning)
{
    static const char text[] = SHORT "events:\n"
                                     "  - {at: 2 day, order: bolus, amount: 50 ug, over: 2 h}\n"
                                     "  - {at: 49 h, order: bolus, amount: 50 ug, over: 1 h}\n";
    warned(text, NULL,
           "s.yaml:7:10: warning: events[1].at: the bolus of events[0] runs until day 2.08333; the "
           "pump refuses another before its end");
    warned(text, "events[1].at=50 h", NULL);
}

Test(check, drug_without_kinetics_of_its_own_is_a_warning)
{
    warned(SHORT, "drugs[0].name=morphine",
           "drugs[0].name: morphine moves and is cleared as baclofen does, whose values are the "
           "defaults; give drugs[0].kinetics");
    warned(SHORT, "drugs=[{name: morphine, concentration: 1 mg/mL, kinetics: {loss: 0.2 1/h}}]",
           NULL);
    warned(SHORT "body: {model: none}\n", "drugs[0].name=morphine", NULL);
}
