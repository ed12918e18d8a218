/* SPDX-License-Identifier: Apache-2.0 */
/* Torque: whether a pulse of the coil turns the rotor.
 *
 * A single-phase stepper of the Lavet kind: a coil pulse of the right polarity turns a two-pole rotor by 180 degrees,
 * and a gear train turns the roller head. Torques are shares of what the rotor gives at the drive's nominal voltage.
 *     gives   drive (1 - shunt b)                 drive = min(1, V / nominal_voltage); shunt, bout b: wear.h
 *     needs   (F + L (1 + S cos(2 pi (k + 1/2) / n)) + particle) (1 + cv z)
 * F is friction, wear and what back-pressure adds; L, S the rollers' load and swing at step k of the n of their pass;
 * z a standardised sum of four uniforms, so never beyond +-2 sqrt 3, keyed by the pulse's number. A pulse turns the
 * rotor if the drive gives more than the step needs. In a magnetic field above field_stall, and while the gears bind
 * afterwards, none does. Parameters of zero make a motor that never misses.
 *
 * Thread rule: one torque_t belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_TORQUE_H
#define MODELS_DEVICE_TORQUE_H

#include <stdbool.h>
#include <stdint.h>

#include "device/parameters.h"
#include "device/wear.h"
#include "draw.h"
#include "error.h"

/* Greatest |z|: four uniforms have mean 2 and variance 1/3, so z = (sum - 2) sqrt 3. */
#define TORQUE_Z_MAX 3.4641016151377544

typedef struct torque_t {
    motor_param_t param;
    wear_t wear;
    draw_t stream;           /* of steps and bouts */
    int64_t pulses_per_pass; /* of a roller */
    int64_t pulses_per_revolution;
    double drive;    /* 0..1 */
    double load_kpa; /* that the head pumps against */
    bool seized;     /* by a scenario */
    int64_t
        locked_until_ms; /* a field or binding gears: no step begun before this; INT64_MAX in the field */
} torque_t;

/* What steps need, as of one moment. */
typedef struct torque_load_t {
    double base;  /* everything but swing and particle */
    double swing; /* amplitude over a pass */
    double particle;
    int64_t particle_from,
        particle_to; /* steps of a revolution where it bites; from the next one on past its end */
    double shunt;    /* share of the drive that the short takes at worst */
} torque_load_t;

/* What becomes of the pulses of a train. */
typedef enum torque_verdict_t { TORQUE_ALL, TORQUE_NONE, TORQUE_EACH } torque_verdict_t;

/* Replaces friction by this unit's. Takes one uniform of *d. */
void torque_param_draw(motor_param_t *p, draw_t *d);

/* A motor made at made_ms, at nominal voltage, away from fields, without back-pressure. *stream is copied: it must serve
 * nothing else. Errors: ERROR_ARGUMENT, parameters out of range, those of wear_init. */
int torque_init(torque_t *q, const motor_param_t *p, const wear_param_t *wear, int64_t made_ms,
                error_t *e) __attribute__((warn_unused_result));

/* What steps need at t_ms after `position` steps. */
torque_load_t torque_load(const torque_t *q, int64_t t_ms, int64_t position);

/* Least drive with which every step of the load is taken for sure, whatever is drawn; HUGE_VAL: none suffices. */
double torque_sure_drive(const torque_t *q, const torque_load_t *load);

/* Whether all steps, none, or some that have to be asked for, will be taken under the load. Exact: the random part is
 * bounded. Locks and polarity apart. */
torque_verdict_t torque_verdict(const torque_t *q, const torque_load_t *load);

/* Whether pulse `pulse` (since the motor was made), begun at t_ms with the rotor after `position` steps, turns it.
 * Polarity apart. */
bool torque_turns(const torque_t *q, const torque_load_t *load, int64_t pulse, int64_t position,
                  double t_ms);

/* Given over needed at the worst angle and bout, without the random part, minus 1; > 0 turns. At most 1e6; -1 where seized. */
double torque_margin(const torque_t *q, const torque_load_t *load);

/* How long gears bind after a field, ms: most often log-normal, in bind_long_share of exposures uniform between the
 * long bounds. Takes two uniforms of *d. */
double torque_binding_ms(const motor_param_t *p, draw_t *d);

/* ERROR_INVARIANT unless drive and load are in range, and the wear verifies. */
int torque_verify(const torque_t *q, error_t *e) __attribute__((warn_unused_result));

#endif
