/* SPDX-License-Identifier: Apache-2.0 */
/* Trains from what is owed. Bounds: den <= 2^55, num <= den / 100, |owed| <= den, count <= 64. An interval is at most a
 * train and a grace, under 131 pulses: 2^62.1; or the minute after a motor that refused: 60 000 den / period, where at
 * 50 mL/day period >= pulse_pl / 579 ms and den <= 5.4e9 pulse_pl: 2^57.5. So every sum of products is below 2^63. */
#include "dosing_schedule.h"

#include "dosing_fixed.h"
#include "dosing_reservoir.h"

static uint64_t bolus_until(const dosing_bolus_t *b, uint64_t now_ms)
{
    const uint64_t u = now_ms <= b->start_ms ? 0u : now_ms - b->start_ms;
    if (u >= b->duration_ms) {
        return b->num * b->duration_ms + b->rem;
    }
    return b->num * u + (uint64_t)b->rem * u / b->duration_ms;
}

bool dosing_schedule_bolus_over(const dosing_state_t *state, uint64_t now_ms)
{
    return now_ms >= state->bolus.start_ms + state->bolus.duration_ms;
}

static bool bolus_runs(const dosing_state_t *state)
{
    return state->path.bolus != 0u && state->path.bolus != DOSING_DELIVERY_PRIME;
}

/* Units of the basal rate for [run.last_ms, to_ms), over one change of it. */
static uint64_t basal_to(const dosing_state_t *state, uint64_t to_ms)
{
    const dosing_run_t *run = &state->run;
    if (to_ms <= run->change_ms || run->change_ms <= run->last_ms) {
        return state->path.num * (to_ms - run->last_ms);
    }
    return state->path.num * (run->change_ms - run->last_ms) +
           run->num_next * (to_ms - run->change_ms);
}

/* Units owed for [run.last_ms, to_ms). While a prime runs the basal rate waits. */
static uint64_t units_to(const dosing_state_t *state, uint64_t to_ms)
{
    if (state->path.bolus == DOSING_DELIVERY_PRIME) {
        return 0u;
    }
    uint64_t units = basal_to(state, to_ms);
    if (bolus_runs(state)) {
        units += bolus_until(&state->bolus, to_ms) - bolus_until(&state->bolus, state->run.last_ms);
    }
    return units;
}

/* Present rate, rounded down by less than a unit per ms. */
static uint64_t rate_now(const dosing_state_t *state)
{
    const bool bolus = bolus_runs(state) && !dosing_schedule_bolus_over(state, state->run.last_ms);
    return state->path.num + (bolus ? state->bolus.num : 0u);
}

/* For how long the present rate lasts: to the end of a bolus or the next change of the basal rate. NEVER: for good. */
static uint64_t horizon(const dosing_state_t *state)
{
    const dosing_run_t *run = &state->run;
    uint64_t at_ms = run->change_ms;
    if (bolus_runs(state) && !dosing_schedule_bolus_over(state, run->last_ms)) {
        const uint64_t end_ms = state->bolus.start_ms + state->bolus.duration_ms;
        at_ms = end_ms < at_ms ? end_ms : at_ms;
    }
    if (at_ms == DOSING_NEVER_MS) {
        return DOSING_NEVER_MS;
    }
    return at_ms > run->last_ms ? at_ms - run->last_ms : 1u;
}

void dosing_schedule_advance(dosing_state_t *state, uint64_t now_ms)
{
    dosing_run_t *run = &state->run;
    dosing_path_t *path = &state->path;
    if (now_ms <= run->last_ms) {
        return;
    }
    uint64_t to_ms = now_ms;
    if (run->due_ms == DOSING_NEVER_MS) { /* dosing is off: nothing falls due */
        to_ms = run->last_ms;
    } else if (now_ms > run->due_ms + run->grace_ms) {
        to_ms = run->due_ms + run->grace_ms;
        const uint64_t lost_ms = now_ms - (to_ms > run->last_ms ? to_ms : run->last_ms);
        run->lost_ms =
            lost_ms < UINT32_MAX - run->lost_ms ? run->lost_ms + (uint32_t)lost_ms : UINT32_MAX;
    }
    path->owed += to_ms > run->last_ms ? (int64_t)units_to(state, to_ms) : 0;
    run->last_ms = now_ms;
}

