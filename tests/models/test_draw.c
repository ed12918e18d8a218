/* SPDX-License-Identifier: Apache-2.0 */
/* Random streams: known answers of the generator, independence of streams, shapes of the variates. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "draw.h"

#define SEED 20240229U

/* philox4x64 10 of Random123's tests/kat_vectors: zeros, ones, digits of pi. */
static const struct {
    uint64_t counter[4];
    uint64_t key[2];
    uint64_t word[4];
} known[] = {
    {{0, 0, 0, 0},
     {0, 0},
     {0x16554d9eca36314cU, 0xdb20fe9d672d0fdcU, 0xd7e772cee186176bU, 0x7e68b68aec7ba23bU}},
    {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
     {UINT64_MAX, UINT64_MAX},
     {0x87b092c3013fe90bU, 0x438c3c67be8d0224U, 0x9cc7d7c69cd777b6U, 0xa09caebf594f0ba0U}},
    {{0x243f6a8885a308d3U, 0x13198a2e03707344U, 0xa4093822299f31d0U, 0x082efa98ec4e6c89U},
     {0x452821e638d01377U, 0xbe5466cf34e90c6cU},
     {0xa528f45403e61d95U, 0x38c72dbd566e9788U, 0xa5a1610e72fd18b5U, 0x57bd43b5e52b7fe6U}},
};

Test(draw, block_gives_the_published_answers)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint64_t word[4];
        draw_block(known[i].counter, known[i].key, word);
        cr_assert_arr_eq(word, known[i].word, sizeof word, "vector %zu", i);
    }
}

/* The key and counter layout is part of every dataset's meaning. */
Test(draw, stream_reads_its_blocks_in_order)
{
    draw_t d;
    draw_init(&d, 11, DRAW_RATER, 22, 33, 44);
    for (uint64_t block = 0; block < 3; block++) {
        uint64_t word[4];
        draw_block((const uint64_t[]){block, 22, 33, 44}, (const uint64_t[]){11, DRAW_RATER}, word);
        for (int i = 0; i < 4; i++) {
            cr_assert_eq(draw_bits(&d), word[i], "block %d word %d", (int)block, i);
        }
    }
}

Test(draw, purposes_keep_their_numbers)
{
    cr_assert_eq(DRAW_PERSON, 1);
    cr_assert_eq(DRAW_PUMP_UNIT, 2);
    cr_assert_eq(DRAW_MUSCLE, 3);
    cr_assert_eq(DRAW_RATER, 4);
    cr_assert_eq(DRAW_REFILL_MEASUREMENT, 5);
    cr_assert_eq(DRAW_PROGRAMMER_NONCE, 6);
    cr_assert_eq(DRAW_IMPLANT_NONCE, 7);
    cr_assert_eq(DRAW_PARAMETER, 8);
    cr_assert_eq(DRAW_TEST, 9);
    cr_assert_eq(DRAW_ARRIVAL, 10);
    cr_assert_eq(DRAW_EVENT, 11);
    cr_assert_eq(DRAW_LINK, 12);
    cr_assert_eq(DRAW_TONE, 13);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* 3^5 streams of 8 words each: a shared word among 1944 draws of 64 bits has probability 1e-13. */
Test(draw, streams_are_disjoint_in_each_of_their_names)
{
    enum { WORDS = 243 * 8 };
    static uint64_t word[WORDS];
    for (int i = 0; i < 243; i++) {
        draw_t d;
        draw_init(&d, (uint64_t)(i % 3), i / 3 % 3, (uint64_t)(i / 9 % 3), (uint64_t)(i / 27 % 3),
                  (uint64_t)(i / 81));
        for (int j = 0; j < 8; j++) {
            word[i * 8 + j] = draw_bits(&d);
        }
    }
    qsort(word, WORDS, sizeof word[0], by_value);
    for (int i = 1; i < WORDS; i++) {
        cr_assert_neq(word[i], word[i - 1], "word %d repeats", i);
    }
}

Test(draw, copy_repeats_the_original)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 0);
    for (int i = 0; i < 6; i++) {
        (void)draw_bits(&d);
    }
    draw_t copy = d;
    for (int i = 0; i < 10; i++) {
        cr_assert_eq(draw_bits(&d), draw_bits(&copy), "draw %d after the copy", i);
    }
}

