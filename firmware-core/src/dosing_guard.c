/* SPDX-License-Identifier: Apache-2.0 */
/* The guard's integration and its veto. */
#include "dosing_guard.h"

#include "dosing_crc.h"
#include "dosing_limit.h"
#include "dosing_rate.h"

/* Longest time integrated after one that nobody looked at, about 2 h 20 min; more would be forfeit in any case: one pulse is
 * owned for an hour at most. Bounds with it: fl_per_ms * dt < 2^32 * 2^23 and fl_rem * dt < 2^32 * 2^23 = 2^55. */
#define STEP_MAX_MS (UINT64_C(1) << 23)

#define DAY_MS UINT64_C(86400000)
#define MINUTE_MS 60000u
#define STEPS_PER_LOOK 256u /* of at least a minute each: more than STEP_MAX_MS holds */

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

static bool bolus_runs(const dosing_state_t *state)
{
    return state->path.bolus != 0u && state->path.bolus != DOSING_DELIVERY_PRIME;
}

/* Volume of the programme over [run.guard_ms, run.guard_ms + dt_ms), the basal rate as it is now; *carry is replaced. While a
 * prime runs the programme gives nothing. */
static int64_t volume_fl(const dosing_state_t *state, uint64_t dt_ms, uint32_t *carry)
{
    const dosing_path_t *path = &state->path;
    if (path->bolus == DOSING_DELIVERY_PRIME) {
        *carry = path->fl_carry;
        return 0;
    }
    const uint64_t part = path->fl_rem * dt_ms + path->fl_carry;
    int64_t fl = (int64_t)(path->fl_per_ms * dt_ms);
    if (part >= path->fl_den) {
        fl += (int64_t)(part / path->fl_den);
        *carry = (uint32_t)(part % path->fl_den);
    } else {
        *carry = (uint32_t)part;
    }
    if (bolus_runs(state)) {
        fl += bolus_until(&state->bolus, state->run.guard_ms + dt_ms) -
              bolus_until(&state->bolus, state->run.guard_ms);
    }
    return fl;
}

/* The guard's own reading of the programme: of the day's steps up to this minute the latest, and the first after it. */
static uint64_t own_dose(const dosing_state_t *state, uint64_t at_ms, uint64_t *change_ms)
{
    const dosing_programme_t *p = &state->therapy.programme;
    const uint64_t local_ms = at_ms + state->calendar.shift_ms;
    *change_ms = DOSING_NEVER_MS;
    if (state->calendar.known == 0u) {
        return p->mean_ng_per_day;
    }
    if (p->mode != DOSING_MODE_FLEX) {
        return p->dose_ng_per_day;
    }
    const uint32_t minute = (uint32_t)(local_ms % DAY_MS / MINUTE_MS); /* below 1440 */
    const uint64_t day = (local_ms / DAY_MS + state->calendar.weekday) % 7u;
    uint32_t next = 1440u;
    uint64_t dose = 0u;
    for (uint32_t i = 0; i < p->steps; i++) {
        const dosing_step_t s = dosing_programme_step(p, i);
        const bool today = (s.days >> day & 1u) != 0u;
        if (today && s.minute <= minute) {
            dose = s.dose_ng_per_day;
        } else if (today && s.minute < next) {
            next = s.minute;
        }
    }
    *change_ms = at_ms + (uint64_t)next * MINUTE_MS - local_ms % DAY_MS;
    return dose;
}

void dosing_guard_basal(dosing_state_t *state)
{
    dosing_run_t *run = &state->run;
    dosing_path_t *path = &state->path;
    const uint64_t dose = own_dose(state, run->guard_ms, &run->guard_change_ms);
    const uint64_t fl = dosing_rate_femtolitre(&state->therapy.rate, dose);
    path->fl_den = state->therapy.rate.fl_den;
    path->fl_per_ms = (uint32_t)(fl / path->fl_den); /* the programme's peak fits: dosing_rate_of */
    path->fl_rem = (uint32_t)(fl % path->fl_den);
}

static void forfeit(dosing_state_t *state)
{
    if (state->path.credit_fl > pulse_fl(state)) {
        state->path.credit_fl = pulse_fl(state);
    }
}

static void advance_to(dosing_state_t *state, uint64_t to_ms)
{
    dosing_path_t *path = &state->path;
    path->credit_fl += volume_fl(state, to_ms - state->run.guard_ms, &path->fl_carry);
    forfeit(state);
    state->run.guard_ms = to_ms;
}

