/* SPDX-License-Identifier: Apache-2.0 */
/* Depots: closed forms, any division of a step, an independent integrator, the books, and a pocket fill. */
#include <criterion/criterion.h>
#include <math.h>

#include "body/body.h"
#include "body/depot.h"
#include "tests/models/body/line.h"

static plasma_t plasma_of(const drug_param_t *drug)
{
    plasma_t p;
    error_t e = {0};
    cr_assert_eq(plasma_init(&p, drug, &e), 0, "%s", e.text);
    return p;
}

/* One compartment, no elimination: what the depot loses, plasma holds. */
Test(depot, bateman_function)
{
    drug_param_t drug = parameters_drug();
    drug.exchange_l_per_h = 0.0;
    const double ka = drug.pocket_per_h, ke = drug.clearance_l_per_h / drug.central_l, t = 3.7;
    const double none[DEPOT_PLACES] = {0.0};
    const plasma_t plasma = plasma_of(&drug);
    depot_t d;
    depot_init(&d, &drug, 0.5);
    depot_put(&d, DEPOT_POCKET, 1000.0);
    depot_advance(&d, &plasma, t, none);
    line_expect("depot", d.in_depot_ug[DEPOT_POCKET], 1000.0 * exp(-ka * t), 1e-13);
    line_expect("plasma", plasma_total_ug(&plasma, d.mode),
                1000.0 * ka / (ka - ke) * (exp(-ke * t) - exp(-ka * t)), 1e-12);
    line_expect("books", depot_mass_ug(&d) + plasma_total_ug(&plasma, d.mode) + d.eliminated_ug,
                1000.0, 1e-13);
}

/* Classical Runge-Kutta of fourth order on the equations of depot.h, masses in the two compartments. */
typedef struct rk_t {
    double x[DEPOT_PLACES + 5]; /* depots, central, peripheral, CSF, effect, eliminated */
} rk_t;

static rk_t slope(const rk_t *s, const drug_param_t *p, const double rate[], double ke0)
{
    rk_t d = {{0.0}};
    const double ka[] = {p->pocket_per_h, p->subcutaneous_per_h, p->epidural_per_h};
    const double k12 = p->exchange_l_per_h / p->central_l,
                 k21 = p->exchange_l_per_h / p->peripheral_l,
                 k10 = p->clearance_l_per_h / p->central_l;
    const double *central = &s->x[DEPOT_PLACES];
    for (int i = 0; i < DEPOT_PLACES; i++) {
        d.x[i] = rate[i] - ka[i] * s->x[i];
        d.x[3] += ka[i] * s->x[i];
    }
    d.x[3] += k21 * central[1] - (k12 + k10) * central[0];
    d.x[4] = k12 * central[0] - k21 * central[1];
    d.x[5] =
        p->csf_equilibration_per_h * (p->csf_plasma_ratio * central[0] / p->central_l - s->x[5]);
    d.x[6] = ke0 * (s->x[5] - s->x[6]);
    d.x[7] = k10 * central[0];
    return d;
}

static rk_t moved(const rk_t *s, const rk_t *d, double h)
{
    rk_t out;
    for (int i = 0; i < DEPOT_PLACES + 5; i++)
        out.x[i] = s->x[i] + h * d->x[i];
    return out;
}

static void integrate(rk_t *s, const drug_param_t *p, const double rate[], double ke0, double hours)
{
    const int steps = 20000;
    const double h = hours / steps;
    for (int n = 0; n < steps; n++) {
        const rk_t a = slope(s, p, rate, ke0);
        const rk_t mb = moved(s, &a, 0.5 * h), b = slope(&mb, p, rate, ke0);
        const rk_t mc = moved(s, &b, 0.5 * h), c = slope(&mc, p, rate, ke0);
        const rk_t md = moved(s, &c, h), d = slope(&md, p, rate, ke0);
        for (int i = 0; i < DEPOT_PLACES + 5; i++)
            s->x[i] += h / 6.0 * (a.x[i] + 2.0 * b.x[i] + 2.0 * c.x[i] + d.x[i]);
    }
}

Test(depot, agrees_with_runge_kutta_through_leaks_and_pauses)
{
    drug_param_t drug = parameters_drug();
    drug.subcutaneous_per_h = 0.12;
    drug.epidural_per_h = 1.4;
    const double ke0 = 0.5,
                 rate[3][DEPOT_PLACES] = {{8.0, 0.0, 3.0}, {0.0, 0.0, 0.0}, {0.0, 5.0, 0.0}};
    const double hours[3] = {6.0, 11.0, 4.5};
    const plasma_t plasma = plasma_of(&drug);
    depot_t d;
    rk_t s = {{500.0}};
    depot_init(&d, &drug, ke0);
    depot_put(&d, DEPOT_POCKET, 500.0);
    for (int k = 0; k < 3; k++) {
        depot_advance(&d, &plasma, hours[k], rate[k]);
        integrate(&s, &drug, rate[k], ke0, hours[k]);
    }
    for (int i = 0; i < DEPOT_PLACES; i++)
        line_expect("depot", d.in_depot_ug[i], s.x[i], 1e-9);
    line_expect("central", plasma_mass_ug(&plasma, 0, d.mode), s.x[3], 1e-9);
    line_expect("peripheral", plasma_mass_ug(&plasma, 1, d.mode), s.x[4], 1e-9);
    line_expect("CSF", d.csf_ng_per_ml, s.x[5], 1e-9);
    line_expect("effect", d.effect_ng_per_ml, s.x[6], 1e-9);
    line_expect("eliminated", d.eliminated_ug, s.x[7], 1e-9);
}

