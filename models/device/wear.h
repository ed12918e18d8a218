/* SPDX-License-Identifier: Apache-2.0 */
/* Wear of the motor and its gear train: what lowers the torque margin with turns, time and what permeates the tube.
 *
 * Water and ions pass from the drug through the pump tube into the motor space (TGA RC-2013-RN-00636-1). The exposure
 * is X = integral of index^permeation_exponent dt, in years of a drug of index 1; index is the reservoir's, piecewise
 * constant. Wall and getter take up the first permeation_capacity of it; E = max(0, X - capacity) is what gears and
 * feedthroughs meet: the lag. With a unit's paces r, drawn once, R thousand head revolutions:
 *     shaft wear      torque  (r R^s X^(1-s))^p       s = shaft_turns_share, p = shaft_power
 *     gear corrosion  torque  (r E)^p
 *     drag            torque  r X                     of no published cause
 *     short           share of the drive, (r E)^p at most; in each bout of short_bout hours times 1 - wander u, u
 *                     uniform and keyed by the bout, so that stalls come first now and then and then for good; it
 *                     drains short_leak times its share of current besides
 *     particle        torque over a part of the revolution, from r R = 1 on, in units that have one
 * Torques are shares of the motor's at nominal voltage and add to its friction. All of it grows, never shrinks, with
 * turns and time; all is a closed form since the last change of index, so that no division of time matters. Forms and
 * exponents are assumptions; see wear.def for what was fitted to what. No lifetime is drawn.
 *
 * Thread rule: one wear_t belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_WEAR_H
#define MODELS_DEVICE_WEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "device/parameters.h"
#include "draw.h"
#include "error.h"

#define WEAR_YEAR_MS 31557600000.0 /* 365.25 days */

/* What has worn, at one moment. All >= 0; all but the angle grows. */
typedef struct wear_state_t {
    double shaft, gear, drag; /* torques added */
    double particle;          /* torque added where it bites */
    double particle_angle;    /* where that begins, share of a revolution, 0..1 */
    double shunt;             /* share of the drive that the short takes at worst, at most 1 */
} wear_state_t;

typedef struct wear_t {
    wear_param_t param;   /* this unit's */
    int64_t since_ms;     /* of the last change of index or of what is imposed */
    double flux;          /* index^permeation_exponent since then */
    double since_years;   /* exposure X at that moment */
    double since_leak_uc; /* charge lost by then */
    wear_state_t imposed; /* by scenarios, on top of the above */
} wear_t;

/* Replaces central values by this unit's: paces, whether it has a particle, how large and how fast. Takes eight
 * uniforms of *d. */
void wear_param_draw(wear_param_t *p, draw_t *d);

/* New at made_ms, filled with a drug of index 1. Errors: ERROR_ARGUMENT, a negative or non-finite parameter. */
int wear_init(wear_t *w, const wear_param_t *p, int64_t made_ms, error_t *e)
    __attribute__((warn_unused_result));

/* The reservoir's permeation index is `index` >= 0 from t_ms on, not before the last change. Whether that changed
 * anything: told the same again, not a bit. */
bool wear_set_index(wear_t *w, int64_t t_ms, double index);

/* Imposes wear from t_ms on, beside the unit's own; replaces what was imposed before. An imposed particle takes the
 * place of the unit's own. */
void wear_impose(wear_t *w, int64_t t_ms, const wear_state_t *imposed);

/* Exposure X at t_ms, not before the last change; years of index 1. */
double wear_exposure_years(const wear_t *w, int64_t t_ms);

/* What has worn at t_ms, not before the last change, after `revolutions` of the head, >= 0. */
wear_state_t wear_at(const wear_t *w, int64_t t_ms, double revolutions);

/* Of the short's share, what it takes in the bout around t_ms >= 0: 1 - wander to 1, keyed by the bout in *stream. */
double wear_bout(const wear_t *w, int64_t t_ms, const draw_t *stream);

/* Charge that the short has lost up to t_ms beside what pulses take, uC. For the battery's books. */
double wear_leak_uc(const wear_t *w, int64_t t_ms);

/* ERROR_INVARIANT unless everything is finite and not negative. */
int wear_verify(const wear_t *w, error_t *e) __attribute__((warn_unused_result));

#endif
