/* SPDX-License-Identifier: Apache-2.0 */
/* Where a sensitivity analysis looks at a study: the evaluations of both designs, one after the other, each place with every seed. */
#ifndef SIM_CLI_SENSITIVITY_PLAN_H
#define SIM_CLI_SENSITIVITY_PLAN_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

/* Owned. Places are from 0 to 1 within the ranges of the inputs. */
typedef struct sensitivity_plan_t {
    size_t inputs, trajectories, points; /* of Morris's design, of Sobol's; 0: not asked for */
    size_t evaluations, screen;          /* all; of them, first, Morris's */
    double *x;                           /* [evaluations][inputs] */
    int64_t *seed;                       /* [evaluations]: of the study there */
    double *y;                           /* [evaluations]: what is found, zero until then */
    double *design;                      /* Morris's points, each once */
} sensitivity_plan_t;

/* Lays out a plan of which inputs, trajectories and points are set, the rest zero. `seed` is the study's. sensitivity_plan_free is
 * legal after a failure and on a zeroed struct. Errors of both designs; ERROR_MEMORY. */
int sensitivity_plan_make(sensitivity_plan_t *p, uint64_t seed, error_t *e)
    __attribute__((warn_unused_result));
void sensitivity_plan_free(sensitivity_plan_t *p);

#endif
