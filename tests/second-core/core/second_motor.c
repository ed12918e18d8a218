/* SPDX-License-Identifier: Apache-2.0 */
/* The motor. */
#include "second_motor.h"

#include "second_account.h"
#include "second_alarm.h"
#include "second_cell.h"
#include "second_step.h"
#include "second_store.h"

#define RETRY_MS 60000u
#define IDLE_MS UINT64_C(172800000) /* 48 h */
#define HYSTERESIS_PL 100000000u    /* 0.1 mL */
#define NL 1000u                    /* pl */

/* ---- booking --------------------------------------------------------------------------------------------------------- */

static uint64_t threshold_pl(const dosing_state_t *s, uint32_t at)
{
    return (uint64_t)second_programme_u32(s->kept.image, at) * NL;
}

void second_motor_watch_reservoir(dosing_state_t *s)
{
    second_kept_t *k = &s->kept;
    const uint64_t low_pl = threshold_pl(s, DOSING_PROGRAMME_AT_LOW_NL);
    if (k->image_length == 0u || k->filled == 0u) {
        return;
    }
    if (k->reservoir_pl <= low_pl) {
        second_alarm_raise(s, DOSING_ALARM_LOW);
    } else if (k->reservoir_pl > low_pl + HYSTERESIS_PL) {
        second_alarm_end(s, DOSING_ALARM_LOW);
    }
    if (k->reservoir_pl <= threshold_pl(s, DOSING_PROGRAMME_AT_EMPTY_NL)) {
        second_alarm_raise(s, DOSING_ALARM_EMPTY);
    } else {
        second_alarm_end(s, DOSING_ALARM_EMPTY);
    }
}

static void book(dosing_state_t *s, uint32_t done)
{
    second_train_t *t = &s->train;
    if (done <= t->booked) {
        return;
    }
    const uint32_t pulses = done - t->booked;
    t->booked = done;
    second_account_book(&s->kept, &s->factory, t->start_ms, pulses);
    second_flow_pay(&s->flow, pulses);
    second_cell_spend(s, (uint64_t)pulses * s->factory.pulse_nc);
    s->last_pulse_ms = t->start_ms + (uint64_t)(done - 1u) * t->period_ms;
    second_queue_set(&s->queue, SECOND_EVENT_IDLE, s->last_pulse_ms + IDLE_MS);
    second_alarm_end(s, DOSING_ALARM_STOPPED);
    second_motor_watch_reservoir(s);
}

/* Least time from one pulse to the next: the gap, and the fastest rate. */
static uint32_t least_ms(const dosing_state_t *s)
{
    const uint64_t fastest_ms =
        (uint64_t)s->factory.pulse_volume_pl * 86400u / s->factory.rate_max_nl_per_day;
    return fastest_ms > s->factory.gap_ms ? (uint32_t)fastest_ms : s->factory.gap_ms;
}

static void finish(dosing_state_t *s)
{
    second_train_t *t = &s->train;
    second_step_take(s);
    if (t->booked > 0u) {
        s->ready_ms = s->last_pulse_ms + least_ms(s);
    }
    t->count = 0;
}

/* What the motor says of its train; without an answer about one that is over: all of it. */
static uint32_t ask(dosing_state_t *s, uint64_t now_ms, uint32_t *running)
{
    uint32_t done = 0;
    *running = 0;
    if (s->hal->train_status(s->context, &done, running) != DOSING_HAL_OK) {
        *running = now_ms < s->train.end_ms ? 1u : 0u;
        if (*running == 0u) {
            second_alarm_raise(s, DOSING_ALARM_MOTOR);
        }
        return *running != 0u ? s->train.booked : s->train.count;
    }
    if (done > s->train.count) {
        second_alarm_raise(s, DOSING_ALARM_MOTOR);
        done = s->train.count;
    }
    return done;
}

void second_motor_settle(dosing_state_t *s, uint64_t now_ms)
{
    second_train_t *t = &s->train;
    uint32_t running = 0;
    if (t->count == 0u) {
        return;
    }
    book(s, ask(s, now_ms, &running));
    if (running != 0u && now_ms < t->end_ms + t->period_ms) {
        const uint64_t look_ms = now_ms < t->end_ms ? t->end_ms : t->end_ms + t->period_ms;
        second_queue_set(&s->queue, SECOND_EVENT_MOTOR, look_ms);
        return;
    }
    if (running != 0u || t->booked < t->count) {
        (void)s->hal->train_stop(s->context);
        second_alarm_raise(s, DOSING_ALARM_MOTOR);
    }
    finish(s);
}

