/* SPDX-License-Identifier: Apache-2.0 */
/* One drug in one regime of the CSF: its operator, modes, step factors, and the rows that read it.
 *
 * Filters of the step, in this order: the modes of plasma; the effect site (ng/mL at the target level);
 * where the drug has irreversible uptake, the tissue sink (ug).
 *
 * Ownership: the transport owns all; transport_free is legal on a zeroed transport and after a failed
 * init. Thread rule: read-only after init but for transport_site and transport_move_tip.
 */
#ifndef BODY_TRANSPORT_H
#define BODY_TRANSPORT_H

#include "body/csf_basis.h"
#include "body/csf_grid.h"
#include "body/csf_operator.h"
#include "body/csf_propagator.h"
#include "body/parameters.h"
#include "body/plasma.h"
#include "error.h"

#define TRANSPORT_SITES_MAX 32

typedef struct transport_t {
    csf_operator_t op;
    csf_basis_t basis;
    csf_propagator_t step;
    double tip_zone_ml;
    double tip_drain_per_h, ke0_per_h;
    int effect;       /* index of the effect filter */
    int sink;         /* index of the sink filter, or -1 */
    double *csf_row;  /* [TRANSPORT_SITES_MAX][padded] CSF ng/mL at a site */
    double *cord_row; /* [TRANSPORT_SITES_MAX][padded] cord layer as CSF ng/mL */
    double *tip_row;  /* [padded] CSF ng/mL of the tip's cell */
    double *node_row; /* [2][padded] cisternal and cranial ng/mL */
    double *weight;   /* [3][padded] blood (per h), effect (ng/mL times ke0), sink (per h) */
} transport_t;

typedef struct transport_place_t {
    double tip_cm, target_cm; /* from the sac end */
    double ke0_per_h;
} transport_place_t;

/* The grid is borrowed during the call. Errors: those of csf_operator_init, csf_basis_init and
 * csf_propagator_init. */
int transport_init(transport_t *t, const csf_grid_t *g, const csf_param_t *csf,
                   const drug_param_t *drug, const plasma_t *plasma, const transport_place_t *place,
                   error_t *e) __attribute__((warn_unused_result));
void transport_free(transport_t *t);

/* The tip, with its zone, lies at tip_cm in the canal from now on. Errors: those of csf_propagator_init; then nothing has
 * changed. `plasma` is the drug's. */
int transport_move_tip(transport_t *t, const csf_grid_t *g, const plasma_t *plasma, double tip_cm,
                       error_t *e) __attribute__((warn_unused_result));

/* Fills the rows of site 0..TRANSPORT_SITES_MAX-1: linear between the two nearest cell centres. */
void transport_site(transport_t *t, const csf_grid_t *g, int site, double position_cm);

/* mass_ug[states] from amplitudes. */
void transport_masses(const transport_t *t, const double *amplitude, double mass_ug[]);

#endif
