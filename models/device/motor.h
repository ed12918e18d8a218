/* SPDX-License-Identifier: Apache-2.0 */
/* The stepper motor and its gear train: trains of pulses become rotation.
 *
 * A train is `count` pulses, one per `period_ms` of real (simulation) time, from start_ms. Pulse i, from 0,
 * owns [start + i P, start + (i + 1) P): its coil pulse, and with it step confirm, comes when its period
 * begins, and the rotation of a step taken is spread evenly over the period (the tube relaxes; an assumption which
 * matters below one period only). Positions count steps since the motor was made, as a whole number and a
 * fraction, so that they lose nothing in any number of years.
 *
 * Polarity alternates from pulse to pulse, and a pulse turns the rotor by 180 degrees if it has the polarity that the
 * rotor waits for and its torque suffices (torque.h). So a missed step costs the next pulse too. What is decided when:
 * wear is that of the train's start, or of the last change of conditions within it; supply, load, field and faults are
 * those at the pulse's beginning, one that begins at the change included in what was before. Times asked for must not
 * lie before the last change of conditions or motor_settle.
 *
 * As the random part of a step is bounded and wear only grows, one look ahead proves for days that every step is
 * taken: a train then costs no step-by-step work. The proof is exact: it changes no result.
 *
 * Thread rule: one motor belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_MOTOR_H
#define MODELS_DEVICE_MOTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "device/environment.h"
#include "device/parameters.h"
#include "device/torque.h"
#include "draw.h"
#include "error.h"

/* A place of the rotor, in steps since the motor was made. */
typedef struct motor_position_t {
    int64_t whole;   /* >= 0 */
    double fraction; /* of the next step, 0 <= fraction < 1 */
} motor_position_t;

/* What scenarios may impose, each with its severity; 0 takes it away again. */
typedef enum motor_fault_t {
    MOTOR_SEIZED, /* 1: nothing turns */
    MOTOR_SHORT, /* share of the drive that a short takes at worst, 0..1; it comes and goes as a drawn one */
    MOTOR_CORROSION, /* torque added by the gears, share of the motor's at nominal voltage */
    MOTOR_PARTICLE, /* torque that a particle takes, the same; it bites from the rotor's present angle on */
    MOTOR_SHAFT_WEAR, /* torque added by the shaft, the same; see motor_wear_shaft_to */
    MOTOR_FAULTS
} motor_fault_t;

/* What has become of the first pulses of the present train. Private. */
typedef struct motor_outcome_t {
    int64_t pulses;
    int64_t steps;
    int64_t last; /* index of the last pulse that turned the rotor, or -1 */
} motor_outcome_t;

typedef struct motor_t {
    int64_t pulses_per_revolution;
    int64_t before;          /* steps of all trains before the present one */
    int64_t pulses_before;   /* their pulses */
    int64_t start_ms;        /* of the present or last train */
    int64_t count;           /* its pulses */
    int64_t end_ms;          /* when all of them have had their period */
    double period_ms;        /* its period, > 0 once a train has begun */
    motor_outcome_t settled; /* of this train, by the last change of conditions */
    torque_verdict_t rest;   /* what becomes of its other pulses */
    torque_load_t load;      /* what these need, where they must be asked for one by one */
    double turned_ms;        /* when the last step of the trains before began; -HUGE_VAL: none */
    int64_t sure_until_ms;   /* below this time and position sure_drive holds */
    int64_t sure_until_step;
    double sure_drive; /* drive above which every step is taken */
    torque_t torque;
} motor_t;

/* A motor at rest at position 0 that never misses a step. Errors: ERROR_ARGUMENT, pulses per revolution is not a whole
 * number. */
