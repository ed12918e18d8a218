/* SPDX-License-Identifier: Apache-2.0 */
/* The clinic around its policy: parameters, arrivals, the syringe, and contacts that do not fit. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "draw.h"
#include "fixture.h"

#define SEED 7U
#define DRAWN 40000

Test(clinic, its_defaults_pass_their_own_check)
{
    const clinic_param_t p = clinic_param_default();
    error_t e = {0};
    cr_expect_eq(clinic_param_check(&p, &e), 0, "%s", e.text);
}

static void expect_refused(const clinic_param_t *p, const char *words)
{
    error_t e = {0};
    cr_expect_eq(clinic_param_check(p, &e), ERROR_ARGUMENT, "%s", words);
    cr_expect(strstr(e.text, words) != NULL, "'%s' does not say '%s'", e.text, words);
}

Test(clinic, parameters_out_of_range_or_at_odds_are_refused_by_name)
{
    clinic_param_t p = clinic_param_default();
    p.titration_step = (double)NAN;
    expect_refused(&p, "titration_step");
    p = clinic_param_default();
    p.dose_minimum_ug = 500.0;
    p.dose_maximum_ug = 400.0;
    expect_refused(&p, "above dose_maximum");
    p = clinic_param_default();
    p.weak = 2.5;
    expect_refused(&p, "above goal");
    p = clinic_param_default();
    p.late_over_14_days = p.late_over_7_days;
    expect_refused(&p, "late_over_14_days");
    p.late_over_7_days = 0.0;
    p.late_over_14_days = 0.0;
    cr_expect_eq(clinic_param_check(&p, NULL), 0, "nobody late");
}

static void uniforms(double *uniform, int count, int purpose, uint64_t entity)
{
    draw_t d;
    draw_init(&d, SEED, purpose, 1, 0, entity);
    for (int i = 0; i < count; i++)
        uniform[i] = draw_uniform(&d);
}

static const clinic_contact_t a_refill = {FINDING_CONTACT_REFILL, 1000, 0};

Test(clinic, late_shares_are_the_parameters)
{
    clinic_param_t p = clinic_param_default();
    clinic_t c;
    int week = 0;
    int fortnight = 0;
    p.missed = 0.0;
    clinic_init(&c, &p);
    for (uint64_t i = 0; i < DRAWN; i++) {
        double u[CLINIC_ARRIVAL_DRAWS];
        uniforms(u, CLINIC_ARRIVAL_DRAWS, DRAW_TEST, i);
        const int64_t late_ms = clinic_arrival_ms(&c, &a_refill, u, NULL) - a_refill.time_ms;
        cr_assert_geq(late_ms, 0);
        week += late_ms > 7 * FIXTURE_DAY_MS;
        fortnight += late_ms > 14 * FIXTURE_DAY_MS;
    }
    /* four standard errors */
    cr_expect_float_eq(week / (double)DRAWN, 0.05, 4.0 * sqrt(0.05 * 0.95 / DRAWN));
    cr_expect_float_eq(fortnight / (double)DRAWN, 0.01, 4.0 * sqrt(0.01 * 0.99 / DRAWN));
}

Test(clinic, missed_share_is_the_parameter_and_is_booked_again)
{
    clinic_param_t p = clinic_param_default();
    clinic_t c;
    int missed_visits = 0;
    p.late_over_7_days = 0.0;
    p.missed = 0.1;
    clinic_init(&c, &p);
    for (uint64_t i = 0; i < DRAWN; i++) {
        double u[CLINIC_ARRIVAL_DRAWS];
        bool missed;
        uniforms(u, CLINIC_ARRIVAL_DRAWS, DRAW_TEST, i);
        const int64_t late_ms = clinic_arrival_ms(&c, &a_refill, u, &missed) - a_refill.time_ms;
        cr_assert_eq(late_ms, missed ? 7 * FIXTURE_DAY_MS : 0);
        missed_visits += missed;
    }
    cr_expect_float_eq(missed_visits / (double)DRAWN, 0.1, 4.0 * sqrt(0.09 / DRAWN));
}

Test(clinic, nobody_is_late_for_screening_or_the_operation)
{
    const clinic_param_t p = clinic_param_default();
    const double worst[CLINIC_ARRIVAL_DRAWS] = {0.999999, 0.000001, 0.999999};
    clinic_t c;
    clinic_init(&c, &p);
    for (int kind = FINDING_CONTACT_SCREENING; kind <= FINDING_CONTACT_IMPLANT; kind++) {
        const clinic_contact_t contact = {kind, 5, 0};
        bool missed = true;
        cr_expect_eq(clinic_arrival_ms(&c, &contact, worst, &missed), 5, "contact %d", kind);
        cr_expect_not(missed, "contact %d", kind);
    }
}

static void expect_no_visit(clinic_t *c, const finding_t *f, const char *what)
{
    const clinic_t before = *c;
    clinic_outcome_t out;
    error_t e = {0};
    cr_expect_eq(clinic_visit(c, f, &out, &e), ERROR_ARGUMENT, "%s", what);
    cr_expect_eq(clinic_next(c).time_ms, clinic_next(&before).time_ms, "%s", what);
    cr_expect_eq(clinic_next(c).entity, clinic_next(&before).entity, "%s", what);
}

Test(clinic, a_contact_that_was_not_planned_is_refused)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c;
    clinic_init(&c, &p);
    finding_t f = fixture_finding(&c, 4.0);
    f.contact = FINDING_CONTACT_REFILL;
    expect_no_visit(&c, &f, "a refill before the implant");
    f.contact = FINDING_CONTACT_CALL;
    expect_no_visit(&c, &f, "a call before the implant");
    c = fixture_implanted(&p);
    f = fixture_finding(&c, 3.0);
    f.time_ms--;
    expect_no_visit(&c, &f, "too early");
}

Test(clinic, contacts_are_named_by_kind_and_number)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = fixture_implanted(&p);
    const uint64_t kind = (uint64_t)FINDING_CONTACT_TITRATION << 32;
    for (uint64_t k = 0; k < 3u; k++) {
        cr_expect_eq(clinic_next(&c).entity, kind + k);
        (void)fixture_score(&c, 3.0);
    }
}

Test(clinic, nothing_is_ever_planned_in_the_past)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = fixture_implanted(&p);
    for (uint64_t i = 0; i < 200u; i++) {
        double u[CLINIC_ARRIVAL_DRAWS + 1];
        uniforms(u, CLINIC_ARRIVAL_DRAWS + 1, DRAW_TEST, i);
        const clinic_contact_t next = clinic_next(&c);
        finding_t f = fixture_finding(&c, 1.0 + 3.0 * u[CLINIC_ARRIVAL_DRAWS]);
        f.time_ms = clinic_arrival_ms(&c, &next, u, NULL);
        f.alarms = i % 7u == 0u ? FINDING_ALARM_LOW : 0u;
        (void)fixture_visit(&c, &f);
        clinic_read_back(&c, &f, NULL);
        cr_assert_geq(clinic_next(&c).time_ms, f.time_ms, "visit %llu", (unsigned long long)i);
    }
}
