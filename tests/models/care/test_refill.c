/* SPDX-License-Identifier: Apache-2.0 */
/* Refills: when, how much, and withdrawn against expected. */
#include <criterion/criterion.h>
#include <math.h>

#include "fixture.h"

/* Maintenance at 100 ug/day, so that only refills come. */
static clinic_t maintained(const clinic_param_t *p)
{
    clinic_t c = fixture_implanted(p);
    (void)fixture_score(&c, 2.0);
    (void)fixture_score(&c, 2.0);
    cr_assert_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
    return c;
}

static clinic_outcome_t refill_with(clinic_t *c, double left_ml, double withdrawn_ml)
{
    finding_t f = fixture_finding(c, 2.0);
    f.volume_left_ml = left_ml;
    f.withdrawn_ml = withdrawn_ml;
    return fixture_visit(c, &f);
}

Test(refill, is_booked_before_the_low_reservoir_date_by_the_margin)
{
    clinic_param_t p = clinic_param_default();
    for (double margin = 3.0; margin <= 14.0; margin += 11.0) {
        p.refill_margin_day = margin;
        clinic_t c = maintained(&p);
        /* 18 mL of 500 ug/mL at 100 ug/day: 90 days */
        cr_expect_eq(clinic_next(&c).time_ms - c.implant_ms,
                     (90 - (int64_t)margin) * FIXTURE_DAY_MS, "margin %g", margin);
        cr_expect_eq(c.refill_reason, CLINIC_REASON_MARGIN);
    }
}

/* 18 mL of 500 ug/mL at 1000 ug/day last 9 days: less than the margin. */
Test(refill, is_not_booked_before_half_of_a_filling_is_used)
{
    clinic_param_t p = clinic_param_default();
    p.refill_margin_day = 14.0;
    p.dose_minimum_ug = 1000.0;
    clinic_t c = fixture_implanted(&p);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
    cr_expect_eq(clinic_next(&c).time_ms - c.implant_ms, FIXTURE_DAY_MS * 9 / 2);
}

Test(refill, is_never_further_off_than_the_longest_interval)
{
    clinic_param_t p = clinic_param_default();
    p.refill_interval_day = 60.0;
    clinic_t c = maintained(&p);
    cr_expect_eq(clinic_next(&c).time_ms - c.implant_ms, 60 * FIXTURE_DAY_MS);
    cr_expect_eq(c.refill_reason, CLINIC_REASON_INTERVAL);
}

Test(refill, goes_by_the_programmers_date_once_it_is_read_back)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    clinic_decision_t booked;
    finding_t f = fixture_finding(&c, 2.0);
    (void)fixture_visit(&c, &f);
    f.low_alarm_at_ms = f.time_ms + 50 * FIXTURE_DAY_MS;
    clinic_read_back(&c, &f, &booked);
    cr_expect_eq(clinic_next(&c).time_ms, f.time_ms + 43 * FIXTURE_DAY_MS);
    cr_expect_eq(booked.kind, CLINIC_DECISION_BOOK_REFILL);
    cr_expect_eq(booked.reason, CLINIC_REASON_MARGIN);
    cr_expect_float_eq(booked.value, 43.0, 1e-9);
}

Test(refill, moves_with_the_dose)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = fixture_implanted(&p);
    const int64_t left_ms = c.low_alarm_ms - clinic_next(&c).time_ms;
    const int64_t now_ms = clinic_next(&c).time_ms;
    (void)fixture_score(&c, 4.0);
    cr_expect_float_eq((double)(c.low_alarm_ms - now_ms), (double)left_ms / 1.2, 1.0);
}

Test(refill, that_is_overdue_is_booked_for_tomorrow)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = fixture_implanted(&p);
    finding_t f = fixture_finding(&c, 2.0);
    f.low_alarm_at_ms = f.time_ms - FIXTURE_DAY_MS;
    (void)fixture_visit(&c, &f);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
    cr_expect_eq(clinic_next(&c).time_ms, f.time_ms + FIXTURE_DAY_MS);
}

Test(refill, fills_and_looks_at_the_dose_in_that_order)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    const clinic_outcome_t out = fixture_score(&c, 3.0);
    cr_assert_eq(out.orders, 2);
    cr_expect_eq(out.order[0].kind, ORDER_REFILL);
    cr_expect_float_eq(out.order[0].refill.volume_ml, 20.0, 1e-12);
    cr_expect_float_eq(out.order[0].refill.ug_per_ml[0], 500.0, 1e-12);
    cr_expect_eq(out.order[1].kind, ORDER_THERAPY);
    cr_expect_eq(fixture_decision(&out, CLINIC_DECISION_REFILL)->reason, CLINIC_REASON_DUE);
}

