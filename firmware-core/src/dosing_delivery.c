/* SPDX-License-Identifier: Apache-2.0 */
/* Boluses begun, held, resumed and forfeit; primes. */
#include "dosing_delivery.h"

#include "dosing_alarm.h"
#include "dosing_crc.h"
#include "dosing_fixed.h"
#include "dosing_guard.h"
#include "dosing_log.h"
#include "dosing_schedule.h"

#define SKIPS_PER_LOOK 32u

static void seal(dosing_state_t *state)
{
    dosing_crc_seal(&state->bolus, sizeof state->bolus);
}

uint32_t dosing_delivery_basal(const dosing_state_t *state)
{
    switch (state->therapy.programme.mode) {
    case DOSING_MODE_STOPPED:
        return DOSING_DELIVERY_OFF;
    case DOSING_MODE_MINIMUM:
        return DOSING_DELIVERY_MINIMUM;
    default:
        return state->run.bridge_pl != 0u ? DOSING_DELIVERY_BRIDGE : DOSING_DELIVERY_BASAL;
    }
}

uint32_t dosing_delivery_now(const dosing_state_t *state)
{
    return state->path.bolus != 0u ? state->path.bolus : dosing_delivery_basal(state);
}

uint64_t dosing_delivery_left_ng(const dosing_state_t *state)
{
    const uint64_t per_ng = state->therapy.rate.units_per_ng;
    if (state->path.bolus == 0u || state->path.bolus == DOSING_DELIVERY_PRIME || per_ng == 0u) {
        return 0u;
    }
    const uint64_t held = state->bolus.held_ms != 0u ? state->bolus.held_units : 0u;
    return dosing_fixed_divide_up(dosing_schedule_bolus_left(state) + held,
                                  per_ng); /* each at most 2^62 */
}

static uint64_t to_ng(const dosing_state_t *state, uint64_t units)
{
    const uint64_t per_ng = state->therapy.rate.units_per_ng;
    return per_ng != 0u ? units / per_ng : 0u;
}

/* What is left of the delivery that runs: ng, of a prime nl. At most 1e5 pulses of 9e6 pl. */
static uint64_t left_of(const dosing_state_t *state)
{
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        return (uint64_t)state->bolus.prime_left * state->path.pulse_pl / 1000u;
    }
    return to_ng(state, dosing_schedule_bolus_left(state));
}

static void hold(dosing_state_t *state)
{
    dosing_bolus_t *b = &state->bolus;
    const uint64_t end_ms = b->start_ms + b->duration_ms;
    if (state->path.bolus == 0u || end_ms <= state->run.last_ms) {
        return;
    }
    b->held_kind = state->path.bolus;
    b->held_ms = (uint32_t)(end_ms - state->run.last_ms); /* at most its duration */
    b->held_units = dosing_schedule_bolus_left(state);
    b->held_fl = (uint64_t)dosing_guard_bolus_left(state);
    dosing_log_note(state, DOSING_EVENT_HELD, to_ng(state, b->held_units), b->held_kind);
}

dosing_status_t dosing_delivery_begin(dosing_state_t *state, uint32_t kind, uint64_t dose_ng,
                                      uint32_t duration_ms)
{
    uint64_t units = 0;
    if (!dosing_fixed_multiply(dose_ng, state->therapy.rate.units_per_ng, DOSING_BOLUS_UNITS_MAX,
                               &units)) {
        return DOSING_REFUSED_BOUNDS;
    }
    hold(state);
    state->path.bolus = kind;
    dosing_schedule_bolus(state, units, duration_ms);
    dosing_guard_bolus(state, dose_ng, duration_ms);
    seal(state);
    dosing_log_note(state, DOSING_EVENT_BEGIN, dose_ng, kind);
    return DOSING_OK;
}

static void resume(dosing_state_t *state)
{
    dosing_bolus_t *b = &state->bolus;
    const uint32_t ms = b->held_ms;
    state->path.bolus = b->held_kind;
    dosing_log_note(state, DOSING_EVENT_RESUMED, to_ng(state, b->held_units), b->held_kind);
    dosing_schedule_bolus(state, b->held_units, ms);
    dosing_guard_bolus_resume(state, b->held_fl, ms);
    b->held_ms = 0u;
    b->held_kind = 0u;
}

static bool is_over(const dosing_state_t *state, uint64_t now_ms)
{
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        return state->bolus.prime_left == 0u;
    }
    return state->path.bolus != 0u && dosing_schedule_bolus_over(state, now_ms);
}

void dosing_delivery_look(dosing_state_t *state, uint64_t now_ms)
{
    if (!is_over(state, now_ms)) {
        return;
    }
    dosing_log_note(state, DOSING_EVENT_END, 0u, state->path.bolus);
    if (state->bolus.held_ms != 0u) {
        resume(state);
    } else {
        state->path.bolus = 0u;
    }
    seal(state);
}

void dosing_delivery_forfeit(dosing_state_t *state)
{
    if (state->path.bolus == 0u) {
        return;
    }
    dosing_log_note(state, DOSING_EVENT_END, left_of(state), state->path.bolus);
    if (state->bolus.held_ms != 0u) {
        dosing_log_note(state, DOSING_EVENT_END, to_ng(state, state->bolus.held_units),
                        state->bolus.held_kind);
    }
    state->path.bolus = 0u;
    state->bolus.held_ms = 0u;
    state->bolus.held_kind = 0u;
    state->bolus.prime_left = 0u;
    state->bolus.guard_prime = 0u;
    seal(state);
}

