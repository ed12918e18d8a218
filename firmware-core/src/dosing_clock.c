/* SPDX-License-Identifier: Apache-2.0 */
/* Two clocks held against each other. Readings are below 2^53, so that sums and differences stay in 64 bits. */
#include "dosing_clock.h"

#include "dosing_alarm.h"
#include "dosing_log.h"

#define CLOCK_MS_MAX (UINT64_C(1) << 53) /* 285 000 years: above it a clock talks nonsense */

#define NO_SECOND                                                                                  \
    UINT64_MAX /* in clock_second_ms: the oscillator did not answer at the latest check */

static bool second_read(const dosing_port_t *port, uint64_t *ms)
{
    return port->hal->second_clock_ms(port->context, ms) == DOSING_HAL_OK && *ms <= CLOCK_MS_MAX;
}

static uint64_t elapsed(uint64_t from_ms, uint64_t to_ms)
{
    return to_ms > from_ms ? to_ms - from_ms : 0u;
}

static bool exceeds(uint64_t a_ms, uint64_t b_ms)
{
    return a_ms > b_ms + b_ms / DOSING_CLOCK_PARTS + DOSING_CLOCK_SLACK_MS;
}

void dosing_clock_start(dosing_state_t *state, const dosing_reading_t *first)
{
    state->run.clock_main_ms = first->main_ms;
    state->run.clock_second_ms = first->known ? first->second_ms : NO_SECOND;
    state->run.clock_behind_ms = 0u;
    state->run.clock_base_ms = 0u;
}

void dosing_clock_continue(dosing_state_t *state, uint64_t core_ms)
{
    dosing_run_t *run = &state->run;
    run->clock_behind_ms = elapsed(core_ms, run->clock_main_ms);
    run->clock_base_ms = elapsed(run->clock_main_ms, core_ms);
}

/* Disagreement of two intervals over the longer, which is not 0, below 2^53: apart from 1000 the factors stay below 2^63. */
static uint32_t parts_per_million(uint64_t a_ms, uint64_t b_ms)
{
    const uint64_t longer_ms = a_ms > b_ms ? a_ms : b_ms;
    const uint64_t apart_ms = a_ms > b_ms ? a_ms - b_ms : b_ms - a_ms;
    return (uint32_t)(apart_ms * 1000u / (longer_ms / 1000u)); /* at most 1e6 and a rounding */
}

/* What the two say of the time since the latest check. */
static void compare(const dosing_run_t *run, dosing_reading_t *r)
{
    const uint64_t by_main_ms = elapsed(run->clock_main_ms, r->main_ms);
    const bool comparable = r->known && run->clock_second_ms != NO_SECOND;
    const uint64_t by_second_ms =
        comparable ? elapsed(run->clock_second_ms, r->second_ms) : by_main_ms;
    r->due = by_main_ms >= DOSING_CLOCK_CHECK_MS || by_second_ms >= DOSING_CLOCK_CHECK_MS;
    if (!r->due) {
        return;
    }
    const bool leads = exceeds(by_main_ms, by_second_ms);
    r->ppm = comparable ? parts_per_million(by_main_ms, by_second_ms) : 0u;
    r->disagree = leads || exceeds(by_second_ms, by_main_ms);
    r->lead_ms = leads && by_second_ms != 0u ? by_main_ms - by_second_ms : 0u;
}

dosing_status_t dosing_clock_read(const dosing_state_t *state, dosing_reading_t *reading)
{
    const dosing_port_t port = dosing_state_port(state);
    const dosing_run_t *run = &state->run;
    dosing_reading_t r = {0};
    if (port.hal->clock_ms(port.context, &r.main_ms) != DOSING_HAL_OK || r.main_ms > CLOCK_MS_MAX) {
        return DOSING_ERROR_HAL;
    }
    r.known = second_read(&port, &r.second_ms);
    compare(run, &r);
    r.now_ms = elapsed(run->clock_behind_ms + r.lead_ms, r.main_ms + run->clock_base_ms);
    if (r.now_ms < run->guard_ms) { /* the scheduler's time must not lead the guard's */
        r.now_ms = run->guard_ms;
    }
    *reading = r;
    return DOSING_OK;
}

void dosing_clock_keep(dosing_state_t *state, const dosing_reading_t *reading)
{
    if (!reading->due) {
        return;
    }
    state->run.clock_main_ms = reading->main_ms;
    state->run.clock_second_ms = reading->known ? reading->second_ms : NO_SECOND;
    state->run.clock_behind_ms += reading->lead_ms;
    state->run.clock_ppm = reading->ppm;
    if (reading->disagree) {
        if ((state->path.alarms & DOSING_ALARM_CLOCK) == 0u) {
            dosing_log_note(state, DOSING_EVENT_CLOCK, reading->lead_ms, reading->ppm);
        }
        dosing_alarm_raise(state, DOSING_ALARM_CLOCK);
    }
}

uint64_t dosing_clock_main(const dosing_state_t *state, uint64_t core_ms)
{
    return elapsed(state->run.clock_base_ms, core_ms + state->run.clock_behind_ms);
}
