/* SPDX-License-Identifier: Apache-2.0 */
/* Drugs in a reservoir over time: degradation by its closed form and in any division, a surface that saturates, the index. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/reservoir.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 43U
#define DAY_MS 86400000.0

static reservoir_t made(const reservoir_param_t *p, int drugs, const compound_param_t compound[])
{
    reservoir_t r;
    error_t e = {0};
    cr_assert_eq(reservoir_init(&r, p, drugs, &e), 0, "%s", e.text);
    cr_assert_eq(reservoir_compounds(&r, compound, &e), 0, "%s", e.text);
    return r;
}

static void fill(reservoir_t *r, double volume_ml, const double ug_per_ml[])
{
    error_t e = {0};
    cr_assert_eq(reservoir_fill(r, volume_ml, ug_per_ml, &e), 0, "%s", e.text);
}

/* Hildebrand 2001, J Pain Symptom Manage 22:1042: over 95 % left after 4 months. */
Test(chemistry, hydromorphone_keeps_95_per_cent_for_4_months)
{
    compound_param_t c = default_compound;
    c.degradation_per_day = 4.2e-4;
    reservoir_t r = made(&default_reservoir, 1, &c);
    fill(&r, 20.0, (const double[]){10000.0});
    const double fresh_ug = reservoir_mass_ug(&r, 0);
    reservoir_age(&r, 122.0 * DAY_MS);
    cr_expect_float_eq(reservoir_mass_ug(&r, 0) / fresh_ug, exp(-4.2e-4 * 122.0), 1e-12);
    cr_expect_float_eq(reservoir_mass_ug(&r, 0) / fresh_ug, 0.95, 0.001);
    cr_expect_float_eq(reservoir_mass_ug(&r, 0) + reservoir_degraded_ug(&r, 0), fresh_ug, 1e-7);
}

Test(chemistry, a_stable_drug_stays_to_the_bit)
{
    reservoir_t r = made(&default_reservoir, 1, &default_compound);
    fill(&r, 20.0, (const double[]){500.0});
    const double fresh = r.ug_per_ml[0];
    reservoir_age(&r, 3000.0 * DAY_MS);
    cr_expect_eq(r.ug_per_ml[0], fresh);
    cr_expect_eq(reservoir_degraded_ug(&r, 0), 0.0);
}

/* Share of the displaced volume at v mL above the residual, knee at 3 mL, falling over 1 mL to 0.2. */
static double share_at(double v)
{
    return v >= 3.0 ? 1.0 : fmax(0.2, 0.2 + 0.8 * (v - 2.0));
}

/* Midpoint steps, of a drug that degrades fast while the flow crosses the knee. */
Test(chemistry, what_leaves_and_what_degrades_agree_with_quadrature)
{
    enum { STEPS = 200000 };
    const double rate = 0.5, days = 4.0, displaced_ml = 3.0;
    compound_param_t c = default_compound;
    reservoir_param_t p = default_reservoir;
    double drawn_ug, steps_drawn_ug = 0.0, steps_degraded_ug = 0.0, v = 4.0;
    p.knee_ml = 3.0;
    c.degradation_per_day = rate;
    reservoir_t r = made(&p, 1, &c);
    fill(&r, v, (const double[]){500.0});
    const double fresh = r.ug_per_ml[0], fresh_ug = reservoir_mass_ug(&r, 0);
    const segment_t flow = {0.0, days * DAY_MS, displaced_ml, 0.0};
    (void)reservoir_flow(&r, &flow, &drawn_ug);
    for (int i = 0; i < STEPS; i++) {
        const double h = displaced_ml / STEPS, mid = v - 0.5 * h * share_at(v);
        const double now = fresh * exp(-rate * days * (i + 0.5) / STEPS);
        steps_drawn_ug += now * h * share_at(mid);
        steps_degraded_ug += rate * now * (mid + p.residual_ml) * days / STEPS;
        v -= h * share_at(mid);
    }
    cr_expect_float_eq(reservoir_volume_ml(&r), v + p.residual_ml, 1e-6);
    cr_expect_float_eq(drawn_ug, steps_drawn_ug, 1e-6 * fresh_ug);
    cr_expect_float_eq(reservoir_degraded_ug(&r, 0), steps_degraded_ug, 1e-6 * fresh_ug);
    cr_expect_float_eq(drawn_ug + reservoir_degraded_ug(&r, 0) + reservoir_mass_ug(&r, 0), fresh_ug,
                       1e-11 * fresh_ug);
}

