/* SPDX-License-Identifier: Apache-2.0 */
/* A bare canal solved by the modal path, for comparison with closed forms. */
#include "tests/models/body/line.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EDGES_MAX 2000

double line_area(double x_cm)
{
    (void)x_cm;
    return 1.5;
}

line_case_t line_infinite(void)
{
    return (line_case_t){.from_cm = -150.0,
                         .to_cm = 150.0,
                         .fine_from_cm = -26.0,
                         .fine_to_cm = 26.0,
                         .dx_cm = 0.1,
                         .growth = 1.04,
                         .dispersion = 40.0,
                         .loss_per_h = 0.3,
                         .area_cm2 = line_area,
                         .area = 1.5};
}

/* Edges half a cell off the multiples of dx, then growing to the ends of the domain. */
static int edges_of(const line_case_t *c, double edge[EDGES_MAX])
{
    double below[EDGES_MAX];
    int low = 0, n = 0;
    double x = c->fine_from_cm - 0.5 * c->dx_cm, width = c->dx_cm;
    for (; x > c->from_cm + 1e-9; x -= width) {
        below[low++] = x;
        width *= c->growth;
    }
    edge[n++] = c->from_cm;
    while (low > 0)
        edge[n++] = below[--low];
    const int fine = (int)lround((c->fine_to_cm - c->fine_from_cm) / c->dx_cm);
    for (int i = 1; i <= fine; i++)
        edge[n++] = c->fine_from_cm + (i - 0.5) * c->dx_cm;
    width = c->dx_cm;
    for (x = c->fine_to_cm + 0.5 * c->dx_cm; x < c->to_cm - 1e-9; x += width) {
        edge[n++] = x;
        width *= c->growth;
    }
    edge[n++] = c->to_cm;
    return n - 1;
}

void line_build(line_t *l, const line_case_t *c)
{
    static double edge[EDGES_MAX];
    error_t e = {0};
    csf_line_t line = {.cells = edges_of(c, edge),
                       .edge_cm = edge,
                       .area_cm2 = c->area_cm2,
                       .dispersion_cm2_per_h = c->dispersion,
                       .flow_ml_per_h = c->drift_cm_per_h * c->area,
                       .lower_fixed = c->lower_fixed,
                       .upper_fixed = c->upper_fixed};
    drug_param_t drug = parameters_drug();
    drug.loss_per_h = c->loss_per_h;
    drug.cord_in_per_h = 0.0;
    cr_assert_eq(csf_grid_line(&l->grid, &line, &e), 0, "grid: %s", e.text);
    cr_assert_eq(csf_operator_init(&l->op, &l->grid, &drug, &e), 0, "operator: %s", e.text);
    cr_assert_eq(csf_basis_init(&l->basis, &l->op, &e), 0, "basis: %s", e.text);
}

void line_free(line_t *l)
{
    csf_basis_free(&l->basis);
    csf_operator_free(&l->op);
    csf_grid_free(&l->grid);
}

static void to_masses(const line_t *l, const double *amplitude, double mass_ug[])
{
    const csf_basis_t *b = &l->basis;
    for (size_t s = 0; s < b->modes; s++) {
        mass_ug[s] = 0.0;
        for (size_t i = 0; i < b->modes; i++)
            mass_ug[s] += b->to_mass[s * b->padded + i] * amplitude[i];
    }
}

void line_infuse(const line_t *l, int cell, double rate_ug_per_h, double hours, double mass_ug[])
{
    const csf_basis_t *b = &l->basis;
    double *y = calloc(b->padded, sizeof *y);
    for (size_t i = 0; i < b->modes; i++) {
        const double lambda = b->rate_per_h[i];
        const double gain = isinf(hours)   ? 1.0 / lambda
                            : lambda > 0.0 ? -expm1(-lambda * hours) / lambda
                                           : hours;
        y[i] = rate_ug_per_h * b->from_mass[(size_t)cell * b->padded + i] * gain;
    }
    to_masses(l, y, mass_ug);
    free(y);
}

void line_bolus(const line_t *l, int cell, double mass_in_ug, double hours, double mass_ug[])
{
    const csf_basis_t *b = &l->basis;
    double *y = calloc(b->padded, sizeof *y);
    for (size_t i = 0; i < b->modes; i++)
        y[i] = mass_in_ug * b->from_mass[(size_t)cell * b->padded + i] *
               exp(-b->rate_per_h[i] * hours);
    to_masses(l, y, mass_ug);
    free(y);
}

double line_at(const line_t *l, const double mass_ug[], double x_cm)
{
    const int at = csf_grid_cell(&l->grid, x_cm);
    int first = x_cm < csf_grid_centre_cm(&l->grid, at) ? at - 2 : at - 1;
    double value = 0.0;
    first = first < 0 ? 0 : first > l->grid.cells - 4 ? l->grid.cells - 4 : first;
    for (int i = first; i < first + 4; i++) {
        double weight = 1.0;
        const double xi = csf_grid_centre_cm(&l->grid, i);
        for (int j = first; j < first + 4; j++)
            if (j != i) {
                const double xj = csf_grid_centre_cm(&l->grid, j);
                weight *= (x_cm - xj) / (xi - xj);
            }
        value += weight * log(mass_ug[i] / l->grid.volume_ml[i]);
    }
    return exp(value);
}

void line_expect(const char *name, double found, double expected, double tolerance)
{
    cr_expect(fabs(found - expected) <= tolerance * fabs(expected),
              "%s: found %.8g, expected %.8g, relative error %.2e, allowed %.0e", name, found,
              expected, found / expected - 1.0, tolerance);
}