void dosing_delivery_prime(dosing_state_t *state, uint32_t volume_nl, uint32_t revision)
{
    dosing_bolus_t *b = &state->bolus;
    const uint64_t pulses =
        dosing_fixed_divide_up((uint64_t)volume_nl * 1000u, state->path.pulse_pl);
    b->prime_left = (uint32_t)pulses; /* at most 4e9 pl over 1e4 pl */
    b->revision = revision;
    dosing_guard_prime(state, volume_nl);
    state->path.bolus = DOSING_DELIVERY_PRIME;
    seal(state);
    dosing_log_note(state, DOSING_EVENT_BEGIN, volume_nl, DOSING_DELIVERY_PRIME);
}

void dosing_delivery_primed(dosing_state_t *state, uint32_t pulses)
{
    dosing_bolus_t *b = &state->bolus;
    b->prime_left -= pulses < b->prime_left ? pulses : b->prime_left;
    seal(state);
}

/* Guard: whole pl and one, so that its mass is never less than the scheduler's. 2^37 pl * 1e8 is below 2^64. */
static uint64_t guard_ng(uint64_t fl, uint32_t concentration)
{
    return dosing_fixed_divide_up((fl / 1000u + 1u) * concentration, UINT64_C(1000000000));
}

void dosing_delivery_convert(dosing_state_t *state, const dosing_rate_t *before,
                             uint32_t concentration)
{
    dosing_bolus_t *b = &state->bolus;
    const uint64_t per_ng = state->therapy.rate.units_per_ng;
    uint64_t units = 0;
    uint64_t held = 0;
    if (state->path.bolus == 0u || state->path.bolus == DOSING_DELIVERY_PRIME) {
        return;
    }
    const uint64_t end_ms = b->start_ms + b->duration_ms;
    const uint64_t guard_fl = (uint64_t)dosing_guard_bolus_left(state);
    const bool fits =
        end_ms > state->run.last_ms && before->units_per_ng != 0u &&
        dosing_fixed_multiply(dosing_schedule_bolus_left(state) / before->units_per_ng, per_ng,
                              DOSING_BOLUS_UNITS_MAX, &units) &&
        dosing_fixed_multiply(b->held_units / before->units_per_ng, per_ng, DOSING_BOLUS_UNITS_MAX,
                              &held);
    if (!fits) {
        dosing_delivery_forfeit(state);
        return;
    }
    const uint32_t ms = (uint32_t)(end_ms - state->run.last_ms);
    if (b->held_ms != 0u) {
        dosing_guard_bolus(state, guard_ng(b->held_fl, concentration), b->held_ms);
        b->held_fl = (uint64_t)dosing_guard_bolus_left(state);
        b->held_units = held;
    }
    dosing_schedule_bolus(state, units, ms);
    dosing_guard_bolus(state, guard_ng(guard_fl, concentration), ms);
    seal(state);
}

/* It begins, or is skipped and logged with the reason. */
static void serve(dosing_state_t *state, const dosing_due_t *due, dosing_status_t status)
{
    if (status == DOSING_OK) {
        status = dosing_delivery_begin(state, DOSING_DELIVERY_TIMED, due->bolus.dose_ng,
                                       due->bolus.duration_ms);
    }
    if (status != DOSING_OK) {
        dosing_log_note(state, DOSING_EVENT_SKIPPED, due->bolus.dose_ng, status);
    }
    dosing_calendar_served(state, due);
}

/* Why a timed bolus that is due cannot begin; OK: it can. */
static dosing_status_t hindrance(const dosing_state_t *state, const dosing_due_t *due,
                                 uint64_t now_ms)
{
    if (dosing_alarm_stops(state)) {
        return DOSING_REFUSED_ALARM;
    }
    if (now_ms >= due->until_ms) {
        return DOSING_REFUSED_BUSY;
    }
    return dosing_mode_status(dosing_mode_answer(dosing_delivery_now(state), DOSING_REQUEST_TIMED));
}

bool dosing_delivery_serve(dosing_state_t *state, uint64_t now_ms)
{
    dosing_due_t due;
    if (state->run.timed_due == 0u) {
        return true;
    }
    if (!dosing_crc_holds(&state->therapy, sizeof state->therapy) ||
        !dosing_crc_holds(&state->calendar, sizeof state->calendar) ||
        !dosing_crc_holds(&state->bolus, sizeof state->bolus)) {
        return false;
    }
    bool waits = false;
    for (uint32_t i = 0; i < SKIPS_PER_LOOK && !waits && dosing_calendar_due(state, now_ms, &due);
         i++) {
        const dosing_status_t status = hindrance(state, &due, now_ms);
        const dosing_answer_t answer =
            dosing_mode_answer(dosing_delivery_now(state), DOSING_REQUEST_TIMED);
        waits =
            answer == DOSING_ANSWER_WAIT && now_ms < due.until_ms && status != DOSING_REFUSED_ALARM;
        if (!waits) {
            serve(state, &due, status);
        }
    }
    dosing_calendar_basal(state);
    return true;
}
