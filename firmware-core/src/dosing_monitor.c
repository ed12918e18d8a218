/* SPDX-License-Identifier: Apache-2.0 */
/* Stall and recovery, a day's deviation, long stops. */
#include "dosing_monitor.h"

#include "dosing_alarm.h"
#include "dosing_log.h"

static uint32_t add(uint32_t a, uint32_t b)
{
    return b < UINT32_MAX - a ? a + b : UINT32_MAX;
}

/* `missed` at the end of a train whose first `confirmed` were taken. */
static void miss(dosing_run_t *run, uint32_t confirmed, uint32_t missed)
{
    if (confirmed != 0u || run->missed_row == 0u) { /* a step taken ends the row before */
        run->missed_ms = run->start_ms + (uint64_t)confirmed * run->period_ms;
        run->missed_row = 0u;
    }
    run->missed_row = add(run->missed_row, missed);
    run->missed = add(run->missed, missed);
    run->good_row = 0u;
}

void dosing_monitor_train(dosing_state_t *state, uint32_t done, uint32_t confirmed)
{
    dosing_run_t *run = &state->run;
    run->day_done = add(run->day_done, done);
    run->day_confirmed = add(run->day_confirmed, confirmed);
    if (confirmed < done) {
        miss(run, confirmed, done - confirmed);
    } else {
        run->missed_row = 0u;
        run->good_row = add(run->good_row, done);
    }
    if (run->missed_row >= DOSING_MONITOR_STALL_STEPS) {
        if ((state->path.alarms & DOSING_ALARM_STALL) == 0u) {
            run->stalls = add(run->stalls, 1u);
            run->stall_ms = run->missed_ms;
            dosing_log_note(state, DOSING_EVENT_STALL, run->stall_ms, run->missed_row);
        }
        dosing_alarm_raise(state, DOSING_ALARM_STALL);
    } else if (run->good_row >= DOSING_MONITOR_STALL_STEPS &&
               (state->path.alarms & DOSING_ALARM_STALL) != 0u) {
        dosing_log_note(state, DOSING_EVENT_RECOVERED, run->stall_ms, run->missed);
        dosing_alarm_end(state, DOSING_ALARM_STALL);
    }
}

uint64_t dosing_monitor_due(const dosing_state_t *state)
{
    const bool told = (state->path.alarms & DOSING_ALARM_STOPPED) != 0u;
    if (state->run.pulsed == 0u || state->run.running != 0u || told) {
        return DOSING_NEVER_MS;
    }
    return state->run.given_ms + DOSING_MONITOR_STOPPED_MS;
}

void dosing_monitor_look(dosing_state_t *state, uint64_t now_ms)
{
    if (now_ms >= dosing_monitor_due(state)) {
        dosing_alarm_raise(state, DOSING_ALARM_STOPPED);
    }
}

/* At most 5e6 pulses a day: the products are below 2^26. */
void dosing_monitor_day(dosing_state_t *state)
{
    dosing_run_t *run = &state->run;
    if (run->day_done >= DOSING_MONITOR_DAY_STEPS) {
        const uint64_t got = UINT64_C(10) * run->day_confirmed;
        if (got < UINT64_C(9) * run->day_done) {
            dosing_alarm_raise(state, DOSING_ALARM_DEVIATION);
        } else {
            dosing_alarm_end(state, DOSING_ALARM_DEVIATION);
        }
    }
    run->day_done = 0u;
    run->day_confirmed = 0u;
}
