/* SPDX-License-Identifier: Apache-2.0 */
/* Design and estimators of Sobol's indices. */
#include "statistics/sobol.h"

#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "statistics/bootstrap.h"

/* ---- design ---- */

/* Both matrices' rows of one point, from a point of the sequence in 2k dimensions. */
static void fill_point(double *x, const double *both, size_t inputs)
{
    const double *a = both, *b = both + inputs;
    for (size_t place = 0; place < SOBOL_PLACES(inputs); place++) {
        for (size_t i = 0; i < inputs; i++) {
            x[place * inputs + i] = place == 1 || place == i + 2 ? b[i] : a[i];
        }
    }
}

/* Within (0, 1). */
static double shifted(double value, double shift)
{
    const double at = value + shift - floor(value + shift);
    return fmin(fmax(at, 0x1p-53), 1.0 - 0x1p-53);
}

int sobol_design(double *x, size_t inputs, size_t points, uint64_t seed, error_t *e)
{
    double both[2 * SOBOL_INPUTS_MAX], shift[2 * SOBOL_INPUTS_MAX];
    draw_t d;
    if (inputs < 1 || inputs > SOBOL_INPUTS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%zu inputs: from 1 to %d", inputs, SOBOL_INPUTS_MAX);
    }
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)(2 * inputs));
    if (sequence == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for a sequence of %zu dimensions",
                           2 * inputs);
    }
    draw_init(&d, seed, DRAW_DESIGN, 0, 0, 0);
    for (size_t i = 0; i < 2 * inputs; i++) {
        shift[i] = draw_uniform(&d);
    }
    for (size_t p = 0; p < points; p++) {
        (void)gsl_qrng_get(sequence, both);
        for (size_t i = 0; i < 2 * inputs; i++) {
            both[i] = shifted(both[i], shift[i]);
        }
        fill_point(x + p * SOBOL_PLACES(inputs) * inputs, both, inputs);
    }
    gsl_qrng_free(sequence);
    return 0;
}

/* ---- estimates ---- */

/* What is estimated: noise, variance, mean, the noise share, then first and total of each input. */
enum { NOISE, VARIANCE, MEAN, SHARE, INDICES };

typedef struct sobol_model_t {
    const double *y;
    size_t inputs;
    double centre; /* the mean of all evaluations: the estimators are least noisy about it */
} sobol_model_t;

/* Both evaluations at a place of a point. */
static const double *place_of(const sobol_model_t *m, size_t point, size_t place)
{
    return m->y + (point * SOBOL_PLACES(m->inputs) + place) * SOBOL_SEEDS;
}

/* Sums of one point into sum[]. */
static void add_point(const sobol_model_t *m, size_t point, double *sum)
{
    const double *a = place_of(m, point, 0), *b = place_of(m, point, 1);
    sum[NOISE] += ((a[0] - a[1]) * (a[0] - a[1]) + (b[0] - b[1]) * (b[0] - b[1])) / 4.0;
    sum[VARIANCE] += (a[0] - b[0]) * (a[1] - b[1]) / 2.0;
    sum[MEAN] += (a[0] + a[1] + b[0] + b[1]) / 4.0;
    for (size_t i = 0; i < m->inputs; i++) {
        const double *ab = place_of(m, point, i + 2);
        const double one = (b[0] - m->centre) * (ab[1] - a[1]);
        const double other = (b[1] - m->centre) * (ab[0] - a[0]);
        sum[INDICES + 2 * i] += (one + other) / 2.0;
        sum[INDICES + 2 * i + 1] += (a[0] - ab[0]) * (a[1] - ab[1]) / 2.0;
    }
}

/* A bootstrap_estimate_t: variances, then shares of the variance of the conditional mean. */
static void estimate(const void *context, const size_t *unit, size_t units, double *out)
{
    const sobol_model_t *m = context;
    const size_t n = INDICES + 2 * m->inputs;
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < units; i++) {
        add_point(m, unit[i], out);
    }
    for (size_t k = 0; k < n; k++) {
        out[k] /= (double)units;
    }
    out[SHARE] = out[NOISE] / (out[NOISE] + fmax(0.0, out[VARIANCE]));
    for (size_t k = INDICES; k < n; k++) {
        out[k] = out[VARIANCE] > 0.0 ? out[k] / out[VARIANCE] : (double)NAN;
    }
}

static double mean_of(const double *y, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += y[i];
    }
    return sum / (double)n;
}

static void take(sobol_t *s, const double *value, const interval_t *ci)
{
    s->noise = value[NOISE];
    s->variance = value[VARIANCE];
    s->mean = value[MEAN];
    s->noise_share = value[SHARE];
    s->noise_ci = ci[SHARE];
    for (size_t i = 0; i < s->inputs; i++) {
        const size_t at = INDICES + 2 * i;
        s->index[i] = (sobol_index_t){value[at], value[at + 1], ci[at], ci[at + 1]};
    }
}

int sobol_estimate(sobol_t *s, const double *y, size_t inputs, size_t points, uint64_t seed,
                   error_t *e)
{
    double value[INDICES + 2 * SOBOL_INPUTS_MAX];
    interval_t ci[INDICES + 2 * SOBOL_INPUTS_MAX];
    memset(s, 0, sizeof *s);
    s->inputs = inputs;
    s->points = points;
    if (points < 2 || inputs < 1 || inputs > SOBOL_INPUTS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%zu points of %zu inputs: at least 2, of 1 to %d",
                           points, inputs, SOBOL_INPUTS_MAX);
    }
    const sobol_model_t m = {y, inputs, mean_of(y, points * SOBOL_PLACES(inputs) * SOBOL_SEEDS)};
    size_t *each = calloc(points, sizeof *each);
    if (each == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu points", points);
    }
    for (size_t p = 0; p < points; p++) {
        each[p] = p;
    }
    estimate(&m, each, points, value);
    free(each);
    const int rc = bootstrap_intervals(estimate, &m, points, seed, ci, INDICES + 2 * inputs, e);
    if (rc == 0) {
        take(s, value, ci);
    }
    return rc;
}