void second_motor_stop(dosing_state_t *s, uint64_t now_ms)
{
    uint32_t running = 0;
    int32_t result = DOSING_HAL_FAILED;
    if (s->train.count == 0u) {
        return;
    }
    for (uint32_t i = 0; i < 3u && result != DOSING_HAL_OK; i++) {
        result = s->hal->train_stop(s->context);
    }
    if (result != DOSING_HAL_OK) { /* it runs on, and is booked as it does */
        second_alarm_raise(s, DOSING_ALARM_MOTOR);
        second_motor_settle(s, now_ms);
        return;
    }
    book(s, ask(s, now_ms, &running));
    finish(s);
}

void second_motor_day(dosing_state_t *s)
{
    const uint64_t commanded = s->kept.course.commanded - s->day_commanded;
    const uint64_t confirmed = s->kept.course.confirmed - s->day_confirmed;
    if (commanded >= 32u && confirmed * 10u < commanded * 9u) {
        second_alarm_raise(s, DOSING_ALARM_DEVIATION);
    } else if (commanded >= 32u) {
        second_alarm_end(s, DOSING_ALARM_DEVIATION);
    }
    s->day_commanded = s->kept.course.commanded;
    s->day_confirmed = s->kept.course.confirmed;
}

/* ---- the next train --------------------------------------------------------------------------------------------------- */

typedef struct shape_t {
    uint32_t count, period_ms;
} shape_t;