typedef struct sums_t {
    double drawn_ml, drawn_ug[2];
} sums_t;

static void flow_in_parts(reservoir_t *r, segment_t whole, int parts, sums_t *sums)
{
    for (int i = 0; i < parts; i++) {
        const segment_t s = segment_part(&whole, i, parts);
        double ug[2];
        sums->drawn_ml += reservoir_flow(r, &s, ug);
        sums->drawn_ug[0] += ug[0];
        sums->drawn_ug[1] += ug[1];
    }
}

/* Two drugs, one stable; flows, pauses, refills and a run down to the residual. */
Test(chemistry, a_flow_and_its_parts_are_one)
{
    compound_param_t c[2] = {default_compound, default_compound};
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int history = 0; history < 100; history++) {
        c[1].degradation_per_day = 0.01 * draw_uniform(&d);
        reservoir_t a = made(&default_reservoir, 2, c), b = a;
        sums_t one = {0}, many = {0};
        double t_ms = 0.0, vials_ug = 0.0;
        for (int i = 0; i < 12; i++) {
            if (i % 6 == 0) {
                const double ug_per_ml[2] = {500.0, 1000.0 * draw_uniform(&d)};
                fill(&a, 4.0, ug_per_ml);
                fill(&b, 4.0, ug_per_ml);
                vials_ug += 4.0 * ug_per_ml[1];
            }
            const segment_t s = {t_ms, 2.0 * DAY_MS, draw_exponential(&d, 0.8), 0.0};
            flow_in_parts(&a, s, 1, &one);
            flow_in_parts(&b, s, 1 + (int)(60.0 * draw_uniform(&d)), &many);
            t_ms += (2.0 + draw_uniform(&d)) * DAY_MS;
        }
        reservoir_age(&a, t_ms);
        reservoir_age(&b, 0.5 * (t_ms + a.chemistry.mixed_ms));
        reservoir_age(&b, t_ms);
        for (int i = 0; i < 2; i++) {
            cr_assert_float_eq(one.drawn_ug[i], many.drawn_ug[i], 1e-12 * 4000.0,
                               "drug %d, history %d (seed %u)", i, history, SEED);
            cr_assert_float_eq(reservoir_mass_ug(&a, i), reservoir_mass_ug(&b, i), 1e-12 * 4000.0);
            cr_assert_float_eq(reservoir_degraded_ug(&a, i), reservoir_degraded_ug(&b, i),
                               1e-12 * 4000.0);
        }
        cr_assert_float_eq(one.drawn_ug[1] + reservoir_degraded_ug(&a, 1) +
                               reservoir_mass_ug(&a, 1),
                           vials_ug, 1e-11 * vials_ug, "history %d (seed %u)", history, SEED);
    }
}

/* Prialt label: a new pump is rinsed three times with 2 mL at 25 ug/mL; it is known to take up drug. */
Test(chemistry, three_rinses_saturate_a_new_surface)
{
    const double ziconotide = 25.0;
    compound_param_t c = default_compound;
    double rinsed_ug = 0.0, ug;
    c.adsorbed_ug = 100.0;
    reservoir_t plain = made(&default_reservoir, 1, &c), r = plain;
    for (int i = 0; i < 3; i++) {
        fill(&r, 2.0, &ziconotide);
        (void)reservoir_withdraw(&r, 0.0, &ug);
        rinsed_ug += ug;
    }
    cr_expect_float_eq(reservoir_adsorbed_ug(&r, 0), 100.0, 1e-12);
    cr_expect_float_eq(150.0, rinsed_ug + 100.0 + reservoir_mass_ug(&r, 0), 1e-12);
    fill(&plain, 20.0, &ziconotide);
    fill(&r, 20.0, &ziconotide);
    cr_expect_float_eq(plain.ug_per_ml[0], 400.0 / 21.4, 1e-12,
                       "500 ug less 100, with the residual");
    cr_expect_gt(r.ug_per_ml[0], 0.95 * ziconotide);
}

