/* SPDX-License-Identifier: Apache-2.0 */
/* The stepper motor and its gear train: trains of pulses become rotation.
 *
 * A train is `count` pulses, one per `period_ms` of real (simulation) time, from start_ms. Pulse i, from 0,
 * owns [start + i P, start + (i + 1) P): its coil pulse, and with it step confirm, comes when its period
 * begins, and its rotation is spread evenly over the period (the tube relaxes; an assumption which matters
 * below one period only). Positions count pulses since the motor was made, as a whole number and a
 * fraction, so that they lose nothing in any number of years.
 *
 * Nothing stalls in this model: every pulse turns the rotor. The torque margin is the field that wear and
 * magnetic fields will lower; it stays at what init gave it.
 *
 * Thread rule: one motor belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_MOTOR_H
#define MODELS_DEVICE_MOTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "device/parameters.h"
#include "error.h"

/* Margin of a sound motor: available over required torque, minus 1. Assumption; sweep 0.5-3. */
#define MOTOR_TORQUE_MARGIN 1.0

/* A place of the rotor, in pulses since the motor was made. */
typedef struct motor_position_t {
    int64_t whole;   /* >= 0 */
    double fraction; /* of the next pulse, 0 <= fraction < 1 */
} motor_position_t;

typedef struct motor_t {
    int64_t pulses_per_revolution;
    int64_t before;       /* pulses of all trains before the present one */
    int64_t start_ms;     /* of the present or last train */
    int64_t count;        /* its pulses */
    int64_t end_ms;       /* when all of them have turned the rotor */
    double period_ms;     /* its period, > 0 once a train has begun */
    double torque_margin; /* available over required torque, minus 1; > 0 turns */
} motor_t;

/* A motor at rest at position 0. Errors: ERROR_ARGUMENT, pulses per revolution is not a whole number. */
int motor_init(motor_t *m, const pump_head_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* Begins a train at start_ms. Errors: ERROR_ARGUMENT, count < 1, period_ms not positive and finite,
 * start_ms before the last train began, or the motor still running at start_ms; nothing is changed. */
int motor_train_start(motor_t *m, int64_t start_ms, int64_t count, double period_ms, error_t *e)
    __attribute__((warn_unused_result));

/* Ends the train at stop_ms, not before its start: pulses not yet begun are dropped, the one that has begun
 * completes its turn at stop_ms. Without a running train: nothing. So rotation may jump forward at
 * stop_ms by at most one pulse: read the position before and after. */
void motor_train_stop(motor_t *m, int64_t stop_ms);

/* Whether a train still turns the rotor at t_ms. */
bool motor_running(const motor_t *m, int64_t t_ms);

/* First millisecond at which the present or last train has given all its pulses. */
int64_t motor_train_end_ms(const motor_t *m);

/* Where the rotor is at t_ms. Valid from the present train's start on; before it, the place at its start. */
motor_position_t motor_position_at(const motor_t *m, int64_t t_ms);

/* Coil pulses begun up to t_ms, one beginning at t_ms included: of the present or last train, and since the
 * motor was made. The latter are confirmed steps, as no pulse is missed. */
int64_t motor_train_begun(const motor_t *m, int64_t t_ms);
int64_t motor_steps_confirmed(const motor_t *m, int64_t t_ms);

/* Times the rotor has passed its index, once a revolution, up to t_ms. */
int64_t motor_rotor_index(const motor_t *m, int64_t t_ms);

/* Pulses from one position to a later one. */
double motor_pulses_between(motor_position_t from, motor_position_t to);

/* ERROR_INVARIANT unless counts are >= 0, the period is positive and the train's end is representable. */
int motor_verify(const motor_t *m, error_t *e) __attribute__((warn_unused_result));

#endif
