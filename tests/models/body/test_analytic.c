/* SPDX-License-Identifier: Apache-2.0 */
/* Transport against closed forms: point sources, boluses, closed canals, fixed ends, variable area. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "tests/models/body/line.h"

#define RATE (100.0 / 24.0)
#define CELLS_MAX 2000

typedef struct point_t {
    double x_cm, t_h, expected;
} point_t;

static double mass[CELLS_MAX];

static void expect_steady(double drift, const double expected[6])
{
    static const double x[6] = {0, 5, 10, 20, -10, -20};
    line_case_t c = line_infinite();
    line_t l;
    char name[80];
    c.drift_cm_per_h = drift;
    line_build(&l, &c);
    line_infuse(&l, csf_grid_cell(&l.grid, 0.0), RATE, (double)INFINITY, mass);
    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "steady point source, u %g, x %g", drift, x[i]);
        line_expect(name, line_at(&l, mass, x[i]), expected[i], 1e-4);
    }
    line_free(&l);
}

Test(analytic, v1_steady_point_source_without_drift)
{
    expect_steady(0.0,
                  (const double[]){0.400938, 0.260029, 0.168642, 0.070934, 0.168642, 0.070934});
}

Test(analytic, v1_steady_point_source_with_drift)
{
    expect_steady(1.0,
                  (const double[]){0.396825, 0.272734, 0.187447, 0.088544, 0.145984, 0.053704});
}

Test(analytic, v1_steady_point_source_with_reversed_drift)
{
    expect_steady(-1.0,
                  (const double[]){0.396825, 0.240687, 0.145984, 0.053704, 0.187447, 0.088544});
}

static void expect_bolus(double drift, const point_t *p, int points)
{
    line_case_t c = line_infinite();
    line_t l;
    char name[80];
    c.drift_cm_per_h = drift;
    line_build(&l, &c);
    for (int i = 0; i < points; i++) {
        line_bolus(&l, csf_grid_cell(&l.grid, 0.0), 50.0, p[i].t_h, mass);
        snprintf(name, sizeof name, "bolus, u %g, t %g, x %g", drift, p[i].t_h, p[i].x_cm);
        line_expect(name, line_at(&l, mass, p[i].x_cm), p[i].expected, 1e-4);
    }
    double total = 0.0, mean = 0.0, square = 0.0;
    for (int i = 0; i < l.grid.cells; i++) {
        const double x = csf_grid_centre_cm(&l.grid, i);
        total += mass[i];
        mean += mass[i] * x;
        square += mass[i] * x * x;
    }
    mean /= total;
    line_expect("mass of a bolus after 2 h", total, 50.0 * exp(-0.6), 1e-10);
    cr_expect(fabs(mean - drift * 2.0) < 1e-3, "mean %g cm, expected %g", mean, drift * 2.0);
    line_expect("variance of a bolus after 2 h", square / total - mean * mean, 160.0, 2e-3);
    line_free(&l);
}

Test(analytic, v2_bolus_without_drift)
{
    static const point_t p[] = {
        {0, 0.5, 1.809734}, {10, 0.5, 0.518497}, {0, 2, 0.576969}, {20, 2, 0.165304}};
    expect_bolus(0.0, p, 4);
}

Test(analytic, v2_bolus_with_drift)
{
    static const point_t p[] = {{4, 2, 0.576969}, {20, 2, 0.259249}};
    expect_bolus(2.0, p, 2);
}

Test(analytic, v3_transient_continuous_source)
{
    static const point_t p[] = {{0, 1, 0.225095},
                                {0, 6, 0.377772},
                                {10, 1, 0.033825},
                                {10, 6, 0.147171},
                                {20, 24, 0.070880}};
    const line_case_t c = line_infinite();
    line_t l;
    char name[80];
    line_build(&l, &c);
    for (int i = 0; i < 5; i++) {
        line_infuse(&l, csf_grid_cell(&l.grid, 0.0), RATE, p[i].t_h, mass);
        snprintf(name, sizeof name, "transient source, t %g, x %g", p[i].t_h, p[i].x_cm);
        line_expect(name, line_at(&l, mass, p[i].x_cm), p[i].expected, 1e-4);
    }
    line_infuse(&l, csf_grid_cell(&l.grid, 0.0), RATE, 1.3528 / 0.3, mass);
    line_expect("90 % of steady state at the source", line_at(&l, mass, 0.0), 0.9 * 0.400938, 1e-4);
    line_free(&l);
}

static line_case_t closed_canal(double length, double dx)
{
    line_case_t c = line_infinite();
    c.from_cm = c.fine_from_cm = 0.0;
    c.to_cm = c.fine_to_cm = length;
    c.dx_cm = dx;
    c.growth = 1.0;
    return c;
}

Test(analytic, v4_closed_canal)
{
    static const double x[6] = {0, 10, 20, 35, 45, 60};
    static const double expected[6] = {0.039212, 0.054858, 0.114286, 0.407175, 0.181620, 0.092226};
    const line_case_t c = closed_canal(60.0, 0.1);
    line_t l;
    char name[80];
    double total = 0.0;
    line_build(&l, &c);
    line_infuse(&l, csf_grid_cell(&l.grid, 35.0), RATE, (double)INFINITY, mass);
    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "closed canal, x %g", x[i]);
        line_expect(name, line_at(&l, mass, x[i]), expected[i], 1e-4);
    }
    for (int i = 0; i < l.grid.cells; i++)
        total += mass[i];
    line_expect("mean of a closed canal", total / (1.5 * 60.0), RATE / (0.3 * 1.5 * 60.0), 1e-10);
    line_free(&l);
}

static line_case_t inlet(double loss)
{
    line_case_t c = line_infinite();
    c.from_cm = c.fine_from_cm = 0.0;
    c.fine_to_cm = 46.0;
    c.to_cm = 220.0;
    c.drift_cm_per_h = 5.0;
    c.loss_per_h = loss;
    c.lower_fixed = true;
    return c;
}

Test(analytic, v5_ogata_banks)
{
    static const point_t p[] = {{10, 1, 0.451305}, {20, 2, 0.322450}, {40, 5, 0.312265}};
    const line_case_t c = inlet(0.0);
    line_t l;
    char name[80];
    line_build(&l, &c);
    for (int i = 0; i < 3; i++) {
        line_infuse(&l, 0, l.grid.lower_inflow_ml_per_h, p[i].t_h, mass);
        snprintf(name, sizeof name, "Ogata-Banks, x %g, t %g", p[i].x_cm, p[i].t_h);
        line_expect(name, line_at(&l, mass, p[i].x_cm), p[i].expected, 1e-4);
    }
    line_free(&l);
}

Test(analytic, v6_steady_decay_down_a_stream)
{
    static const double x[3] = {10, 20, 40}, expected[3] = {0.642107, 0.412301, 0.169992};
    const line_case_t c = inlet(0.3);
    line_t l;
    char name[80];
    line_build(&l, &c);
    line_infuse(&l, 0, l.grid.lower_inflow_ml_per_h, (double)INFINITY, mass);
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "decay down a stream, x %g", x[i]);
        line_expect(name, line_at(&l, mass, x[i]), expected[i], 1e-4);
    }
    line_free(&l);
}

Test(analytic, v7_well_mixed_limit)
{
    line_case_t c = closed_canal(60.0, 1.0);
    line_t l;
    c.dispersion = 1e8; /* leaves k L^2 / D = 1e-5 of a gradient */
    line_build(&l, &c);
    for (int t = 1; t <= 24; t *= 2) {
        line_infuse(&l, 20, RATE, t, mass);
        const double expected = RATE / (0.3 * 90.0) * -expm1(-0.3 * t);
        line_expect("one compartment, far end", line_at(&l, mass, 60.0), expected, 1e-4);
        line_expect("one compartment, near end", line_at(&l, mass, 0.0), expected, 1e-4);
    }
    line_free(&l);
}

