/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms: raised, ended, acknowledged; their tones. What each does is the table of PORTING.md. */
#ifndef SECOND_ALARM_H
#define SECOND_ALARM_H

#include "second_state.h"

/* Those that sound the critical tone, and those that an acknowledgement ends. */
#define SECOND_ALARM_CRITICAL                                                                      \
    (DOSING_ALARM_EMPTY | DOSING_ALARM_MEMORY | DOSING_ALARM_GUARD | DOSING_ALARM_STALL |          \
     DOSING_ALARM_STOPPED | DOSING_ALARM_CLOCK | DOSING_ALARM_STORE | DOSING_ALARM_LOST |          \
     DOSING_ALARM_EOS | DOSING_ALARM_SELFTEST | DOSING_ALARM_STORM | DOSING_ALARM_TIME |           \
     DOSING_ALARM_BROWN_OUT)
#define SECOND_ALARM_CLEARABLE                                                                     \
    (DOSING_ALARM_GUARD | DOSING_ALARM_MOTOR | DOSING_ALARM_DEVIATION | DOSING_ALARM_CLOCK |       \
     DOSING_ALARM_RESET | DOSING_ALARM_COPY | DOSING_ALARM_LOST | DOSING_ALARM_STORM |             \
     DOSING_ALARM_BROWN_OUT)

/* One that holds already is raised no second time. Its tone sounds at the end of the wake. */
void second_alarm_raise(dosing_state_t *s, uint32_t alarm);
void second_alarm_end(dosing_state_t *s, uint32_t alarm);

/* Acknowledged, in what is to be kept: silent from here on; some end. */
void second_alarm_clear(second_course_t *c, uint32_t alarms);

/* Sounds what was raised, the more urgent tone alone, and sets the reminders of what holds unseen. */
void second_alarm_sound(dosing_state_t *s, uint64_t now_ms);

/* A reminder is due: CRITICAL or ADVISORY of the queue. */
void second_alarm_remind(dosing_state_t *s, second_event_t which);

/* 1 where one that stops dosing holds. */
uint32_t second_alarm_stops(const dosing_state_t *s);

#endif
