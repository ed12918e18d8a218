/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms: raised once per edge, with a tone; dosing is off while a critical one holds. */
#ifndef DOSING_ALARM_H
#define DOSING_ALARM_H

#include "dosing_state.h"

/* Raises `alarm` (one bit); on an edge notes it as unseen and sounds its tone. */
void dosing_alarm_raise(dosing_state_t *state, uint32_t alarm);

/* Ends `alarms`; what was unseen stays so until acknowledged. */
void dosing_alarm_end(dosing_state_t *state, uint32_t alarms);

/* Acknowledges `alarms`; those whose cause is over by being seen (GUARD, MOTOR) end. */
void dosing_alarm_acknowledge(dosing_state_t *state, uint32_t alarms);

bool dosing_alarm_stops(const dosing_state_t *state);

#endif
