/* SPDX-License-Identifier: Apache-2.0 */
/* Therapy: rates, and the boluses on top of them. */
#include "second_therapy.h"

#include "second_alarm.h"
#include "second_bytes.h"

#define DAY_MS 86400000u
#define WEEK_MS SECOND_PROGRAMME_WEEK_MS

uint32_t second_therapy_week_ms(const dosing_state_t *s, uint64_t now_ms)
{
    return (uint32_t)((now_ms + s->local_ms) % WEEK_MS);
}

/* ---- rates ----------------------------------------------------------------------------------------------------------- */

static uint32_t is_flex(const dosing_state_t *s)
{
    return second_state_mode(s) == DOSING_MODE_FLEX ? 1u : 0u;
}

/* Without local time a programme that goes by it runs at its mean. */
static uint64_t ordered_dose(const dosing_state_t *s, uint64_t now_ms, uint32_t *until_ms)
{
    *until_ms = WEEK_MS;
    if (is_flex(s) != 0u && s->local_known == 0u) {
        return second_programme_mean(s->kept.image);
    }
    return second_programme_step(s->kept.image, second_therapy_week_ms(s, now_ms), until_ms);
}

uint64_t second_therapy_dose(const dosing_state_t *s, uint64_t now_ms)
{
    uint32_t until_ms = 0;
    switch (second_state_mode(s)) {
    case DOSING_MODE_MINIMUM:
        return (uint64_t)s->factory.rate_min_nl_per_day * s->kept.path[0] / 1000000u;
    case DOSING_MODE_STOPPED:
        return 0;
    default:
        return ordered_dose(s, now_ms, &until_ms);
    }
}

static uint64_t basal_q32(const dosing_state_t *s, uint64_t now_ms)
{
    switch (second_state_mode(s)) {
    case DOSING_MODE_MINIMUM:
        return second_flow_of_volume((uint64_t)s->factory.rate_min_nl_per_day * 1000u, DAY_MS);
    case DOSING_MODE_STOPPED:
        return 0;
    default:
        return second_flow_of_dose(second_therapy_dose(s, now_ms), s->kept.path[0]);
    }
}

/* A bolus that goes on in another fluid gives its dose all the same. */
static void change_fluid(second_source_t *source, uint32_t from, uint32_t to)
{
    source->rate_q32 = source->rate_q32 / to * from + source->rate_q32 % to * from / to;
}

static void follow_fluid(dosing_state_t *s)
{
    const uint32_t now = s->kept.path[0];
    if (s->fluid != now && s->fluid != 0u && now != 0u) {
        change_fluid(&s->bolus, s->fluid, now);
        change_fluid(&s->patient, s->fluid, now);
    }
    s->fluid = now;
}

/* Nothing is left of a bolus once an alarm, a stop or a commit has ended it. */
void second_therapy_forfeit(dosing_state_t *s)
{
    static const second_source_t none = {0};
    s->bolus = none;
    s->patient = none;
    second_queue_set(&s->queue, SECOND_EVENT_BOLUS, SECOND_QUEUE_NEVER);
    second_queue_set(&s->queue, SECOND_EVENT_PATIENT, SECOND_QUEUE_NEVER);
}

static void set_step(dosing_state_t *s, uint64_t now_ms)
{
    uint32_t until_ms = 0;
    uint64_t at_ms = SECOND_QUEUE_NEVER;
    if (is_flex(s) != 0u && s->local_known != 0u) {
        (void)ordered_dose(s, now_ms, &until_ms);
        at_ms = now_ms + until_ms - second_therapy_week_ms(s, now_ms);
    }
    second_queue_set(&s->queue, SECOND_EVENT_STEP, at_ms);
    if (is_flex(s) != 0u && s->local_known == 0u) {
        second_alarm_raise(s, DOSING_ALARM_TIME);
    } else {
        second_alarm_end(s, DOSING_ALARM_TIME);
    }
}

void second_therapy_refresh(dosing_state_t *s, uint64_t now_ms)
{
    second_flow_advance(&s->flow, now_ms);
    follow_fluid(s);
    set_step(s, now_ms);
    if (second_alarm_stops(s) != 0u || s->kept.filled == 0u) {
        second_therapy_forfeit(s);
        s->flow.rate_q32 = 0;
        return;
    }
    s->flow.rate_q32 = basal_q32(s, now_ms) + s->patient.rate_q32 +
                       (s->bolus.left_ms == 0u ? s->bolus.rate_q32 : 0u);
}

/* One that waited for the patient's goes on. */
void second_therapy_over(dosing_state_t *s, second_event_t event, uint64_t at_ms)
{
    static const second_source_t none = {0};
    if (event == SECOND_EVENT_BOLUS) {
        s->bolus = none;
        return;
    }
    s->patient = none;
    if (s->bolus.left_ms != 0u) {
        s->bolus.until_ms = at_ms + s->bolus.left_ms;
        s->bolus.left_ms = 0;
        second_queue_set(&s->queue, SECOND_EVENT_BOLUS, s->bolus.until_ms);
    }
}

uint32_t second_therapy_delivery(const dosing_state_t *s)
{
    const uint32_t mode = second_state_mode(s);
    if (s->patient.rate_q32 != 0u) {
        return DOSING_DELIVERY_PATIENT;
    }
    if (s->bolus.rate_q32 != 0u) {
        return DOSING_DELIVERY_BOLUS;
    }
    if (s->flow.rate_q32 == 0u) {
        return DOSING_DELIVERY_OFF;
    }
    return mode == DOSING_MODE_MINIMUM ? DOSING_DELIVERY_MINIMUM
           : s->kept.bridge_pl != 0u   ? DOSING_DELIVERY_BRIDGE
                                       : DOSING_DELIVERY_BASAL;
}

/* ---- requests on record ------------------------------------------------------------------------------------------------ */

uint32_t second_therapy_requests(const second_kept_t *k, uint64_t now_ms, uint64_t ms)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < DOSING_PATIENT_PER_DAY_MAX; i++) {
        const uint64_t at_ms = k->request_ms[i];
        count += at_ms != SECOND_NEVER_REQUESTED && at_ms + ms > now_ms ? 1u : 0u;
    }
    return count;
}

uint64_t second_therapy_lockout_ms(const second_kept_t *k, uint64_t now_ms)
{
    const uint8_t *patient = k->image + DOSING_PROGRAMME_AT_PATIENT;
    const uint64_t lockout_ms = second_programme_u32(patient, DOSING_PATIENT_AT_LOCKOUT);
    const uint64_t latest_ms = k->course.request_ms;
    if (latest_ms == SECOND_NEVER_REQUESTED || latest_ms + lockout_ms <= now_ms) {
        return 0;
    }
    return latest_ms + lockout_ms - now_ms;
}

dosing_status_t second_therapy_set_time(dosing_state_t *s, uint32_t week_ms, uint64_t now_ms)
{
    if (week_ms >= WEEK_MS) {
        return DOSING_REFUSED_TIME;
    }
    s->local_ms = (WEEK_MS + week_ms - now_ms % WEEK_MS) % WEEK_MS;
    s->local_known = 1;
    second_therapy_refresh(s, now_ms);
    return DOSING_OK;
}
