/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms: raised once per edge, with a tone that comes back until the alarm is seen; the table of dosing_fault.h says
 * what each does. How long until it comes back is the programme's to say, but where the tone itself may be what resets the cell. */
#ifndef DOSING_ALARM_H
#define DOSING_ALARM_H

#include "dosing_state.h"

/* Raises `alarm` (one bit) at run.guard_ms; on an edge notes it as unseen and sounds its tone: at once, but of a start's own
 * alarms at its first wake. */
void dosing_alarm_raise(dosing_state_t *state, uint32_t alarm);

/* Ends `alarms`; what was unseen stays so until acknowledged. */
void dosing_alarm_end(dosing_state_t *state, uint32_t alarms);

/* Acknowledges `alarms`: no more tones for them, and those end that the table lets end so. */
void dosing_alarm_acknowledge(dosing_state_t *state, uint32_t alarms);

/* Sounds the tone of what holds unseen, where it is due again at `now_ms`; at the first wake of a start, unless a storm stands. */
void dosing_alarm_remind(dosing_state_t *state, uint64_t now_ms);

/* When dosing_alarm_remind has something to do; DOSING_NEVER_MS: nothing holds unseen. */
uint64_t dosing_alarm_due(const dosing_state_t *state);

bool dosing_alarm_stops(const dosing_state_t *state);

#endif
