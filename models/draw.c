/* SPDX-License-Identifier: Apache-2.0 */
/* Keyed random streams: Philox4x64-10 blocks, variates by inversion, and the view that GSL takes. */
#include "draw.h"

#include <math.h>
#include <stddef.h>

#include <gsl/gsl_cdf.h>

#include <Random123/philox.h>

void draw_block(const uint64_t counter[4], const uint64_t key[2], uint64_t word[4])
{
    philox4x64_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
    philox4x64_key_t k = {{key[0], key[1]}};
    philox4x64_ctr_t out = philox4x64_R(10, c, k);
    for (int i = 0; i < 4; i++) {
        word[i] = out.v[i];
    }
}

void draw_init(draw_t *d, uint64_t seed, int purpose, uint64_t patient, uint64_t replicate,
               uint64_t entity)
{
    *d = (draw_t){
        .key = {seed, (uint64_t)purpose},
        .counter = {0, patient, replicate, entity},
        .used = 4,
    };
}

void draw_seek(draw_t *d, uint64_t block)
{
    d->counter[0] = block;
    d->used = 4;
}

uint64_t draw_bits(draw_t *d)
{
    if (d->used == 4) {
        draw_block(d->counter, d->key, d->word);
        d->counter[0]++;
        d->used = 0;
    }
    return d->word[d->used++];
}

/* Odd multiples of 2^-53 rather than (k + 1/2) 2^-53: the latter needs 54 bits near one and rounds to it. */
double draw_uniform(draw_t *d)
{
    return (double)((draw_bits(d) >> 12 << 1) | 1U) * 0x1p-53;
}

double draw_normal(draw_t *d)
{
    return gsl_cdf_ugaussian_Pinv(draw_uniform(d));
}

/* Standard normal conditioned on [low, high] at probability u. Works in the lower tail, where the
 * distribution function keeps its digits: an interval in the upper half is reflected. */
static double truncated(double u, double low, double high)
{
    if (low > 0.0) {
        return -truncated(1.0 - u, -high, -low);
    }
    double p_low = gsl_cdf_ugaussian_P(low);
    double p_high = gsl_cdf_ugaussian_P(high);
    return gsl_cdf_ugaussian_Pinv(p_low + u * (p_high - p_low));
}

double draw_truncated_normal_of(double uniform, double mean, double sd, double low, double high)
{
    double x =
        sd > 0.0 ? mean + sd * truncated(uniform, (low - mean) / sd, (high - mean) / sd) : mean;
    return fmin(fmax(x, low), high);
}

double draw_truncated_normal(draw_t *d, double mean, double sd, double low, double high)
{
    return draw_truncated_normal_of(draw_uniform(d), mean, sd, low, high);
}

double draw_lognormal_of(double uniform, double median, double cv)
{
    return median * exp(sqrt(log1p(cv * cv)) * gsl_cdf_ugaussian_Pinv(uniform));
}

double draw_lognormal(draw_t *d, double median, double cv)
{
    return draw_lognormal_of(draw_uniform(d), median, cv);
}

double draw_exponential(draw_t *d, double mean)
{
    return -mean * log(draw_uniform(d));
}

static void gsl_set(void *state, unsigned long seed)
{
    draw_init(state, seed, DRAW_TEST, 0, 0, 0);
}

static unsigned long gsl_get(void *state)
{
    return (unsigned long)(draw_bits(state) >> 32);
}

static double gsl_get_double(void *state)
{
    return (double)(draw_bits(state) >> 11) * 0x1p-53;
}

static const gsl_rng_type type = {
    .name = "draw_philox4x64",
    .max = 0xffffffffUL,
    .min = 0,
    .size = sizeof(draw_t),
    .set = gsl_set,
    .get = gsl_get,
    .get_double = gsl_get_double,
};

const gsl_rng_type *draw_gsl_type(void)
{
    return &type;
}

gsl_rng draw_gsl(draw_t *d)
{
    return (gsl_rng){.type = &type, .state = d};
}
