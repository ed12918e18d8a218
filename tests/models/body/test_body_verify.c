/* SPDX-License-Identifier: Apache-2.0 */
/* The verification itself: each of its three checks sees what is disturbed by hand. */
#include <criterion/criterion.h>
#include <string.h>

#include "body/body.h"
#include "body/body_state.h"

static error_t e;

static void begin(body_t *b, const body_param_t *p)
{
    cr_assert_eq(body_init(b, p, &e), 0, "%s", e.text);
}

/* A day's dose of each drug. */
static void dose(body_t *b, const double ug[])
{
    cr_assert_eq(body_advance(b, 1440, ug, &e), 0, "%s", e.text);
    cr_assert_eq(body_verify(b, &e), 0, "%s", e.text);
}

/* A body with a day's dose in it, of drug 0. */
static void begin_dosed(body_t *b)
{
    const body_param_t p = body_param_default();
    const double ug = 300.0;
    begin(b, &p);
    dose(b, &ug);
}

Test(body, verification_sees_a_millionth_of_the_dose)
{
    static const double share[] = {1e-6, -1e-6, 2e-9, -2e-9};
    for (int i = 0; i < 4; i++) {
        body_t b;
        begin_dosed(&b);
        b.state->drug[0].entered_ug *= 1.0 + share[i];
        cr_expect_eq(body_verify(&b, &e), ERROR_LEDGER, "a share of %g more entered", share[i]);
        body_free(&b);
    }
}

Test(body, verification_sees_mass_that_came_from_nowhere)
{
    body_t b;
    begin_dosed(&b);
    b.state->drug[0].now.zone_ug += 1e-6 * 300.0;
    cr_expect_eq(body_verify(&b, &e), ERROR_LEDGER);
    body_free(&b);
}

Test(body, verification_bears_half_of_its_tolerance)
{
    body_t b;
    begin_dosed(&b);
    b.state->drug[0].entered_ug *= 1.0 + 0.5e-9;
    cr_expect_eq(body_verify(&b, &e), 0, "%s", e.text);
    body_free(&b);
}

Test(body, verification_looks_at_every_drug)
{
    body_param_t p = body_param_default();
    const double ug[2] = {300.0, 200.0};
    body_t b;
    p.drugs = 2;
    p.drug[1] = p.drug[0];
    begin(&b, &p);
    dose(&b, ug);
    b.state->drug[1].entered_ug *= 1.0 + 1e-6;
    cr_expect_eq(body_verify(&b, &e), ERROR_LEDGER);
    cr_expect_neq(strstr(e.text, "drug 1"), NULL, "%s", e.text);
    body_free(&b);
}

Test(body, verification_sees_water_that_does_not_close)
{
    body_t b;
    begin_dosed(&b);
    b.state->grid[0].absorbed_ml_per_h[3] += 2e-9;
    cr_expect_eq(body_verify(&b, &e), ERROR_INVARIANT);
    body_free(&b);
}

/* All modes but the slowest turned round: a trough where the dose is. Booked as entered, only the signs can see it. */
Test(body, verification_sees_a_concentration_below_zero)
{
    body_t b;
    begin_dosed(&b);
    const transport_t *t = body_state_transport(b.state, 0);
    double *amplitude = b.state->drug[0].now.amplitude;
    body_ledger_t before, after;
    body_ledger(&b, 0, &before);
    for (int i = 1; i < t->op.states; i++)
        amplitude[i] = -amplitude[i];
    body_ledger(&b, 0, &after);
    b.state->drug[0].entered_ug +=
        after.csf_ug + after.tissue_ug - before.csf_ug - before.tissue_ug;
    cr_expect_eq(body_verify(&b, &e), ERROR_INVARIANT, "%s", e.text);
    cr_expect_neq(strstr(e.text, "concentration"), NULL, "%s", e.text);
    body_free(&b);
}

Test(body, verification_sees_what_a_depot_lost)
{
    body_t b;
    begin_dosed(&b);
    cr_assert_eq(body_deposit(&b, 0, DEPOT_POCKET, 50.0, &e), 0, "%s", e.text);
    cr_assert_eq(body_verify(&b, &e), 0, "%s", e.text);
    b.state->drug[0].depot.in_depot_ug[DEPOT_POCKET] -= 1e-3;
    cr_expect_eq(body_verify(&b, &e), ERROR_LEDGER);
    body_free(&b);
}
