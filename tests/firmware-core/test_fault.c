/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-HAL and REQ-GUARD: hardware that does not answer, at every call in turn; a scheduler that errs. */
#include <criterion/criterion.h>

#include "dosing_state.h"
#include "fake_hal.h"

#define HOUR_MS UINT64_C(3600000)
#define PULSE_NG 125.0 /* 0.25 uL of 500 ug/mL */

static fake_pump_t pump;

/* What was ordered: the programme's integral, in pulses, by the statuses that the core returned. */
typedef struct ordered_t {
    double pulses, basal_per_ms, bolus_per_ms;
    uint64_t at_ms, bolus_end_ms;
    double ahead; /* most that the motor was ahead of it */
    bool filled;  /* a refill was accepted: else there is nothing to give */
} ordered_t;

static void run(ordered_t *o, uint64_t ms)
{
    const uint64_t until_ms = pump.hal.now_ms + ms;
    while (pump.hal.now_ms < until_ms) {
        const uint64_t left_ms = until_ms - pump.hal.now_ms;
        fake_pump_run(&pump, pump.hal.now_ms + (left_ms < 20000u ? left_ms : 20000u));
        const uint64_t bolus_to =
            pump.hal.now_ms < o->bolus_end_ms ? pump.hal.now_ms : o->bolus_end_ms;
        o->pulses += o->basal_per_ms * (double)(pump.hal.now_ms - o->at_ms);
        o->pulses += bolus_to > o->at_ms ? o->bolus_per_ms * (double)(bolus_to - o->at_ms) : 0.0;
        o->at_ms = pump.hal.now_ms;
        const double ahead = (double)fake_pulses(&pump.hal) - o->pulses;
        o->ahead = ahead > o->ahead ? ahead : o->ahead;
    }
}

static void order_rate(ordered_t *o, uint64_t dose)
{
    if (fake_simple(&pump, 500000u, dose) == DOSING_OK) {
        o->basal_per_ms = (double)dose / PULSE_NG / 86400000.0;
        o->bolus_end_ms = 0u;
    }
}

static void order_bolus(ordered_t *o, uint64_t dose, uint32_t ms)
{
    if (fake_bolus(&pump, dose, ms) == DOSING_OK) {
        o->bolus_per_ms = (double)dose / PULSE_NG / ms;
        o->bolus_end_ms = pump.hal.now_ms + ms;
    }
}

/* A morning in the clinic, with every kind of order, and a day after it. */
static ordered_t morning(uint64_t fail_from, uint64_t fail_count, bool acting)
{
    fake_init(&pump.hal);
    pump.hal.fail_from = fail_from;
    pump.hal.fail_count = fail_count;
    pump.hal.fail_acting = acting;
    fake_pump_start(&pump);
    ordered_t o = {.at_ms = pump.hal.now_ms};
    o.filled = fake_refill(&pump, 20000000u) == DOSING_OK;
    order_rate(&o, 150000u);
    run(&o, HOUR_MS + 1234u);
    order_bolus(&o, 5000u, 600000u);
    run(&o, 777777u);
    o.filled = fake_refill(&pump, 19000000u) == DOSING_OK || o.filled;
    run(&o, HOUR_MS);
    order_rate(&o, 300000u);
    run(&o, 2u * HOUR_MS + 4321u);
    if (fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u) == DOSING_OK) {
        o.basal_per_ms = 0.0;
        o.bolus_end_ms = 0u;
    }
    run(&o, 100000u);
    order_rate(&o, 150000u);
    run(&o, 3u * HOUR_MS);
    return o;
}

/* After the fault dosing goes on: within two minutes and the rounding of a pulse it is what it was to be. */
static void expect_going_on(ordered_t *o, uint64_t call)
{
    const uint64_t before = fake_pulses(&pump.hal);
    const double due = o->pulses;
    run(o, 3u * HOUR_MS);
    const double given = (double)(fake_pulses(&pump.hal) - before);
    cr_expect_geq(given, o->filled ? o->pulses - due - 2.0 : 0.0,
                  "call %llu: dosing does not go on", (unsigned long long)call);
}

static void fail_each(uint64_t fail_count, bool acting, double ahead)
{
    const uint64_t sound = (morning(0u, 0u, false), pump.hal.calls);
    cr_assert_gt(sound, 100u);
    for (uint64_t call = 0; call < sound; call++) {
        ordered_t o = morning(call, fail_count, acting);
        cr_expect_leq(o.ahead, ahead, "calls %llu to %llu fail: %g pulses ahead",
                      (unsigned long long)call, (unsigned long long)(call + fail_count), o.ahead);
        cr_expect_str_empty(pump.hal.violation, "call %llu: %s", (unsigned long long)call,
                            pump.hal.violation);
        cr_expect_lt(pump.wakes, 2000u, "call %llu: it never sleeps", (unsigned long long)call);
        pump.hal.fail_count = 0u;
        if (pump.core->wake((dosing_state_t *)(void *)pump.state, &pump.next_ms) == DOSING_OK) {
            expect_going_on(&o, call);
        } else {
            cr_expect_eq(fake_pulses(&pump.hal), 0u, "call %llu: only a start may end dosing",
                         (unsigned long long)call);
        }
    }
}

/* REQ-HAL-01 */
Test(fault, any_one_call_that_fails_neither_overdoses_nor_ends_therapy)
{
    fail_each(1u, false, 1.001);
}

