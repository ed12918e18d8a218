/* SPDX-License-Identifier: Apache-2.0 */
/* A catheter's tip that moves within the canal, or that CSF is drawn through. */
#include "body/body.h"
#include "body/body_state.h"

#include <math.h>

/* Of so many times the volume drawn a part is taken, so that no cell is drawn empty. */
#define AROUND 4.0

int body_tip_move(body_t *b, double position_cm, error_t *e)
{
    body_state_t *s = b->state;
    int rc = ERROR_OK;
    if (!(position_cm >= 0.0 && position_cm <= s->anatomy[0].length_cm))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a tip at %g cm of %g", position_cm,
                           s->anatomy[0].length_cm);
    for (int d = 0; d < s->drugs; d++)
        for (int r = 0; r < s->regimes && rc == ERROR_OK; r++)
            rc = transport_move_tip(&s->drug[d].transport[r], &s->grid[r], &s->drug[d].plasma,
                                    position_cm, e);
    if (rc == ERROR_OK)
        s->tip_cm = position_cm;
    return rc;
}

/* Half-length of the canal about the tip that holds `volume_ml`, or all of it, cm. */
static double reach_cm(const anatomy_t *a, double tip_cm, double volume_ml)
{
    double low = 0.0, high = a->length_cm;
    for (int i = 0; i < 50; i++) {
        const double middle = 0.5 * (low + high);
        const double ml =
            anatomy_volume_ml(a, fmax(tip_cm - middle, 0.0), fmin(tip_cm + middle, a->length_cm));
        high = ml >= volume_ml ? middle : high;
        low = ml >= volume_ml ? low : middle;
    }
    return high;
}

/* Takes `share` of what CSF holds within reach of the tip. */
static double take_around(body_state_t *s, int drug, double reach, double share)
{
    const transport_t *t = body_state_transport(s, drug);
    const csf_grid_t *g = &s->grid[s->regime];
    const double from = fmax(s->tip_cm - reach, 0.0);
    const double to = fmin(s->tip_cm + reach, s->anatomy[s->regime].length_cm);
    double taken_ug = 0.0;
    transport_masses(t, s->drug[drug].now.amplitude, s->scratch);
    for (int i = csf_grid_cell(g, from); i <= csf_grid_cell(g, to); i++) {
        const double inside_cm = fmin(to, g->edge_cm[i + 1]) - fmax(from, g->edge_cm[i]);
        const double part = share * fmax(0.0, inside_cm) / (g->edge_cm[i + 1] - g->edge_cm[i]);
        const double ug = part * fmax(0.0, s->scratch[t->op.cell + i]);
        const double *row = t->basis.from_mass + (size_t)(t->op.cell + i) * t->basis.padded;
        for (size_t k = 0; k < t->basis.padded; k++)
            s->drug[drug].now.amplitude[k] -= ug * row[k];
        taken_ug += ug;
    }
    return taken_ug;
}

int body_tip_draw(body_t *b, int drug, double volume_ml, double *mass_ug, error_t *e)
{
    body_state_t *s = b->state;
    if (drug < 0 || drug >= s->drugs || !(volume_ml > 0.0 && isfinite(volume_ml)))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%g mL of CSF are drawn, drug %d", volume_ml, drug);
    const anatomy_t *a = &s->anatomy[s->regime];
    csf_state_t *now = &s->drug[drug].now;
    const double zone_ml = body_state_transport(s, drug)->tip_zone_ml;
    const double zone_ug = fmin(volume_ml / zone_ml, 1.0) * now->zone_ug;
    const double around_ml = fmin(AROUND * volume_ml, anatomy_volume_ml(a, 0.0, a->length_cm));
    const double share = fmin(volume_ml / around_ml, 1.0);
    now->zone_ug -= zone_ug;
    *mass_ug = zone_ug + take_around(s, drug, reach_cm(a, s->tip_cm, around_ml), share);
    s->drug[drug].entered_ug -= *mass_ug;
    return ERROR_OK;
}
