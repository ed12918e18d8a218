/* SPDX-License-Identifier: Apache-2.0 */
/* The pump as one thing, without its core: drive, reservoir, battery, oscillators, and what surrounds them.
 *
 * There are three kinds of drive, all fed by a reservoir under its propellant's pressure:
 *   peristaltic    a motor turns rollers on a tube; a pulse is a step of the motor
 *   constant flow  a restrictor lets fluid through at all times: flow follows drive pressure and warmth; no core, no battery
 *   valve-gated    two valves and a metered chamber; a pulse is a cycle of these
 * Whoever commands it (a dosing core over the HAL) starts and stops trains of pulses at `now`, by pump_drive.h; pump_advance
 * lets the hardware run to a later time and hands every flow to the sink as it leaves the pump's outlet, at most one segment
 * for each call and train. What surrounds the pump is constant from one pump_surround to the next.
 *
 * It pumps into an outlet (outlet.h): of what a drive moves, an obstructed one lets in a share, the rest goes back under the
 * rollers or stays in the chamber. The head then works against the pressure at which it gives way, and its tube suffers.
 *
 * `displaced_ml` is what the drive moved for, `delivered_ml` what really flowed; they differ where the reservoir ran dry, or the outlet did
 * not let it in.
 *
 * Thread rule: one pump belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_PUMP_H
#define MODELS_DEVICE_PUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "device/battery.h"
#include "device/environment.h"
#include "device/motor.h"
#include "device/oscillator.h"
#include "device/outlet.h"
#include "device/parameters.h"
#include "device/propellant.h"
#include "device/pump_head.h"
#include "device/reservoir.h"
#include "device/restrictor.h"
#include "device/running_sum.h"
#include "device/segment.h"
#include "device/valve.h"
#include "error.h"

typedef enum pump_kind_t {
    PUMP_PERISTALTIC = 0,
    PUMP_CONSTANT_FLOW = 1,
    PUMP_VALVE_GATED = 2
} pump_kind_t;

typedef struct pump_param_t {
    pump_kind_t kind;
    int64_t start_ms; /* from when it is told of, since enrolment; its clocks read 0 there */
    reservoir_param_t reservoir;
    propellant_param_t propellant;
    pump_head_param_t head; /* peristaltic, with motor and wear, and the stream of its steps */
    motor_param_t motor;
    wear_param_t wear;
    draw_t steps;                  /* serves nothing else */
    restrictor_param_t restrictor; /* constant flow */
    double flow_ml_per_day; /* constant flow: of this unit, at the restrictor's stated conditions */
    valve_param_t valve;    /* valve-gated */
    battery_param_t battery;
    oscillator_param_t oscillator;
    environment_t environment;
    int drugs;                                    /* 1..SEGMENT_DRUGS_MAX */
    compound_param_t compound[SEGMENT_DRUGS_MAX]; /* of each drug */
    bool
        new_surface; /* of its reservoir, which takes up what it can at its first filling; else saturated */
    double ug_per_ml[SEGMENT_DRUGS_MAX]; /* of the fluid in it at the start, residual included */
    double fill_ml;                      /* of it, above the residual */
} pump_param_t;

/* What has left the outlet: segment.volume_ml of fluid of ug_per_ml[drugs] on average, in it mass_ug[drugs]. Borrowed for the
 * call. */
typedef struct pump_flow_t {
    segment_t segment;
    const double *ug_per_ml;
    const double *mass_ug;
} pump_flow_t;

/* Where things go as they happen. Each may be NULL. */
typedef struct pump_sink_t {
    void *context; /* borrowed; handed to both */
    int (*flow)(void *context, const pump_flow_t *flow, error_t *e);
    /* One pulse has begun, and will move so much: 0 where its step was missed. For replay: it costs a call for each pulse. */
    void (*pulse)(void *context, double time_ms, double volume_ml);
} pump_sink_t;

/* Read by its owner; changed by the functions here, of pump_drive.h and of its parts. */
typedef struct pump_t {
    pump_kind_t kind;
    oscillator_t oscillator;
    motor_t motor;
    pump_head_t head;
    restrictor_t restrictor;
    valve_t valve;
    reservoir_t reservoir;
    propellant_t propellant;
    battery_t battery;
    environment_t environment;
    outlet_t outlet;
    double admitted;            /* share of the present train that gets in, 0..1 */
    double back_kpa;            /* what it works against more than with a wide outlet */
    int64_t now_ms;             /* everything has happened up to here */
    motor_position_t moved;     /* of motor or valves: the place whose volume has been handed on */
    double moved_ms;            /* time of the same */
    int64_t told;               /* pulses of the present train that the pulse sink has heard of */
    running_sum_t displaced_ml; /* what the drive moved for */
    running_sum_t delivered_ml; /* what really flowed */
} pump_t;

/* A pump at rest at p->start_ms, filled. Errors: those of its parts' init and of reservoir_fill. */
int pump_init(pump_t *p, const pump_param_t *param, error_t *e) __attribute__((warn_unused_result));

/* Whether it waits for commands; else it flows by itself. */
bool pump_is_commanded(const pump_t *p);

/* Lets the hardware run to time_ms, not before now. ERROR_ARGUMENT; errors of the sink. */
int pump_advance(pump_t *p, int64_t time_ms, const pump_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

/* After a command at now: hands on the stroke that a stopped train completes at once. Errors of the sink. */
int pump_settle(pump_t *p, const pump_sink_t *sink, error_t *e) __attribute__((warn_unused_result));

/* The surroundings are these from now on. `binding` is the stream of this exposure, for gears that bind after a magnetic
 * field; NULL: they do not. */
void pump_surround(pump_t *p, const environment_t *around, draw_t *binding);

/* From now on it pumps into this; OUTLET_FREE unless told otherwise. */
void pump_set_outlet(pump_t *p, const outlet_t *outlet);

/* Its reservoir has been filled now: what the fluid and an overfilled reservoir do to motor and tube begins. */
void pump_filled(pump_t *p);

/* Fluid above the residual, mL. */
double pump_usable_ml(const pump_t *p);

/* ERROR_INVARIANT from any of its parts, or where more was delivered than displaced. */
int pump_verify(const pump_t *p, error_t *e) __attribute__((warn_unused_result));

#endif