int motor_init(motor_t *m, const pump_head_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* What makes a motor real; see motor_fit. */
typedef struct motor_fit_t {
    const motor_param_t *param; /* this unit's: torque_param_draw */
    const wear_param_t *wear;   /* this unit's: wear_param_draw */
    const draw_t *stream;       /* of its steps; must serve nothing else */
    int64_t made_ms;            /* from when on time wears it */
} motor_fit_t;

/* Gives the motor torque and wear; before its first train. The structs are copied. Errors: ERROR_ARGUMENT, rollers that
 * do not divide the pulses of a revolution, those of torque_init. */
int motor_fit(motor_t *m, const pump_head_param_t *head, const motor_fit_t *fit, error_t *e)
    __attribute__((warn_unused_result));

/* Begins a train at start_ms. Errors: ERROR_ARGUMENT, count < 1, period_ms not positive and finite,
 * start_ms before the last train began, or the motor still running at start_ms; nothing is changed. */
int motor_train_start(motor_t *m, int64_t start_ms, int64_t count, double period_ms, error_t *e)
    __attribute__((warn_unused_result));

/* Ends the train at stop_ms, not before its start: pulses not yet begun are dropped, the one that has begun
 * completes its turn at stop_ms. Without a running train: nothing. So rotation may jump forward at
 * stop_ms by at most one pulse: read the position before and after. */
void motor_train_stop(motor_t *m, int64_t stop_ms);

/* Whether a train still runs at t_ms. */
bool motor_running(const motor_t *m, int64_t t_ms);

/* First millisecond at which the present or last train has given all its pulses. */
int64_t motor_train_end_ms(const motor_t *m);

/* Decides for good what has begun by t_ms: conditions may change for what follows, and each pulse is asked for once, however
 * often it is read. Changes no result. */
void motor_settle(motor_t *m, int64_t t_ms);

/* ---- conditions; each holds from t_ms on, not before the last change ---- */

/* Voltage at the drive with the coil on. */
void motor_set_supply(motor_t *m, int64_t t_ms, double volts);

/* Pressure that the head pumps against, outlet less inlet; below 0 it helps nothing. */
void motor_set_load(motor_t *m, int64_t t_ms, double load_kpa);

/* Permeation index of what is in the reservoir, volume-weighted, >= 0; 1 is an aqueous on-label drug. */
void motor_set_index(motor_t *m, int64_t t_ms, double index);

/* The field around the pump. Entering one above field_stall locks the rotor; leaving it binds the gears for a time drawn
 * from *binding, the stream of this exposure (two uniforms; NULL: they do not bind). */
void motor_expose(motor_t *m, int64_t t_ms, const environment_t *around, draw_t *binding);

/* Imposes a fault, or with severity 0 removes it. */
void motor_impose(motor_t *m, int64_t t_ms, motor_fault_t fault, double severity);

/* Imposes the shaft wear that leaves `margin` > -1 of torque at the worst angle (0: half of the steps there fail); none
 * where less is left already. */
void motor_wear_shaft_to(motor_t *m, int64_t t_ms, double margin);

/* ---- reading ---- */

/* Where the rotor is at t_ms. Valid from the present train's start on; before it, the place at its start. */
motor_position_t motor_position_at(const motor_t *m, int64_t t_ms);

/* Coil pulses begun up to t_ms, one beginning at t_ms included: of the present or last train, and since the
 * motor was made. */
int64_t motor_train_begun(const motor_t *m, int64_t t_ms);
int64_t motor_pulses_begun(const motor_t *m, int64_t t_ms);

/* Steps that the first `pulses` of the present or last train have taken; not fewer pulses than had begun at the last
 * change of conditions. For telling pulses one by one. */
int64_t motor_train_steps(const motor_t *m, int64_t pulses);

/* As motor_train_begun and motor_pulses_begun, of pulses whose coil response showed the step. */
int64_t motor_train_confirmed(const motor_t *m, int64_t t_ms);
int64_t motor_steps_confirmed(const motor_t *m, int64_t t_ms);

/* Times the rotor has passed its index, once a revolution, up to t_ms. */
int64_t motor_rotor_index(const motor_t *m, int64_t t_ms);

/* When the last step up to t_ms began; -HUGE_VAL: none yet. What a tube's set after a stop is counted from. */
double motor_turned_ms(const motor_t *m, int64_t t_ms);

/* Torque given over needed at the worst angle, minus 1, as of t_ms; > 0 turns. A sound motor: about 1. */
double motor_margin(const motor_t *m, int64_t t_ms);

/* What a short takes: share of the drive, hence of the coil's current, at t_ms; charge lost beside pulses up to t_ms, uC. */
double motor_short_share(const motor_t *m, int64_t t_ms);
double motor_leak_uc(const motor_t *m, int64_t t_ms);

/* Steps from one position to a later one. */
double motor_pulses_between(motor_position_t from, motor_position_t to);

/* ERROR_INVARIANT unless counts are >= 0, no more steps than pulses, the period is positive, the train's end is
 * representable and torque and wear verify. */
int motor_verify(const motor_t *m, error_t *e) __attribute__((warn_unused_result));

#endif
