/* SPDX-License-Identifier: Apache-2.0 */
/* Morris's elementary effects (1991, Technometrics 33:161): which of many inputs matter, at few evaluations.
 *
 * A trajectory is k + 1 points on a grid of MORRIS_LEVELS levels of the unit cube, of which each differs from the one before in
 * one input, by MORRIS_STEP up or down. The elementary effect of an input is the change of the output over that of the input.
 * Estimands over trajectories: mu, their mean; mu*, the mean of their absolute values (Campolongo and others 2007, Environ Model
 * Softw 22:1509); sigma, their deviation, from interactions or curvature. Of a stochastic model every point of a trajectory is
 * evaluated with the same two seeds; effects are of the mean of both, and `noise` is the deviation that seeds alone leave in one
 * effect: where mu* is not well above it, nothing was seen. Intervals, 95 %: bootstrap over trajectories.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_MORRIS_H
#define ANALYSIS_MORRIS_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "statistics/interval.h"

#define MORRIS_INPUTS_MAX 64
#define MORRIS_SEEDS 2
#define MORRIS_LEVELS 4
#define MORRIS_STEP (2.0 / 3.0) /* levels / (2 (levels - 1)) */

/* Evaluations of one trajectory. */
#define MORRIS_PLACES(inputs) ((inputs) + 1)

typedef struct morris_effect_t {
    double mu, mu_star, sigma;
    double noise;
    interval_t mu_star_ci;
} morris_effect_t;

typedef struct morris_t {
    size_t inputs, trajectories;
    morris_effect_t effect[MORRIS_INPUTS_MAX];
} morris_t;

/* Inputs of every evaluation: x[trajectories][MORRIS_PLACES(inputs)][inputs], from 0 to 1. ERROR_ARGUMENT: not 1 to
 * MORRIS_INPUTS_MAX inputs. */
int morris_design(double *x, size_t inputs, size_t trajectories, uint64_t seed, error_t *e)
    __attribute__((warn_unused_result));

/* Computes *m of a design x and its y[trajectories][MORRIS_PLACES(inputs)][MORRIS_SEEDS]. seed: of the bootstrap.
 * ERROR_ARGUMENT: fewer than 2 trajectories; ERROR_MEMORY. */
int morris_estimate(morris_t *m, const double *x, const double *y, size_t inputs,
                    size_t trajectories, uint64_t seed, error_t *e)
    __attribute__((warn_unused_result));

#endif