Test(depot, any_division_of_a_step_agrees)
{
    const drug_param_t drug = parameters_drug();
    const plasma_t plasma = plasma_of(&drug);
    const double rate[DEPOT_PLACES] = {1.0, 2.0, 0.5};
    depot_t whole, cut;
    depot_init(&whole, &drug, 0.5);
    depot_put(&whole, DEPOT_EPIDURAL, 40.0);
    cut = whole;
    depot_advance(&whole, &plasma, 24.0, rate);
    for (int i = 0; i < 96; i++)
        depot_advance(&cut, &plasma, 0.25, rate);
    line_expect("depots", depot_mass_ug(&cut), depot_mass_ug(&whole), 1e-12);
    line_expect("plasma", plasma_total_ug(&plasma, cut.mode), plasma_total_ug(&plasma, whole.mode),
                1e-12);
    line_expect("CSF", cut.csf_ng_per_ml, whole.csf_ng_per_ml, 1e-12);
    line_expect("effect", cut.effect_ng_per_ml, whole.effect_ng_per_ml, 1e-12);
    line_expect("eliminated", cut.eliminated_ug, whole.eliminated_ug, 1e-12);
}

/* In equilibrium plasma holds dose rate / clearance, and CSF the ratio of it. */
Test(depot, steady_leak_reaches_the_ratio)
{
    const drug_param_t drug = parameters_drug();
    const plasma_t plasma = plasma_of(&drug);
    const double rate[DEPOT_PLACES] = {0.0, 10.0, 0.0};
    depot_t d;
    depot_init(&d, &drug, 0.5);
    depot_advance(&d, &plasma, 1000.0, rate);
    line_expect("plasma", plasma_ng_per_ml(&plasma, d.mode), 10.0 / drug.clearance_l_per_h, 1e-10);
    line_expect("CSF", d.csf_ng_per_ml, drug.csf_plasma_ratio * 10.0 / drug.clearance_l_per_h,
                1e-10);
    line_expect("effect", d.effect_ng_per_ml, d.csf_ng_per_ml, 1e-10);
}

/* ---- in a body -------------------------------------------------------------------------------------- */

static void make(body_t *b)
{
    const body_param_t p = body_param_default();
    error_t e = {0};
    cr_assert_eq(body_init(b, &p, &e), 0, "%s", e.text);
}

static void pass(body_t *b, int minutes, double tip_ug)
{
    error_t e = {0};
    cr_assert_eq(body_advance(b, minutes, &tip_ug, &e), 0, "%s", e.text);
    cr_assert_eq(body_verify(b, &e), 0, "%s", e.text);
}

/* 60 mg of baclofen in the pocket: tone falls within hours, and every microgram stays booked. */
Test(depot, pocket_fill_overdoses_within_hours)
{
    body_t b;
    body_ledger_t l;
    error_t e = {0};
    make(&b);
    const double before = body_ashworth_latent(&b);
    cr_assert_eq(body_deposit(&b, 0, DEPOT_POCKET, 60000.0, &e), 0, "%s", e.text);
    pass(&b, 360, 0.0);
    cr_expect_gt(body_plasma_ng_per_ml(&b, 0), 400.0, "plasma %g ng/mL after 6 h",
                 body_plasma_ng_per_ml(&b, 0));
    cr_expect_lt(body_ashworth_latent(&b), before - 0.5, "tone %g, before %g",
                 body_ashworth_latent(&b), before);
    body_ledger(&b, 0, &l);
    line_expect("entered", l.entered_ug, 60000.0, 1e-15);
    body_free(&b);
}

Test(depot, leak_enters_over_the_next_step_only)
{
    body_t b;
    body_ledger_t l;
    error_t e = {0};
    make(&b);
    cr_assert_eq(body_leak(&b, 0, DEPOT_SUBCUTANEOUS, 30.0, &e), 0, "%s", e.text);
    body_ledger(&b, 0, &l);
    line_expect("on its way", l.depots_ug, 30.0, 1e-15);
    pass(&b, 60, 1.0);
    pass(&b, 60, 1.0);
    body_ledger(&b, 0, &l);
    line_expect("entered", l.entered_ug, 32.0, 1e-15);
    body_free(&b);
}

Test(depot, refuses_what_is_no_place_and_no_mass)
{
    body_t b;
    error_t e = {0};
    make(&b);
    cr_expect_lt(body_deposit(&b, 1, DEPOT_POCKET, 1.0, &e), 0);
    cr_expect_lt(body_deposit(&b, 0, DEPOT_PLACES, 1.0, &e), 0);
    cr_expect_lt(body_leak(&b, 0, DEPOT_POCKET, -1.0, &e), 0);
    cr_expect_lt(body_leak(&b, 0, DEPOT_POCKET, (double)NAN, &e), 0);
    body_free(&b);
}
