/* SPDX-License-Identifier: Apache-2.0 */
/* The lane kernels give, to the bit, what a plain loop in their stated order gives. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/lanes.h"

#define MODES 123
#define PADDED 128
#define ROWS 5
#define TIMES 7
#define SITES 16

static double *noise(size_t count, unsigned seed)
{
    double *x = lanes_alloc(count);
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = ((double)seed / 4294967296.0 - 0.5) * exp((double)(seed % 17u) - 8.0);
    }
    return x;
}

Test(lanes, rows_add_in_eight_partial_sums)
{
    double *m = noise(ROWS * PADDED, 1), *x = noise(PADDED, 2), out[ROWS];
    lanes_rows(ROWS, PADDED, m, x, out);
    for (size_t r = 0; r < ROWS; r++) {
        double s[8] = {0};
        for (size_t i = 0; i < PADDED; i++) {
            const double product = m[r * PADDED + i] * x[i];
            s[i % 8] += product;
        }
        const double expected = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
        cr_expect(out[r] == expected, "row %zu: %a, plain loop %a", r, out[r], expected);
    }
    free(m);
    free(x);
}

Test(lanes, update_rounds_each_product)
{
    double *y = noise(PADDED, 3), *e = noise(PADDED, 4), *g0 = noise(PADDED, 5),
           *g1 = noise(PADDED, 6);
    double expected[PADDED];
    const double from[2] = {0.3, 1.7};
    const double *const gain[2] = {g0, g1};
    for (size_t i = 0; i < PADDED; i++) {
        const double kept = e[i] * y[i], first = from[0] * g0[i], second = from[1] * g1[i];
        expected[i] = (kept + first) + second;
    }
    lanes_update(PADDED, y, e, from, gain);
    cr_expect_arr_eq(y, expected, sizeof expected);
    free(y);
    free(e);
    free(g0);
    free(g1);
}

Test(lanes, read_adds_modes_in_order)
{
    double *panel = noise(MODES * SITES, 7), *y = noise(TIMES * PADDED, 8),
           *out = lanes_alloc(TIMES * SITES);
    const lanes_panel_t p = {MODES, PADDED, SITES, panel};
    lanes_read(&p, TIMES, y, out);
    for (size_t t = 0; t < TIMES; t++)
        for (size_t s = 0; s < SITES; s++) {
            double expected = 0.0;
            for (size_t i = 0; i < MODES; i++) {
                const double product = panel[i * SITES + s] * y[t * PADDED + i];
                expected += product;
            }
            cr_expect(out[t * SITES + s] == expected, "time %zu site %zu: %a, plain loop %a", t, s,
                      out[t * SITES + s], expected);
        }
    free(panel);
    free(y);
    free(out);
}

Test(lanes, alloc_is_zeroed_and_aligned)
{
    double *x = lanes_alloc(13);
    cr_assert_not_null(x);
    cr_expect_eq((size_t)(void *)x % LANES_ALIGN, 0);
    for (size_t i = 0; i < lanes_padded(13); i++)
        cr_expect_eq(x[i], 0.0);
    free(x);
}

Test(lanes, alloc_refuses_overflow)
{
    cr_expect_null(lanes_alloc((size_t)-1));
}
