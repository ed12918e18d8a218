/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to the drugs dissolved in a reservoir: they degrade, a new surface takes some up, and the solution carries a number
 * for how it passes the pump's tube.
 *
 * Degradation is first order: a concentration is that of the latest mixing times exp(-rate t), counted from that mixing, so that no
 * division of time moves it. Where the volume changes meanwhile, what leaves and what degrades are integrated along its course.
 * A surface takes up what it can at once (assumption), and gives nothing back. The index of a solution is the highest of its drugs'
 * (assumption: a mixture is off-label as soon as one of them is), and mixes by volume.
 *
 * Concentrations stay the reservoir's own; here are the rates and the books. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_CHEMISTRY_H
#define MODELS_DEVICE_CHEMISTRY_H

#include <stdbool.h>

#include "device/parameters.h"
#include "device/running_sum.h"
#include "device/segment.h"
#include "error.h"

typedef struct chemistry_t {
    int drugs;     /* 1..SEGMENT_DRUGS_MAX */
    bool unstable; /* some drug degrades */
    double time_ms;
    double mixed_ms; /* of the latest mixing */
    double per_ms[SEGMENT_DRUGS_MAX];
    double mixed_ug_per_ml[SEGMENT_DRUGS_MAX];
    running_sum_t degraded_ug[SEGMENT_DRUGS_MAX]; /* since the beginning */
    double free_ug[SEGMENT_DRUGS_MAX];            /* what the surface may still take up */
    double adsorbed_ug[SEGMENT_DRUGS_MAX];        /* since the beginning */
    double index[SEGMENT_DRUGS_MAX];              /* permeation index of each drug's solution */
    double permeation_index;                      /* of what is in the reservoir */
} chemistry_t;

/* How a volume changes over a time, of which `part` in 0..1 has gone: bend exp(-rate part) + rest - flow part, mL. */
typedef struct chemistry_course_t {
    double duration_ms;
    double bend_ml, rate;
    double rest_ml;
    double flow_ml;
} chemistry_course_t;

/* Stable, adsorbed by nothing, index 1. `drugs` is 1..SEGMENT_DRUGS_MAX. */
void chemistry_init(chemistry_t *c, int drugs);

/* The drugs are these, compound[drugs], with a surface that is new. ERROR_ARGUMENT: a number is negative or not finite. */
int chemistry_compounds(chemistry_t *c, const compound_param_t compound[], error_t *e)
    __attribute__((warn_unused_result));

/* Time goes on while the volume follows *v. ug_per_ml[drugs] becomes that of the end; drawn_ug[drugs] receives what left with the
 * volume. Degraded mass is added to the books. */
void chemistry_pass(chemistry_t *c, const chemistry_course_t *v, double ug_per_ml[],
                    double drawn_ug[]);

/* volume_ml of fluid has just been mixed to ug_per_ml[drugs]: the surface takes up what it can. */
void chemistry_mixed(chemistry_t *c, double volume_ml, double ug_per_ml[]);

/* Index of a solution of ug_per_ml[drugs]; 1 without any drug. */
double chemistry_index(const chemistry_t *c, const double ug_per_ml[]);

/* ERROR_INVARIANT. */
int chemistry_verify(const chemistry_t *c, error_t *e) __attribute__((warn_unused_result));

#endif
