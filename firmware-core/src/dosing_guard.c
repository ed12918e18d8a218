/* SPDX-License-Identifier: Apache-2.0 */
/* The guard's integration and its veto. */
#include "dosing_guard.h"

#include "dosing_limit.h"

/* Longest interval integrated at once, about 2 h 20 min; more would be forfeit in any case. Bounds with it:
 * fl_per_ms * dt < 2^32 * 2^23 and fl_rem * dt < 2^32 * 2^23 = 2^55. */
#define STEP_MAX_MS (UINT64_C(1) << 23)

static int64_t pulse_fl(const dosing_state_t *state)
{
    return (int64_t)state->path.pulse_pl * DOSING_FL_PER_PL;
}

/* Bolus volume from its start to now; at the end exactly all of it. fl_per_ms * u is at most the whole, < 2^53. */
static int64_t bolus_until(const dosing_bolus_t *b, uint64_t now_ms)
{
    const uint64_t u = now_ms <= b->guard_start_ms ? 0u : now_ms - b->guard_start_ms;
    if (u >= b->guard_duration_ms) {
        return (int64_t)(b->fl_per_ms * b->guard_duration_ms + b->fl_rem);
    }
    return (int64_t)(b->fl_per_ms * u + b->fl_rem * u / b->guard_duration_ms);
}

/* Volume of the programme over [run.guard_ms, run.guard_ms + dt_ms); *carry is replaced. */
static int64_t volume_fl(const dosing_state_t *state, uint64_t dt_ms, uint32_t *carry)
{
    const dosing_path_t *path = &state->path;
    const uint64_t part = path->fl_rem * dt_ms + path->fl_carry;
    int64_t fl = (int64_t)(path->fl_per_ms * dt_ms);
    if (part >= path->fl_den) {
        fl += (int64_t)(part / path->fl_den);
        *carry = (uint32_t)(part % path->fl_den);
    } else {
        *carry = (uint32_t)part;
    }
    if (path->bolus != 0u) {
        fl += bolus_until(&state->bolus, state->run.guard_ms + dt_ms) -
              bolus_until(&state->bolus, state->run.guard_ms);
    }
    return fl;
}

static void forfeit(dosing_state_t *state)
{
    if (state->path.credit_fl > pulse_fl(state)) {
        state->path.credit_fl = pulse_fl(state);
    }
}

void dosing_guard_advance(dosing_state_t *state, uint64_t now_ms)
{
    dosing_path_t *path = &state->path;
    if (now_ms <= state->run.guard_ms) {
        return;
    }
    uint64_t dt_ms = now_ms - state->run.guard_ms;
    dt_ms = dt_ms > STEP_MAX_MS ? STEP_MAX_MS : dt_ms;
    path->credit_fl += volume_fl(state, dt_ms, &path->fl_carry);
    forfeit(state);
    state->run.guard_ms = now_ms;
}

void dosing_guard_refund(dosing_state_t *state, uint32_t pulses)
{
    state->path.credit_fl += (int64_t)pulses * pulse_fl(state);
    forfeit(state);
}

static bool shape_is_allowed(const dosing_state_t *state, uint64_t now_ms, uint32_t count,
                             uint32_t period_ms)
{
    const dosing_run_t *run = &state->run;
    const uint32_t gap_ms = state->path.period_min_ms;
    const bool apart = run->pulsed == 0u || now_ms >= run->last_pulse_ms + gap_ms;
    return count >= 1u && count <= DOSING_TRAIN_PULSES_MAX && period_ms >= gap_ms &&
           (uint64_t)count * period_ms <= DOSING_TRAIN_MS_MAX && apart;
}

/* Pulse j begins at j * period with j + 1 pulses commanded: never more than one above the programme. Between the
 * first and the last the programme is straight, so the two ends suffice. */
static bool is_not_ahead(const dosing_state_t *state, uint32_t count, uint32_t period_ms)
{
    uint32_t carry = 0;
    const uint64_t span_ms = (uint64_t)(count - 1u) * period_ms;
    const int64_t first_fl = state->path.credit_fl + DOSING_GUARD_SLACK_FL;
    return first_fl >= 0 &&
           first_fl + volume_fl(state, span_ms, &carry) >= (int64_t)(count - 1u) * pulse_fl(state);
}

dosing_status_t dosing_guard_permit(dosing_state_t *state, uint64_t now_ms, uint32_t count,
                                    uint32_t period_ms)
{
    const dosing_port_t port = dosing_state_port(state);
    dosing_guard_advance(state, now_ms);
    if ((state->path.alarms & DOSING_ALARM_STOPS) != 0u ||
        !shape_is_allowed(state, now_ms, count, period_ms) ||
        !dosing_limit_allows(state, now_ms, count, period_ms) ||
        !is_not_ahead(state, count, period_ms)) {
        return DOSING_REFUSED_LIMIT;
    }
    state->path.credit_fl -= (int64_t)count * pulse_fl(state);
    if (port.hal->motor_arm(port.context, count, period_ms) != DOSING_HAL_OK) {
        dosing_guard_refund(state, count);
        return DOSING_ERROR_HAL;
    }
    return DOSING_OK;
}

/* 1e12 fl/mL: dose_ng * 1e12 / concentration, as whole ms shares. The dose was bounded by the scheduler's own
 * reading; dose < 2^34 and the volume < 2^53 because a bolus has at most 2^16 pulses of 9e9 fl. */
void dosing_guard_bolus(dosing_state_t *state, uint64_t now_ms, uint64_t dose_ng,
                        uint32_t duration_ms)
{
    const uint64_t concentration = state->path.fl_den / 27u;
    const uint64_t million = UINT64_C(1000000);
    const uint64_t nl = dose_ng * million / concentration;
    const uint64_t nl_rest = dose_ng * million % concentration;
    const uint64_t fl = nl * million + nl_rest * million / concentration;
    const uint64_t fl_rest = nl_rest * million % concentration;
    dosing_bolus_t *b = &state->bolus;
    b->guard_start_ms = now_ms;
    b->guard_duration_ms = duration_ms;
    b->fl_per_ms = fl / duration_ms;
    b->fl_rem = (uint32_t)(fl % duration_ms);
    const uint64_t carry = state->path.fl_carry + 27u * fl_rest;
    state->path.credit_fl += (int64_t)(carry / state->path.fl_den);
    state->path.fl_carry = (uint32_t)(carry % state->path.fl_den);
}
