/* SPDX-License-Identifier: Apache-2.0 */
/* Plasma of one drug: a central compartment, eliminated at k10, with up to two peripheral ones.
 *
 * Held as modes: each z_j' = -rate_j z_j + (mass entering the central compartment, ug/h); the mass of
 * compartment c is the sum of amount[c][j] z_j. The mammillary system is symmetric after a diagonal scaling,
 * so the rates are real and >= 0 and the central weights are squares (>= 0, sum 1).
 *
 * Thread rule: read-only after init; the state z belongs to one thread at a time.
 */
#ifndef BODY_PLASMA_H
#define BODY_PLASMA_H

#include "body/parameters.h"
#include "error.h"

#define PLASMA_COMPARTMENTS_MAX 3

typedef struct plasma_t {
    int compartments;                                                /* 1..3; number of modes */
    double rate_per_h[PLASMA_COMPARTMENTS_MAX];                      /* slowest first */
    double amount[PLASMA_COMPARTMENTS_MAX][PLASMA_COMPARTMENTS_MAX]; /* [compartment][mode] */
    double elimination_per_h;                                        /* k10 */
    double central_ml;
} plasma_t;

typedef struct plasma_rates_t {
    int compartments;                               /* 1..3 */
    double elimination_per_h;                       /* k10 >= 0 */
    double out_per_h[PLASMA_COMPARTMENTS_MAX - 1];  /* central to peripheral k; k12, k13 */
    double back_per_h[PLASMA_COMPARTMENTS_MAX - 1]; /* and back; both above 0 or both 0 */
    double central_ml;                              /* > 0 */
} plasma_rates_t;

/* Errors: ERROR_ARGUMENT (count, negative rate, an edge with one rate zero). */
int plasma_init_rates(plasma_t *p, const plasma_rates_t *r, error_t *e)
    __attribute__((warn_unused_result));
/* Two compartments from clearance, volumes and exchange (drug.def); one where exchange is 0. */
int plasma_init(plasma_t *p, const drug_param_t *d, error_t *e) __attribute__((warn_unused_result));

/* Mass in a compartment, ug, 0 being the central one; and all of them. */
double plasma_mass_ug(const plasma_t *p, int compartment, const double z[]);
double plasma_total_ug(const plasma_t *p, const double z[]);
double plasma_ng_per_ml(const plasma_t *p, const double z[]);

/* Plasma and one effect site on their own, fed at a constant rate: step factors for one length of step.
 * The effect site follows e' = ke0 (plasma ng/mL - e). */
typedef struct plasma_pace_t {
    int modes;
    double decay[PLASMA_COMPARTMENTS_MAX], gain_h[PLASMA_COMPARTMENTS_MAX];
    double effect_decay, effect_from[PLASMA_COMPARTMENTS_MAX], effect_gain_h;
} plasma_pace_t;
plasma_pace_t plasma_pace(const plasma_t *p, double ke0_per_h, double hours);
void plasma_pace_step(const plasma_pace_t *pace, double rate_ug_per_h, double z[],
                      double *effect_ng_per_ml);

#endif
