/* SPDX-License-Identifier: Apache-2.0 */
/* What a body is made of, for the files of the body itself: nobody else but tests that disturb it includes this. */
#ifndef BODY_BODY_STATE_H
#define BODY_BODY_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "body/anatomy.h"
#include "body/body.h"
#include "body/depot.h"
#include "body/plasma.h"
#include "body/tolerance.h"
#include "body/transport.h"

#define BODY_STATE_LEDGER_TOLERANCE 1e-9

typedef struct body_drug_t {
    plasma_t plasma;
    transport_t transport[BODY_REGIMES_MAX];
    double *change[BODY_REGIMES_MAX][BODY_REGIMES_MAX]; /* [from][to], NULL on the diagonal */
    csf_state_t now;
    depot_t depot;
    double leak_ug[DEPOT_PLACES]; /* enters over the next step */
    double entered_ug;
    double most_ug; /* greatest mass ever present: the scale of rounding */
} body_drug_t;

struct body_state_t {
    int regimes, regime, drugs, effect_drug;
    anatomy_t anatomy[BODY_REGIMES_MAX];
    csf_grid_t grid[BODY_REGIMES_MAX];
    body_drug_t drug[SEGMENT_DRUGS_MAX];
    ashworth_t ashworth;
    tolerance_t tolerance;
    double tip_cm; /* from the sac's end */
    int sites;
    double site_cm[BODY_SITES_MAX];
    int64_t negatives;
    double *scratch; /* [3][widest padding]: masses before and after, amplitudes */
    size_t scratch_stride;
};

/* The transport of a drug in the regime that holds. */
static inline const transport_t *body_state_transport(const body_state_t *s, int drug)
{
    return &s->drug[drug].transport[s->regime];
}

#endif
