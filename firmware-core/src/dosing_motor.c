/* SPDX-License-Identifier: Apache-2.0 */
/* Trains started and booked. */
#include "dosing_motor.h"

#include "dosing_alarm.h"
#include "dosing_calendar.h"
#include "dosing_delivery.h"
#include "dosing_guard.h"
#include "dosing_keep.h"
#include "dosing_limit.h"
#include "dosing_log.h"
#include "dosing_monitor.h"
#include "dosing_reservoir.h"
#include "dosing_schedule.h"
#include "dosing_therapy.h"

#define RETRY_MS 60000u /* after the motor refused a train */

static bool advance(dosing_state_t *state, uint64_t now_ms)
{
    if (!dosing_calendar_advance(state, now_ms)) {
        return false;
    }
    dosing_guard_advance(state, now_ms);
    return true;
}

/* Nothing runs: the time that passed is taken in. */
static dosing_status_t pass(dosing_state_t *state, uint64_t now_ms)
{
    if (!advance(state, now_ms)) {
        return DOSING_ERROR_STATE;
    }
    dosing_delivery_look(state, now_ms);
    return dosing_limit_roll(state, now_ms) ? DOSING_OK : DOSING_ERROR_STATE;
}

/* What the motor tells of the latest train. */
typedef struct reading_t {
    uint32_t done;
    uint32_t confirmed; /* at most done */
    uint32_t running;
    bool known; /* confirmed is what the coil showed */
} reading_t;

static void take(dosing_state_t *state, uint32_t pulses)
{
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        dosing_delivery_primed(state, pulses);
    } else {
        dosing_schedule_take(state, pulses);
    }
}

static bool book(dosing_state_t *state, const reading_t *r, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    if (!advance(state, now_ms)) {
        return false;
    }
    run->running = 0u;
    run->commanded += r->done;
    run->confirmed += r->confirmed;
    dosing_guard_refund(state, run->count - r->done);
    if (r->done > 0u) {
        run->pulsed = 1u;
        run->last_pulse_ms = run->start_ms + (uint64_t)(r->done - 1u) * run->period_ms;
        run->given_ms = run->last_pulse_ms;
    }
    if (r->known) {
        dosing_monitor_train(state, r->done, r->confirmed);
    }
    take(state, r->done);
    dosing_reservoir_take(state, r->done);
    const bool booked =
        dosing_limit_book(state, r->done, now_ms) && dosing_therapy_book(state, r->done);
    dosing_delivery_look(state, now_ms);
    return booked;
}

/* Reads the train; a count that the hardware cannot have is taken as all of it: never too few. ERROR_HAL: the motor did not
 * answer, which is an alarm, and nothing else has changed. */
static dosing_status_t read_train(dosing_state_t *state, reading_t *r)
{
    const dosing_port_t port = dosing_state_port(state);
    *r = (reading_t){0};
    if (port.hal->train_status(port.context, &r->done, &r->running) != DOSING_HAL_OK) {
        dosing_alarm_raise(state, DOSING_ALARM_MOTOR);
        return DOSING_ERROR_HAL;
    }
    if (r->done > state->run.count) {
        dosing_alarm_raise(state, DOSING_ALARM_MOTOR);
        r->done = state->run.count;
    }
    r->known = port.hal->step_confirm(port.context, &r->confirmed) == DOSING_HAL_OK &&
               r->confirmed <= r->done;
    r->confirmed = r->known ? r->confirmed : 0u;
    return DOSING_OK;
}

dosing_status_t dosing_motor_settle(dosing_state_t *state, uint64_t now_ms, bool *busy)
{
    reading_t r;
    *busy = false;
    if (state->run.running == 0u) {
        return pass(state, now_ms);
    }
    *busy = now_ms < state->run.due_ms;
    if (*busy) {
        return DOSING_OK;
    }
    const dosing_status_t status = read_train(state, &r);
    *busy = r.running != 0u;
    if (status != DOSING_OK || *busy) {
        return status;
    }
    if (r.done != state->run.count) {
        dosing_alarm_raise(state, DOSING_ALARM_MOTOR);
    }
    return book(state, &r, now_ms) ? DOSING_OK : DOSING_ERROR_STATE;
}

