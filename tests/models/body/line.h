/* SPDX-License-Identifier: Apache-2.0 */
/* A bare canal solved by the modal path, for comparison with closed forms. */
#ifndef TESTS_MODELS_BODY_LINE_H
#define TESTS_MODELS_BODY_LINE_H

#include <stdbool.h>

#include "body/csf_basis.h"
#include "body/csf_grid.h"
#include "body/csf_operator.h"

typedef struct line_case_t {
    double from_cm, to_cm; /* ends of the domain */
    double fine_from_cm, fine_to_cm;
    double dx_cm;  /* cells in the fine part, centred on whole multiples of dx */
    double growth; /* ratio of neighbouring cells outside the fine part; 1: uniform */
    double dispersion, drift_cm_per_h, loss_per_h;
    double (*area_cm2)(double x_cm);
    double area; /* cm2 where the drift is given; area_cm2(0) for a constant area */
    bool lower_fixed, upper_fixed;
} line_case_t;

typedef struct line_t {
    csf_grid_t grid;
    csf_operator_t op;
    csf_basis_t basis;
} line_t;

/* 1.5 cm2 everywhere. */
double line_area(double x_cm);

/* Domain -150..150 cm, fine from -26 to 26 at 0.1 cm, 1.5 cm2, D 40 cm2/h, k 0.3 /h, no drift, closed. */
line_case_t line_infinite(void);

/* Fails the test where anything is refused. */
void line_build(line_t *l, const line_case_t *c);
void line_free(line_t *l);

/* Mass of each cell after `hours` of a constant input (ug/h) into a cell, from empty; INFINITY: steady. */
void line_infuse(const line_t *l, int cell, double rate_ug_per_h, double hours, double mass_ug[]);
/* Mass of each cell `hours` after a unit of mass_ug was put into a cell. */
void line_bolus(const line_t *l, int cell, double mass_in_ug, double hours, double mass_ug[]);

/* Concentration (mass / volume) at x: cubic through the logarithms of the four nearest centres. */
double line_at(const line_t *l, const double mass_ug[], double x_cm);

/* Fails with the case's name unless |found - expected| <= tolerance * |expected|. */
void line_expect(const char *name, double found, double expected, double tolerance);

#endif
