/* SPDX-License-Identifier: Apache-2.0 */
/* The entry table: init, wake, receive. */
#include "dosing_core.h"

#include "dosing_alarm.h"
#include "dosing_boot.h"
#include "dosing_clock.h"
#include "dosing_fresh.h"
#include "dosing_keep.h"
#include "dosing_life.h"
#include "dosing_link.h"
#include "dosing_log.h"
#include "dosing_monitor.h"
#include "dosing_motor.h"
#include "dosing_selftest.h"
#include "dosing_state.h"

/* A hash of every source of the core, from the build: two cores that differ must not have one name. */
#ifndef DOSING_CORE_SOURCES
#define DOSING_CORE_SOURCES "of unknown sources"
#endif

#define RETRY_MS 1000u

static dosing_status_t start_on(dosing_state_t *state, const dosing_hal_t *hal, void *context)
{
    dosing_reading_t r;
    dosing_therapy_t *t = &state->therapy;
    const dosing_port_t port = {hal, context};
    const bool stopped =
        dosing_state_stop(&port); /* first of all: a train may run on from before the reset */
    if (hal->factory_read(context, &t->factory) != DOSING_HAL_OK ||
        dosing_programme_factory(&t->factory) != DOSING_OK) {
        return DOSING_ERROR_FACTORY;
    }
    if (!stopped || dosing_clock_read(state, &r) != DOSING_OK) {
        return DOSING_ERROR_HAL;
    }
    if (hal->reset_cause(context, &t->reset_cause) != DOSING_HAL_OK) {
        t->reset_cause = DOSING_RESET_UNKNOWN;
    }
    dosing_fresh_make(state, &r);
    const dosing_status_t status = dosing_boot_restore(state, &r);
    if (status != DOSING_OK) {
        return status;
    }
    dosing_life_start(state, state->run.guard_ms, t->reset_cause);
    const bool sound = dosing_selftest_run(state);
    dosing_fresh_seal(state);
    return sound ? DOSING_OK : dosing_state_fail(state);
}

static dosing_status_t init(dosing_state_t *state, const dosing_hal_t *hal, void *context)
{
    if (state == 0) {
        return DOSING_ERROR_ARGUMENT;
    }
    *state = (dosing_state_t){0};
    dosing_state_latch(
        state, DOSING_OK); /* words that agree: a start that keeps something looks at them */
    dosing_status_t status = DOSING_ERROR_ARGUMENT;
    if (hal != 0 && hal->table_size >= DOSING_HAL_BYTES_MIN) {
        for (uint32_t i = 0; i < 3u; i++) {
            state->port[i] = (dosing_port_t){hal, context};
        }
        status = start_on(state, hal, context);
    }
    dosing_state_latch(state, status);
    return status;
}

/* A train that the motor still counts when it should be over: a ms of rounding is looked at again, ever more rarely; a
 * pulse time more is a fault of the motor, and the train is ended. */
static dosing_status_t outwait(dosing_state_t *state, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    if (now_ms < run->due_ms + run->period_ms) {
        return DOSING_OK;
    }
    dosing_alarm_raise(state, DOSING_ALARM_MOTOR);
    return dosing_motor_halt(state, now_ms);
}

static dosing_status_t scrub(dosing_state_t *state, uint64_t now_ms)
{
    if (now_ms < state->run.scrub_ms) {
        return DOSING_OK;
    }
    state->run.scrub_ms = now_ms + DOSING_SCRUB_MS;
    dosing_monitor_day(state);
    dosing_log_day(state);
    dosing_keep_day(state);
    dosing_state_seal_hot(state);
    return dosing_state_holds(state) && dosing_selftest_run(state) ? DOSING_OK : DOSING_ERROR_STATE;
}

