/* SPDX-License-Identifier: Apache-2.0 */
/* Replacement: what books it, what brings it forward, what is ordered, and who ends without a pump. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>

#include "care/replacement.h"

static clinic_t started(void)
{
    clinic_param_t p = clinic_param_default();
    p.stable_visits = 20.0; /* weekly visits for a while */
    return fixture_implanted(&p);
}

/* The next visit, which shows these alarms. */
static clinic_outcome_t visit(clinic_t *c, uint32_t alarms)
{
    finding_t f = fixture_finding(c, 2.0);
    f.alarms = alarms;
    return fixture_visit(c, &f);
}

/* Goes on with quiet visits until a replacement is due; fails after too many. */
static int64_t to_replacement(clinic_t *c)
{
    for (int i = 0; i < 400 && clinic_next(c).kind != FINDING_CONTACT_REPLACEMENT; i++) {
        (void)fixture_score(c, 2.0);
    }
    cr_assert_eq(clinic_next(c).kind, FINDING_CONTACT_REPLACEMENT);
    return clinic_next(c).time_ms;
}

static clinic_outcome_t operate(clinic_t *c, int agrees)
{
    finding_t f = fixture_finding(c, 3.0);
    f.agrees = agrees;
    return fixture_visit(c, &f);
}

static void expect_booked(const clinic_outcome_t *out, int reason, double days)
{
    const clinic_decision_t *d = fixture_decision(out, CLINIC_DECISION_BOOK_REPLACEMENT);
    cr_assert_not_null(d);
    cr_expect_eq(d->reason, reason, "reason %d", d->reason);
    cr_expect_float_eq(d->value, days, 1e-12);
}

Test(replacement, a_quiet_pump_is_left_alone_until_its_age)
{
    clinic_t c = started();
    const int64_t booked_from_ms =
        c.implant_ms + (int64_t)(c.param.replace_age_day * (double)FIXTURE_DAY_MS);
    const int64_t at_ms = to_replacement(&c);
    cr_expect_eq(c.replace_reason, CLINIC_REASON_AGE);
    cr_expect_geq(at_ms, booked_from_ms);
    cr_expect_lt(at_ms, booked_from_ms + (180 + 46) * FIXTURE_DAY_MS,
                 "a refill interval and the wait");
}

Test(replacement, the_elective_indicator_books_one_and_a_spent_battery_brings_it_forward)
{
    clinic_t c = started();
    clinic_outcome_t out = visit(&c, FINDING_ALARM_ERI);
    expect_booked(&out, CLINIC_REASON_BATTERY_LOW, 45.0);
    out = visit(&c, FINDING_ALARM_ERI);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_BOOK_REPLACEMENT), "it is booked");
    out = visit(&c, FINDING_ALARM_ERI | FINDING_ALARM_EOS);
    expect_booked(&out, CLINIC_REASON_BATTERY_SPENT, 3.0);
}

/* The programmer's date is trusted where it is further off than the indicator lets it be, and no nearer one hurries anybody. */
Test(replacement, a_date_that_is_shown_too_late_puts_it_off)
{
    static const struct {
        int64_t shown_day;
        double wait_day;
    } row[] = {{30, 45.0}, {90, 45.0}, {91, 46.0}, {210, 165.0}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        clinic_t c = started();
        finding_t f = fixture_finding(&c, 2.0);
        f.alarms = FINDING_ALARM_ERI;
        f.replace_by_ms = f.time_ms + row[i].shown_day * FIXTURE_DAY_MS;
        const clinic_outcome_t out = fixture_visit(&c, &f);
        expect_booked(&out, CLINIC_REASON_BATTERY_LOW, row[i].wait_day);
    }
}

Test(replacement, an_infection_ends_the_therapy_whatever_else_was_booked)
{
    clinic_t c = started();
    (void)visit(&c, FINDING_ALARM_ERI);
    finding_t call = fixture_finding(&c, (double)NAN);
    call.contact = FINDING_CONTACT_CALL;
    call.time_ms -= 4 * FIXTURE_DAY_MS;
    call.infected = 1;
    clinic_outcome_t out = fixture_visit(&c, &call);
    expect_booked(&out, CLINIC_REASON_INFECTION, 3.0);
    cr_assert_eq(clinic_next(&c).kind, FINDING_CONTACT_REPLACEMENT);
    cr_expect_eq(clinic_next(&c).time_ms, call.time_ms + 3 * FIXTURE_DAY_MS);
    out = operate(&c, 1);
    cr_expect_eq(out.orders, 1, "the patient is not asked");
    cr_expect_not_null(fixture_order(&out, ORDER_EXPLANT));
    cr_expect_eq(fixture_decision(&out, CLINIC_DECISION_EXPLANT)->reason, CLINIC_REASON_INFECTION);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_NONE);
}