Test(refill, comes_first_while_titrating_and_counts_as_a_visit)
{
    clinic_param_t p = clinic_param_default();
    p.refill_interval_day = 10.0;
    clinic_t c = fixture_implanted(&p);
    (void)fixture_score(&c, 3.0);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
    const int64_t refill_ms = clinic_next(&c).time_ms;
    const clinic_outcome_t out = fixture_score(&c, 3.0);
    cr_expect_not_null(fixture_decision(&out, CLINIC_DECISION_DOSE_UP));
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_TITRATION);
    cr_expect_eq(clinic_next(&c).time_ms, refill_ms + 7 * FIXTURE_DAY_MS);
}

Test(refill, within_the_threshold_nothing_is_noted)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    const clinic_outcome_t out = refill_with(&c, 4.0, 6.0);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_DISCREPANCY));
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE));
}

Test(refill, one_discrepancy_is_watched_and_a_second_of_its_sign_investigated)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    clinic_outcome_t out = refill_with(&c, 4.0, 6.2);
    const clinic_decision_t *d = fixture_decision(&out, CLINIC_DECISION_DISCREPANCY);
    cr_assert_not_null(d);
    cr_expect_eq(d->reason, CLINIC_REASON_ONCE);
    cr_expect_float_eq(d->value, 2.2, 1e-12);
    out = refill_with(&c, 4.0, 7.0);
    d = fixture_decision(&out, CLINIC_DECISION_INVESTIGATE);
    cr_assert_not_null(d);
    cr_expect_eq(d->reason, CLINIC_REASON_TWICE_IN_A_ROW);
    cr_expect_float_eq(d->value, 3.0, 1e-12);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_DISCREPANCY));
}

Test(refill, discrepancies_of_both_signs_or_apart_are_not_investigated)
{
    const clinic_param_t p = clinic_param_default();
    static const double withdrawn_ml[] = {7.0, 1.0, 4.0, 1.0, 7.0, 4.0, 7.0};
    clinic_t c = maintained(&p);
    for (size_t i = 0; i < sizeof withdrawn_ml / sizeof withdrawn_ml[0]; i++) {
        const clinic_outcome_t out = refill_with(&c, 4.0, withdrawn_ml[i]);
        cr_expect_null(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE), "refill %zu", i);
    }
}

Test(refill, an_unknown_volume_neither_counts_nor_breaks_the_row)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    (void)refill_with(&c, 4.0, 7.0);
    clinic_outcome_t out = refill_with(&c, (double)NAN, 7.0);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE));
    out = refill_with(&c, 4.0, 7.0);
    cr_expect_not_null(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE));
}

static finding_t call(const clinic_t *c, int64_t at_ms, uint32_t alarms)
{
    finding_t f = fixture_finding(c, (double)NAN);
    f.contact = FINDING_CONTACT_CALL;
    f.time_ms = at_ms;
    f.alarms = alarms;
    return f;
}

Test(refill, a_call_about_the_reservoir_brings_it_forward)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    const int64_t at_ms = clinic_next(&c).time_ms - 20 * FIXTURE_DAY_MS;
    finding_t f = call(&c, at_ms, FINDING_ALARM_LOW);
    clinic_outcome_t out = fixture_visit(&c, &f);
    cr_expect_eq(out.orders, 0);
    cr_expect_not_null(fixture_decision(&out, CLINIC_DECISION_BRING_FORWARD));
    cr_expect_eq(clinic_next(&c).time_ms, at_ms + FIXTURE_DAY_MS);
    clinic_read_back(&c, &f, NULL);
    cr_expect_eq(clinic_next(&c).time_ms, at_ms + FIXTURE_DAY_MS, "the read-back put it off");
    out = fixture_score(&c, 2.0);
    cr_expect_eq(fixture_decision(&out, CLINIC_DECISION_REFILL)->reason, CLINIC_REASON_ALARM);
    cr_expect_gt(clinic_next(&c).time_ms, at_ms + 80 * FIXTURE_DAY_MS);
}

