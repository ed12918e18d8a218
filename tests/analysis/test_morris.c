/* SPDX-License-Identifier: Apache-2.0 */
/* Elementary effects of functions whose effects are known. */
#include "statistics/morris.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "draw.h"

#define TRAJECTORIES 400
#define INPUTS 4

static double x[TRAJECTORIES][MORRIS_PLACES(INPUTS)][INPUTS];

/* 2 x0 - 3 x1 + x2^2, and nothing of x3. */
static double model(const double *at)
{
    return 2.0 * at[0] - 3.0 * at[1] + at[2] * at[2];
}

/* With noise of standard deviation sd, of each evaluation its own. */
static morris_t estimated(double sd)
{
    static double y[TRAJECTORIES][MORRIS_PLACES(INPUTS)][MORRIS_SEEDS];
    morris_t m;
    error_t e = {0};
    cr_assert_eq(morris_design(&x[0][0][0], INPUTS, TRAJECTORIES, 3, &e), 0, "%s", e.text);
    for (size_t t = 0; t < TRAJECTORIES; t++) {
        for (size_t p = 0; p < MORRIS_PLACES(INPUTS); p++) {
            draw_t d;
            draw_init(&d, 4, DRAW_TEST, t + 1, 0, p);
            for (size_t s = 0; s < MORRIS_SEEDS; s++) {
                y[t][p][s] = model(x[t][p]) + sd * draw_normal(&d);
            }
        }
    }
    cr_assert_eq(morris_estimate(&m, &x[0][0][0], &y[0][0][0], INPUTS, TRAJECTORIES, 3, &e), 0,
                 "%s", e.text);
    return m;
}

/* From 0 or 1/3 by 2/3 up, or back: the effect of x2^2 is 2/3 or 4/3, each as often. */
Test(morris, effects_are_slopes_and_their_spread_is_curvature)
{
    const morris_t m = estimated(0.0);
    cr_expect_float_eq(m.effect[0].mu, 2.0, 1e-12);
    cr_expect_float_eq(m.effect[0].sigma, 0.0, 1e-7);
    cr_expect_float_eq(m.effect[1].mu, -3.0, 1e-12);
    cr_expect_float_eq(m.effect[1].mu_star, 3.0, 1e-12);
    cr_expect_float_eq(m.effect[2].mu, 1.0, 0.06);
    cr_expect_float_eq(m.effect[2].sigma, 1.0 / 3.0, 0.02);
    cr_expect(m.effect[2].mu_star_ci.low < 1.0 && m.effect[2].mu_star_ci.high > 1.0);
    cr_expect_float_eq(m.effect[3].mu_star, 0.0, 0.0);
    cr_expect_float_eq(m.effect[0].noise, 0.0, 0.0);
}

/* The mean of two evaluations has the deviation 0.1/sqrt(2), a difference of two such means 0.1, over a step of 2/3: 0.15. */
Test(morris, noise_is_what_seeds_leave_in_an_effect)
{
    const morris_t m = estimated(0.1);
    for (int i = 0; i < INPUTS; i++) {
        cr_expect_float_eq(m.effect[i].noise, 0.15, 0.02, "%g", m.effect[i].noise);
    }
    cr_expect_float_eq(m.effect[3].sigma, 0.15, 0.02);
    cr_expect_float_eq(m.effect[0].mu, 2.0, 0.03);
}

Test(morris, trajectories_move_one_input_at_a_time_on_the_grid)
{
    size_t low[INPUTS] = {0};
    (void)estimated(0.0);
    for (size_t t = 0; t < TRAJECTORIES; t++) {
        size_t moves[INPUTS] = {0};
        for (size_t p = 0; p < MORRIS_PLACES(INPUTS); p++) {
            for (size_t i = 0; i < INPUTS; i++) {
                const double level = 3.0 * x[t][p][i];
                cr_assert_float_eq(level, round(level), 1e-12);
                cr_assert(level > -0.5 && level < 3.5);
                moves[i] += p > 0 && fabs(x[t][p][i] - x[t][p - 1][i]) > 0.5 ? 1 : 0;
            }
        }
        for (size_t i = 0; i < INPUTS; i++) {
            cr_assert_eq(moves[i], 1);
            low[i] += x[t][0][i] < 0.5 ? 1 : 0;
        }
    }
    for (size_t i = 0; i < INPUTS; i++) {
        cr_expect(low[i] > 150 && low[i] < 250, "%zu of %d begin low", low[i], TRAJECTORIES);
    }
}

Test(morris, refuses_what_it_cannot_estimate)
{
    double none[4] = {0.0};
    morris_t m;
    error_t e = {0};
    cr_expect_eq(morris_design(none, 0, 1, 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(morris_design(none, MORRIS_INPUTS_MAX + 1, 1, 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(morris_estimate(&m, none, none, 1, 1, 1, &e), ERROR_ARGUMENT);
}