dosing_status_t dosing_motor_halt(dosing_state_t *state, uint64_t now_ms)
{
    const dosing_port_t port = dosing_state_port(state);
    reading_t r;
    if (state->run.running == 0u) {
        return pass(state, now_ms);
    }
    const bool stopped = port.hal->train_stop(port.context) == DOSING_HAL_OK;
    if (!stopped || read_train(state, &r) != DOSING_OK) {
        dosing_alarm_raise(state, DOSING_ALARM_MOTOR);
        state->run.due_ms = now_ms < state->run.due_ms ? now_ms : state->run.due_ms;
        return DOSING_ERROR_HAL;
    }
    return book(state, &r, now_ms) ? DOSING_OK : DOSING_ERROR_STATE;
}

/* The motor did not take a train. */
static void put_off(dosing_state_t *state)
{
    dosing_alarm_raise(state, DOSING_ALARM_MOTOR);
    state->run.due_ms = state->run.last_ms + RETRY_MS;
}

/* The guard refuses a train. While the ring holds pulses that nobody gave, because a reset counted them, a limit may be reached
 * without a fault: dosing waits until they leave. Cut down so that both numbers fit the log's 32 bits: a count is at most
 * 64, a period below 2^24. */
static void refuse(dosing_state_t *state, const dosing_plan_t *plan, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    if (now_ms < state->lease.phantom_ms && !dosing_alarm_stops(state) &&
        state->path.bolus != DOSING_DELIVERY_PRIME &&
        !dosing_limit_allows(state, now_ms, plan->count, plan->period_ms)) {
        run->due_ms = run->bucket_end_ms > now_ms ? run->bucket_end_ms : now_ms + RETRY_MS;
        return;
    }
    run->guard_refusals += run->guard_refusals < UINT32_MAX ? 1u : 0u;
    dosing_log_note(state, DOSING_EVENT_CUT, now_ms, plan->count << 24 | plan->period_ms);
    dosing_alarm_raise(state, DOSING_ALARM_GUARD);
    run->due_ms = DOSING_NEVER_MS;
}

static void start(dosing_state_t *state, const dosing_plan_t *plan, uint64_t now_ms)
{
    const dosing_port_t port = dosing_state_port(state);
    dosing_run_t *run = &state->run;
    if (!dosing_keep_lease(state, now_ms, plan->count)) {
        run->due_ms = run->last_ms + RETRY_MS;
        return;
    }
    const dosing_status_t permit = dosing_guard_permit(state, now_ms, plan->count, plan->period_ms);
    if (permit == DOSING_REFUSED_LIMIT) {
        refuse(state, plan, now_ms);
        return;
    }
    if (permit != DOSING_OK) {
        put_off(state);
        return;
    }
    if (port.hal->train_start(port.context, plan->count, plan->period_ms) != DOSING_HAL_OK) {
        /* Nothing moves, says the contract; a motor that broke it is stopped, and the gap kept to a stroke it began. */
        (void)port.hal->train_stop(port.context);
        run->given_ms = run->pulsed != 0u ? run->given_ms : now_ms;
        run->pulsed = 1u;
        run->last_pulse_ms = now_ms;
        dosing_guard_refund(state, plan->count);
        put_off(state);
        return;
    }
    dosing_alarm_end(state, DOSING_ALARM_STOPPED); /* its first pulse has begun */
    run->running = 1u;
    run->start_ms = now_ms;
    run->count = plan->count;
    run->period_ms = plan->period_ms;
    run->due_ms = now_ms + (uint64_t)plan->count * plan->period_ms;
}

bool dosing_motor_drive(dosing_state_t *state, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    if (dosing_alarm_stops(state) &&
        dosing_mode_answer(dosing_delivery_now(state), DOSING_REQUEST_ALARM) ==
            DOSING_ANSWER_FORFEIT) {
        dosing_delivery_forfeit(state);
    }
    if (!dosing_delivery_serve(state, now_ms)) {
        return false;
    }
    if (dosing_alarm_stops(state)) {
        run->due_ms = DOSING_NEVER_MS;
        return true;
    }
    dosing_schedule_take(state, 0u);
    const dosing_plan_t plan = dosing_schedule_plan(state);
    run->grace_ms = dosing_schedule_pulse_ms(state);
    if (plan.count != 0u) {
        start(state, &plan, now_ms);
    } else {
        run->due_ms =
            plan.wait_ms == DOSING_NEVER_MS ? DOSING_NEVER_MS : run->last_ms + plan.wait_ms;
    }
    return true;
}
