/* SPDX-License-Identifier: Apache-2.0 */
/* Depots of one drug outside the CSF: pocket, subcutaneous and epidural fluid that plasma takes up.
 *
 *     depot     d_p' = r_p - absorption_p d_p              p: place, r_p constant over a step
 *     plasma    z_j' = -rate_j z_j + sum_p absorption_p d_p          modes as of plasma.h, of their own
 *     CSF       c'   = equilibration (ratio C - c)                   C: plasma of this drug, ng/mL
 *     effect    f'   = ke0 (c - f)
 *     eliminated I'  = k10 * central mass
 *
 * Everything is linear, so that what comes from depots lies on top of what comes from the CSF, and a step of
 * any length is exact (cascade.h). The way is one: C reaches CSF and effect as a concentration, the same along
 * the whole canal, and the mass stays booked in plasma; in equilibrium 150 mL of CSF at the ratio of baclofen
 * hold 0.06 % of what plasma's 28.8 L do, which is what is neglected. Costs nothing while all depots are empty.
 *
 * Rates and ratio: drug.def. Thread rule: a depot_t belongs to one thread at a time; holds no pointer.
 */
#ifndef BODY_DEPOT_H
#define BODY_DEPOT_H

#include <stdbool.h>

#include "body/parameters.h"
#include "body/plasma.h"

typedef enum depot_place_t {
    DEPOT_POCKET = 0,       /* around the pump */
    DEPOT_SUBCUTANEOUS = 1, /* along the catheter's way */
    DEPOT_EPIDURAL = 2,
    DEPOT_PLACES
} depot_place_t;

typedef struct depot_t {
    double absorption_per_h[DEPOT_PLACES];
    double equilibration_per_h, ratio, ke0_per_h;
    bool touched; /* something has entered since init */
    double in_depot_ug[DEPOT_PLACES];
    double mode[PLASMA_COMPARTMENTS_MAX]; /* z_j */
    double csf_ng_per_ml, effect_ng_per_ml;
    double eliminated_ug;
} depot_t;

/* Empty. `drug` has been checked. */
void depot_init(depot_t *d, const drug_param_t *drug, double ke0_per_h);

/* Puts mass_ug >= 0 into a place at once. */
void depot_put(depot_t *d, depot_place_t place, double mass_ug);

/* Lets `hours` > 0 pass while rate_ug_per_h[DEPOT_PLACES], each >= 0, enters. `plasma` is the drug's. */
void depot_advance(depot_t *d, const plasma_t *plasma, double hours,
                   const double rate_ug_per_h[DEPOT_PLACES]);

/* Mass in all places, ug. */
double depot_mass_ug(const depot_t *d);

#endif
