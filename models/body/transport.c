/* SPDX-License-Identifier: Apache-2.0 */
/* Assembles one drug's transport in one regime and the rows that turn modes into concentrations. */
#include "body/transport.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/lanes.h"

#define UG_PER_ML_TO_NG 1000.0

static int allocate(transport_t *t, error_t *e)
{
    const size_t padded = t->basis.padded;
    t->csf_row = lanes_alloc(TRANSPORT_SITES_MAX * padded);
    t->cord_row = lanes_alloc(TRANSPORT_SITES_MAX * padded);
    t->tip_row = lanes_alloc(padded);
    t->node_row = lanes_alloc(2 * padded);
    t->weight = lanes_alloc(3 * padded);
    if (t->csf_row == NULL || t->cord_row == NULL || t->tip_row == NULL || t->node_row == NULL ||
        t->weight == NULL)
        return ERROR_RAISE(e, ERROR_MEMORY, "rows of %zu modes", t->basis.modes);
    return ERROR_OK;
}

void transport_free(transport_t *t)
{
    csf_operator_free(&t->op);
    csf_basis_free(&t->basis);
    csf_propagator_free(&t->step);
    free(t->csf_row);
    free(t->cord_row);
    free(t->tip_row);
    free(t->node_row);
    free(t->weight);
    memset(t, 0, sizeof *t);
}

/* row += share * concentration of a state. */
static void add_state(const transport_t *t, int state, double share, double *row)
{
    const double *to_mass = t->basis.to_mass + (size_t)state * t->basis.padded;
    const double scale = share * UG_PER_ML_TO_NG / t->op.volume_ml[state];
    for (size_t i = 0; i < t->basis.padded; i++)
        row[i] += scale * to_mass[i];
}

/* row += concentration at a position, in the layer whose state of cell 0 is `first`. */
static void add_position(const transport_t *t, const csf_grid_t *g, int first, double cm,
                         double *row)
{
    int low = csf_grid_cell(g, cm);
    if (low > 0 && cm < csf_grid_centre_cm(g, low))
        low--;
    if (low > g->cells - 2)
        low = g->cells - 2;
    const double from = csf_grid_centre_cm(g, low), to = csf_grid_centre_cm(g, low + 1);
    const double share = fmin(fmax((cm - from) / (to - from), 0.0), 1.0);
    add_state(t, first + low, 1.0 - share, row);
    add_state(t, first + low + 1, share, row);
}

static int cord_or_cell(const transport_t *t)
{
    return t->op.cord >= 0 ? t->op.cord : t->op.cell;
}

void transport_site(transport_t *t, const csf_grid_t *g, int site, double position_cm)
{
    const size_t at = (size_t)site * t->basis.padded;
    memset(t->csf_row + at, 0, t->basis.padded * sizeof *t->csf_row);
    memset(t->cord_row + at, 0, t->basis.padded * sizeof *t->cord_row);
    add_position(t, g, t->op.cell, position_cm, t->csf_row + at);
    add_position(t, g, cord_or_cell(t), position_cm, t->cord_row + at);
}

static void fill_rows(transport_t *t, const csf_grid_t *g, const transport_place_t *place)
{
    const size_t padded = t->basis.padded;
    double *blood = t->weight, *effect = t->weight + padded, *sink = t->weight + 2 * padded;
    for (int s = 0; s < t->op.states; s++) {
        const double *to_mass = t->basis.to_mass + (size_t)s * padded;
        for (size_t i = 0; i < padded; i++) {
            blood[i] += t->op.blood_per_h[s] * to_mass[i];
            sink[i] += t->op.sink_per_h[s] * to_mass[i];
        }
    }
    add_position(t, g, cord_or_cell(t), place->target_cm, effect);
    for (size_t i = 0; i < padded; i++)
        effect[i] *= place->ke0_per_h;
    add_state(t, t->op.cell + csf_grid_cell(g, place->tip_cm), 1.0, t->tip_row);
    add_state(t, t->op.cisternal, 1.0, t->node_row);
    add_state(t, t->op.cranial, 1.0, t->node_row + padded);
}

static csf_filters_t list_filters(transport_t *t, const plasma_t *plasma, double ke0_per_h)
{
    csf_filters_t f = {.count = plasma->compartments + 1};
    for (int j = 0; j < plasma->compartments; j++) {
        f.rate_per_h[j] = plasma->rate_per_h[j];
        f.weight[j] = t->weight;
        f.integral_per_h[j] = plasma->elimination_per_h * plasma->amount[0][j];
    }
    t->effect = plasma->compartments;
    f.rate_per_h[t->effect] = ke0_per_h;
    f.weight[t->effect] = t->weight + t->basis.padded;
    t->sink = -1;
    for (int s = 0; s < t->op.states && t->sink < 0; s++)
        if (t->op.sink_per_h[s] > 0.0)
            t->sink = f.count++;
    if (t->sink >= 0)
        f.weight[t->sink] = t->weight + 2 * t->basis.padded;
    return f;
}

int transport_init(transport_t *t, const csf_grid_t *g, const csf_param_t *csf,
                   const drug_param_t *drug, const plasma_t *plasma, const transport_place_t *place,
                   error_t *e)
{
    memset(t, 0, sizeof *t);
    t->tip_zone_ml = csf->tip_zone_ml;
    t->tip_drain_per_h = csf->tip_zone_drain_ml_per_h / csf->tip_zone_ml;
    t->ke0_per_h = place->ke0_per_h;
    int rc = csf_operator_init(&t->op, g, drug, e);
    if (rc == ERROR_OK)
        rc = csf_basis_init(&t->basis, &t->op, e);
    if (rc == ERROR_OK)
        rc = allocate(t, e);
    if (rc == ERROR_OK) {
        fill_rows(t, g, place);
        const csf_filters_t filters = list_filters(t, plasma, place->ke0_per_h);
        const int tip = t->op.cell + csf_grid_cell(g, place->tip_cm);
        rc = csf_propagator_init(&t->step, &t->basis,
                                 t->basis.from_mass + (size_t)tip * t->basis.padded,
                                 t->tip_drain_per_h, &filters, e);
    }
    if (rc != ERROR_OK)
        transport_free(t);
    return rc;
}

int transport_move_tip(transport_t *t, const csf_grid_t *g, const plasma_t *plasma, double tip_cm,
                       error_t *e)
{
    const csf_filters_t filters = list_filters(t, plasma, t->ke0_per_h);
    const int tip = t->op.cell + csf_grid_cell(g, tip_cm);
    csf_propagator_t step;
    const int rc =
        csf_propagator_init(&step, &t->basis, t->basis.from_mass + (size_t)tip * t->basis.padded,
                            t->tip_drain_per_h, &filters, e);
    if (rc != ERROR_OK)
        return rc;
    csf_propagator_free(&t->step);
    t->step = step;
    memset(t->tip_row, 0, t->basis.padded * sizeof *t->tip_row);
    add_state(t, tip, 1.0, t->tip_row);
    return ERROR_OK;
}

void transport_masses(const transport_t *t, const double *amplitude, double mass_ug[])
{
    lanes_rows(t->basis.modes, t->basis.padded, t->basis.to_mass, amplitude, mass_ug);
}
