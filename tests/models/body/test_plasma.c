/* SPDX-License-Identifier: Apache-2.0 */
/* Plasma against published bi-exponentials; cascades against closed forms. */
#include <criterion/criterion.h>
#include <math.h>

#include "body/cascade.h"
#include "body/plasma.h"
#include "tests/models/body/line.h"

static plasma_t two(double k10, double k12, double k21, double central_l)
{
    const plasma_rates_t r = {2, k10, {k12, 0.0}, {k21, 0.0}, central_l * 1000.0};
    plasma_t p;
    error_t e = {0};
    cr_assert_eq(plasma_init_rates(&p, &r, &e), 0, "%s", e.text);
    return p;
}

static plasma_t from_volumes(double clearance, double central, double exchange, double peripheral)
{
    drug_param_t d = parameters_drug();
    plasma_t p;
    error_t e = {0};
    d.clearance_l_per_h = clearance;
    d.central_l = central;
    d.exchange_l_per_h = exchange;
    d.peripheral_l = peripheral;
    cr_assert_eq(plasma_init(&p, &d, &e), 0, "%s", e.text);
    return p;
}

/* k10, k12 and k21 from the modes: the rates' product is k10 k21, their sum k10 + k12 + k21. */
static void expect_rates(const plasma_t *p, double k10, double k12, double k21)
{
    const double product = p->rate_per_h[0] * p->rate_per_h[1],
                 sum = p->rate_per_h[0] + p->rate_per_h[1], back = product / p->elimination_per_h;
    line_expect("k10", p->elimination_per_h, k10, 1e-4);
    line_expect("k21", back, k21, 1e-4);
    line_expect("k12", sum - p->elimination_per_h - back, k12, 1e-4);
}

/* Half-lives within half a digit of those printed, and within 1e-4 of the quadratic's roots. */
Test(plasma, v11_morphine)
{
    const plasma_t p = from_volumes(97.2, 81.2, 114.0, 128.0);
    expect_rates(&p, 1.1970, 1.4039, 0.8906);
    line_expect("alpha half-life, min", 60.0 * log(2.0) / p.rate_per_h[1], 13.19, 4e-4);
    line_expect("beta half-life, h", log(2.0) / p.rate_per_h[0], 2.05, 2.5e-3);
    line_expect("alpha half-life, h", log(2.0) / p.rate_per_h[1], 0.219799702, 1e-8);
    line_expect("beta half-life, h", log(2.0) / p.rate_per_h[0], 2.050306106, 1e-8);
}

Test(plasma, v11_baclofen_rates)
{
    const drug_param_t d = parameters_drug();
    const plasma_t p =
        from_volumes(d.clearance_l_per_h, d.central_l, d.exchange_l_per_h, d.peripheral_l);
    expect_rates(&p, 0.3750, 0.4490, 0.6570);
    line_expect("alpha", p.rate_per_h[1], 1.29, 1e-3);
    line_expect("beta", p.rate_per_h[0], 0.191, 1e-3);
}

Test(plasma, v11_baclofen_plateau)
{
    const drug_param_t d = parameters_drug();
    plasma_t p;
    double z[PLASMA_COMPARTMENTS_MAX] = {0}, effect = 0.0;
    error_t e = {0};
    cr_assert_eq(plasma_init(&p, &d, &e), 0, "%s", e.text);
    const plasma_pace_t pace = plasma_pace(&p, 0.5, 24.0);
    for (int day = 0; day < 30; day++)
        plasma_pace_step(&pace, 50.0, z, &effect);
    line_expect("plateau at 1200 ug/day, ng/mL", plasma_ng_per_ml(&p, z), 1200.0 / 24.0 / 10.8,
                1e-12);
    line_expect("printed plateau", plasma_ng_per_ml(&p, z), 4.63, 1e-3);
    line_expect("effect site at the plateau", effect, 1200.0 / 24.0 / 10.8, 1e-12);
}

Test(plasma, v11_nusinersen_csf_block)
{
    const plasma_t p = from_volumes(0.136, 0.433, 0.0712, 263.0);
    line_expect("alpha half-life, h", log(2.0) / p.rate_per_h[1], 1.45, 3e-3);
    line_expect("beta half-life, d", log(2.0) / p.rate_per_h[0] / 24.0, 162.6, 5e-4);
    line_expect("alpha half-life, h", log(2.0) / p.rate_per_h[1], 1.448235381, 1e-8);
    line_expect("beta half-life, h", log(2.0) / p.rate_per_h[0], 3901.544024, 1e-8);
}

