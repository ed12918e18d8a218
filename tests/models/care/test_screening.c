/* SPDX-License-Identifier: Apache-2.0 */
/* Screening and implant: escalation, responders, the first dose. */
#include <criterion/criterion.h>
#include <math.h>

#include "fixture.h"

static clinic_t fresh(void)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c;
    clinic_init(&c, &p);
    return c;
}

Test(screening, begins_with_the_first_bolus_at_time_0)
{
    clinic_t c = fresh();
    const clinic_contact_t next = clinic_next(&c);
    cr_expect_eq(next.kind, FINDING_CONTACT_SCREENING);
    cr_expect_eq(next.time_ms, 0);
    const clinic_outcome_t out = fixture_score(&c, 4.0);
    cr_assert_eq(out.orders, 1);
    cr_expect_eq(out.order[0].kind, ORDER_SCREENING);
    cr_expect_float_eq(out.order[0].screening.dose_ug, 50.0, 1e-12);
    cr_expect_float_eq(out.order[0].screening.volume_ml, 1.0, 1e-12);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_OBSERVATION);
    cr_expect_eq(clinic_next(&c).time_ms, FIXTURE_DAY_MS / 6);
}

Test(screening, escalates_a_day_apart_until_the_score_falls)
{
    static const double dose_ug[] = {50.0, 75.0, 100.0};
    clinic_t c = fresh();
    clinic_outcome_t out;
    for (int k = 0; k < 3; k++) {
        cr_assert_eq(clinic_next(&c).kind, FINDING_CONTACT_SCREENING, "bolus %d", k);
        cr_expect_eq(clinic_next(&c).time_ms, k * FIXTURE_DAY_MS, "bolus %d", k);
        out = fixture_score(&c, 4.0);
        cr_expect_float_eq(out.order[0].screening.dose_ug, dose_ug[k], 1e-12);
        out = fixture_score(&c, k < 2 ? 3.125 : 3.0);
        cr_expect_eq(fixture_decision(&out, CLINIC_DECISION_NOT_RESPONDED) != NULL, k < 2);
    }
    cr_assert_not_null(fixture_decision(&out, CLINIC_DECISION_RESPONDED));
    cr_expect_float_eq(fixture_decision(&out, CLINIC_DECISION_RESPONDED)->value, 1.0, 1e-12);
    (void)fixture_score(&c, 4.0);
    cr_expect_eq(c.phase, CLINIC_PHASE_IMPLANT);
}

Test(screening, no_response_to_the_last_bolus_ends_it)
{
    clinic_t c = fresh();
    clinic_outcome_t out;
    for (int k = 0; k < 3; k++) {
        (void)fixture_score(&c, 4.0);
        out = fixture_score(&c, 3.5);
    }
    const clinic_decision_t *d = fixture_decision(&out, CLINIC_DECISION_NOT_IMPLANTED);
    cr_assert_not_null(d);
    cr_expect_eq(d->reason, CLINIC_REASON_LAST_BOLUS);
    cr_expect_float_eq(d->value, 100.0, 1e-12);
    cr_expect_eq(out.orders, 0);
    cr_expect_eq(c.phase, CLINIC_PHASE_ENDED);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_NONE);
    cr_expect_eq(clinic_next(&c).entity, 0u);
}

Test(screening, a_late_observation_never_puts_a_bolus_in_the_past)
{
    clinic_t c = fresh();
    (void)fixture_score(&c, 4.0);
    finding_t f = fixture_finding(&c, 4.0);
    f.time_ms = 2 * FIXTURE_DAY_MS;
    (void)fixture_visit(&c, &f);
    cr_expect_gt(clinic_next(&c).time_ms, f.time_ms);
}

