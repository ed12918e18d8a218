/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-width lane kernels, compiled once per instruction set and chosen at load time. */
#include "body/lanes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LANES_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define LANES_SANITIZED 1
#endif
#endif

/* Multiversioning needs ifuncs, whose resolvers run before a sanitizer's runtime is ready. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(LANES_SANITIZED)
#define LANES_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LANES_CLONES
#endif

typedef double lanes_t __attribute__((vector_size(LANES_WIDTH * sizeof(double)), may_alias));

static double lanes_total(const lanes_t *v)
{
    double s[LANES_WIDTH];
    memcpy(s, v, sizeof s);
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

double *lanes_alloc(size_t count)
{
    if (count == 0)
        count = LANES_WIDTH;
    if (count > SIZE_MAX / sizeof(double) - LANES_WIDTH)
        return NULL;
    const size_t bytes = lanes_padded(count) * sizeof(double);
    double *p = aligned_alloc(LANES_ALIGN, bytes);
    if (p != NULL)
        memset(p, 0, bytes);
    return p;
}

LANES_CLONES
void lanes_rows(size_t rows, size_t padded, const double *matrix, const double *x, double *out)
{
    const lanes_t *xs = (const lanes_t *)(const void *)x;
    for (size_t r = 0; r < rows; r++) {
        const lanes_t *m = (const lanes_t *)(const void *)(matrix + r * padded);
        lanes_t sum = {0.0};
        for (size_t k = 0; k < padded / LANES_WIDTH; k++)
            sum += m[k] * xs[k];
        out[r] = lanes_total(&sum);
    }
}

LANES_CLONES
void lanes_update(size_t padded, double *y, const double *decay, const double from[2],
                  const double *const gain[2])
{
    lanes_t *ys = (lanes_t *)(void *)y;
    const lanes_t *e = (const lanes_t *)(const void *)decay;
    const lanes_t *g0 = (const lanes_t *)(const void *)gain[0];
    const lanes_t *g1 = (const lanes_t *)(const void *)gain[1];
    const double a = from[0], b = from[1];
    for (size_t k = 0; k < padded / LANES_WIDTH; k++)
        ys[k] = e[k] * ys[k] + a * g0[k] + b * g1[k];
}

/* Four moments of one panel of eight sites: eight accumulators of four doubles on AVX2. */
LANES_CLONES
static void read_four(const lanes_panel_t *p, const double *panel, const double *y, double *out)
{
    lanes_t s0 = {0.0}, s1 = {0.0}, s2 = {0.0}, s3 = {0.0};
    const double *y1 = y + p->padded, *y2 = y1 + p->padded, *y3 = y2 + p->padded;
    for (size_t i = 0; i < p->modes; i++) {
        const lanes_t v = *(const lanes_t *)(const void *)(panel + i * p->sites_padded);
        s0 += v * y[i];
        s1 += v * y1[i];
        s2 += v * y2[i];
        s3 += v * y3[i];
    }
    *(lanes_t *)(void *)out = s0;
    *(lanes_t *)(void *)(out + p->sites_padded) = s1;
    *(lanes_t *)(void *)(out + 2 * p->sites_padded) = s2;
    *(lanes_t *)(void *)(out + 3 * p->sites_padded) = s3;
}

LANES_CLONES
static void read_one(const lanes_panel_t *p, const double *panel, const double *y, double *out)
{
    lanes_t s = {0.0};
    for (size_t i = 0; i < p->modes; i++)
        s += *(const lanes_t *)(const void *)(panel + i * p->sites_padded) * y[i];
    *(lanes_t *)(void *)out = s;
}

void lanes_read(const lanes_panel_t *p, size_t times, const double *y, double *out)
{
    for (size_t site = 0; site < p->sites_padded; site += LANES_WIDTH) {
        size_t t = 0;
        for (; t + 4 <= times; t += 4)
            read_four(p, p->panel + site, y + t * p->padded, out + t * p->sites_padded + site);
        for (; t < times; t++)
            read_one(p, p->panel + site, y + t * p->padded, out + t * p->sites_padded + site);
    }
}