/* In whichever operation comes first: the days until it are those that are told. */
Test(replacement, an_infection_takes_a_sooner_operations_day)
{
    clinic_t c = started();
    (void)visit(&c, FINDING_ALARM_EOS);
    finding_t call = fixture_finding(&c, (double)NAN);
    const int64_t booked_ms = call.time_ms;
    call.contact = FINDING_CONTACT_CALL;
    call.time_ms -= 2 * FIXTURE_DAY_MS;
    call.infected = 1;
    const clinic_outcome_t out = fixture_visit(&c, &call);
    expect_booked(&out, CLINIC_REASON_INFECTION, 2.0);
    cr_expect_eq(clinic_next(&c).time_ms, booked_ms);
}

Test(replacement, a_stall_books_one_within_days_and_leaves_the_dose_alone)
{
    clinic_t c = started();
    finding_t f = fixture_finding(&c, 4.0);
    f.alarms = FINDING_ALARM_STALL;
    f.daily_dose_ug = 100.0;
    const clinic_outcome_t out = fixture_visit(&c, &f);
    expect_booked(&out, CLINIC_REASON_STALL, 3.0);
    cr_expect_null(fixture_order(&out, ORDER_THERAPY));
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REPLACEMENT);
    cr_expect_eq(clinic_next(&c).time_ms, f.time_ms + 3 * FIXTURE_DAY_MS);
}

Test(replacement, an_earlier_date_is_not_put_off)
{
    clinic_t c = started();
    clinic_outcome_t out = {.orders = 0};
    (void)visit(&c, FINDING_ALARM_STALL);
    const int64_t at_ms = clinic_next(&c).time_ms;
    const finding_t f = {.time_ms = at_ms, .alarms = FINDING_ALARM_ERI};
    replacement_consider(&c, &f, &out);
    cr_expect_eq(c.replace_ms, at_ms);
    cr_expect_eq(c.replace_reason, CLINIC_REASON_STALL);
    cr_expect_eq(out.decisions, 0);
}

Test(replacement, it_orders_a_pump_and_the_dose_that_last_ran)
{
    clinic_t c = started();
    finding_t f = fixture_finding(&c, 2.0);
    f.daily_dose_ug = 240.0;
    (void)fixture_visit(&c, &f);
    f = fixture_finding(&c, 4.0);
    f.alarms = FINDING_ALARM_EOS;
    f.daily_dose_ug = 0.0; /* it has stopped */
    (void)fixture_visit(&c, &f);
    const clinic_outcome_t out = operate(&c, 1);
    const order_t *pump = fixture_order(&out, ORDER_REPLACEMENT);
    const order_t *therapy = fixture_order(&out, ORDER_THERAPY);
    const clinic_decision_t *d = fixture_decision(&out, CLINIC_DECISION_REPLACE);
    cr_assert(pump != NULL && therapy != NULL && d != NULL);
    cr_expect_eq(out.order[0].kind, ORDER_REPLACEMENT, "before it can be programmed");
    cr_expect_float_eq(pump->implant.fill_ml, 20.0, 0.0);
    cr_expect_float_eq(pump->implant.ug_per_ml[0], 500.0, 0.0);
    cr_expect_float_eq(therapy->therapy.daily_dose_ug, 240.0, 0.0);
    cr_expect_eq(d->reason, CLINIC_REASON_BATTERY_SPENT);
    cr_expect_eq(c.replace_ms, FINDING_TIME_UNKNOWN);
}

Test(replacement, the_next_pumps_age_counts_from_its_own_operation)
{
    clinic_t c = started();
    const int64_t first_ms = to_replacement(&c);
    (void)operate(&c, 1);
    cr_expect_eq(c.pump_ms, first_ms);
    const int64_t second_ms = to_replacement(&c);
    cr_expect_geq(second_ms - first_ms,
                  (int64_t)(c.param.replace_age_day * (double)FIXTURE_DAY_MS));
}

Test(replacement, who_declines_is_explanted_and_seen_no_more)
{
    clinic_t c = started();
    (void)visit(&c, FINDING_ALARM_EOS);
    const clinic_outcome_t out = operate(&c, 0);
    const clinic_decision_t *d = fixture_decision(&out, CLINIC_DECISION_EXPLANT);
    cr_expect_eq(out.orders, 1);
    cr_expect_not_null(fixture_order(&out, ORDER_EXPLANT));
    cr_assert_not_null(d);
    cr_expect_eq(d->reason, CLINIC_REASON_DECLINED);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_NONE);
    clinic_read_back(&c, &(finding_t){.time_ms = c.pump_ms}, NULL);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_NONE);
}

Test(replacement, the_operation_is_kept_to_the_day)
{
    clinic_t c = started();
    const double worst[CLINIC_ARRIVAL_DRAWS] = {0.999999, 0.000001, 0.999999, 0.5};
    bool missed = true;
    (void)visit(&c, FINDING_ALARM_STALL);
    const clinic_contact_t next = clinic_next(&c);
    cr_expect_eq(clinic_arrival_ms(&c, &next, worst, &missed), next.time_ms);
    cr_expect_not(missed);
}

Test(replacement, agreement_is_by_its_share)
{
    clinic_t c = started();
    cr_expect(clinic_agrees(&c, 0.990));
    cr_expect_not(clinic_agrees(&c, 0.992));
}
