/* SPDX-License-Identifier: Apache-2.0 */
/* Dense kernels of the modal path, in lanes of fixed width so that every instruction set gives the same
 * bits: a sum runs in LANES_WIDTH partial sums, element i into partial sum i mod LANES_WIDTH, and these
 * are added as ((0+4)+(2+6)) + ((1+5)+(3+7)). No fused multiply-add.
 *
 * Every array of n doubles has lanes_padded(n) elements, is aligned to LANES_ALIGN and zero past n.
 * Thread rule: pure functions of their arguments.
 */
#ifndef BODY_LANES_H
#define BODY_LANES_H

#include <stddef.h>

#define LANES_WIDTH 8
#define LANES_ALIGN 64

/* n rounded up to a multiple of LANES_WIDTH; 0 stays 0. */
static inline size_t lanes_padded(size_t n)
{
    return (n + LANES_WIDTH - 1) / LANES_WIDTH * LANES_WIDTH;
}

/* Zeroed, aligned memory for `count` doubles (count a multiple of LANES_WIDTH; 0 counts as LANES_WIDTH);
 * NULL when out of memory or on overflow. Release with free(). */
double *lanes_alloc(size_t count);

/* out[r] = sum over i of matrix[r * padded + i] * x[i], for r in 0..rows-1. */
void lanes_rows(size_t rows, size_t padded, const double *matrix, const double *x, double *out);

/* y[i] = decay[i] * y[i] + a * from_a[i] + b * from_b[i]. */
void lanes_update(size_t padded, double *y, const double *decay, const double from[2],
                  const double *const gain[2]);

/* Reads `sites` quantities at `times` moments: out[t * sites_padded + s] = sum over i of
 * panel[i * sites_padded + s] * y[t * padded + i], i in 0..modes-1 in rising order. sites_padded is a
 * multiple of LANES_WIDTH. The order of the sum differs from lanes_rows, so the last bits may. */
typedef struct lanes_panel_t {
    size_t modes;
    size_t padded;       /* stride of y */
    size_t sites_padded; /* stride of panel and out */
    const double *panel; /* [modes][sites_padded] */
} lanes_panel_t;
void lanes_read(const lanes_panel_t *p, size_t times, const double *y, double *out);

#endif
