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

/* Multiversioning needs ifuncs, whose resolvers run before a sanitizer's runtime is ready. Clang 14 names
 * the ifunc so that no other file finds it. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(LANES_SANITIZED) &&                  \
    !defined(__clang__)
#define LANES_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LANES_CLONES
#endif

/* Four lanes a vector: wider ones live in memory, not in registers, where the hardware has none. */
#define HALF 4
typedef double half_t __attribute__((vector_size(HALF * sizeof(double)), may_alias));
#define INLINE static inline __attribute__((always_inline))

INLINE double total(const half_t *low, const half_t *high)
{
    const half_t s = *low + *high;
    return (s[0] + s[2]) + (s[1] + s[3]);
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

/* `count` <= 4 rows at once share the loads of x: eight accumulators. */
INLINE void some_rows(int count, size_t padded, const double *matrix, const double *x, double *out)
{
    half_t low[4] = {{0.0}}, high[4] = {{0.0}};
    for (size_t i = 0; i < padded; i += LANES_WIDTH) {
        const half_t x0 = *(const half_t *)(const void *)(x + i);
        const half_t x1 = *(const half_t *)(const void *)(x + i + HALF);
        for (int r = 0; r < count; r++) {
            const half_t *m = (const half_t *)(const void *)(matrix + (size_t)r * padded + i);
            low[r] += m[0] * x0;
            high[r] += m[1] * x1;
        }
    }
    for (int r = 0; r < count; r++)
        out[r] = total(&low[r], &high[r]);
}

LANES_CLONES
void lanes_rows(size_t rows, size_t padded, const double *matrix, const double *x, double *out)
{
    size_t r = 0;
    for (; r + 4 <= rows; r += 4)
        some_rows(4, padded, matrix + r * padded, x, out + r);
    if (rows - r == 3)
        some_rows(3, padded, matrix + r * padded, x, out + r);
    else if (rows - r == 2)
        some_rows(2, padded, matrix + r * padded, x, out + r);
    else if (rows - r == 1)
        some_rows(1, padded, matrix + r * padded, x, out + r);
}

LANES_CLONES
void lanes_update(size_t padded, double *y, const double *decay, const double from[2],
                  const double *const gain[2])
{
    half_t *ys = (half_t *)(void *)y;
    const half_t *e = (const half_t *)(const void *)decay;
    const half_t *g0 = (const half_t *)(const void *)gain[0];
    const half_t *g1 = (const half_t *)(const void *)gain[1];
    const double a = from[0], b = from[1];
    for (size_t k = 0; k < padded / HALF; k++)
        ys[k] = e[k] * ys[k] + a * g0[k] + b * g1[k];
}

/* `count` <= 4 moments of one panel of eight sites: eight accumulators. */
INLINE void some_moments(int count, const lanes_panel_t *p, const double *panel, const double *y,
                         double *out)
{
    half_t low[4] = {{0.0}}, high[4] = {{0.0}};
    for (size_t i = 0; i < p->modes; i++) {
        const half_t *v = (const half_t *)(const void *)(panel + i * p->sites_padded);
        const half_t v0 = v[0], v1 = v[1];
        for (int t = 0; t < count; t++) {
            const double at = y[(size_t)t * p->padded + i];
            low[t] += v0 * at;
            high[t] += v1 * at;
        }
    }
    for (int t = 0; t < count; t++) {
        half_t *o = (half_t *)(void *)(out + (size_t)t * p->sites_padded);
        o[0] = low[t];
        o[1] = high[t];
    }
}

LANES_CLONES
void lanes_read(const lanes_panel_t *p, size_t times, const double *y, double *out)
{
    for (size_t site = 0; site < p->sites_padded; site += LANES_WIDTH) {
        size_t t = 0;
        for (; t + 4 <= times; t += 4)
            some_moments(4, p, p->panel + site, y + t * p->padded,
                         out + t * p->sites_padded + site);
        for (; t + 2 <= times; t += 2)
            some_moments(2, p, p->panel + site, y + t * p->padded,
                         out + t * p->sites_padded + site);
        for (; t < times; t++)
            some_moments(1, p, p->panel + site, y + t * p->padded,
                         out + t * p->sites_padded + site);
    }
}