static uint64_t sooner(uint64_t a_ms, uint64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static uint64_t next_wake(const dosing_state_t *state, uint64_t now_ms)
{
    const dosing_run_t *run = &state->run;
    if (run->running != 0u && run->due_ms <= now_ms) {
        const uint64_t late_ms = now_ms - run->due_ms + 1u;
        return now_ms + (late_ms < RETRY_MS * 60u ? late_ms : RETRY_MS * 60u);
    }
    const uint64_t told_ms = sooner(dosing_alarm_due(state), dosing_monitor_due(state));
    const uint64_t kept_ms = sooner(run->scrub_ms, dosing_life_due(state));
    const uint64_t due_ms = sooner(sooner(run->due_ms, kept_ms), dosing_keep_due(state));
    return sooner(due_ms, told_ms);
}

/* Pre: the hot state holds. Books, drives, scrubs, seals. */
static dosing_status_t act(dosing_state_t *state, const dosing_reading_t *r, uint64_t *next_wake_ms)
{
    const uint64_t now_ms = r->now_ms;
    bool busy = false;
    dosing_clock_keep(state, r);
    dosing_status_t status = dosing_motor_settle(state, now_ms, &busy);
    if (status == DOSING_OK && busy && now_ms >= state->run.due_ms) {
        status = outwait(state, now_ms);
    }
    if (status == DOSING_OK && state->run.running == 0u && !dosing_motor_drive(state, now_ms)) {
        status = DOSING_ERROR_STATE;
    }
    if (status != DOSING_ERROR_STATE) {
        dosing_monitor_look(state, now_ms);
        dosing_alarm_remind(state, now_ms);
        const bool looked = dosing_life_look(state, now_ms);
        const dosing_status_t scrubbed = looked ? scrub(state, now_ms) : DOSING_ERROR_STATE;
        status = scrubbed != DOSING_OK ? scrubbed : status;
        dosing_keep_attend(state, now_ms);
        dosing_log_flush(state);
    }
    if (status == DOSING_ERROR_STATE || dosing_state_latched(state) != DOSING_OK) {
        *next_wake_ms = DOSING_NEVER_MS;
        return dosing_state_fail(state);
    }
    dosing_state_seal_hot(state);
    *next_wake_ms = dosing_clock_main(state, status == DOSING_OK ? next_wake(state, now_ms)
                                                                 : now_ms + RETRY_MS);
    return status;
}

/* The clock did not answer: after what was asked for last, or at once where that is over. */
static uint64_t wake_without_clock(const dosing_state_t *state)
{
    const dosing_run_t *run = &state->run;
    return dosing_clock_main(state, sooner(run->due_ms, run->scrub_ms) + RETRY_MS);
}

static dosing_status_t wake(dosing_state_t *state, uint64_t *next_wake_ms)
{
    dosing_reading_t r;
    if (state == 0 || next_wake_ms == 0) {
        return DOSING_ERROR_ARGUMENT;
    }
    *next_wake_ms = DOSING_NEVER_MS;
    const dosing_status_t latched = dosing_state_latched(state);
    if (latched != DOSING_OK) {
        return latched;
    }
    if (!dosing_state_holds_hot(state)) {
        return dosing_state_fail(state);
    }
    if (dosing_clock_read(state, &r) != DOSING_OK) {
        *next_wake_ms = wake_without_clock(state);
        return DOSING_ERROR_HAL;
    }
    const dosing_port_t port = dosing_state_port(state);
    (void)port.hal->watchdog(port.context);
    state->run.wakes++;
    return act(state, &r, next_wake_ms);
}

/* After a memory failure frames are still read, from blocks that hold, so that the failure can be interrogated. */
static dosing_status_t receive(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                               uint64_t *next_wake_ms)
{
    dosing_reading_t r;
    bool acted = false;
    if (state == 0 || next_wake_ms == 0) {
        return DOSING_ERROR_ARGUMENT;
    }
    *next_wake_ms = DOSING_NEVER_MS;
    const dosing_status_t latched = dosing_state_latched(state);
    if (latched != DOSING_OK && latched != DOSING_ERROR_STATE) {
        return latched;
    }
    if (latched == DOSING_OK && !dosing_state_holds(state)) {
        dosing_state_fail(state);
    }
    if (!dosing_state_holds_link(state)) {
        return DOSING_ERROR_STATE;
    }
    if (dosing_clock_read(state, &r) != DOSING_OK) {
        *next_wake_ms = wake_without_clock(state);
        return DOSING_ERROR_HAL;
    }
    const dosing_status_t status = dosing_link_take(state, frame, length, r.now_ms, &acted);
    if (dosing_state_latched(state) != DOSING_OK) {
        return status;
    }
    if (!acted) { /* the frame may have found out the clocks: the wake that takes note of it is wanted at once */
        *next_wake_ms =
            r.disagree ? r.main_ms : dosing_clock_main(state, next_wake(state, r.now_ms));
        return status;
    }
    dosing_state_seal(state);
    const dosing_status_t done = act(state, &r, next_wake_ms);
    return status == DOSING_OK ? done : status;
}

const dosing_entry_t *dosing_entry(void)
{
    static const dosing_entry_t entry = {DOSING_ABI_MAJOR,
                                         DOSING_ABI_MINOR,
                                         sizeof(dosing_entry_t),
                                         sizeof(dosing_state_t),
                                         _Alignof(dosing_state_t),
                                         0u,
                                         "thecasim dosing core 0.1.0 " DOSING_CORE_SOURCES,
                                         init,
                                         wake,
                                         receive};
    return &entry;
}
