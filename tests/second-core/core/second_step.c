/* SPDX-License-Identifier: Apache-2.0 */
/* Stall and recovery. The hardware tells how many steps of a train were seen, not which: those missed count as its last. */
#include "second_step.h"

#include "second_alarm.h"

/* A step that was seen ends the row before it. */
static void note_missed(dosing_state_t *s, uint32_t confirmed)
{
    const second_train_t *t = &s->train;
    second_course_t *c = &s->kept.course;
    if (confirmed != 0u || s->stood == 0u) {
        s->missed_ms = t->start_ms + (uint64_t)confirmed * t->period_ms;
        s->stood = 0;
    }
    s->moved = 0;
    s->stood = second_state_add(s->stood, t->booked - confirmed);
    c->missed = second_state_add(c->missed, t->booked - confirmed);
    if (s->stood >= SECOND_STEP_ROW && (c->alarms & DOSING_ALARM_STALL) == 0u) {
        c->stalls = second_state_add(c->stalls, 1u);
        c->stall_ms = s->missed_ms;
        second_alarm_raise(s, DOSING_ALARM_STALL);
    }
}

static void note_moving(dosing_state_t *s)
{
    s->stood = 0;
    s->moved = second_state_add(s->moved, s->train.booked);
    if (s->moved >= SECOND_STEP_ROW) {
        second_alarm_end(s, DOSING_ALARM_STALL);
    }
}

/* A response that cannot be read, or cannot be, is none. */
void second_step_take(dosing_state_t *s)
{
    uint32_t confirmed = 0;
    if (s->train.booked == 0u || s->hal->step_confirm(s->context, &confirmed) != DOSING_HAL_OK ||
        confirmed > s->train.booked) {
        return;
    }
    s->kept.course.confirmed += confirmed;
    if (confirmed < s->train.booked) {
        note_missed(s, confirmed);
    } else {
        note_moving(s);
    }
}
