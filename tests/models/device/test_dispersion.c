/* SPDX-License-Identifier: Apache-2.0 */
/* Dispersion: both ends of its formula, and that an exchange keeps fluid and gives the variance it was told. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/dispersion.h"

#define PI 3.14159265358979323846
#define D_CM2_PER_S 7e-6

static const dispersion_tube_t tube = {.section_cm2 = 0.0022, .reach_ml = 0.2};

/* At a pump's flow Taylor's and Aris's; in a push of no time none of either. */
Test(dispersion, slow_flow_spreads_as_taylor_and_aris_say)
{
    const double ml_per_s = 0.1 / 86400.0, radius2_cm2 = 0.0022 / PI;
    const double u = ml_per_s / 0.0022, pe = sqrt(radius2_cm2) * u / D_CM2_PER_S;
    const double d_eff = D_CM2_PER_S * (1.0 + pe * pe / 48.0);
    const double ml2_per_ml = 2.0 * 0.0022 * 0.0022 * d_eff / ml_per_s;
    cr_expect_float_eq(dispersion_ml2_per_ml(&tube, ml_per_s, D_CM2_PER_S) / ml2_per_ml, 1.0, 1e-3);
    cr_expect_float_eq(dispersion_ml2_per_ml(&tube, HUGE_VAL, D_CM2_PER_S), 0.0, 0.0);
}

/* The faster, the less radial diffusion has done: g = k tau / 2, and the spread is k T Q / 48, whatever flow and drug. */
Test(dispersion, a_fast_push_spreads_as_laminar_flow_whatever_its_speed)
{
    const double limit = 14.682 * tube.reach_ml / 48.0;
    for (double ml_per_s = 10.0; ml_per_s < 1e6; ml_per_s *= 3.0) {
        cr_expect_float_eq(dispersion_ml2_per_ml(&tube, ml_per_s, D_CM2_PER_S) / limit, 1.0, 2e-3,
                           "%g mL/s", ml_per_s);
    }
}

/* On both sides of 8 cells^2, where the scheme changes; far from the ends. */
Test(dispersion, an_exchange_keeps_the_sum_and_gives_its_variance)
{
    enum { N = 201 };
    for (double variance = 1e-3; variance < 50.0; variance *= 1.7) {
        double cell[N] = {0.0}, sum = 0.0, mean = 0.0, square = 0.0;
        cell[N / 2] = 1.0;
        dispersion_exchange(cell, N, variance);
        for (int j = 0; j < N; j++) {
            cr_assert_geq(cell[j], 0.0, "variance %g, cell %d", variance, j);
            sum += cell[j];
            mean += j * cell[j];
            square += (double)j * j * cell[j];
        }
        cr_expect_float_eq(sum, 1.0, 1e-13, "variance %g", variance);
        cr_expect_float_eq(mean, N / 2, 1e-9, "variance %g", variance);
        cr_expect_float_eq((square - mean * mean) / variance, 1.0, 1e-6, "variance %g", variance);
    }
}