Test(refill, a_call_about_anything_else_is_looked_into_and_moves_nothing)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    const clinic_contact_t before = clinic_next(&c);
    const finding_t f = call(&c, c.implant_ms + 20 * FIXTURE_DAY_MS, FINDING_ALARM_OTHER);
    const clinic_outcome_t out = fixture_visit(&c, &f);
    cr_assert_not_null(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE));
    cr_expect_eq(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE)->reason, CLINIC_REASON_ALARM);
    cr_expect_eq(clinic_next(&c).time_ms, before.time_ms);
    cr_expect_eq(clinic_next(&c).entity, before.entity);
}

/* The patient is late for a refill; the reservoir goes low meanwhile. */
Test(refill, a_tone_heard_when_it_is_overdue_offers_it_anew)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    const clinic_contact_t before = clinic_next(&c);
    const int64_t at_ms = before.time_ms + 9 * FIXTURE_DAY_MS;
    const finding_t f = call(&c, at_ms, FINDING_ALARM_TONE);
    const clinic_outcome_t out = fixture_visit(&c, &f);
    cr_assert_not_null(fixture_decision(&out, CLINIC_DECISION_BRING_FORWARD));
    cr_expect_eq(fixture_decision(&out, CLINIC_DECISION_BRING_FORWARD)->reason,
                 CLINIC_REASON_ALARM);
    cr_expect_eq(clinic_next(&c).time_ms, at_ms + FIXTURE_DAY_MS);
    cr_expect_eq(clinic_next(&c).entity, before.entity, "it is still the same refill");
}

Test(refill, a_call_offers_it_call_wait_later)
{
    clinic_param_t p = clinic_param_default();
    p.call_wait_day = 3.0;
    clinic_t c = maintained(&p);
    const int64_t at_ms = clinic_next(&c).time_ms - 20 * FIXTURE_DAY_MS;
    const finding_t f = call(&c, at_ms, FINDING_ALARM_TONE);
    (void)fixture_visit(&c, &f);
    cr_expect_eq(clinic_next(&c).time_ms, at_ms + 3 * FIXTURE_DAY_MS);
}

Test(refill, booked_before_it_could_be_offered_stays_where_it_is_and_is_kept)
{
    clinic_param_t p = clinic_param_default();
    const double worst[CLINIC_ARRIVAL_DRAWS] = {0.999999, 0.000001, 0.999999};
    p.call_wait_day = 3.0;
    clinic_t c = maintained(&p);
    const clinic_contact_t before = clinic_next(&c);
    const finding_t f = call(&c, before.time_ms - FIXTURE_DAY_MS, FINDING_ALARM_TONE);
    bool missed = true;
    cr_expect_gt(clinic_arrival_ms(&c, &before, worst, NULL), before.time_ms + FIXTURE_DAY_MS);
    const clinic_outcome_t out = fixture_visit(&c, &f);
    cr_expect_eq(out.decisions, 0);
    cr_expect_eq(clinic_next(&c).time_ms, before.time_ms);
    cr_expect_eq(clinic_arrival_ms(&c, &before, worst, &missed), before.time_ms);
    cr_expect_not(missed);
}

/* A titration visit, which might be missed, would hold it up. */
Test(refill, offered_for_an_alarm_comes_before_a_titration_visit)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = fixture_implanted(&p);
    cr_assert_eq(clinic_next(&c).kind, FINDING_CONTACT_TITRATION);
    const finding_t f = call(&c, clinic_next(&c).time_ms - FIXTURE_DAY_MS / 2, FINDING_ALARM_TONE);
    (void)fixture_visit(&c, &f);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
    cr_expect_eq(clinic_next(&c).time_ms, f.time_ms + FIXTURE_DAY_MS);
    (void)fixture_score(&c, 3.0);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_TITRATION);
}

Test(refill, shows_an_alarm_of_another_kind_and_it_is_looked_into)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = maintained(&p);
    finding_t f = fixture_finding(&c, 2.0);
    f.alarms = FINDING_ALARM_LOW;
    clinic_outcome_t out = fixture_visit(&c, &f);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE));
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_BRING_FORWARD), "it is being filled");
    f = fixture_finding(&c, 2.0);
    f.alarms = FINDING_ALARM_OTHER;
    out = fixture_visit(&c, &f);
    cr_expect_not_null(fixture_decision(&out, CLINIC_DECISION_INVESTIGATE));
}
