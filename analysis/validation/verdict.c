/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of validation. */
#include "validation/verdict.h"

#include <math.h>

enum verdict verdict_judge(interval_t published, double value, double half_width)
{
    const int narrow = half_width <= (published.high - published.low) / 3.0;
    if (isnan(value)) {
        return VERDICT_OUT_OF_REACH;
    }
    if (value >= published.low && value <= published.high) {
        return narrow ? VERDICT_INSIDE : VERDICT_TOO_FEW;
    }
    const int apart = value + half_width < published.low || value - half_width > published.high;
    return narrow || apart ? VERDICT_OUTSIDE : VERDICT_TOO_FEW;
}

int verdict_is_weak(interval_t published)
{
    const double near = fmin(fabs(published.low), fabs(published.high));
    const double far = fmax(fabs(published.low), fabs(published.high));
    return published.low * published.high > 0.0 && far > 2.0 * near;
}

void verdict_add(verdict_sum_t *sum, enum verdict_role role, int gate, int weak, enum verdict v)
{
    sum->rows[role][v]++;
    sum->gates_outside += gate && v == VERDICT_OUTSIDE ? 1 : 0;
    if (role == VERDICT_IMPOSED) {
        return;
    }
    sum->weak += weak ? 1 : 0;
    sum->counted += weak ? 0 : 1;
    sum->counted_inside += !weak && v == VERDICT_INSIDE ? 1 : 0;
}

static size_t rows_with(const verdict_sum_t *sum, enum verdict v)
{
    size_t n = 0;
    for (int role = 0; role < VERDICT_ROLES; role++) {
        n += sum->rows[role][v];
    }
    return n;
}

int verdict_passes(const verdict_sum_t *sum, int quick)
{
    if (sum->gates_outside > 0) {
        return 0;
    }
    if (quick) {
        return rows_with(sum, VERDICT_OUTSIDE) == 0;
    }
    return rows_with(sum, VERDICT_TOO_FEW) == 0 &&
           (double)sum->counted_inside >= VERDICT_SHARE * (double)sum->counted;
}

const char *verdict_name(enum verdict v)
{
    static const char *const names[VERDICT_COUNT] = {"inside", "outside", "too few",
                                                     "out of reach"};
    return v < VERDICT_COUNT ? names[v] : "";
}

const char *verdict_role_name(enum verdict_role role)
{
    static const char *const names[VERDICT_ROLES] = {"imposed", "fitted", "derived", "emergent"};
    return role < VERDICT_ROLES ? names[role] : "";
}