/* Neighbouring patients, entities and purposes: correlation of first draws, 5 standard errors. */
static double correlation_of_neighbours(int which)
{
    enum { N = 20000 };
    double sum = 0.0;
    for (uint64_t i = 0; i < N; i++) {
        draw_t a;
        draw_t b;
        draw_init(&a, SEED, DRAW_TEST, which == 0 ? i : 1, which == 1 ? i : 0, which == 2 ? i : 0);
        draw_init(&b, SEED, DRAW_TEST, which == 0 ? i + 1 : 1, which == 1 ? i + 1 : 0,
                  which == 2 ? i + 1 : 0);
        sum += (draw_uniform(&a) - 0.5) * (draw_uniform(&b) - 0.5) * 12.0;
    }
    return sum / sqrt((double)N);
}

Test(draw, neighbouring_streams_are_uncorrelated)
{
    static const char *const name[] = {"patients", "replicates", "entities"};
    for (int which = 0; which < 3; which++) {
        double z = correlation_of_neighbours(which);
        cr_assert(fabs(z) < 5.0, "neighbouring %s: z = %.2f (seed %u)", name[which], z, SEED);
    }
}

/* Chi-square on 64 cells over first draws of many patients; 1e-6 at either end. */
Test(draw, first_draws_of_patients_are_uniform)
{
    enum { CELLS = 64, N = 64000 };
    double count[CELLS] = {0.0};
    double chi2 = 0.0;
    for (uint64_t i = 1; i <= N; i++) {
        draw_t d;
        draw_init(&d, SEED, DRAW_TEST, i, 0, 0);
        count[(int)(draw_uniform(&d) * CELLS)] += 1.0;
    }
    for (int i = 0; i < CELLS; i++) {
        double off = count[i] - (double)N / CELLS;
        chi2 += off * off / ((double)N / CELLS);
    }
    double p = gsl_cdf_chisq_Q(chi2, CELLS - 1);
    cr_assert(p > 1e-6 && p < 1.0 - 1e-6, "chi2 = %.1f, p = %g (seed %u)", chi2, p, SEED);
}

Test(draw, uniform_is_an_odd_multiple_of_two_to_minus_53)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 1);
    for (int i = 0; i < 1000; i++) {
        double u = draw_uniform(&d);
        double scaled = u * 0x1p53;
        cr_assert(u > 0.0 && u < 1.0 && fmod(scaled, 2.0) == 1.0, "draw %d is %a", i, u);
    }
}

/* Extreme words: a stream whose words are all ones or all zeros must not reach 0 or 1. */
Test(draw, uniform_stays_open_at_the_extreme_words)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 2);
    d.used = 0;
    d.word[0] = 0;
    d.word[1] = UINT64_MAX;
    cr_assert_gt(draw_uniform(&d), 0.0);
    cr_assert_lt(draw_uniform(&d), 1.0);
}

/* Each variate is the inversion of one uniform: draw both from copies of one stream. */
Test(draw, each_variate_consumes_one_uniform)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 3);
    draw_t u = d;
    (void)draw_normal(&d);
    (void)draw_lognormal(&d, 2.0, 0.5);
    (void)draw_exponential(&d, 3.0);
    (void)draw_truncated_normal(&d, 0.0, 1.0, -1.0, 1.0);
    for (int i = 0; i < 4; i++) {
        (void)draw_uniform(&u);
    }
    cr_assert_eq(draw_bits(&d), draw_bits(&u));
}

/* Mean and variance of n draws against their expectations, 5 standard errors of a Gaussian. */
typedef struct moments_t {
    double mean;
    double variance;
} moments_t;

static moments_t moments(const double x[], int n)
{
    moments_t m = {0.0, 0.0};
    for (int i = 0; i < n; i++) {
        m.mean += x[i] / n;
    }
    for (int i = 0; i < n; i++) {
        m.variance += (x[i] - m.mean) * (x[i] - m.mean) / n;
    }
    return m;
}

enum { SAMPLE = 20000 };
static double sample[SAMPLE];

Test(draw, normal_has_mean_0_and_variance_1)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 4);
    for (int i = 0; i < SAMPLE; i++) {
        sample[i] = draw_normal(&d);
    }
    moments_t m = moments(sample, SAMPLE);
    cr_assert(fabs(m.mean) < 5.0 / sqrt(SAMPLE), "mean %g (seed %u)", m.mean, SEED);
    cr_assert(fabs(m.variance - 1.0) < 5.0 * sqrt(2.0 / SAMPLE), "variance %g (seed %u)",
              m.variance, SEED);
}

