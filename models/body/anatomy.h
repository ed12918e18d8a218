/* SPDX-License-Identifier: Apache-2.0 */
/* The spinal canal by vertebral level: lengths, CSF and cord areas, and where a named level lies.
 *
 * Positions are in cm along the canal from the end of the dural sac (0) to the foramen magnum
 * (length_cm). There are 25 levels: "SAC" (S1 and S2 together), "L5" ... "L1", "T12" ... "T1",
 * "C7" ... "C1". Each level has one CSF area and one cord area; areas are piecewise constant.
 *
 * Sources. Lengths of C1 to L1, cord areas of C1 to L1 and CSF areas of C1 to T4: computed from the PAM50
 * normalised metrics (Valosek et al. 2024, Imaging Neuroscience 2, doi 10.1162/imag_a_00075), level means
 * over subjects. Assumed in that: slices of 0.5 mm, and that the canal segmented there is the dural sac (if
 * it is the bony canal, CSF is overstated). L1 is part conus only. CSF area 1.10 cm2 from T5 to T11, lengths
 * of L2 to L5 and 4.0 cm of sacral sac: assumptions. T12 to S2 hold 40 mL at one area (assumption; 49.9 SD
 * 12.1 mL with roots below T11/12, Hogan 1996, Anesthesiology 84:1341).
 *
 * Thread rule: an anatomy_t is read-only after init.
 */
#ifndef BODY_ANATOMY_H
#define BODY_ANATOMY_H

#include "body/parameters.h"
#include "error.h"

#define ANATOMY_LEVELS 25
#define ANATOMY_NAME_SIZE 8 /* "T10/T11" and its end */

typedef struct anatomy_level_t {
    const char *name;   /* "SAC", "L5" ... "C1"; static storage */
    double length_cm;   /* > 0 */
    double csf_cm2;     /* > 0 */
    double cord_cm2;    /* >= 0; 0 below the conus */
    const char *source; /* where the row comes from; static storage */
} anatomy_level_t;

/* One person's canal. */
typedef struct anatomy_t {
    double length_cm;                   /* sac end to foramen magnum */
    double edge_cm[ANATOMY_LEVELS + 1]; /* caudal edge of level i is edge_cm[i] */
    double csf_cm2[ANATOMY_LEVELS];     /* scaled by volume_scale */
    double cord_cm2[ANATOMY_LEVELS];    /* not scaled */
    double dispersion_cm2_per_h[ANATOMY_LEVELS];
} anatomy_t;

/* Row `index` of the template, 0 (SAC) to ANATOMY_LEVELS - 1 (C1), unscaled; NULL outside. */
const anatomy_level_t *anatomy_level(int index);

/* Scales the template: lengths by length_scale, CSF areas by volume_scale. Errors: ERROR_ARGUMENT where a
 * scale or a dispersion is not above 0. */
int anatomy_init(anatomy_t *a, const csf_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* Position of a level: "T10" its middle, "L3/4" (or "L3/L4", "T12/L1") the border of two neighbours, in
 * any letter case. Errors: ERROR_ARGUMENT where the name is no level or the two are not neighbours. */
int anatomy_find(const anatomy_t *a, const char *name, double *position_cm, error_t *e)
    __attribute__((warn_unused_result));

/* The level that holds a position: from its caudal edge on, up to that of the next. The last one at the end of the canal and
 * beyond, the first below its beginning. */
int anatomy_at(const anatomy_t *a, double position_cm);

/* The level that lies `levels` above (cephalad; below where negative) the named one, or the last before the
 * end of the canal: "T10" and 1 give "T9", "L3/4" and -1 give "L5/L4". Errors: as anatomy_find. */
int anatomy_shift(const char *name, int levels, char shifted[ANATOMY_NAME_SIZE], error_t *e)
    __attribute__((warn_unused_result));

/* CSF volume between two positions (from <= to, inside the canal), exact, mL. */
double anatomy_volume_ml(const anatomy_t *a, double from_cm, double to_cm);

/* Resistance to dispersion, the integral of dx / (D A) between two positions, h/mL. */
double anatomy_resistance_h_per_ml(const anatomy_t *a, double from_cm, double to_cm);

#endif
