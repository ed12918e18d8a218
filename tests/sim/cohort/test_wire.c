/* SPDX-License-Identifier: Apache-2.0 */
/* Scripted telemetry that is no therapy, and frames that nobody should send: what the pump answers, and what becomes of it. */
#include "tests/sim/cohort/fixture.h"

#include "dosing_frame.h"
#include "dosing_status.h"

#include <criterion/criterion.h>
#include <math.h>

#define HEAD                                                                                       \
    "study: {name: t, patients: 1, horizon: 4 day, seed: 7}\ncatheter: {tip: T10}\n"               \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "population: {unit_error_sd: 0, oscillator_error_sd: 0 ppm}\n"                                 \
    "pump: {head: {ripple: 0, drift_sd: 0 1/year}}\n"                                              \
    "body: {model: none}\ntherapy: {dose: 300 ug/day}\n"                                           \
    "events:\n"
#define FRAME(text) "  - {at: 1 day, order: frame, " text "}\n"

/* Both values of the n-th event of a kind, from 0; NaN: there are not so many. */
static double value(const fixture_life_t *l, enum fields_id field, int kind, int n)
{
    for (size_t i = 0; i < l->view.count[TABLE_EVENTS]; i++) {
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind && n-- == 0) {
            return fixture_at(l, field, i);
        }
    }
    return (double)NAN;
}

static double volume(const fixture_life_t *l)
{
    return fixture_at(l, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 0);
}

static void expect_answers(const char *frames, const int *status, int n)
{
    char text[4096];
    (void)snprintf(text, sizeof text, HEAD "%s", frames);
    fixture_life_t l = fixture_lived(text);
    for (int i = 0; i < n; i++) {
        cr_expect_eq(value(&l, FIELD_EVENTS_VALUE2, FIELDS_EVENT_FRAME, i), status[i],
                     "%s: frame %d: %g", frames, i,
                     value(&l, FIELD_EVENTS_VALUE2, FIELDS_EVENT_FRAME, i));
    }
    cr_expect_float_eq(volume(&l), 2.4, 0.01, "%s: %g mL", frames, volume(&l));
    fixture_ended(&l);
}

#define EXPECT_ANSWERS(frames, ...)                                                                \
    do {                                                                                           \
        const int status_[] = {__VA_ARGS__};                                                       \
        expect_answers(frames, status_, (int)(sizeof status_ / sizeof status_[0]));                \
    } while (0)

Test(wire, what_is_not_authentic_is_not_answered)
{
    EXPECT_ANSWERS(FRAME("wrong: version") FRAME("wrong: reserved") FRAME("wrong: device")
                       FRAME("wrong: crc"),
                   -1, -1, -1, -1);
    EXPECT_ANSWERS(FRAME("wrong: tag") FRAME("wrong: key") FRAME("wrong: length")
                       FRAME("wrong: truncated"),
                   -1, -1, -1, -1);
    EXPECT_ANSWERS(FRAME("wrong: extended") FRAME("wrong: flip") FRAME("wrong: noise")
                       FRAME("role: none"),
                   -1, -1, -1, -1);
}

Test(wire, what_is_authentic_is_answered_with_its_reason)
{
    EXPECT_ANSWERS(FRAME("wrong: counter_used") FRAME("wrong: counter_far") FRAME("wrong: session")
                       FRAME("wrong: replay"),
                   DOSING_REFUSED_REPLAY, DOSING_REFUSED_REPLAY, DOSING_REFUSED_SESSION,
                   DOSING_REFUSED_REPLAY);
    EXPECT_ANSWERS(FRAME("session: none") FRAME("asks: unknown") FRAME("asks: nothing")
                       FRAME("role: emergency, asks: refill, payload: \"00000000\""),
                   DOSING_REFUSED_SESSION, DOSING_REFUSED_TYPE, DOSING_REFUSED_TYPE,
                   DOSING_REFUSED_ROLE);
    EXPECT_ANSWERS(FRAME("asks: refill, payload: \"0000\"")
                       FRAME("asks: set_time, payload: \"00000080\"") FRAME("asks: commit"),
                   DOSING_REFUSED_TYPE, DOSING_REFUSED_TIME, DOSING_REFUSED_TYPE);
}