Test(draw, lognormal_has_the_stated_median_and_cv)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 5);
    for (int i = 0; i < SAMPLE; i++) {
        sample[i] = log(draw_lognormal(&d, 3.0, 0.6));
    }
    moments_t m = moments(sample, SAMPLE);
    double sigma2 = log(1.0 + 0.36);
    cr_assert(fabs(m.mean - log(3.0)) < 5.0 * sqrt(sigma2 / SAMPLE), "log-mean %g", m.mean);
    cr_assert(fabs(m.variance / sigma2 - 1.0) < 5.0 * sqrt(2.0 / SAMPLE), "log-variance %g",
              m.variance);
}

Test(draw, lognormal_without_spread_is_its_median)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 6);
    cr_assert_float_eq(draw_lognormal(&d, 3.0, 0.0), 3.0, 0.0);
}

Test(draw, exponential_has_the_stated_mean)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 1, 0, 7);
    for (int i = 0; i < SAMPLE; i++) {
        sample[i] = draw_exponential(&d, 4.0);
    }
    moments_t m = moments(sample, SAMPLE);
    cr_assert(fabs(m.mean - 4.0) < 5.0 * 4.0 / sqrt(SAMPLE), "mean %g (seed %u)", m.mean, SEED);
}

/* Truncation, against the closed-form mean of a truncated normal; far tails on both sides too. */
static void check_truncated(double low, double high, uint64_t entity)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 2, 0, entity);
    for (int i = 0; i < SAMPLE; i++) {
        sample[i] = draw_truncated_normal(&d, 1.0, 2.0, 1.0 + 2.0 * low, 1.0 + 2.0 * high);
        cr_assert(sample[i] >= 1.0 + 2.0 * low && sample[i] <= 1.0 + 2.0 * high,
                  "[%g, %g] draw %d is %.17g", low, high, i, sample[i]);
    }
    double mass = low > 0.0 ? gsl_cdf_ugaussian_Q(low) - gsl_cdf_ugaussian_Q(high)
                            : gsl_cdf_ugaussian_P(high) - gsl_cdf_ugaussian_P(low);
    double mean = (gsl_ran_ugaussian_pdf(low) - gsl_ran_ugaussian_pdf(high)) / mass;
    moments_t m = moments(sample, SAMPLE);
    cr_assert(fabs((m.mean - 1.0) / 2.0 - mean) < 5.0 * sqrt(m.variance / 4.0 / SAMPLE),
              "[%g, %g] mean %g, expected %g", low, high, (m.mean - 1.0) / 2.0, mean);
}

Test(draw, truncated_normal_has_its_closed_form_mean)
{
    check_truncated(-1.0, 2.0, 0);
    check_truncated(0.5, 0.75, 1);
    check_truncated(9.0, 12.0, 2);
    check_truncated(-12.0, -9.0, 3);
}

Test(draw, truncated_normal_without_spread_moves_into_the_interval)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 2, 0, 4);
    cr_assert_float_eq(draw_truncated_normal(&d, 5.0, 0.0, -1.0, 2.0), 2.0, 0.0);
    cr_assert_float_eq(draw_truncated_normal(&d, 1.5, 0.0, -1.0, 2.0), 1.5, 0.0);
}

Test(draw, gsl_sees_the_same_words)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 3, 0, 0);
    draw_t words = d;
    gsl_rng g = draw_gsl(&d);
    cr_assert_eq(gsl_rng_get(&g), draw_bits(&words) >> 32);
    cr_assert_float_eq(gsl_rng_uniform(&g), (double)(draw_bits(&words) >> 11) * 0x1p-53, 0.0);
}

Test(draw, gsl_allocates_and_seeds_it)
{
    gsl_rng *g = gsl_rng_alloc(draw_gsl_type());
    cr_assert_not_null(g);
    gsl_rng_set(g, 0x100000001UL);
    draw_t d;
    draw_init(&d, 0x100000001UL, DRAW_TEST, 0, 0, 0);
    cr_assert_eq(gsl_rng_get(g), draw_bits(&d) >> 32, "all 64 bits of the seed must count");
    gsl_rng_free(g);
}

/* Block k of a stream begins with its word 4 k, wherever the stream stood. */
Test(draw, seek_finds_any_block_of_the_stream)
{
    draw_t straight, jumping;
    uint64_t word[32];
    draw_init(&straight, SEED, DRAW_TEST, 3, 1, 9);
    jumping = straight;
    for (int i = 0; i < 32; i++) {
        word[i] = draw_bits(&straight);
    }
    for (int block = 7; block >= 0; block -= 3) {
        draw_seek(&jumping, (uint64_t)block);
        for (int i = 0; i < 3; i++) {
            cr_assert_eq(draw_bits(&jumping), word[4 * block + i], "block %d, word %d", block, i);
        }
    }
}
