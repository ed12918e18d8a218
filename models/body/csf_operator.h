/* SPDX-License-Identifier: Apache-2.0 */
/* The compartments of one drug in one regime and the rates between them, as a tree.
 *
 * States, each a mass in ug: cord leaves (one a cell, where the drug has reversible cord uptake), cells,
 * brain branch (where reversible), cisternal node, cranial node. A state has at most one parent, and the
 * parent's index is the greater. A tree of rates has a diagonal similarity that makes it symmetric:
 * s[child]^2 * up = s[parent]^2 * down.
 *
 * Edges. Both rates positive: an edge. Both zero: none. Uptake that never returns (cord_out or brain_out 0
 * with its _in above 0): a loss into a tissue sink, which keeps the mass. Any other one-way edge is
 * refused.
 *
 * Ownership: the operator owns its arrays; csf_operator_free is legal on a zeroed operator and after a
 * failed init. Thread rule: read-only after init.
 */
#ifndef BODY_CSF_OPERATOR_H
#define BODY_CSF_OPERATOR_H

#include "body/csf_grid.h"
#include "body/parameters.h"
#include "error.h"

/* Similarity range up to which modes are taken. The modal sum loses that factor of double precision: mass that
 * enters where s is least is known to about 1e-16 times the range. So concentrations near the limit are good
 * to 1e-6, but a ledger of 1e-9 and signs of 1e-11 hold for entry at any place only up to about 1e6 and 1e3. */
#define CSF_OPERATOR_RANGE_MAX 1e8

typedef struct csf_operator_t {
    int states;
    int cells;
    int cord;            /* state of the first cord leaf, or -1 */
    int cell;            /* state of cell 0 */
    int brain;           /* or -1 */
    int cisternal;       /* or -1 */
    int cranial;         /* or -1 */
    int *parent;         /* [states], -1 at a root */
    double *up_per_h;    /* [states] state to parent */
    double *down_per_h;  /* [states] parent to state */
    double *blood_per_h; /* [states] state to blood */
    double *sink_per_h;  /* [states] state to tissue that never returns it */
    double *
        volume_ml; /* [states] mass / volume is CSF concentration; for a leaf, the CSF concentration
                             in equilibrium with it: CSF volume * in / out */
    double *similarity; /* [states] s, 1 at a root */
    double range;       /* greatest s over least */
} csf_operator_t;

/* Errors: ERROR_OPERATOR_ONE_WAY (names the edge), ERROR_OPERATOR_RANGE (range above
 * CSF_OPERATOR_RANGE_MAX; says what it is, whence and what to change), ERROR_ARGUMENT (a negative or
 * non-finite rate), ERROR_MEMORY. */
int csf_operator_init(csf_operator_t *op, const csf_grid_t *g, const drug_param_t *d, error_t *e)
    __attribute__((warn_unused_result));
void csf_operator_free(csf_operator_t *op);

/* derivative[states] = A mass, straight from the edges. */
void csf_operator_apply(const csf_operator_t *op, const double mass[], double derivative[]);

/* matrix[states * states], row-major: the similar S^-1 A S, each entry from its own rate. */
void csf_operator_similar(const csf_operator_t *op, double matrix[]);

#endif
