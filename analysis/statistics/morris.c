/* SPDX-License-Identifier: Apache-2.0 */
/* Trajectories and elementary effects. */
#include "statistics/morris.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "statistics/bootstrap.h"

/* ---- design ---- */

/* A random order of 0 to n - 1 (Fisher and Yates). */
static void shuffle(draw_t *d, size_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t k = (size_t)(draw_uniform(d) * (double)(i + 1));
        order[i] = order[k];
        order[k] = i;
    }
}

/* Each input begins on the lower or the upper half of the grid and moves to the other. */
static void fill_trajectory(double *x, size_t inputs, draw_t *d)
{
    size_t order[MORRIS_INPUTS_MAX];
    double at[MORRIS_INPUTS_MAX], step[MORRIS_INPUTS_MAX];
    for (size_t i = 0; i < inputs; i++) {
        const double low =
            floor(draw_uniform(d) * (MORRIS_LEVELS / 2)) / (double)(MORRIS_LEVELS - 1);
        const int up = draw_uniform(d) < 0.5;
        at[i] = up ? low : low + MORRIS_STEP;
        step[i] = up ? MORRIS_STEP : -MORRIS_STEP;
    }
    shuffle(d, order, inputs);
    memcpy(x, at, inputs * sizeof *x);
    for (size_t k = 0; k < inputs; k++) {
        at[order[k]] += step[order[k]];
        memcpy(x + (k + 1) * inputs, at, inputs * sizeof *x);
    }
}

static int check(size_t inputs, error_t *e)
{
    return inputs >= 1 && inputs <= MORRIS_INPUTS_MAX
               ? 0
               : ERROR_RAISE(e, ERROR_ARGUMENT, "%zu inputs: from 1 to %d", inputs,
                             MORRIS_INPUTS_MAX);
}

int morris_design(double *x, size_t inputs, size_t trajectories, uint64_t seed, error_t *e)
{
    const int rc = check(inputs, e);
    for (size_t t = 0; rc == 0 && t < trajectories; t++) {
        draw_t d;
        draw_init(&d, seed, DRAW_DESIGN, 0, 0, t + 1); /* entity 0 is the shift of sobol_design */
        fill_trajectory(x + t * MORRIS_PLACES(inputs) * inputs, inputs, &d);
    }
    return rc;
}

/* ---- estimates ---- */

enum { MU, MU_STAR, SIGMA, NOISE, PER_INPUT };

/* Elementary effects of both seeds: [trajectories][inputs][MORRIS_SEEDS]. */
typedef struct effects_t {
    double *of;
    size_t inputs;
} effects_t;

/* The input in which two neighbouring points differ. */
static size_t moved(const double *from, const double *to, size_t inputs)
{
    size_t most = 0;
    for (size_t i = 1; i < inputs; i++) {
        most = fabs(to[i] - from[i]) > fabs(to[most] - from[most]) ? i : most;
    }
    return most;
}

static void take_effects(effects_t *f, const double *x, const double *y, size_t trajectory)
{
    const size_t places = MORRIS_PLACES(f->inputs), k = f->inputs;
    x += trajectory * places * k;
    y += trajectory * places * MORRIS_SEEDS;
    for (size_t p = 0; p + 1 < places; p++) {
        const double *from = x + p * k, *to = from + k;
        const size_t i = moved(from, to, k);
        for (size_t s = 0; s < MORRIS_SEEDS; s++) {
            f->of[(trajectory * k + i) * MORRIS_SEEDS + s] =
                (y[(p + 1) * MORRIS_SEEDS + s] - y[p * MORRIS_SEEDS + s]) / (to[i] - from[i]);
        }
    }
}

/* A bootstrap_estimate_t over trajectories. */
static void estimate(const void *context, const size_t *unit, size_t units, double *out)
{
    const effects_t *f = context;
    const double n = (double)units;
    for (size_t i = 0; i < f->inputs; i++) {
        double sum = 0.0, absolute = 0.0, squares = 0.0, noise = 0.0;
        for (size_t u = 0; u < units; u++) {
            const double *both = f->of + (unit[u] * f->inputs + i) * MORRIS_SEEDS;
            const double effect = (both[0] + both[1]) / 2.0, half = (both[0] - both[1]) / 2.0;
            sum += effect;
            absolute += fabs(effect);
            squares += effect * effect;
            noise += half * half;
        }
        out[i * PER_INPUT + MU] = sum / n;
        out[i * PER_INPUT + MU_STAR] = absolute / n;
        out[i * PER_INPUT + SIGMA] = sqrt(fmax(0.0, (squares - sum * sum / n) / (n - 1.0)));
        out[i * PER_INPUT + NOISE] = sqrt(noise / n);
    }
}

static int describe(morris_t *m, const effects_t *f, uint64_t seed, error_t *e)
{
    double value[MORRIS_INPUTS_MAX * PER_INPUT];
    interval_t ci[MORRIS_INPUTS_MAX * PER_INPUT];
    size_t *each = calloc(m->trajectories, sizeof *each);
    if (each == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu trajectories", m->trajectories);
    }
    for (size_t t = 0; t < m->trajectories; t++) {
        each[t] = t;
    }
    estimate(f, each, m->trajectories, value);
    free(each);
    const int rc =
        bootstrap_intervals(estimate, f, m->trajectories, seed, ci, m->inputs * PER_INPUT, e);
    for (size_t i = 0; rc == 0 && i < m->inputs; i++) {
        const double *v = value + i * PER_INPUT;
        m->effect[i] =
            (morris_effect_t){v[MU], v[MU_STAR], v[SIGMA], v[NOISE], ci[i * PER_INPUT + MU_STAR]};
    }
    return rc;
}

int morris_estimate(morris_t *m, const double *x, const double *y, size_t inputs,
                    size_t trajectories, uint64_t seed, error_t *e)
{
    effects_t f = {NULL, inputs};
    int rc = check(inputs, e);
    memset(m, 0, sizeof *m);
    m->inputs = inputs;
    m->trajectories = trajectories;
    if (rc == 0 && trajectories < 2) {
        rc = ERROR_RAISE(e, ERROR_ARGUMENT, "%zu trajectories: at least 2", trajectories);
    }
    if (rc < 0) {
        return rc;
    }
    f.of = calloc(trajectories * inputs * MORRIS_SEEDS, sizeof *f.of);
    if (f.of == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu trajectories", trajectories);
    }
    for (size_t t = 0; t < trajectories; t++) {
        take_effects(&f, x, y, t);
    }
    rc = describe(m, &f, seed, e);
    free(f.of);
    return rc;
}
