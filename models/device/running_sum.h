/* SPDX-License-Identifier: Apache-2.0 */
/* A sum that keeps what rounding drops, so that a pump's life of small volumes adds up to the last digit.
 *
 * A quarter of a microlitre taken from twenty millilitres is rounded the same way every time, and the
 * error grows with the count. Each addition here is exact in the pair (Knuth's two-sum; Knuth, The Art
 * of Computer Programming vol. 2, 4.2.2, theorem B); the pair holds about 106 bits.
 */
#ifndef MODELS_DEVICE_RUNNING_SUM_H
#define MODELS_DEVICE_RUNNING_SUM_H

/* The sum is high + low, with |low| at most half a unit in the last place of high. */
typedef struct running_sum_t {
    double high;
    double low;
} running_sum_t;

/* Adds x, which must be finite. */
static inline void running_sum_add(running_sum_t *s, double x)
{
    double sum = s->high + x;
    double from_x = sum - s->high;
    double low = s->low + ((s->high - (sum - from_x)) + (x - from_x));
    s->high = sum + low;
    s->low = low - (s->high - sum);
}

/* a - b to the last digit of a double, also where a and b are close. */
static inline double running_sum_difference(running_sum_t a, running_sum_t b)
{
    running_sum_add(&a, -b.high);
    running_sum_add(&a, -b.low);
    return a.high;
}

#endif
