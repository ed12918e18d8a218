/* SPDX-License-Identifier: Apache-2.0 */
/* Cells, faces and water of the canal: a person's, or a bare line for verification. */
#include "body/csf_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MIN 10
#define CELLS_MAX 200

static double bernoulli(double p)
{
    return fabs(p) < 1e-12 ? 1.0 - 0.5 * p : p / expm1(p);
}

/* Infinite resistance (no dispersion) leaves the flow alone, on the one side it comes from. */
static csf_face_t face_between(double resistance_h_per_ml, double flow_ml_per_h)
{
    csf_face_t f = {0.0, 0.0, flow_ml_per_h};
    if (isinf(resistance_h_per_ml)) {
        f.cephalad_ml_per_h = fmax(flow_ml_per_h, 0.0);
        f.caudad_ml_per_h = fmax(-flow_ml_per_h, 0.0);
        return f;
    }
    const double p = flow_ml_per_h * resistance_h_per_ml;
    f.cephalad_ml_per_h = bernoulli(-p) / resistance_h_per_ml;
    f.caudad_ml_per_h = bernoulli(p) / resistance_h_per_ml;
    return f;
}

static int check_face(const csf_face_t *f, double resistance_h_per_ml, int cell, error_t *e)
{
    const bool under = f->cephalad_ml_per_h < 1e-300 || f->caudad_ml_per_h < 1e-300;
    if (under && !isinf(resistance_h_per_ml))
        return ERROR_RAISE(
            e, ERROR_OPERATOR_RANGE,
            "the face above cell %d has a Peclet number of %g: flow %g mL/h against a "
            "dispersive conductance of %g mL/h; raise the dispersion or lower the drift",
            cell, f->flow_ml_per_h * resistance_h_per_ml, f->flow_ml_per_h,
            1.0 / resistance_h_per_ml);
    return ERROR_OK;
}

static int allocate(csf_grid_t *g, int cells, error_t *e)
{
    const size_t n = (size_t)cells;
    memset(g, 0, sizeof *g);
    g->edge_cm = calloc(n + 1, sizeof *g->edge_cm);
    g->volume_ml = calloc(n, sizeof *g->volume_ml);
    g->face = calloc(n, sizeof *g->face);
    g->absorbed_ml_per_h = calloc(n, sizeof *g->absorbed_ml_per_h);
    g->drain_ml_per_h = calloc(n, sizeof *g->drain_ml_per_h);
    g->cells = cells;
    if (g->edge_cm == NULL || g->volume_ml == NULL || g->face == NULL ||
        g->absorbed_ml_per_h == NULL || g->drain_ml_per_h == NULL) {
        csf_grid_free(g);
        return ERROR_RAISE(e, ERROR_MEMORY, "a grid of %d cells", cells);
    }
    return ERROR_OK;
}

void csf_grid_free(csf_grid_t *g)
{
    free(g->edge_cm);
    free(g->volume_ml);
    free(g->face);
    free(g->absorbed_ml_per_h);
    free(g->drain_ml_per_h);
    memset(g, 0, sizeof *g);
}

double csf_grid_centre_cm(const csf_grid_t *g, int cell)
{
    return 0.5 * (g->edge_cm[cell] + g->edge_cm[cell + 1]);
}

int csf_grid_cell(const csf_grid_t *g, double position_cm)
{
    int low = 0, high = g->cells - 1;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (position_cm >= g->edge_cm[middle + 1])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int check_water(const csf_param_t *p, error_t *e)
{
    const double cranial = p->production_ml_per_h * (1.0 - p->spinal_share) - p->leak_ml_per_h;
    if (!(p->cells >= CELLS_MIN && p->cells <= CELLS_MAX && floor(p->cells) == p->cells))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "cells is %g, must be a whole number of %d to %d",
                           p->cells, CELLS_MIN, CELLS_MAX);
    if (!(cranial >= 0.0 && isfinite(cranial)))
        return ERROR_RAISE(
            e, ERROR_ARGUMENT,
            "water does not close: production %g mL/h less spinal share %g and leak %g mL/h "
            "leaves %g mL/h to absorb at the cranial node",
            p->production_ml_per_h, p->spinal_share, p->leak_ml_per_h, cranial);
    if (!(p->cisternal_ml > 0.0 && p->cranial_ml > 0.0 && p->cranial_exchange_ml_per_h >= 0.0))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "cisternal %g mL, cranial %g mL, exchange %g mL/h",
                           p->cisternal_ml, p->cranial_ml, p->cranial_exchange_ml_per_h);
    return ERROR_OK;
}

/* Water crossing the upper edge of a cell, cephalad positive: minus all that is absorbed below it. */
static double flow_above(const csf_grid_t *g, int cell)
{
    double flow = 0.0;
    for (int i = 0; i <= cell; i++)
        flow -= g->absorbed_ml_per_h[i];
    return flow;
}