/* A1(t) = m (a e^-alpha t + b e^-beta t), a = (alpha - k21)/(alpha - beta). */
Test(plasma, bolus_is_biexponential)
{
    const double k10 = 0.375, k12 = 0.449, k21 = 0.657, sum = k10 + k12 + k21;
    const double root = sqrt(sum * sum - 4.0 * k10 * k21), alpha = 0.5 * (sum + root),
                 beta = 0.5 * (sum - root);
    const plasma_t p = two(k10, k12, k21, 28.8);
    double z[PLASMA_COMPARTMENTS_MAX] = {100.0, 100.0};
    for (int h = 1; h <= 24; h++) {
        for (int j = 0; j < 2; j++)
            z[j] = 100.0 * exp(-p.rate_per_h[j] * h);
        line_expect("central mass", plasma_mass_ug(&p, 0, z),
                    100.0 * ((alpha - k21) * exp(-alpha * h) + (k21 - beta) * exp(-beta * h)) /
                        (alpha - beta),
                    1e-12);
        line_expect("peripheral mass", plasma_mass_ug(&p, 1, z),
                    100.0 * k12 * (exp(-beta * h) - exp(-alpha * h)) / (alpha - beta), 1e-12);
    }
}

Test(plasma, three_compartments_keep_mass)
{
    const plasma_rates_t r = {3, 0.0, {1.2, 0.3}, {0.8, 0.05}, 14300.0};
    plasma_t p;
    error_t e = {0};
    double z[3];
    cr_assert_eq(plasma_init_rates(&p, &r, &e), 0, "%s", e.text);
    for (int h = 0; h <= 48; h += 6) {
        for (int j = 0; j < 3; j++)
            z[j] = 70.0 * exp(-p.rate_per_h[j] * h);
        line_expect("mass without elimination", plasma_total_ug(&p, z), 70.0, 1e-12);
    }
}

Test(plasma, one_compartment_without_exchange)
{
    drug_param_t d = parameters_drug();
    plasma_t p;
    error_t e = {0};
    d.exchange_l_per_h = 0.0;
    cr_assert_eq(plasma_init(&p, &d, &e), 0, "%s", e.text);
    cr_expect_eq(p.compartments, 1);
    line_expect("rate", p.rate_per_h[0], 10.8 / 28.8, 1e-14);
}

Test(plasma, one_way_exchange_is_refused)
{
    const plasma_rates_t r = {2, 0.4, {0.4, 0.0}, {0.0, 0.0}, 1000.0};
    plasma_t p;
    error_t e = {0};
    cr_expect_eq(plasma_init_rates(&p, &r, &e), ERROR_ARGUMENT);
}

Test(cascade, coincident_rates)
{
    static const double rate[5] = {0.7, 0.7, 0.7, 0.7, 0.7};
    for (double h = 1.0 / 60.0; h < 100.0; h *= 7.0) {
        const cascade_t c = cascade_response(5, rate, h);
        double expected = exp(-0.7 * h);
        for (int k = 0; k < 5; k++) {
            line_expect("coincident stages", (double)c.unit[0][k], expected, 1e-14);
            expected *= h / (k + 1);
        }
    }
}

Test(cascade, nearly_coincident_rates)
{
    for (double gap = 1e-14; gap < 1.0; gap *= 100.0) {
        const double rate[2] = {0.375, 0.375 + gap};
        const cascade_t c = cascade_response(2, rate, 24.0);
        const double delta = rate[1] - rate[0];
        line_expect("nearly coincident stages", (double)c.unit[0][1],
                    exp(-0.375 * 24.0) * -expm1(-delta * 24.0) / delta, 1e-13);
    }
}

Test(cascade, stiff_and_slow_rates)
{
    static const double rate[4] = {0.0, 2500.0, 0.191, 0.0};
    for (double h = 1.0 / 60.0; h < 30.0; h *= 5.0) {
        const cascade_t c = cascade_response(4, rate, h);
        line_expect("constant through a fast stage", (double)c.unit[0][1],
                    -expm1(-2500.0 * h) / 2500.0, 1e-13);
        line_expect("slow stage", (double)c.unit[2][3], -expm1(-0.191 * h) / 0.191, 1e-13);
        line_expect("fast into slow", (double)c.unit[1][2],
                    (exp(-0.191 * h) - exp(-2500.0 * h)) / (2500.0 - 0.191), 1e-12);
    }
}
