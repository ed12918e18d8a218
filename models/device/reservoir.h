/* SPDX-License-Identifier: Apache-2.0 */
/* The drug reservoir: one fully mixed volume of 1 to 6 drugs, with a residual that nothing can withdraw.
 *
 * Volumes are the fluid really there, residual included; the pump and its core know nothing of them. At
 * rest volume_ml is between residual_ml and residual_ml + capacity_ml + overfill_ml, where the over-pressure valve closes. Mixing
 * at a refill is complete and at once: C = (C_new V_fill + C_old V_old) / (V_fill + V_old).
 *
 * The knee: below knee_ml above the residual the flow is only a share of what the pump's head displaces. The share falls straight
 * from 1 to knee_floor over knee_width and stays there until the reservoir is dry:
 *     dV/dD = -share(V),   share = floor + slope (V - foot) on the slope,   foot = knee - width,   slope = (1 - floor) / width
 * for a displaced volume D, hence exponentials of D, exact for any division. What is not delivered is not drawn.
 *
 * Drugs: what time does to them is chemistry.h's. Draws that tell of a time are reservoir_flow and reservoir_age; the others happen
 * at an instant, that of the latest of these.
 *
 * Thread rule: one reservoir belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_RESERVOIR_H
#define MODELS_DEVICE_RESERVOIR_H

#include <stdbool.h>

#include "device/chemistry.h"
#include "device/environment.h"
#include "device/parameters.h"
#include "device/running_sum.h"
#include "device/segment.h"
#include "draw.h"
#include "error.h"

/* What became of fluid pushed in. */
enum reservoir_result {
    RESERVOIR_FILLED = 0,      /* all of it is in */
    RESERVOIR_VALVE_CLOSED = 1 /* the over-pressure valve closed: the rest stayed outside */
};

typedef struct reservoir_t {
    double capacity_ml; /* usable volume: above the residual */
    double residual_ml; /* out of reach of pump and needle */
    double overfill_ml; /* beyond the capacity, until the valve closes */
    int drugs;          /* 1..SEGMENT_DRUGS_MAX */
    double ug_per_ml[SEGMENT_DRUGS_MAX];
    running_sum_t fluid_ml; /* read it through reservoir_volume_ml */
    double gas_ml;          /* asked for by the pump and not there, since the beginning */
    double short_ml;        /* displaced and not delivered for the knee, since the beginning */
    double knee_ml, foot_ml, floor; /* fluid where the share is 1, and where it reaches `floor` */
    double deformation_kpa;
    bool deformed; /* bore too much pressure once; what that costs is not published: nothing */
    chemistry_t chemistry;
} reservoir_t;

/* This unit's residual and knee in place of the central ones. Takes two uniforms of *d. */
void reservoir_param_draw(reservoir_param_t *p, draw_t *d);

/* A new pump's reservoir at time 0: the residual volume of drug-free fluid, of drugs that are stable until reservoir_compounds.
 * Errors: ERROR_ARGUMENT, `drugs` outside 1..SEGMENT_DRUGS_MAX. */
int reservoir_init(reservoir_t *r, const reservoir_param_t *p, int drugs, error_t *e)
    __attribute__((warn_unused_result));

/* Its drugs are these, compound[drugs]; its surface is new. To be said before any drug is in it. Errors: of
 * chemistry_compounds. */
int reservoir_compounds(reservoir_t *r, const compound_param_t compound[], error_t *e)
    __attribute__((warn_unused_result));

/* What is in it has concentrations ug_per_ml[drugs]: it was rinsed with its drug, or is in use. Its surface is saturated, or
 * new. */
void reservoir_season(reservoir_t *r, const double ug_per_ml[], bool new_surface);

/* Fluid in the reservoir, mL, residual included. */
double reservoir_volume_ml(const reservoir_t *r);

/* Mass of drug `drug` (0..drugs-1), ug: in it, degraded in it, taken up by its surface. */
double reservoir_mass_ug(const reservoir_t *r, int drug);
double reservoir_degraded_ug(const reservoir_t *r, int drug);
double reservoir_adsorbed_ug(const reservoir_t *r, int drug);

/* Permeation index of the solution in it: 1 as of an approved aqueous one. */
double reservoir_permeation_index(const reservoir_t *r);

/* Share of the displaced volume that flows at the present fill, in [0, 1]. */
double reservoir_fill_factor(const reservoir_t *r);

/* Fluid beyond the capacity, mL >= 0: a named risk of over-infusion (TGA hazard alert, 2016). */
double reservoir_overfilled_ml(const reservoir_t *r);

/* Time goes on to time_ms without flow; a time before the latest one changes nothing. */
void reservoir_age(reservoir_t *r, double time_ms);

/* The pump head displaces s->volume_ml >= 0 evenly over the segment, which begins not before the latest time told. Returns the
 * volume of fluid that came, mL; where the reservoir ran down to its residual, the rest was gas. mass_ug[drugs] receives the masses
 * that left. Propellant does not enter the tubing: what is not drawn does not flow. */
double reservoir_flow(reservoir_t *r, const segment_t *s, double mass_ug[]);

/* The same at an instant. */
double reservoir_draw(reservoir_t *r, double volume_ml, double mass_ug[]);

/* A needle empties the reservoir down to left_ml >= 0 above the residual. Returns the volume withdrawn, mL; mass_ug[drugs]
 * receives the masses withdrawn. */
double reservoir_withdraw(reservoir_t *r, double left_ml, double mass_ug[]);

/* Pushes in volume_ml of fluid of ug_per_ml[drugs]. *taken_ml: what went in. Returns one of enum reservoir_result. Errors:
 * ERROR_ARGUMENT, the volume or a concentration is negative or not finite; then nothing is changed. */
int reservoir_inject(reservoir_t *r, double volume_ml, const double ug_per_ml[], double *taken_ml,
                     error_t *e) __attribute__((warn_unused_result));

/* The same where all must go in: ERROR_ARGUMENT where the valve would close before; then nothing is changed. */
int reservoir_fill(reservoir_t *r, double volume_ml, const double ug_per_ml[], error_t *e)
    __attribute__((warn_unused_result));

/* Fluid driven back from the catheter (propellant_returns_ml): volume_ml with mass_ug[drugs]. Errors: of reservoir_fill. */
int reservoir_return(reservoir_t *r, double volume_ml, const double mass_ug[], error_t *e)
    __attribute__((warn_unused_result));

/* What may still go in until the valve closes, mL. */
double reservoir_room_ml(const reservoir_t *r);

/* The surroundings are these from now on. Beyond deformation_pressure it is deformed for good. */
void reservoir_surround(reservoir_t *r, const environment_t *around);

/* ERROR_INVARIANT unless volume is within its bounds and every concentration is finite and >= 0. */
int reservoir_verify(const reservoir_t *r, error_t *e) __attribute__((warn_unused_result));

#endif