static void person_nodes(csf_grid_t *g, const csf_param_t *p, double top_resistance_h_per_ml)
{
    const double flow = flow_above(g, g->cells - 1);
    const double exchange = p->cranial_exchange_ml_per_h;
    g->nodes = true;
    g->cisternal_ml = p->cisternal_ml;
    g->cranial_ml = p->cranial_ml;
    g->production_ml_per_h = p->production_ml_per_h;
    g->cranial_absorbed_ml_per_h =
        p->production_ml_per_h * (1.0 - p->spinal_share) - p->leak_ml_per_h;
    g->top = face_between(top_resistance_h_per_ml, flow);
    g->cranial = (csf_face_t){exchange + fmax(flow, 0.0), exchange + fmax(-flow, 0.0), flow};
}

int csf_grid_person(csf_grid_t *g, const csf_param_t *p, const anatomy_t *a, double tip_cm,
                    error_t *e)
{
    memset(g, 0, sizeof *g);
    int rc = check_water(p, e);
    if (rc == ERROR_OK)
        rc = allocate(g, (int)p->cells, e);
    if (rc != ERROR_OK)
        return rc;
    const int n = g->cells;
    for (int i = 0; i <= n; i++)
        g->edge_cm[i] = a->length_cm * i / n;
    for (int i = 0; i < n; i++) {
        g->volume_ml[i] = anatomy_volume_ml(a, g->edge_cm[i], g->edge_cm[i + 1]);
        g->absorbed_ml_per_h[i] = p->production_ml_per_h * p->spinal_share / n;
    }
    g->absorbed_ml_per_h[csf_grid_cell(g, tip_cm)] += p->leak_ml_per_h;
    for (int i = 0; i < n && rc == ERROR_OK; i++) {
        const double to = i < n - 1 ? csf_grid_centre_cm(g, i + 1) : a->length_cm;
        const double r = anatomy_resistance_h_per_ml(a, csf_grid_centre_cm(g, i), to);
        g->face[i] = face_between(r, flow_above(g, i));
        rc = check_face(&g->face[i], r, i, e);
        if (i == n - 1)
            person_nodes(g, p, r);
    }
    if (rc != ERROR_OK)
        csf_grid_free(g);
    return rc;
}

/* Simpson's rule over one interval; `inverse` integrates 1/A. */
static double integral_of_area(const csf_line_t *line, double from, double to, bool inverse)
{
    const double a = line->area_cm2(from), m = line->area_cm2(0.5 * (from + to)),
                 b = line->area_cm2(to);
    const double sum = inverse ? 1.0 / a + 4.0 / m + 1.0 / b : a + 4.0 * m + b;
    return (to - from) / 6.0 * sum;
}

static double line_resistance(const csf_line_t *line, double from, double to)
{
    return line->dispersion_cm2_per_h > 0.0
               ? integral_of_area(line, from, to, true) / line->dispersion_cm2_per_h
               : (double)INFINITY;
}

static void line_ends(csf_grid_t *g, const csf_line_t *line)
{
    const int top = g->cells - 1;
    if (line->lower_fixed) {
        const double r = line_resistance(line, g->edge_cm[0], csf_grid_centre_cm(g, 0));
        const csf_face_t f = face_between(r, line->flow_ml_per_h);
        g->lower_inflow_ml_per_h = f.cephalad_ml_per_h;
        g->drain_ml_per_h[0] += f.caudad_ml_per_h;
    }
    if (line->upper_fixed) {
        const double r = line_resistance(line, csf_grid_centre_cm(g, top), g->edge_cm[top + 1]);
        const csf_face_t f = face_between(r, line->flow_ml_per_h);
        g->upper_inflow_ml_per_h = f.caudad_ml_per_h;
        g->drain_ml_per_h[top] += f.cephalad_ml_per_h;
    }
}

int csf_grid_line(csf_grid_t *g, const csf_line_t *line, error_t *e)
{
    memset(g, 0, sizeof *g);
    if (line->cells < 1)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a line of %d cells", line->cells);
    int rc = allocate(g, line->cells, e);
    if (rc != ERROR_OK)
        return rc;
    memcpy(g->edge_cm, line->edge_cm, ((size_t)line->cells + 1) * sizeof *g->edge_cm);
    for (int i = 0; i < g->cells; i++)
        g->volume_ml[i] = integral_of_area(line, g->edge_cm[i], g->edge_cm[i + 1], false);
    for (int i = 0; i < g->cells - 1 && rc == ERROR_OK; i++) {
        const double r =
            line_resistance(line, csf_grid_centre_cm(g, i), csf_grid_centre_cm(g, i + 1));
        g->face[i] = face_between(r, line->flow_ml_per_h);
        rc = check_face(&g->face[i], r, i, e);
    }
    line_ends(g, line);
    if (rc != ERROR_OK)
        csf_grid_free(g);
    return rc;
}

double csf_grid_residual_ml_per_h(const csf_grid_t *g)
{
    double worst = 0.0;
    for (int i = 0; i < g->cells; i++) {
        const double in = i > 0 ? g->face[i - 1].flow_ml_per_h : 0.0;
        const double out = i < g->cells - 1 ? g->face[i].flow_ml_per_h : g->top.flow_ml_per_h;
        worst = fmax(worst, fabs(in - out - g->absorbed_ml_per_h[i]));
    }
    worst = fmax(worst, fabs(g->top.flow_ml_per_h - g->cranial.flow_ml_per_h));
    return fmax(worst, fabs(g->production_ml_per_h + g->cranial.flow_ml_per_h -
                            g->cranial_absorbed_ml_per_h));
}
