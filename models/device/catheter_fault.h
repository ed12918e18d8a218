/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong with a catheter, imposed with a severity in a physical unit.
 *
 * Nothing is lost by a fault: fluid in the catheter stays, and what leaves through it is told by
 * catheter_push. What grows is a closed form of the time since it was imposed; catheter_fault_advance takes
 * its value at a time, which then holds until the next call: call it at events, at least daily.
 *
 * Positions are cm from the pump along the implanted catheter, 0 to its length; where in the body that is,
 * catheter_shape_place says. One hole at the pump's connector and one elsewhere can be; a new one elsewhere
 * replaces the earlier. Errors: ERROR_ARGUMENT, a severity or place out of its range; then nothing changes.
 */
#ifndef MODELS_DEVICE_CATHETER_FAULT_H
#define MODELS_DEVICE_CATHETER_FAULT_H

#include "device/catheter.h"

#define CATHETER_FAULT_YEAR_MS (365.25 * 86400000.0)

/* Occlusion over the row occlusion_length: `narrowing` of the lumen's radius is lost at now_ms, 0..1, and
 * per_year >= 0 more each year. 1 is closed (sudden: narrowing 1). Resistance over that length grows by
 * (1 - narrowing)^-4 (Poiseuille): at a pump's flows none is felt until nearly all is closed. 0 ends it. */
int catheter_fault_occlude(catheter_t *c, double now_ms, double narrowing, double per_year,
                           error_t *e) __attribute__((warn_unused_result));

/* Kink: shares of the time, 0..1, for which it is shut while lying and while upright. 0, 0 ends it. */
int catheter_fault_kink(catheter_t *c, double lying, double upright, error_t *e)
    __attribute__((warn_unused_result));

/* Share of the time upright from now on, 0..1: 0 or 1 where posture is known. Two thirds at first. */
int catheter_fault_posture(catheter_t *c, double upright, error_t *e)
    __attribute__((warn_unused_result));

/* Leak: `share` of the flow, 0..1, is lost at from_pump_cm; 0 cm is the pump's connector. A share of 0 ends it. */
int catheter_fault_leak(catheter_t *c, double from_pump_cm, double share, error_t *e)
    __attribute__((warn_unused_result));

/* Fracture at from_pump_cm: `severed` of the lumen's flow is lost, 1 is complete: the part downstream keeps
 * its fluid and, if `csf`, lets CSF out. */
int catheter_fault_fracture(catheter_t *c, double from_pump_cm, double severed, bool csf,
                            error_t *e) __attribute__((warn_unused_result));

/* Disconnection, at the pump (into the pocket) or at the catheter's own connector: all is lost there. */
int catheter_fault_disconnect(catheter_t *c, catheter_hole_at_t at, bool csf, error_t *e)
    __attribute__((warn_unused_result));

/* Dislodgement: the tip has slipped out, to `place`; CATHETER_CANAL puts it back. */
int catheter_fault_dislodge(catheter_t *c, catheter_place_t place, error_t *e)
    __attribute__((warn_unused_result));

/* Migration within the canal: the tip lies `up_cm` above where it was put, negative below; -100..100. */
int catheter_fault_migrate(catheter_t *c, double up_cm, error_t *e)
    __attribute__((warn_unused_result));

/* A mass around the tip, of diameter_mm >= 0 at now_ms, growing per_year mm >= 0. In proportion to the row
 * tip_mass_closing it narrows the tip, and its vessels take up to the row tip_mass_uptake of the drug before that reaches CSF: to
 * blood, as from the epidural space (assumption). How it changes the way of CSF past the tip is not published, and not
 * modelled. */
int catheter_fault_tip_mass(catheter_t *c, double now_ms, double diameter_mm, double per_year,
                            error_t *e) __attribute__((warn_unused_result));

/* Takes what grows at its value at now_ms. */
void catheter_fault_advance(catheter_t *c, double now_ms);

/* Ends what is wrong with the tip (occlusion, mass, place), with the run (kink), or with one hole. */
void catheter_fault_heal_tip(catheter_t *c);
void catheter_fault_heal_run(catheter_t *c);
void catheter_fault_heal_hole(catheter_t *c, catheter_hole_at_t at);

#endif