/* REQ-HAL-01 */
Test(fault, any_ten_calls_that_fail_neither_overdose_nor_end_therapy)
{
    fail_each(10u, false, 1.001);
}

/* REQ-HAL-01: worse than the contract allows, the motor moves and says that it does not: the stroke begun is not seen. */
Test(fault, a_call_that_acts_and_says_it_failed_gives_one_pulse_more_at_most)
{
    fail_each(1u, true, 2.001);
}

/* REQ-HAL-02 */
Test(fault, a_motor_that_does_not_answer_raises_its_alarm)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    pump.hal.now_ms = pump.next_ms;
    pump.hal.fail_from = pump.hal.calls + 3u; /* after both clocks and the watchdog: train_status */
    pump.hal.fail_count = 1u;
    fake_pump_run(&pump, pump.next_ms + 60000u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u), DOSING_ALARM_MOTOR);
    cr_expect_gt(pump.hal.tones_advisory, 0u);
}

/* REQ-HAL-03: a train that the motor never ends is looked at ever more rarely, then ended. */
Test(fault, a_train_that_does_not_end_is_ended_without_staying_awake)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 24000u), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 60000u);
    cr_assert(pump.hal.running);
    pump.hal.end_ms += 40u * HOUR_MS;
    const uint64_t wakes = pump.wakes;
    fake_pump_run(&pump, pump.hal.now_ms + 3u * HOUR_MS);
    cr_expect_lt(pump.wakes - wakes, 60u, "%llu wakes", (unsigned long long)(pump.wakes - wakes));
    const uint64_t alarms = fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u);
    cr_expect_eq(alarms, DOSING_ALARM_MOTOR, "alarms %llx, violation %s",
                 (unsigned long long)alarms, pump.hal.violation);
    cr_expect_leq(fake_pulses(&pump.hal), 25u);
}

static dosing_state_t *ready(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK); /* 72 000 ms a pulse */
    fake_pump_run(&pump, pump.hal.now_ms + 5u * HOUR_MS + 1000u);
    return (dosing_state_t *)(void *)pump.state;
}

/* REQ-HAL-01: the gap is kept to a stroke that the motor began and denied, though the next order comes at once. */
Test(fault, a_stroke_that_was_denied_keeps_its_gap)
{
    for (uint64_t call = 0; call < 12u;
         call++) { /* of a late wake: status, steps, arm, start and stop among them */
        const uint64_t due_ms = ready()->run.due_ms;
        pump.hal.now_ms = due_ms + HOUR_MS;
        pump.hal.fail_from = pump.hal.calls + call;
        pump.hal.fail_count = 1u;
        pump.hal.fail_acting = true;
        fake_pump_run(&pump, pump.hal.now_ms);
        (void)fake_simple(&pump, 500000u, 300000u);
        fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
        cr_expect_str_empty(pump.hal.violation, "call %llu: %s", (unsigned long long)call,
                            pump.hal.violation);
    }
}

/* Runs a scheduler that was made to err: the motor is at most one pulse ahead of the programme, and the guard has spoken. */
static void expect_vetoed(dosing_state_t *state, uint64_t t0_ms, const char *what)
{
    dosing_state_seal_hot(state);
    fake_pump_run(&pump, pump.hal.now_ms + 24u * HOUR_MS);
    const double due = (double)(pump.hal.now_ms - t0_ms) / 72000.0;
    cr_expect_leq((double)fake_pulses(&pump.hal), due + 1.001, "%s: overdosed", what);
    cr_expect(fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_GUARD,
              "%s: the guard is silent", what);
}

/* REQ-GUARD-01 */
Test(guard, refuses_a_scheduler_that_runs_ahead)
{
    dosing_state_t *state = ready();
    state->path.num *= 2u;
    expect_vetoed(state, 1000u, "twice the rate");
    state = ready();
    state->path.num += state->path.num / 100u;
    expect_vetoed(state, 1000u, "1 % too fast");
    state = ready();
    state->path.owed += (int64_t)(3u * state->path.den);
    state->path.den -= state->path.den / 50u;
    expect_vetoed(state, 1000u, "another denominator");
    state = ready();
    state->run.last_ms += 36u * HOUR_MS;
    state->run.due_ms = state->run.last_ms;
    state->run.running = 0u;
    (void)fake_hal.train_stop(&pump.hal);
    pump.next_ms = pump.hal.now_ms;
    dosing_state_seal_hot(state);
    fake_pump_run(&pump, pump.hal.now_ms + 2u * HOUR_MS);
    cr_expect_leq((double)fake_pulses(&pump.hal), (double)pump.hal.now_ms / 72000.0 + 1.001,
                  "a scheduler a day and a half in the future");
}

/* REQ-GUARD-01: pulses that never began do not become credit above one pulse. */
Test(guard, a_train_that_did_nothing_leaves_one_pulse_of_credit)
{
    dosing_state_t *state = ready();
    pump.hal.now_ms = state->run.due_ms - 1u;
    (void)fake_hal.train_stop(&pump.hal);
    pump.hal.done_at_stop = 1u; /* of 50 */
    pump.hal.now_ms = state->run.due_ms;
    cr_assert_eq(pump.core->wake(state, &pump.next_ms), DOSING_OK);
    cr_assert_eq(state->run.running, 1u);
    const int64_t pulse_fl = INT64_C(250000) * 1000;
    cr_expect_leq(state->path.credit_fl + (int64_t)state->run.count * pulse_fl, pulse_fl);
}
