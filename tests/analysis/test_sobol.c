/* SPDX-License-Identifier: Apache-2.0 */
/* Sobol's indices against functions whose indices are known in closed form. */
#include "statistics/sobol.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "draw.h"

#define PI 3.14159265358979323846

/* Ishigami and Homma 1990: with a = 7, b = 0.1, on (-pi, pi)^3. */
#define A 7.0
#define B 0.1

static double ishigami(const double *x)
{
    const double x1 = PI * (2.0 * x[0] - 1.0), x2 = PI * (2.0 * x[1] - 1.0),
                 x3 = PI * (2.0 * x[2] - 1.0);
    return sin(x1) + A * sin(x2) * sin(x2) + B * x3 * x3 * x3 * x3 * sin(x1);
}

/* Its variances: V1 = (1 + b pi^4/5)^2/2, V2 = a^2/8, V13 = 8 b^2 pi^8/225. */
static double part(int which)
{
    const double p4 = PI * PI * PI * PI, one = (1.0 + B * p4 / 5.0) * (1.0 + B * p4 / 5.0) / 2.0,
                 two = A * A / 8.0, both = 8.0 * B * B * p4 * p4 / 225.0;
    const double all = one + two + both;
    const double value[] = {one / all, two / all, both / all, all};
    return value[which];
}

static double linear(const double *x)
{
    return 1.0 + 3.0 * x[0] + 4.0 * x[1];
}

/* Evaluates a model with what its noise is times a standard normal: of the row and seed alone (shared), or of each evaluation. */
typedef struct stand_t {
    double (*model)(const double *x);
    size_t inputs, points;
    double sd;
    int shared;
    double tilt; /* further noise in proportion to the first input */
} stand_t;

static sobol_t estimated(const stand_t *t)
{
    const size_t places = SOBOL_PLACES(t->inputs);
    double *x = calloc(t->points * places * t->inputs, sizeof *x);
    double *y = calloc(t->points * places * SOBOL_SEEDS, sizeof *y);
    sobol_t s;
    error_t e = {0};
    cr_assert_eq(sobol_design(x, t->inputs, t->points, 5, &e), 0, "%s", e.text);
    for (size_t i = 0; i < t->points * places * SOBOL_SEEDS; i++) {
        const size_t seed = i % SOBOL_SEEDS, row = i / SOBOL_SEEDS / places;
        const double *at = x + i / SOBOL_SEEDS * t->inputs;
        draw_t d;
        draw_init(&d, 9, DRAW_TEST, seed + 1, 0, t->shared ? row : i);
        y[i] = t->model(at) + (t->sd + t->tilt * at[0]) * draw_normal(&d);
    }
    cr_assert_eq(sobol_estimate(&s, y, t->inputs, t->points, 5, &e), 0, "%s", e.text);
    free(x);
    free(y);
    return s;
}

static void expect_ishigami(const sobol_t *s, double within)
{
    const double first[] = {part(0), part(1), 0.0};
    const double total[] = {part(0) + part(2), part(1), part(2)};
    for (int i = 0; i < 3; i++) {
        cr_expect_float_eq(s->index[i].first, first[i], within, "first %d: %.4f, expected %.4f", i,
                           s->index[i].first, first[i]);
        cr_expect_float_eq(s->index[i].total, total[i], within, "total %d: %.4f, expected %.4f", i,
                           s->index[i].total, total[i]);
    }
    cr_expect_float_eq(s->variance, part(3), within * part(3));
    cr_expect_float_eq(s->mean, A / 2.0, within);
}

/* 0.3139, 0.4424 and 0; 0.5576, 0.4424 and 0.2437. */
Test(sobol, indices_of_ishigami_are_the_closed_form)
{
    const stand_t t = {ishigami, 3, 4096, 0.0, 1, 0.0};
    const sobol_t s = estimated(&t);
    expect_ishigami(&s, 0.01);
    cr_expect_float_eq(s.noise, 0.0, 0.0);
    cr_expect_float_eq(s.noise_share, 0.0, 0.0);
    for (int i = 0; i < 3; i++) {
        cr_expect(s.index[i].total_ci.low <= s.index[i].total &&
                  s.index[i].total <= s.index[i].total_ci.high);
        cr_expect(s.index[i].total_ci.high - s.index[i].total_ci.low < 0.1);
    }
}

