/* SPDX-License-Identifier: Apache-2.0 */
/* Sobol's indices of the conditional mean of a stochastic model: what share of its variance each input makes.
 *
 * A model Y(x, w) takes inputs x, uniform on the unit cube, and a seed w. Its conditional mean is m(x), the mean of Y over w.
 * Estimands: first-order index Var(E[m | x_i])/Var(m); total index E[Var(m | all but x_i)]/Var(m); noise share E[Var(Y | x)]/Var(Y),
 * what the seed alone makes of the variance of Y.
 *
 * Design of N points (Saltelli and others 2010, Comput Phys Commun 181:259): rows of a matrix A, of B, and of A with column i from
 * B; inputs from a Sobol sequence of 2k dimensions (GSL), shifted modulo 1 by the seed (Cranley and Patterson 1976, SIAM J Numer
 * Anal 13:904). Every row is evaluated with the same two seeds at all of its places, w and v. Then, over rows,
 *   noise     mean of (Y(A,w) - Y(A,v))^2/2, of B too;
 *   Var(m)    mean of (Y(A,w) - Y(B,w)) (Y(A,v) - Y(B,v))/2;
 *   total     mean of (Y(A,w) - Y(AB_i,w)) (Y(A,v) - Y(AB_i,v))/2: of a model without noise Jansen's (1999, Comput Phys Commun 117:35);
 *   first     mean of (Y(B,w) - c) (Y(AB_i,v) - Y(A,v)), and w and v exchanged: Saltelli's, c the mean of all;
 * each without bias by noise, since w and v are independent; sharing a seed along a row takes most of it out of the differences.
 * Intervals, 95 %: bootstrap over the N points.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_SOBOL_H
#define ANALYSIS_SOBOL_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "statistics/interval.h"

#define SOBOL_INPUTS_MAX 20
#define SOBOL_SEEDS 2

/* Evaluations of one point: A, B, then A with each of the inputs from B. */
#define SOBOL_PLACES(inputs) ((inputs) + 2)

typedef struct sobol_index_t {
    double first, total;
    interval_t first_ci, total_ci;
} sobol_index_t;

typedef struct sobol_t {
    size_t inputs, points;
    double mean;
    double variance; /* of the conditional mean */
    double noise;    /* variance of Y at one x */
    double noise_share;
    interval_t noise_ci; /* of the share */
    sobol_index_t index[SOBOL_INPUTS_MAX];
} sobol_t;

/* Inputs of every evaluation: x[points][SOBOL_PLACES(inputs)][inputs], within (0, 1). 1 <= inputs <= SOBOL_INPUTS_MAX.
 * ERROR_ARGUMENT; ERROR_MEMORY. */
int sobol_design(double *x, size_t inputs, size_t points, uint64_t seed, error_t *e)
    __attribute__((warn_unused_result));

/* Computes *s of y[points][SOBOL_PLACES(inputs)][SOBOL_SEEDS]; indices are NaN where the conditional mean does not vary. seed: of
 * the bootstrap. ERROR_ARGUMENT: fewer than 2 points; ERROR_MEMORY. */
int sobol_estimate(sobol_t *s, const double *y, size_t inputs, size_t points, uint64_t seed,
                   error_t *e) __attribute__((warn_unused_result));

#endif