/* Over each change of the basal rate for as long as STEP_MAX_MS, then at once to now. */
void dosing_guard_advance(dosing_state_t *state, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    if (now_ms <= run->guard_ms) {
        return;
    }
    const uint64_t last_ms = run->guard_ms + STEP_MAX_MS;
    const uint64_t until_ms = now_ms < last_ms ? now_ms : last_ms;
    for (uint32_t i = 0; i < STEPS_PER_LOOK && run->guard_change_ms <= until_ms; i++) {
        advance_to(state, run->guard_change_ms);
        dosing_guard_basal(state);
    }
    if (run->guard_ms < until_ms) {
        advance_to(state, until_ms);
    }
    if (until_ms < now_ms) {
        run->guard_ms = now_ms;
        dosing_guard_basal(state);
    }
}

static void allow_prime(dosing_state_t *state, uint32_t pulses)
{
    state->bolus.guard_prime = pulses;
    dosing_crc_seal(&state->bolus, sizeof state->bolus);
}

void dosing_guard_refund(dosing_state_t *state, uint32_t pulses)
{
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        allow_prime(state, state->bolus.guard_prime + pulses);
        return;
    }
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

/* What the programme, or a declared prime, leaves room for. A prime is no dose: it counts against its own allowance alone. */
static bool is_ordered(const dosing_state_t *state, uint64_t now_ms, uint32_t count,
                       uint32_t period_ms)
{
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        return count <= state->bolus.guard_prime;
    }
    return dosing_limit_allows(state, now_ms, count, period_ms) &&
           is_not_ahead(state, count, period_ms);
}

static void charge(dosing_state_t *state, uint32_t count)
{
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        allow_prime(state, state->bolus.guard_prime - count);
    } else {
        state->path.credit_fl -= (int64_t)count * pulse_fl(state);
    }
}

dosing_status_t dosing_guard_permit(dosing_state_t *state, uint64_t now_ms, uint32_t count,
                                    uint32_t period_ms)
{
    const dosing_port_t port = dosing_state_port(state);
    dosing_guard_advance(state, now_ms);
    if ((state->path.alarms & DOSING_ALARM_STOPS) != 0u ||
        !shape_is_allowed(state, now_ms, count, period_ms) ||
        !is_ordered(state, now_ms, count, period_ms)) {
        return DOSING_REFUSED_LIMIT;
    }
    charge(state, count);
    if (port.hal->motor_arm(port.context, count, period_ms) != DOSING_HAL_OK) {
        dosing_guard_refund(state, count);
        return DOSING_ERROR_HAL;
    }
    return DOSING_OK;
}

void dosing_guard_prime(dosing_state_t *state, uint32_t volume_nl)
{
    const uint64_t pulse_pl = state->path.pulse_pl;
    /* at most 4e9 pl over 1e4 pl, and one */
    state->bolus.guard_prime = (uint32_t)((uint64_t)volume_nl * 1000u / pulse_pl) + 1u;
}

int64_t dosing_guard_bolus_left(const dosing_state_t *state)
{
    const dosing_bolus_t *b = &state->bolus;
    return bolus_until(b, b->guard_start_ms + b->guard_duration_ms) -
           bolus_until(b, state->run.guard_ms);
}

static void set_bolus(dosing_state_t *state, uint64_t fl, uint32_t duration_ms)
{
    dosing_bolus_t *b = &state->bolus;
    b->guard_start_ms = state->run.guard_ms;
    b->guard_duration_ms = duration_ms;
    b->fl_per_ms = fl / duration_ms;
    b->fl_rem = (uint32_t)(fl % duration_ms);
}

void dosing_guard_bolus_resume(dosing_state_t *state, uint64_t fl, uint32_t duration_ms)
{
    set_bolus(state, fl, duration_ms);
}

/* 1e12 fl/mL: dose_ng * 1e12 / concentration, as whole ms shares. The dose was bounded by the scheduler's own
 * reading; dose < 2^34 and the volume < 2^53 because a bolus that was admitted is within the day's limit of 50 mL. */
void dosing_guard_bolus(dosing_state_t *state, uint64_t dose_ng, uint32_t duration_ms)
{
    const uint64_t concentration = state->path.fl_den / 27u;
    const uint64_t million = UINT64_C(1000000);
    const uint64_t nl = dose_ng * million / concentration;
    const uint64_t nl_rest = dose_ng * million % concentration;
    const uint64_t fl = nl * million + nl_rest * million / concentration;
    const uint64_t fl_rest = nl_rest * million % concentration;
    set_bolus(state, fl, duration_ms);
    const uint64_t carry = state->path.fl_carry + 27u * fl_rest;
    state->path.credit_fl += (int64_t)(carry / state->path.fl_den);
    state->path.fl_carry = (uint32_t)(carry % state->path.fl_den);
}
