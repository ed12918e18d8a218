/* SPDX-License-Identifier: Apache-2.0 */
/* Recomputes a body's water, ledger and signs by brute force from its state. */
#include <math.h>

#include "body/body_state.h"

#define NEGATIVE_TOLERANCE 1e-11
#define WATER_TOLERANCE_ML_PER_H 1e-9

/* The scale is the greatest concentration now, or what the greatest mass ever present would make in the
 * canal: after a wash-out what is left is the rounding of what was. */
static int verify_signs(const body_t *b, int drug, error_t *e)
{
    const body_state_t *s = b->state;
    const transport_t *t = body_state_transport(s, drug);
    double least = 0.0, most = s->drug[drug].most_ug / body_canal_ml(b);
    transport_masses(t, s->drug[drug].now.amplitude, s->scratch);
    for (int i = 0; i < t->op.states; i++) {
        const double c = s->scratch[i] / t->op.volume_ml[i];
        least = fmin(least, c);
        most = fmax(most, c);
    }
    if (!(least >= -NEGATIVE_TOLERANCE * most))
        return ERROR_RAISE(
            e, ERROR_INVARIANT,
            "drug %d: a concentration is %g ug/mL, the scale is %g; similarity range %g ", drug,
            least, most, t->op.range);
    return ERROR_OK;
}

static int verify_water(const body_t *b, error_t *e)
{
    for (int r = 0; r < b->state->regimes; r++) {
        const double residual = csf_grid_residual_ml_per_h(&b->state->grid[r]);
        if (!(residual <= WATER_TOLERANCE_ML_PER_H))
            return ERROR_RAISE(e, ERROR_INVARIANT, "regime %d: water is off by %g mL/h", r,
                               residual);
    }
    return ERROR_OK;
}

int body_verify(const body_t *b, error_t *e)
{
    int rc = verify_water(b, e);
    if (rc != ERROR_OK)
        return rc;
    for (int d = 0; d < b->state->drugs; d++) {
        body_ledger_t l;
        body_ledger(b, d, &l);
        const double found =
            l.tip_zone_ug + l.csf_ug + l.tissue_ug + l.plasma_ug + l.depots_ug + l.eliminated_ug;
        if (!(fabs(found - l.entered_ug) <= BODY_STATE_LEDGER_TOLERANCE * l.entered_ug))
            return ERROR_RAISE(e, ERROR_LEDGER,
                               "drug %d: %.17g ug entered, %.17g ug found; similarity range %g", d,
                               l.entered_ug, found, body_state_transport(b->state, d)->op.range);
        rc = verify_signs(b, d, e);
        if (rc != ERROR_OK)
            return rc;
    }
    return ERROR_OK;
}