Test(chemistry, a_surface_takes_no_more_than_there_is)
{
    compound_param_t c = default_compound;
    error_t e = {0};
    c.adsorbed_ug = 100.0;
    reservoir_t r = made(&default_reservoir, 1, &c);
    fill(&r, 1.0, (const double[]){25.0});
    cr_expect_float_eq(r.ug_per_ml[0], 0.0, 1e-12);
    cr_expect_float_eq(reservoir_adsorbed_ug(&r, 0), 25.0, 1e-12);
    cr_expect_eq(reservoir_verify(&r, &e), 0, "%s", e.text);
}

Test(chemistry, a_seasoned_surface_takes_nothing)
{
    compound_param_t c = default_compound;
    const double ug_per_ml = 25.0;
    c.adsorbed_ug = 100.0;
    reservoir_t r = made(&default_reservoir, 1, &c);
    reservoir_season(&r, &ug_per_ml, false);
    fill(&r, 20.0, &ug_per_ml);
    cr_expect_eq(reservoir_adsorbed_ug(&r, 0), 0.0);
    cr_expect_float_eq(r.ug_per_ml[0], 25.0, 1e-12);
}

Test(chemistry, the_index_is_that_of_the_worst_drug_and_mixes_by_volume)
{
    compound_param_t c[2] = {default_compound, default_compound};
    double ug[2];
    c[1].permeation_index = 3.4;
    reservoir_t r = made(&default_reservoir, 2, c);
    fill(&r, 18.6, (const double[]){500.0, 0.0});
    cr_expect_float_eq(reservoir_permeation_index(&r), 1.0, 1e-15);
    (void)reservoir_withdraw(&r, 0.0, ug);
    fill(&r, 18.6, (const double[]){500.0, 20.0});
    cr_expect_float_eq(reservoir_permeation_index(&r), (3.4 * 18.6 + 1.4) / 20.0, 1e-12);
}

/* Whichever of its drugs is the worst; CSF that is driven back counts as an approved solution. */
Test(chemistry, the_order_of_drugs_does_not_matter_and_csf_dilutes_the_index)
{
    compound_param_t c[2] = {default_compound, default_compound};
    error_t e = {0};
    c[0].permeation_index = 3.4;
    reservoir_t r = made(&default_reservoir, 2, c);
    fill(&r, 8.6, (const double[]){500.0, 20.0});
    const double index = (3.4 * 8.6 + 1.4) / 10.0;
    cr_expect_float_eq(reservoir_permeation_index(&r), index, 1e-12);
    cr_assert_eq(reservoir_return(&r, 10.0, (const double[]){5.0, 0.2}, &e), 0, "%s", e.text);
    cr_expect_float_eq(reservoir_permeation_index(&r), 0.5 * (index + 1.0), 1e-12);
}

Test(chemistry, senseless_compounds_are_refused)
{
    compound_param_t c = default_compound;
    reservoir_t r;
    error_t e = {0};
    cr_assert_eq(reservoir_init(&r, &default_reservoir, 1, &e), 0);
    c.degradation_per_day = -1.0;
    cr_expect_eq(reservoir_compounds(&r, &c, &e), ERROR_ARGUMENT);
    c = default_compound;
    c.adsorbed_ug = (double)NAN;
    cr_expect_eq(reservoir_compounds(&r, &c, &e), ERROR_ARGUMENT);
}