Test(wire, a_session_that_is_left_open_serves_until_its_time_is_over)
{
    EXPECT_ANSWERS(FRAME("session: left") FRAME("session: opened")
                       FRAME("session: left") "  - {at: 1449 min, order: frame, session: left}\n"
                                              "  - {at: 1460 min, order: frame, session: left}\n",
                   DOSING_REFUSED_SESSION, DOSING_OK, DOSING_OK, DOSING_OK, DOSING_REFUSED_SESSION);
}

/* The clinic's own programmer goes on behind an intruder that used its counter up. */
Test(wire, a_flood_of_frames_keeps_nobody_out)
{
    fixture_life_t l = fixture_lived(HEAD FRAME("wrong: noise, frames: 500, session: none") FRAME(
        "frames: 500, session: none") "  - {at: 2 day, order: bolus, amount: 20 ug, over: 20 "
                                      "min}\n");
    cr_expect_float_eq(volume(&l), 2.44, 0.01);
    fixture_ended(&l);
}

Test(wire, an_image_with_a_bad_byte_is_refused_and_one_without_is_not)
{
    fixture_life_t l = fixture_lived(
        HEAD "  - {at: 1 day, order: image, byte: 4, payload: \"ffffffff\"}\n"
             "  - {at: 2 day, order: image, byte: 24, payload: \"c027090000000000\"}\n");
    cr_expect_eq(value(&l, FIELD_EVENTS_VALUE, FIELDS_EVENT_ORDER_FAILED, 0), 2.0);
    cr_expect_eq(value(&l, FIELD_EVENTS_REASON, FIELDS_EVENT_ORDER_FAILED, 0),
                 (double)FIELDS_REASON_REFUSED);
    cr_expect_eq(value(&l, FIELD_EVENTS_VALUE, FIELDS_EVENT_FRAME, 0), (double)DOSING_FRAME_COMMIT);
    cr_expect_float_eq(volume(&l), 1.2 + 2.4, 0.01, "twice the dose from the second day on: %g",
                       volume(&l));
    fixture_ended(&l);
}

Test(wire, clinic_and_papers_stop_a_pump_and_read_its_logs)
{
    fixture_life_t l = fixture_lived(
        HEAD "  - {at: 1 day, order: stop, by: papers}\n"
             "  - {at: 2 day, order: therapy, dose: 300 ug/day}\n  - {at: 3 day, order: stop}\n"
             "  - {at: 3.5 day, order: read_logs}\n"
             "  - {at: 3.5 day, order: read_logs, by: papers}\n");
    cr_expect_float_eq(volume(&l), 1.2, 0.01);
    cr_expect_eq(value(&l, FIELD_EVENTS_VALUE, FIELDS_EVENT_STOPPED, 0), 1.0);
    cr_expect_eq(value(&l, FIELD_EVENTS_VALUE, FIELDS_EVENT_STOPPED, 1), 0.0);
    const double records = value(&l, FIELD_EVENTS_VALUE, FIELDS_EVENT_LOGS_READ, 0);
    cr_expect_geq(records, 7.0, "two commits, two stops, three days at least: %g", records);
    cr_expect_eq(value(&l, FIELD_EVENTS_VALUE, FIELDS_EVENT_LOGS_READ, 1), records);
    fixture_ended(&l);
}

/* A pump that stands for two days tells so each hour, until it is heard. */
Test(wire, an_alarm_that_is_acknowledged_is_silent)
{
#define STOPPED "  - {at: 1 h, order: stop}\n"
    fixture_life_t left = fixture_lived(HEAD STOPPED),
                   cleared = fixture_lived(HEAD STOPPED
                                           "  - {at: 60 h, order: clear_alarms, alarms: 128}\n"),
                   others = fixture_lived(HEAD STOPPED
                                          "  - {at: 60 h, order: clear_alarms, alarms: 1}\n");
    const size_t n = left.view.count[TABLE_EVENTS];
    cr_expect_geq(n - cleared.view.count[TABLE_EVENTS], 30u);
    cr_expect_eq(others.view.count[TABLE_EVENTS], n + 1u);
    cr_expect_eq(value(&cleared, FIELD_EVENTS_VALUE, FIELDS_EVENT_ALARMS_CLEARED, 0), 128.0);
    fixture_ended(&left);
    fixture_ended(&cleared);
    fixture_ended(&others);
}
