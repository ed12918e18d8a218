/* SPDX-License-Identifier: Apache-2.0 */
/* The drive of a pump, whichever its kind: trains of pulses in, volumes moved out.
 *
 * All act at the pump's `now` unless a time is given. A constant-flow pump has no train and takes none.
 */
#ifndef MODELS_DEVICE_PUMP_DRIVE_H
#define MODELS_DEVICE_PUMP_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "device/pump.h"

/* Called by pump_init. Errors: those of motor, head, restrictor or valve. */
int pump_drive_init(pump_t *p, const pump_param_t *param, error_t *e)
    __attribute__((warn_unused_result));

/* Nominal volume of a pulse of this kind, uL: what its maker tells its core. 0 for constant flow. */
double pump_drive_pulse_ul(const pump_param_t *param);

/* Pressure that drives fluid out: the propellant's, less ambient and outlet, kPa; below 0 it would come back. */
double pump_drive_kpa(const pump_t *p);

/* Begins a train now. ERROR_ARGUMENT as of motor_train_start; nothing is changed. */
int pump_drive_start(pump_t *p, int64_t count, double period_ms, error_t *e)
    __attribute__((warn_unused_result));

/* The pump's surroundings have changed: fields lock a motor or hold valves open, pressures load the head. */
void pump_drive_surround(pump_t *p, draw_t *binding);

/* What it pumps into has changed: how much of the present train gets in, and against what. */
void pump_drive_meet_outlet(pump_t *p);

/* So many pulses, fractions too, have not got in: their fluid went back under the rollers, and the tube is harmed. */
void pump_drive_held_up(pump_t *p, double pulses);

/* So many pulses, fractions too, have turned without fluid: a tube that runs dry is harmed. */
void pump_drive_ran_dry(pump_t *p, double pulses);

/* The reservoir has been filled now: permeation index of what is in it, and how far it was overfilled, mL. */
void pump_drive_filled(pump_t *p, double index, double over_ml);

/* Ends the train now; the pulse that has begun completes: call pump_settle. */
void pump_drive_stop(pump_t *p);

bool pump_drive_running(const pump_t *p);

/* Pulses begun: of the present or last train, up to now; of all, up to t_ms. */
int64_t pump_drive_train_begun(const pump_t *p);
int64_t pump_drive_pulses_begun(const pump_t *p, int64_t t_ms);

/* Of the present or last train, those whose actuator answered; of all. */
int64_t pump_drive_train_confirmed(const pump_t *p);
int64_t pump_drive_pulses_confirmed(const pump_t *p);

/* Times that the rotor has passed its index; of valves: that the chamber has been emptied. */
int64_t pump_drive_index(const pump_t *p);

/* When the latest pulse began, and the latest that moved anything mechanical (of valves: the same), ms, up to now; -HUGE_VAL: none
 * yet, as of a drive that takes no pulses. A motor whose second lies long before the first stands still. */
double pump_drive_pulsed_ms(const pump_t *p);
double pump_drive_turned_ms(const pump_t *p);

/* What its tube gives too much by now, as a fraction; 0 for a drive without a tube. */
double pump_drive_over(const pump_t *p);

/* Charge that a short in the motor has lost up to t_ms, beside what pulses take, uC in all. */
double pump_drive_leak_uc(const pump_t *p, int64_t t_ms);

/* Whether for sure nothing has moved at now that the last call of pump_drive_move did not hand on. */
bool pump_drive_rests(const pump_t *p);

/* What has moved since the last call, up to t_ms, as one segment in *s; false: nothing. Names the pulses to the sink. */
bool pump_drive_move(pump_t *p, int64_t t_ms, const pump_sink_t *sink, segment_t *s);

/* ERROR_INVARIANT. */
int pump_drive_verify(const pump_t *p, error_t *e) __attribute__((warn_unused_result));

#endif