void dosing_schedule_take(dosing_state_t *state, uint32_t pulses)
{
    dosing_path_t *path = &state->path;
    path->owed -= (int64_t)(pulses * path->den);
    if (path->owed > (int64_t)path->den) {
        path->owed = (int64_t)path->den;
    }
}

uint32_t dosing_schedule_pulse_ms(const dosing_state_t *state)
{
    const uint64_t rate = rate_now(state);
    const uint64_t ms = rate != 0u ? dosing_fixed_divide_up(state->path.den, rate) : 0u;
    return ms < DOSING_TRAIN_MS_MAX ? (uint32_t)ms : DOSING_TRAIN_MS_MAX;
}

/* Period that lets `count` pulses end when they are owed, rounded up. */
static uint64_t period_for(const dosing_state_t *state, uint32_t count, uint64_t rate)
{
    const int64_t units = (int64_t)(count * state->path.den) - state->path.owed;
    const uint64_t ms = units > 0 ? dosing_fixed_divide_up((uint64_t)units, count * rate) : 0u;
    return ms > state->path.period_min_ms ? ms : state->path.period_min_ms;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The pulse that is owed across a change of rate: its period runs until the rate after it has completed it. Where that
 * changes once more, or is nothing, the period ends there: what is missing is waited for. */
static uint64_t period_across(const dosing_state_t *state, uint64_t left_ms)
{
    const dosing_run_t *run = &state->run;
    const uint64_t end_ms = run->last_ms + left_ms;
    const int64_t missing =
        (int64_t)state->path.den - state->path.owed - (int64_t)units_to(state, end_ms);
    const bool steps = end_ms >= run->change_ms;
    const bool bolus = bolus_runs(state) && !dosing_schedule_bolus_over(state, end_ms);
    const uint64_t after =
        (steps ? run->num_next : state->path.num) + (bolus ? state->bolus.num : 0u);
    uint64_t stay_ms = steps ? run->stay_ms : run->change_ms - end_ms;
    if (bolus) {
        stay_ms = sooner(stay_ms, state->bolus.start_ms + state->bolus.duration_ms - end_ms);
    } else if (bolus_runs(state) && state->bolus.held_ms != 0u) {
        stay_ms = 0u; /* another takes its place */
    }
    uint64_t ms = left_ms;
    if (missing > 0 && after != 0u) {
        ms += sooner(stay_ms, dosing_fixed_divide_up((uint64_t)missing, after));
    }
    return ms > state->path.period_min_ms ? ms : state->path.period_min_ms;
}

static uint32_t longest_train(const dosing_state_t *state, uint64_t rate)
{
    const uint64_t pulse_ms = state->path.den / rate;
    uint32_t count = DOSING_TRAIN_PULSES_MAX;
    if (pulse_ms < (uint64_t)count * DOSING_SCHEDULE_DRIFT) {
        count = (uint32_t)(pulse_ms / DOSING_SCHEDULE_DRIFT) + 1u;
    } else if (pulse_ms * count > DOSING_TRAIN_MS_MAX) {
        count = pulse_ms < DOSING_TRAIN_MS_MAX ? (uint32_t)(DOSING_TRAIN_MS_MAX / pulse_ms) : 1u;
    }
    return dosing_reservoir_pulses(state, count);
}

static dosing_plan_t plan_train(const dosing_state_t *state, uint64_t rate)
{
    const uint64_t horizon_ms = horizon(state);
    const bool bounded = horizon_ms < DOSING_TRAIN_MS_MAX;
    const uint64_t left_ms = bounded ? horizon_ms : DOSING_TRAIN_MS_MAX;
    uint32_t count = longest_train(state, rate);
    uint64_t period_ms = period_for(state, count, rate);
    while (count > 1u && count * period_ms > left_ms) {
        const uint64_t fits = left_ms / period_ms;
        count = fits < 1u ? 1u : fits < count ? (uint32_t)fits : count - 1u;
        period_ms = period_for(state, count, rate);
    }
    if (period_ms > left_ms) {
        period_ms = bounded ? period_across(state, left_ms) : left_ms;
    }
    period_ms = period_ms < DOSING_TRAIN_MS_MAX ? period_ms : DOSING_TRAIN_MS_MAX;
    return (dosing_plan_t){count, (uint32_t)period_ms, 0u};
}

/* The rest of a prime, as fast as the motor may: its pulses were declared, and none is owed. */
static dosing_plan_t plan_prime(const dosing_state_t *state)
{
    const uint32_t period_ms = state->path.period_min_ms;
    uint32_t count = DOSING_TRAIN_MS_MAX / period_ms;
    count = (uint32_t)sooner(count, sooner(DOSING_TRAIN_PULSES_MAX, state->bolus.prime_left));
    return (dosing_plan_t){dosing_reservoir_pulses(state, count), period_ms, 0u};
}

dosing_plan_t dosing_schedule_plan(const dosing_state_t *state)
{
    const dosing_run_t *run = &state->run;
    const bool primes = state->path.bolus == DOSING_DELIVERY_PRIME;
    const uint64_t rate = rate_now(state);
    const uint64_t free_ms = run->last_pulse_ms + state->path.period_min_ms;
    if (rate == 0u && !primes) {
        return (dosing_plan_t){0u, 0u, horizon(state)};
    }
    if (state->path.owed < 0 &&
        !primes) { /* ahead: until nothing is overpaid any more, or the rate is another */
        const uint64_t ms = dosing_fixed_divide_up((uint64_t)-state->path.owed, rate);
        return (dosing_plan_t){0u, 0u, sooner(ms, horizon(state))};
    }
    if (run->pulsed != 0u && run->last_ms < free_ms) {
        return (dosing_plan_t){0u, 0u, free_ms - run->last_ms};
    }
    return primes ? plan_prime(state) : plan_train(state, rate);
}

void dosing_schedule_set(dosing_state_t *state, const dosing_rate_t *rate)
{
    dosing_path_t *path = &state->path;
    const bool ahead = path->owed < 0;
    const uint64_t size = (uint64_t)(ahead ? -path->owed : path->owed);
    const uint64_t grain = (path->den >> 16) + 1u; /* a little above 1/65 536 pulse */
    uint64_t q16 = ahead ? dosing_fixed_divide_up(size, path->den >> 16) : size / grain;
    q16 = q16 > 65536u ? 65536u : q16;
    const uint64_t units = (rate->den >> 16) * q16;
    path->owed = ahead ? -(int64_t)(units + q16) : (int64_t)units;
    path->owed -= (int64_t)(rate->den >> 16);
    path->den = rate->den;
    path->period_min_ms = rate->period_min_ms;
}

void dosing_schedule_bolus(dosing_state_t *state, uint64_t units, uint32_t duration_ms)
{
    /* path.bolus, which says what kind it is, is the delivery's to set */
    dosing_bolus_t *b = &state->bolus;
    b->start_ms = state->run.last_ms;
    b->duration_ms = duration_ms;
    b->num = units / duration_ms;
    b->rem = (uint32_t)(units % duration_ms); /* below a day in ms */
}

uint64_t dosing_schedule_bolus_left(const dosing_state_t *state)
{
    const dosing_bolus_t *b = &state->bolus;
    return b->num * b->duration_ms + b->rem - bolus_until(b, state->run.last_ms);
}