/* Noise as large as the model itself: half of the variance is the seed's, and the indices of the conditional mean stay. */
Test(sobol, noise_has_its_own_share_and_leaves_the_indices)
{
    const double sd = sqrt(part(3));
    const stand_t shared = {ishigami, 3, 4096, sd, 1, 0.0}, each = {ishigami, 3, 4096, sd, 0, 0.0};
    const sobol_t a = estimated(&shared), b = estimated(&each);
    expect_ishigami(&a, 0.06);
    expect_ishigami(&b, 0.12);
    cr_expect_float_eq(a.noise_share, 0.5, 0.03);
    cr_expect_float_eq(b.noise_share, 0.5, 0.03);
    cr_expect(a.noise_ci.low < 0.5 && 0.5 < a.noise_ci.high);
}

/* Estimators that take squares of differences would give the first input a total of 0.36 + (100/6)/(25/12) = 8.36. Variance of the
 * noise: 100 x^2, on average 100/3. */
Test(sobol, noise_that_grows_with_an_input_is_no_share_of_the_mean)
{
    const stand_t noisy = {linear, 3, 4096, 0.0, 1, 10.0};
    const sobol_t s = estimated(&noisy);
    cr_expect_float_eq(s.noise, 100.0 / 3.0, 3.0);
    cr_expect_float_eq(s.index[0].first, 9.0 / 25.0, 0.8);
    cr_expect_float_eq(s.index[0].total, 9.0 / 25.0, 0.6);
    cr_expect_float_eq(s.index[1].total, 16.0 / 25.0, 0.1);
    cr_expect_float_eq(s.index[2].total, 0.0, 1e-9);
}

/* Variances 9/12 and 16/12: 0.36, 0.64, and nothing more in the totals; the third input is not used. */
Test(sobol, linear_model_has_no_interaction)
{
    const stand_t t = {linear, 3, 4096, 0.0, 1, 0.0};
    const sobol_t s = estimated(&t);
    cr_expect_float_eq(s.variance, 25.0 / 12.0, 0.02);
    cr_expect_float_eq(s.index[0].first, 0.36, 0.01);
    cr_expect_float_eq(s.index[1].total, 0.64, 0.02);
    cr_expect_float_eq(s.index[2].first, 0.0, 1e-12);
    cr_expect_float_eq(s.index[2].total, 0.0, 1e-12);
}

static double constant(const double *x)
{
    (void)x;
    return 3.0;
}

Test(sobol, a_constant_has_no_indices)
{
    const stand_t t = {constant, 2, 64, 0.0, 1, 0.0};
    const sobol_t s = estimated(&t);
    cr_expect(isnan(s.index[0].first) && isnan(s.index[1].total));
    cr_expect(isnan(s.index[0].first_ci.low));
}

/* Row A_i and B_i share nothing, AB_i all but one; each input is spread evenly: each 64th holds 64 of 4096, give or take one. */
Test(sobol, design_fills_the_cube_evenly)
{
    enum { POINTS = 4096, INPUTS = 3, PLACES = SOBOL_PLACES(INPUTS) };
    static double x[POINTS][PLACES][INPUTS], again[POINTS][PLACES][INPUTS];
    size_t count[INPUTS][64] = {{0}};
    error_t e = {0};
    cr_assert_eq(sobol_design(&x[0][0][0], INPUTS, POINTS, 8, &e), 0);
    cr_assert_eq(sobol_design(&again[0][0][0], INPUTS, POINTS, 8, &e), 0);
    for (size_t p = 0; p < POINTS; p++) {
        for (size_t i = 0; i < INPUTS; i++) {
            cr_assert(x[p][0][i] > 0.0 && x[p][0][i] < 1.0);
            cr_assert_float_eq(x[p][0][i], again[p][0][i], 0.0);
            for (size_t k = 0; k < INPUTS; k++) {
                cr_assert_float_eq(x[p][k + 2][i], x[p][k == i ? 1 : 0][i], 0.0);
            }
            count[i][(size_t)(64.0 * x[p][0][i])]++;
        }
    }
    for (size_t i = 0; i < INPUTS; i++) {
        for (size_t k = 0; k < 64; k++) {
            cr_expect(count[i][k] >= 63 && count[i][k] <= 65, "%zu", count[i][k]);
        }
    }
}

Test(sobol, refuses_no_inputs_too_many_and_one_point)
{
    double x[64] = {0.0};
    sobol_t s;
    error_t e = {0};
    cr_expect_eq(sobol_design(x, 0, 1, 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(sobol_design(x, SOBOL_INPUTS_MAX + 1, 1, 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(sobol_estimate(&s, x, 2, 1, 1, &e), ERROR_ARGUMENT);
}
