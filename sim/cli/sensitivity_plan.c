/* SPDX-License-Identifier: Apache-2.0 */
/* Lays Morris's design and Sobol's out as one list of evaluations. */
#include "cli/sensitivity_plan.h"

#include "draw.h"
#include "statistics/morris.h"
#include "statistics/sobol.h"

#include <stdlib.h>
#include <string.h>

/* Two seeds of a row, the same at all of its places. 53 bits: many readers keep no more. */
static int64_t seed_of(uint64_t study, size_t row, size_t which)
{
    draw_t d;
    draw_init(&d, study, DRAW_DESIGN, row + 1, 1, which);
    return (int64_t)(draw_bits(&d) >> 11);
}

/* Appends the evaluations of rows of `places` points from design[rows][places][inputs], each with both seeds. */
static void append(sensitivity_plan_t *p, const double *design, size_t rows, size_t places,
                   uint64_t seed)
{
    for (size_t i = 0; i < rows * places * SOBOL_SEEDS; i++) {
        memcpy(p->x + p->evaluations * p->inputs, design + i / SOBOL_SEEDS * p->inputs,
               p->inputs * sizeof *p->x);
        p->seed[p->evaluations++] = seed_of(seed, i / SOBOL_SEEDS / places, i % SOBOL_SEEDS);
    }
}

_Static_assert(SOBOL_SEEDS == MORRIS_SEEDS, "both designs have the same seeds");

int sensitivity_plan_make(sensitivity_plan_t *p, uint64_t seed, error_t *e)
{
    const size_t screen = p->trajectories * MORRIS_PLACES(p->inputs),
                 places = p->points * SOBOL_PLACES(p->inputs), all = screen + places;
    double *points = calloc(places * p->inputs + 1, sizeof *points);
    p->design = calloc(screen * p->inputs + 1, sizeof *p->design);
    p->x = calloc(all * SOBOL_SEEDS * p->inputs + 1, sizeof *p->x);
    p->seed = calloc(all * SOBOL_SEEDS + 1, sizeof *p->seed);
    p->y = calloc(all * SOBOL_SEEDS + 1, sizeof *p->y);
    int rc = points == NULL || p->design == NULL || p->x == NULL || p->seed == NULL || p->y == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu evaluations", all)
                 : 0;
    if (rc == 0 && p->trajectories > 0) {
        rc = morris_design(p->design, p->inputs, p->trajectories, seed, e);
    }
    if (rc == 0 && p->points > 0) {
        rc = sobol_design(points, p->inputs, p->points, seed, e);
    }
    if (rc == 0) {
        append(p, p->design, p->trajectories, MORRIS_PLACES(p->inputs), seed);
        p->screen = p->evaluations;
        append(p, points, p->points, SOBOL_PLACES(p->inputs), seed);
    }
    free(points);
    return rc;
}

void sensitivity_plan_free(sensitivity_plan_t *p)
{
    free(p->design);
    free(p->x);
    free(p->seed);
    free(p->y);
}
