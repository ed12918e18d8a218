/* SPDX-License-Identifier: Apache-2.0 */
/* The motor as trains: what has run is booked everywhere, what is planned is started. */
#ifndef DOSING_MOTOR_H
#define DOSING_MOTOR_H

#include "dosing_state.h"

/* Books a train that has ended, and brings scheduler and guard to `now_ms`; a train that still runs is left alone, and
 * *busy is then true. ERROR_HAL: the motor did not answer, its alarm is raised, nothing was booked; ERROR_STATE: a bucket
 * failed. */
dosing_status_t dosing_motor_settle(dosing_state_t *state, uint64_t now_ms, bool *busy);

/* Ends a running train and books it. The same errors; after ERROR_HAL the train is due to be settled now. */
dosing_status_t dosing_motor_halt(dosing_state_t *state, uint64_t now_ms);

/* Plans from run.last_ms and starts a train where one is due; sets run.due_ms. `now_ms` is the clock's own time, which
 * the guard goes by. False: a block failed its check. */
bool dosing_motor_drive(dosing_state_t *state, uint64_t now_ms);

#endif