static double waisted_area(double x_cm)
{
    return 1.0 + 0.8 * (x_cm - 20.0) * (x_cm - 20.0) / 400.0;
}

/* Integral of 1/A of waisted_area from 0. */
static double waisted_integral(double x_cm)
{
    const double root = sqrt(0.8) / 20.0;
    return (atan(root * (x_cm - 20.0)) + atan(root * 20.0)) / root;
}

Test(analytic, v9_variable_area_between_fixed_ends)
{
    line_case_t c = closed_canal(40.0, 0.25);
    line_t l;
    static double from_low[CELLS_MAX], from_high[CELLS_MAX];
    c.area_cm2 = waisted_area;
    c.loss_per_h = 0.0;
    c.lower_fixed = c.upper_fixed = true;
    line_build(&l, &c);
    line_infuse(&l, 0, 2.0 * l.grid.lower_inflow_ml_per_h, (double)INFINITY, from_low);
    line_infuse(&l, l.grid.cells - 1, 0.5 * l.grid.upper_inflow_ml_per_h, (double)INFINITY,
                from_high);
    for (int i = 0; i < l.grid.cells; i++)
        mass[i] = from_low[i] + from_high[i];
    for (int i = 0; i < l.grid.cells; i += 8) {
        const double x = csf_grid_centre_cm(&l.grid, i);
        line_expect("steady flux through a waist", mass[i] / l.grid.volume_ml[i],
                    2.0 - 1.5 * waisted_integral(x) / waisted_integral(40.0), 1e-4);
    }
    line_free(&l);
}

/* Closed canal without drift (V-4), or a source in a stream between far ends (V-1). */
static double closed_form(double x, double source, double length, double drift)
{
    const double k = 0.3, d = 40.0, lambda = sqrt(d / k), s = sqrt(drift * drift + 4.0 * k * d);
    if (drift != 0.0)
        return RATE / (1.5 * s) * exp((drift * (x - source) - fabs(x - source) * s) / (2.0 * d));
    return RATE * cosh(fmin(x, source) / lambda) * cosh((length - fmax(x, source)) / lambda) /
           (1.5 * sqrt(d * k) * sinh(length / lambda));
}

static void expect_second_order(double length, double source, double drift, const double x[4])
{
    double before = 0.0;
    for (int k = 0; k < 4; k++) {
        line_case_t c = closed_canal(length, 1.0 / (1 << k));
        line_t l;
        double error = 0.0;
        c.drift_cm_per_h = drift;
        line_build(&l, &c);
        line_infuse(&l, csf_grid_cell(&l.grid, source), RATE, (double)INFINITY, mass);
        for (int i = 0; i < 4; i++)
            error = fmax(
                error,
                fabs(line_at(&l, mass, x[i]) / closed_form(x[i], source, length, drift) - 1.0));
        if (k > 0)
            cr_expect(log2(before / error) >= 1.9,
                      "drift %g: order %.3f between dx 1/%d and 1/%d cm, errors %g and %g", drift,
                      log2(before / error), 1 << (k - 1), 1 << k, before, error);
        before = error;
        line_free(&l);
    }
}

Test(analytic, v12_second_order_in_the_cell)
{
    expect_second_order(30.0, 12.0, 0.0, (const double[]){3.3, 7.7, 18.6, 26.1});
}

Test(analytic, v12_second_order_with_drift)
{
    expect_second_order(200.0, 100.0, 2.0, (const double[]){85.3, 96.7, 106.6, 119.1});
}