Test(screening, the_implant_starts_at_twice_the_effective_bolus)
{
    clinic_t c = fresh();
    (void)fixture_score(&c, 4.0);
    (void)fixture_score(&c, 4.0);
    (void)fixture_score(&c, 4.0);
    (void)fixture_score(&c, 2.0);
    (void)fixture_score(&c, 4.0);
    cr_expect_eq(clinic_next(&c).time_ms, FIXTURE_DAY_MS * 15 + FIXTURE_DAY_MS / 3);
    const clinic_outcome_t out = fixture_score(&c, 4.0);
    cr_assert_eq(out.orders, 3);
    cr_expect_eq(out.order[0].kind, ORDER_IMPLANT);
    cr_expect_eq(out.order[2].kind, ORDER_PRIME, "once it has a programme");
    cr_expect_float_eq(out.order[0].implant.fill_ml, 20.0, 1e-12);
    cr_expect_float_eq(out.order[0].implant.ug_per_ml[0], 500.0, 1e-12);
    cr_expect_float_eq(out.order[0].implant.ug_per_ml[1], 0.0, 1e-12);
    fixture_expect_dose(&out, CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, 150.0);
}

/* A clinic after the first bolus and a response to it, observed so many hours after the bolus. */
static clinic_t responding(const clinic_param_t *p, double hours, clinic_outcome_t *out)
{
    clinic_t c;
    clinic_init(&c, p);
    (void)fixture_score(&c, 4.0);
    finding_t f = fixture_finding(&c, 2.0);
    f.time_ms = (int64_t)(hours * 3600000.0);
    *out = fixture_visit(&c, &f);
    return c;
}

Test(screening, a_responder_is_looked_at_again_when_the_effect_would_be_long)
{
    clinic_param_t p = clinic_param_default();
    clinic_outcome_t out;
    p.long_effect_h = 10.0;
    const clinic_t c = responding(&p, 4.0, &out);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_OBSERVATION);
    cr_expect_eq(clinic_next(&c).time_ms, 10 * 3600000);
    cr_expect_eq(clinic_next(&c).entity & UINT32_MAX, 1u, "an observation of its own");
    cr_expect_eq(out.decisions, 1);
    cr_expect_eq(out.decision[0].kind, CLINIC_DECISION_RESPONDED);
}

/* 3.0 is the least fall that counts. */
Test(screening, a_response_that_still_holds_starts_at_the_bolus_itself)
{
    const clinic_param_t p = clinic_param_default();
    clinic_outcome_t out;
    clinic_t c = responding(&p, 4.0, &out);
    out = fixture_score(&c, 3.0);
    cr_assert_eq(out.decisions, 1);
    cr_expect_eq(out.decision[0].kind, CLINIC_DECISION_SECOND_LOOK);
    cr_expect_eq(out.decision[0].reason, CLINIC_REASON_SCORE_FELL);
    cr_expect_float_eq(out.decision[0].value, 1.0, 1e-12);
    out = fixture_score(&c, 4.0);
    fixture_expect_dose(&out, CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, 50.0);
}

Test(screening, a_response_that_is_over_starts_at_twice_the_bolus)
{
    const clinic_param_t p = clinic_param_default();
    clinic_outcome_t out;
    clinic_t c = responding(&p, 4.0, &out);
    out = fixture_score(&c, 3.125);
    cr_assert_eq(out.decisions, 1);
    cr_expect_eq(out.decision[0].reason, CLINIC_REASON_SCORE_STAYED);
    out = fixture_score(&c, 4.0);
    fixture_expect_dose(&out, CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, 100.0);
}

Test(screening, a_first_look_that_late_is_the_second_one_too)
{
    const clinic_param_t p = clinic_param_default();
    clinic_outcome_t out;
    clinic_t c = responding(&p, 8.0, &out);
    cr_expect_not_null(fixture_decision(&out, CLINIC_DECISION_RESPONDED));
    cr_expect_not_null(fixture_decision(&out, CLINIC_DECISION_SECOND_LOOK));
    out = fixture_score(&c, 4.0);
    fixture_expect_dose(&out, CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, 50.0);
}

Test(screening, without_a_rating_is_refused_and_changes_nothing)
{
    clinic_t c = fresh();
    clinic_outcome_t out = {.orders = 3};
    error_t e = {0};
    finding_t f = fixture_finding(&c, (double)NAN);
    cr_expect_eq(clinic_visit(&c, &f, &out, &e), ERROR_ARGUMENT);
    cr_expect_eq(out.orders, 3);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_SCREENING);
    cr_expect_eq(c.held[FINDING_CONTACT_SCREENING], 0u);
}