static uint64_t less(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Pulses that may be given before something is to be looked at: a limit, a threshold, the other fluid. */
static uint64_t most_pulses(const dosing_state_t *s)
{
    const second_kept_t *k = &s->kept;
    const uint32_t pulse_pl = s->factory.pulse_volume_pl;
    const uint64_t low_pl = threshold_pl(s, DOSING_PROGRAMME_AT_LOW_NL);
    const uint64_t empty_pl = threshold_pl(s, DOSING_PROGRAMME_AT_EMPTY_NL);
    const uint64_t next_pl = k->reservoir_pl > low_pl ? low_pl : empty_pl;
    uint64_t most = less(DOSING_TRAIN_PULSES_MAX, second_account_room(s));
    most = less(most, second_account_pulses_above(k->reservoir_pl, next_pl, pulse_pl));
    if (k->bridge_pl > 0u) {
        most = less(most, second_account_pulses_above(k->bridge_pl, 0u, pulse_pl));
    }
    return most;
}

/* Pulses of one period each until the rate changes and, begun, until the hour is over; one where not even one fits, cut
 * short. */
static shape_t fit(const dosing_state_t *s, uint64_t now_ms, uint64_t period_ms)
{
    const uint64_t change_ms = second_queue_change_ms(&s->queue) - now_ms;
    const uint64_t hour_ms = SECOND_PROGRAMME_HOUR_MS - now_ms % SECOND_PROGRAMME_HOUR_MS;
    uint64_t count = less(DOSING_TRAIN_MS_MAX / period_ms, (hour_ms - 1u) / period_ms + 1u);
    count = less(count, change_ms / period_ms);
    if (count == 0u) {
        count = 1u;
        period_ms = change_ms > least_ms(s) ? less(period_ms, change_ms) : least_ms(s);
    }
    return (shape_t){(uint32_t)less(count, most_pulses(s)), (uint32_t)period_ms};
}

/* Owed more than a pulse by a 32nd, be it by a wake that came late or by periods rounded up: one pulse and a shorter time
 * after it, so that the next begins when it is owed. */
static shape_t shape(const dosing_state_t *s, uint64_t now_ms)
{
    const int64_t pulse_q32 = (int64_t)((uint64_t)s->flow.pulse_pl << 32u);
    const uint64_t least = least_ms(s);
    uint64_t period_ms = second_flow_period(&s->flow);
    const uint32_t behind = s->flow.owed_q32 > pulse_q32 + pulse_q32 / 32 ? 1u : 0u;
    if (behind != 0u) {
        period_ms = less(period_ms, second_flow_until(&s->flow, 2u));
    }
    period_ms = period_ms > least ? less(period_ms, DOSING_TRAIN_MS_MAX) : least;
    shape_t shape = fit(s, now_ms, period_ms);
    shape.count = behind != 0u && shape.count > 1u ? 1u : shape.count;
    return shape;
}

/* Leased for the train, and for an hour of such trains, so that slow ones need a record every second hour. */
static uint32_t is_leased(dosing_state_t *s, shape_t shape)
{
    const uint64_t needed = s->kept.course.commanded + shape.count;
    const uint64_t before = s->kept.course.lease;
    if (needed <= before) {
        return 1;
    }
    s->kept.course.lease = needed + SECOND_PROGRAMME_HOUR_MS / shape.period_ms;
    if (second_store_record(s) == DOSING_OK) {
        return 1;
    }
    s->kept.course.lease = before;
    return 0;
}

static void start(dosing_state_t *s, uint64_t now_ms, shape_t shape)
{
    if (s->hal->motor_arm(s->context, shape.count, shape.period_ms) != DOSING_HAL_OK ||
        s->hal->train_start(s->context, shape.count, shape.period_ms) != DOSING_HAL_OK) {
        (void)s->hal->train_stop(s->context);
        second_alarm_raise(s, DOSING_ALARM_MOTOR);
        second_queue_set(&s->queue, SECOND_EVENT_MOTOR, now_ms + RETRY_MS);
        return;
    }
    s->train = (second_train_t){.start_ms = now_ms,
                                .end_ms = now_ms + (uint64_t)shape.count * shape.period_ms,
                                .count = shape.count,
                                .period_ms = shape.period_ms};
    second_queue_set(&s->queue, SECOND_EVENT_MOTOR, s->train.end_ms);
}

/* When a pulse may begin: now, or the time of the next look. */
static uint64_t due_ms(const dosing_state_t *s, uint64_t now_ms)
{
    const uint64_t wait_ms = second_flow_until(&s->flow, 1u);
    if (wait_ms > SECOND_QUEUE_NEVER - now_ms) {
        return SECOND_QUEUE_NEVER;
    }
    return now_ms + wait_ms > s->ready_ms ? now_ms + wait_ms : s->ready_ms;
}

/* A store that takes no lease is tried each minute. */
static uint32_t is_held(dosing_state_t *s, uint64_t now_ms)
{
    if ((s->kept.course.alarms & DOSING_ALARM_STORE) == 0u) {
        return 0;
    }
    if (second_store_record(s) == DOSING_OK) {
        second_alarm_end(s, DOSING_ALARM_STORE);
        return 0;
    }
    second_queue_set(&s->queue, SECOND_EVENT_MOTOR, now_ms + RETRY_MS);
    return 1;
}

void second_motor_plan(dosing_state_t *s, uint64_t now_ms)
{
    if (s->train.count != 0u || is_held(s, now_ms) != 0u) {
        return;
    }
    if (s->flow.rate_q32 != 0u) {
        second_flow_forgive(&s->flow);
    }
    const uint64_t at_ms = s->flow.rate_q32 == 0u ? SECOND_QUEUE_NEVER : due_ms(s, now_ms);
    second_queue_set(&s->queue, SECOND_EVENT_MOTOR, at_ms);
    if (at_ms > now_ms) {
        return;
    }
    second_account_enter(&s->kept, now_ms);
    const shape_t next = shape(s, now_ms);
    if (next.count == 0u) { /* a limit: nothing before an hour falls out of the day */
        s->held_back = second_state_add(s->held_back, 1u);
        second_queue_set(&s->queue, SECOND_EVENT_MOTOR,
                         (now_ms / SECOND_PROGRAMME_HOUR_MS + 1u) * SECOND_PROGRAMME_HOUR_MS);
        return;
    }
    if (is_leased(s, next) == 0u) {
        second_alarm_raise(s, DOSING_ALARM_STORE);
        second_queue_set(&s->queue, SECOND_EVENT_MOTOR, now_ms + RETRY_MS);
        return;
    }
    start(s, now_ms, next);
}
