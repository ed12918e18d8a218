/* SPDX-License-Identifier: Apache-2.0 */
/* Revision: what makes a catheter suspect, what the operation orders, and that a sound one is left in peace. */
#include "fixture.h"

#include <criterion/criterion.h>

#include "care/revision.h"

/* In maintenance, with a score of 4 before therapy. */
static clinic_t stable(void)
{
    const clinic_param_t p = clinic_param_default();
    clinic_t c = fixture_implanted(&p);
    for (int i = 0; i < 100 && c.phase != CLINIC_PHASE_MAINTENANCE; i++) {
        (void)fixture_score(&c, p.goal);
    }
    cr_assert_eq(c.phase, CLINIC_PHASE_MAINTENANCE);
    return c;
}

/* A refill that finds `more` mL above what the pump expects. */
static clinic_outcome_t refill(clinic_t *c, double more)
{
    finding_t f = fixture_finding(c, c->param.goal);
    cr_assert_eq(f.contact, FINDING_CONTACT_REFILL);
    f.volume_left_ml = 2.0;
    f.withdrawn_ml = 2.0 + more;
    return fixture_visit(c, &f);
}

static clinic_outcome_t operate(clinic_t *c, int catheter)
{
    finding_t f = fixture_finding(c, 4.0);
    cr_assert_eq(f.contact, FINDING_CONTACT_REVISION);
    f.catheter = catheter;
    return fixture_visit(c, &f);
}

static void expect_booked(const clinic_outcome_t *out, int reason)
{
    const clinic_decision_t *d = fixture_decision(out, CLINIC_DECISION_BOOK_REVISION);
    cr_assert_not_null(d);
    cr_expect_eq(d->reason, reason, "reason %d", d->reason);
    cr_expect_float_eq(d->value, 14.0, 1e-12);
}

Test(revision, a_lost_effect_makes_the_catheter_suspect)
{
    clinic_t c = stable();
    clinic_outcome_t out = fixture_score(&c, 3.4);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_BOOK_REVISION), "0.6 below");
    const int64_t seen_ms = clinic_next(&c).time_ms;
    out = fixture_score(&c, 3.5);
    expect_booked(&out, CLINIC_REASON_EFFECT_LOST);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REVISION);
    cr_expect_eq(clinic_next(&c).time_ms, seen_ms + 14 * FIXTURE_DAY_MS);
}

Test(revision, a_stalled_pump_is_not_a_catheter)
{
    clinic_t c = stable();
    finding_t f = fixture_finding(&c, 4.0);
    f.alarms = FINDING_ALARM_STALL;
    const clinic_outcome_t out = fixture_visit(&c, &f);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_BOOK_REVISION));
}

Test(revision, more_than_expected_twice_in_a_row_books_it_and_less_does_not)
{
    clinic_t c = stable(), d = stable();
    clinic_outcome_t out = refill(&c, 3.0);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_BOOK_REVISION));
    out = refill(&c, 3.0);
    expect_booked(&out, CLINIC_REASON_TWICE_IN_A_ROW);
    (void)refill(&d, -2.0);
    out = refill(&d, -2.0);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_BOOK_REVISION));
}

Test(revision, what_is_found_decides_what_is_mended)
{
    static const struct {
        int catheter, part, reason;
    } row[] = {{FINDING_CATHETER_CLOSED, ORDER_PART_SPINAL, CLINIC_REASON_CLOSED},
               {FINDING_CATHETER_KINKED, ORDER_PART_SPINAL, CLINIC_REASON_KINKED},
               {FINDING_CATHETER_BROKEN, ORDER_PART_ALL, CLINIC_REASON_BROKEN},
               {FINDING_CATHETER_PARTED, ORDER_PART_CONNECTORS, CLINIC_REASON_PARTED},
               {FINDING_CATHETER_MISPLACED, ORDER_PART_SPINAL, CLINIC_REASON_MISPLACED}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        clinic_t c = stable();
        (void)fixture_score(&c, 4.0);
        const clinic_outcome_t out = operate(&c, row[i].catheter);
        const order_t *order = fixture_order(&out, ORDER_REVISION);
        const clinic_decision_t *d = fixture_decision(&out, CLINIC_DECISION_REVISE);
        cr_assert(order != NULL && d != NULL, "row %zu", i);
        cr_expect_eq(order->revision.part, row[i].part, "row %zu", i);
        cr_expect_eq(d->reason, row[i].reason, "row %zu", i);
        cr_expect_null(fixture_order(&out, ORDER_THERAPY), "the dose stays");
        const order_t *prime = fixture_order(&out, ORDER_PRIME);
        cr_expect_eq(prime != NULL, row[i].part != ORDER_PART_CONNECTORS, "row %zu", i);
        cr_expect(prime == NULL || prime->prime.part == row[i].part, "row %zu", i);
        cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
    }
}

Test(revision, a_sound_catheter_is_left_and_not_suspected_again_for_a_while)
{
    clinic_t c = stable();
    (void)fixture_score(&c, 4.0);
    clinic_outcome_t out = operate(&c, FINDING_CATHETER_SOUND);
    const int64_t looked_ms = c.looked_ms;
    cr_expect_null(fixture_order(&out, ORDER_REVISION));
    cr_expect_not_null(fixture_decision(&out, CLINIC_DECISION_LEAVE_CATHETER));
    for (int i = 0; i < 20; i++) {
        const int64_t at_ms = clinic_next(&c).time_ms;
        out = fixture_score(&c, 4.0);
        const bool booked = fixture_decision(&out, CLINIC_DECISION_BOOK_REVISION) != NULL;
        cr_expect_eq(booked, at_ms - looked_ms >= 180 * FIXTURE_DAY_MS);
        if (booked) {
            return;
        }
    }
    cr_assert_fail("it was never suspected again");
}

/* Until it lies right there is nothing to refill, and nobody tries. */
Test(revision, a_port_that_no_needle_finds_has_the_pump_turned_within_days)
{
    clinic_t c = stable();
    finding_t f = fixture_finding(&c, c.param.goal);
    cr_assert_eq(f.contact, FINDING_CONTACT_REFILL);
    f.unreached = 1;
    clinic_outcome_t out = fixture_visit(&c, &f);
    cr_expect_null(fixture_order(&out, ORDER_REFILL));
    const clinic_decision_t *d = fixture_decision(&out, CLINIC_DECISION_BOOK_REVISION);
    cr_assert_not_null(d);
    cr_expect_eq(d->reason, CLINIC_REASON_UNREACHED);
    cr_assert_eq(clinic_next(&c).kind, FINDING_CONTACT_REVISION, "and no refill before it");
    cr_expect_eq(clinic_next(&c).time_ms, f.time_ms + 3 * FIXTURE_DAY_MS);
    out = operate(&c, FINDING_CATHETER_SOUND);
    cr_assert_not_null(fixture_order(&out, ORDER_REVISION));
    cr_expect_eq(fixture_order(&out, ORDER_REVISION)->revision.part, ORDER_PART_PUMP);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
    cr_expect_eq(clinic_next(&c).time_ms, c.looked_ms + FIXTURE_DAY_MS);
}
