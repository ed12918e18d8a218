/* SPDX-License-Identifier: Apache-2.0 */
/* The same body by an independent road: the full linear system in masses, integrated by CVODE. */
#ifndef TESTS_MODELS_BODY_ORACLE_H
#define TESTS_MODELS_BODY_ORACLE_H

#include "body/plasma.h"
#include "body/transport.h"

/* State: zone, masses[states], central, peripheral, effect ng/mL, eliminated, sink; matrix is its Jacobian
 * (row-major). */
typedef struct oracle_t {
    int size, states;
    double *matrix;
    double *y;
    double t_h;
    double rate_ug_per_h;
} oracle_t;

/* Writes the Jacobian from edges and parameters, not from modes. `target` is the state of cell (or cord
 * leaf) read by the effect site: the target lies on a cell centre. */
void oracle_matrix(oracle_t *o, const transport_t *t, const csf_param_t *csf,
                   const drug_param_t *drug, int tip, int target, double ke0_per_h);
void oracle_init(oracle_t *o, const transport_t *t);
void oracle_free(oracle_t *o);

/* Integrates over `hours` at a constant rate; rtol 1e-8, analytic Jacobian. Fails the test on an error. */
void oracle_advance(oracle_t *o, double hours, double rate_ug_per_h);

#endif
