/* SPDX-License-Identifier: Apache-2.0 */
/* The drug reservoir: one fully mixed volume of 1 to 6 drugs, with a residual that nothing can withdraw.
 *
 * Volumes are the fluid really there, residual included; the pump and its core know nothing of them. At
 * rest volume_ml is between residual_ml and residual_ml + capacity_ml. Mixing at a refill is complete and
 * at once: C = (C_new V_fill + C_old V_old) / (V_fill + V_old).
 *
 * Thread rule: one reservoir belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_RESERVOIR_H
#define MODELS_DEVICE_RESERVOIR_H

#include "device/parameters.h"
#include "device/running_sum.h"
#include "device/segment.h"
#include "error.h"

typedef struct reservoir_t {
    double capacity_ml; /* usable volume: above the residual */
    double residual_ml; /* out of reach of pump and needle */
    int drugs;          /* 1..SEGMENT_DRUGS_MAX */
    double ug_per_ml[SEGMENT_DRUGS_MAX];
    running_sum_t fluid_ml; /* read it through reservoir_volume_ml */
    double gas_ml;          /* asked for by the pump and not there, since the beginning */
} reservoir_t;

/* A new pump's reservoir: the residual volume of drug-free fluid. Errors: ERROR_ARGUMENT, `drugs` outside
 * 1..SEGMENT_DRUGS_MAX. */
int reservoir_init(reservoir_t *r, const reservoir_param_t *p, int drugs, error_t *e)
    __attribute__((warn_unused_result));

/* Fluid in the reservoir, mL, residual included. */
double reservoir_volume_ml(const reservoir_t *r);

/* Mass of drug `drug` (0..drugs-1), ug. */
double reservoir_mass_ug(const reservoir_t *r, int drug);

/* The pump head draws volume_ml >= 0. Returns the volume of fluid that came, mL; the rest was gas, because
 * the reservoir ran down to its residual. mass_ug[drugs] receives the masses that left. Propellant does not
 * enter the tubing: what is not drawn does not flow. */
double reservoir_draw(reservoir_t *r, double volume_ml, double mass_ug[]);

/* A needle empties the reservoir down to the residual. Returns the volume withdrawn, mL; mass_ug[drugs]
 * receives the masses withdrawn. */
double reservoir_withdraw(reservoir_t *r, double mass_ug[]);

/* Adds volume_ml of fluid of ug_per_ml[drugs]. Errors: ERROR_ARGUMENT, the volume or a concentration is
 * negative or not finite, or the fluid would exceed capacity + residual; then nothing is changed. */
int reservoir_fill(reservoir_t *r, double volume_ml, const double ug_per_ml[], error_t *e)
    __attribute__((warn_unused_result));

/* ERROR_INVARIANT unless volume is within its bounds and every concentration is finite and >= 0. */
int reservoir_verify(const reservoir_t *r, error_t *e) __attribute__((warn_unused_result));

#endif
