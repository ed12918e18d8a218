/* SPDX-License-Identifier: Apache-2.0 */
/* Taylor-Aris dispersion: growth of variance, and its exchange between cells. */
#include "device/dispersion.h"

#include <math.h>

#define PI 3.14159265358979323846
#define PART_MAX 0.5     /* variance of one explicit exchange, cells^2; non-negative up to 1 */
#define EXPLICIT_MAX 8.0 /* beyond this variance one implicit exchange is cheaper */

/* First zero of the Bessel function J1, squared: the slowest radial mode of Taylor's problem. */
#define RADIAL_MODE 14.682

/* How far the spread has come to Taylor's regime after tau = D T / a^2. */
static double taylor_share(double tau)
{
    double x = RADIAL_MODE * tau;
    return x < 1e-4 ? 0.5 * x : 1.0 + expm1(-x) / x;
}

double dispersion_ml2_per_ml(const dispersion_tube_t *tube, double flow_ml_per_s, double cm2_per_s)
{
    double section_cm2 = tube->section_cm2;
    double radius2_cm2 = section_cm2 / PI;
    if (isinf(flow_ml_per_s)) {
        return 0.0;
    }
    double tau = cm2_per_s * tube->reach_ml / (flow_ml_per_s * radius2_cm2);
    return 2.0 * section_cm2 * section_cm2 * cm2_per_s / flow_ml_per_s +
           taylor_share(tau) * radius2_cm2 * flow_ml_per_s / (24.0 * cm2_per_s);
}

double dispersion_rest_ml2(const dispersion_tube_t *tube, double cm2_per_s, double seconds)
{
    return 2.0 * tube->section_cm2 * tube->section_cm2 * cm2_per_s * seconds;
}

/* One explicit exchange of variance `part` <= 1. */
static void exchange_near(double cell[], int n, double part)
{
    double half = 0.5 * part;
    double from_before = 0.0;
    for (int j = 0; j + 1 < n; j++) {
        double here = cell[j];
        double to_next = half * (here - cell[j + 1]);
        cell[j] = here + (from_before - to_next);
        from_before = to_next;
    }
    cell[n - 1] += from_before;
}

/* One implicit exchange (backward Euler, by Thomas's algorithm) of any variance. */
static void exchange_far(double cell[], int n, double variance)
{
    double half = 0.5 * variance;
    double upper[DISPERSION_CELLS_MAX];
    double denominator = 1.0 + half;
    upper[0] = half / denominator;
    cell[0] /= denominator;
    for (int j = 1; j < n; j++) {
        denominator = 1.0 + half * (j + 1 < n ? 2.0 : 1.0) - half * upper[j - 1];
        upper[j] = half / denominator;
        cell[j] = (cell[j] + half * cell[j - 1]) / denominator;
    }
    for (int j = n - 2; j >= 0; j--) {
        cell[j] += upper[j] * cell[j + 1];
    }
}

void dispersion_exchange(double cell[], int n, double variance)
{
    if (variance > EXPLICIT_MAX) {
        exchange_far(cell, n, variance);
        return;
    }
    double parts = ceil(variance / PART_MAX);
    for (int i = 0; i < (int)parts; i++) {
        exchange_near(cell, n, variance / parts);
    }
}
