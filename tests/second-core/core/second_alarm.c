/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms and their tones. */
#include "second_alarm.h"

#include "second_bytes.h"
#include "second_cell.h"

#define MINUTE_MS 60000u
#define CRITICAL_MINUTES 60u
#define ADVISORY_MINUTES 1440u

void second_alarm_raise(dosing_state_t *s, uint32_t alarm)
{
    second_course_t *c = &s->kept.course;
    if ((c->alarms & alarm) == 0u) {
        c->alarms |= alarm;
        c->unseen |= alarm;
        s->tones |= alarm;
    }
}

void second_alarm_end(dosing_state_t *s, uint32_t alarm)
{
    s->kept.course.alarms &= ~alarm;
    s->tones &= ~alarm;
}

void second_alarm_clear(second_course_t *c, uint32_t alarms)
{
    c->unseen &= ~alarms;
    c->alarms &= ~(alarms & SECOND_ALARM_CLEARABLE);
}

uint32_t second_alarm_stops(const dosing_state_t *s)
{
    return (s->kept.course.alarms & DOSING_ALARM_STOPS) != 0u ? 1u : 0u;
}

static uint64_t minutes_ms(const dosing_state_t *s, uint32_t at, uint32_t otherwise)
{
    const uint32_t minutes =
        s->kept.image_length == 0u ? 0u : (uint32_t)second_bytes_get(s->kept.image + at, 2u);
    return (uint64_t)(minutes != 0u ? minutes : otherwise) * MINUTE_MS;
}

static void sound(dosing_state_t *s, uint32_t tone)
{
    second_cell_spend(s, s->factory.tone_nc);
    (void)s->hal->tone(s->context, tone);
}

/* What holds and nobody has seen, of the priority that this reminder is for; a notice is silent beside what is critical. */
static uint32_t reminded(const dosing_state_t *s, second_event_t which)
{
    const uint32_t holds = s->kept.course.alarms & s->kept.course.unseen;
    const uint32_t critical = holds & SECOND_ALARM_CRITICAL;
    if (which == SECOND_EVENT_CRITICAL) {
        return critical;
    }
    return critical == 0u ? holds : 0u;
}

/* A reminder that runs goes on; one of nothing ends. */
static void set_reminder(dosing_state_t *s, uint64_t now_ms, second_event_t which, uint32_t begun)
{
    const uint32_t holds = reminded(s, which);
    const uint64_t after_ms =
        which == SECOND_EVENT_CRITICAL
            ? minutes_ms(s, DOSING_PROGRAMME_AT_REPEAT_CRITICAL, CRITICAL_MINUTES)
            : minutes_ms(s, DOSING_PROGRAMME_AT_REPEAT_ADVISORY, ADVISORY_MINUTES);
    if (holds == 0u) {
        second_queue_set(&s->queue, which, SECOND_QUEUE_NEVER);
    } else if ((begun & holds) != 0u || s->queue.at_ms[which] == SECOND_QUEUE_NEVER) {
        second_queue_set(&s->queue, which, now_ms + after_ms);
    }
}

void second_alarm_sound(dosing_state_t *s, uint64_t now_ms)
{
    const uint32_t begun = s->tones;
    s->tones = 0;
    if ((begun & SECOND_ALARM_CRITICAL) != 0u) {
        sound(s, DOSING_TONE_CRITICAL);
    } else if (begun != 0u) {
        sound(s, DOSING_TONE_ADVISORY);
    }
    set_reminder(s, now_ms, SECOND_EVENT_CRITICAL, begun);
    set_reminder(s, now_ms, SECOND_EVENT_ADVISORY, begun);
}

void second_alarm_remind(dosing_state_t *s, second_event_t which)
{
    if (reminded(s, which) != 0u) {
        sound(s, which == SECOND_EVENT_CRITICAL ? DOSING_TONE_CRITICAL : DOSING_TONE_ADVISORY);
    }
}
