/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms: raised once per edge, with a tone that comes back until the alarm is seen; the table of dosing_fault.h says
 * what each does. */
#ifndef DOSING_ALARM_H
#define DOSING_ALARM_H

#include "dosing_state.h"

/* Tones come back this long after the latest, for as long as an alarm holds that nobody has acknowledged. Assumption:
 * intervals in use are programmable and unpublished. */
#define DOSING_ALARM_CRITICAL_MS UINT64_C(3600000)
#define DOSING_ALARM_ADVISORY_MS UINT64_C(86400000)

/* Raises `alarm` (one bit) at run.guard_ms; on an edge notes it as unseen and sounds its tone. */
void dosing_alarm_raise(dosing_state_t *state, uint32_t alarm);

/* Ends `alarms`; what was unseen stays so until acknowledged. */
void dosing_alarm_end(dosing_state_t *state, uint32_t alarms);

/* Acknowledges `alarms`: no more tones for them, and those end that the table lets end so. */
void dosing_alarm_acknowledge(dosing_state_t *state, uint32_t alarms);

/* Sounds the tone of what holds unseen, where it is due again at `now_ms`. */
void dosing_alarm_remind(dosing_state_t *state, uint64_t now_ms);

/* When dosing_alarm_remind has something to do; DOSING_NEVER_MS: nothing holds unseen. */
uint64_t dosing_alarm_due(const dosing_state_t *state);

bool dosing_alarm_stops(const dosing_state_t *state);

#endif
