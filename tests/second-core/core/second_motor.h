/* SPDX-License-Identifier: Apache-2.0 */
/* The motor: trains begun where pulses are owed, and booked; what it says of its steps. */
#ifndef SECOND_MOTOR_H
#define SECOND_MOTOR_H

#include "second_state.h"

/* Books what has begun of the train under way, and ends it once it is over. */
void second_motor_settle(dosing_state_t *s, uint64_t now_ms);

/* Ends the train under way, if one is. */
void second_motor_stop(dosing_state_t *s, uint64_t now_ms);

/* Begins a train where a pulse is owed; else puts the time of the next look into the queue. */
void second_motor_plan(dosing_state_t *s, uint64_t now_ms);

/* Low and empty, as the reservoir stands. */
void second_motor_watch_reservoir(dosing_state_t *s);

/* The day's steps are over. */
void second_motor_day(dosing_state_t *s);

#endif
