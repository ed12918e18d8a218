/* SPDX-License-Identifier: Apache-2.0 */
/* The canal cut into cells, with its water: volumes, exchange between neighbours, flow and absorption.
 *
 * A grid is what all drugs of a person share in one regime. Cell 0 is at the caudal end. Water flows
 * towards the head where positive. In a person's grid, production enters the cranial node; the share
 * spinal_share leaves along the canal, evenly by length, and carries drug to blood at the local
 * concentration; a leak leaves at the tip's cell; the rest leaves at the cranial node. The drift is zero at
 * the sac end and caudad; a negative spinal_share makes the canal a source and the drift cephalad.
 *
 * Transport across a face with resistance R = integral of dx/(D A) and flow Q (exponential fitting,
 * Scharfetter & Gummel 1969, IEEE Trans Electron Devices 16:64):
 *     flux = (B(-QR) C_low - B(QR) C_high) / R,  B(p) = p / expm1(p)
 * which is exact for steady transport between the two centres whatever A(x) and non-negative at any
 * Peclet number.
 *
 * Ownership: the grid owns its arrays; csf_grid_free is legal on a zeroed grid and after a failed init.
 * Thread rule: read-only after init.
 */
#ifndef BODY_CSF_GRID_H
#define BODY_CSF_GRID_H

#include <stdbool.h>

#include "body/anatomy.h"
#include "body/parameters.h"
#include "error.h"

/* Exchange of two neighbours, mL/h: mass flow from low to high is cephalad * C_low, back caudad * C_high. */
typedef struct csf_face_t {
    double cephalad_ml_per_h;
    double caudad_ml_per_h;
    double flow_ml_per_h; /* net water, cephalad positive: cephalad - caudad up to rounding */
} csf_face_t;

typedef struct csf_grid_t {
    int cells;
    double *edge_cm;           /* [cells + 1] */
    double *volume_ml;         /* [cells], > 0 */
    csf_face_t *face;          /* [cells - 1] between cell i and i + 1 */
    double *absorbed_ml_per_h; /* [cells] water leaving to blood; negative: produced here */
    double *drain_ml_per_h; /* [cells] clearance through a fixed-concentration end; 0 in a person */

    bool nodes;         /* cisternal and cranial node present */
    csf_face_t top;     /* top cell and cisternal node */
    csf_face_t cranial; /* cisternal (low) and cranial (high) node */
    double cisternal_ml, cranial_ml;
    double production_ml_per_h;       /* into the cranial node */
    double cranial_absorbed_ml_per_h; /* out of the cranial node */

    double lower_inflow_ml_per_h; /* fixed ends: mass inflow into cell 0 / the top cell per unit */
    double upper_inflow_ml_per_h; /* concentration held at that end; 0 where closed */
} csf_grid_t;

/* A person's grid with cells of equal length. tip_cm places the leak. Errors: ERROR_ARGUMENT (cells not a
 * whole number of 10..200, water that does not close because absorption at the cranial node would be
 * negative), ERROR_OPERATOR_RANGE (an exchange underflows), ERROR_MEMORY. */
int csf_grid_person(csf_grid_t *g, const csf_param_t *p, const anatomy_t *a, double tip_cm,
                    error_t *e) __attribute__((warn_unused_result));

/* A bare canal, closed or with ends of fixed concentration, for verification against closed forms. */
typedef struct csf_line_t {
    int cells;             /* >= 1 */
    const double *edge_cm; /* [cells + 1], rising; borrowed during the call */
    double (*area_cm2)(double x_cm);
    double dispersion_cm2_per_h; /* >= 0 */
    double flow_ml_per_h;        /* cephalad, the same at every face */
    bool lower_fixed, upper_fixed;
} csf_line_t;
int csf_grid_line(csf_grid_t *g, const csf_line_t *line, error_t *e)
    __attribute__((warn_unused_result));

void csf_grid_free(csf_grid_t *g);

/* Greatest imbalance of water over cells and nodes, mL/h. */
double csf_grid_residual_ml_per_h(const csf_grid_t *g);

/* Cell that holds a position; positions outside take the nearest cell. */
int csf_grid_cell(const csf_grid_t *g, double position_cm);

/* Centre of a cell, cm. */
double csf_grid_centre_cm(const csf_grid_t *g, int cell);

#endif
