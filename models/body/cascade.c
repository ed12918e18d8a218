/* SPDX-License-Identifier: Apache-2.0 */
/* Exponentials of small bidiagonal matrices by positive terms only. */
#include "body/cascade.h"

#include <math.h>
#include <string.h>

#define TAYLOR_TERMS 20

cascade_t cascade_compose(const cascade_t *a, const cascade_t *b)
{
    cascade_t c;
    memset(&c, 0, sizeof c);
    c.stages = a->stages;
    for (int i = 0; i < c.stages; i++)
        for (int j = i; j < c.stages; j++) {
            long double sum = 0.0L;
            for (int k = i; k <= j; k++)
                sum += a->unit[i][k] * b->unit[k][j];
            c.unit[i][j] = sum;
        }
    return c;
}

/* exp of (superdiagonal h, diagonal (greatest - rate) h), times exp(-greatest h); greatest * h <= 1/2. */
static cascade_t short_response(int stages, const double rate[], double greatest, double h)
{
    long double row[CASCADE_STAGES_MAX];
    const long double shrink = expl(-(long double)greatest * (long double)h);
    cascade_t c;
    memset(&c, 0, sizeof c);
    c.stages = stages;
    for (int i = 0; i < stages; i++) {
        memset(row, 0, sizeof row);
        row[i] = 1.0L;
        for (int term = 1; term <= TAYLOR_TERMS; term++) {
            const long double step = (long double)h / (long double)term;
            for (int j = i; j < stages; j++)
                c.unit[i][j] += row[j];
            for (int j = stages - 1; j > i; j--)
                row[j] =
                    step * (row[j] * ((long double)greatest - (long double)rate[j]) + row[j - 1]);
            row[i] *= step * ((long double)greatest - (long double)rate[i]);
        }
        for (int j = i; j < stages; j++)
            c.unit[i][j] = shrink * (c.unit[i][j] + row[j]);
    }
    return c;
}

cascade_t cascade_response(int stages, const double rate_per_h[], double hours)
{
    double greatest = 0.0;
    int doublings = 0;
    for (int i = 0; i < stages; i++)
        greatest = fmax(greatest, rate_per_h[i]);
    for (double x = fmax(greatest, 1.0) * hours; x > 0.5; x *= 0.5)
        doublings++;
    cascade_t c = short_response(stages, rate_per_h, greatest, ldexp(hours, -doublings));
    for (int i = 0; i < doublings; i++)
        c = cascade_compose(&c, &c);
    return c;
}
