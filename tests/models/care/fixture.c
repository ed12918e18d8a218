/* SPDX-License-Identifier: Apache-2.0 */
/* Synthetic findings for a clinic, and what it made of them. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>

finding_t fixture_finding(const clinic_t *c, double ashworth)
{
    const clinic_contact_t next = clinic_next(c);
    return (finding_t){.contact = next.kind,
                       .time_ms = next.time_ms,
                       .ashworth = ashworth,
                       .daily_dose_ug = (double)NAN,
                       .volume_left_ml = (double)NAN,
                       .withdrawn_ml = (double)NAN,
                       .low_alarm_at_ms = FINDING_TIME_UNKNOWN};
}

clinic_outcome_t fixture_visit(clinic_t *c, const finding_t *f)
{
    clinic_outcome_t out;
    error_t e = {0};
    cr_assert_eq(clinic_visit(c, f, &out, &e), 0, "%s", e.text);
    return out;
}

clinic_outcome_t fixture_score(clinic_t *c, double ashworth)
{
    const finding_t f = fixture_finding(c, ashworth);
    return fixture_visit(c, &f);
}

clinic_t fixture_implanted(const clinic_param_t *p)
{
    clinic_t c;
    clinic_init(&c, p);
    (void)fixture_score(&c, 4.0);
    (void)fixture_score(&c, 2.0);
    (void)fixture_score(&c, 4.0);
    cr_assert_eq(clinic_next(&c).kind, FINDING_CONTACT_IMPLANT);
    (void)fixture_score(&c, 4.0);
    cr_assert_eq(c.phase, CLINIC_PHASE_TITRATION);
    return c;
}

const clinic_decision_t *fixture_decision(const clinic_outcome_t *out, int kind)
{
    for (int i = 0; i < out->decisions; i++)
        if (out->decision[i].kind == kind)
            return &out->decision[i];
    return NULL;
}

const order_t *fixture_order(const clinic_outcome_t *out, int kind)
{
    for (int i = 0; i < out->orders; i++)
        if (out->order[i].kind == kind)
            return &out->order[i];
    return NULL;
}

void fixture_expect_dose(const clinic_outcome_t *out, int kind, int reason, double ug)
{
    const clinic_decision_t *d = fixture_decision(out, kind);
    const order_t *therapy = fixture_order(out, ORDER_THERAPY);
    int about_dose = 0;
    for (int i = 0; i < out->decisions; i++)
        about_dose += out->decision[i].kind >= CLINIC_DECISION_START &&
                      out->decision[i].kind <= CLINIC_DECISION_DOSE_DOWN;
    cr_assert_not_null(d, "no decision of kind %d", kind);
    cr_expect_eq(about_dose, 1, "%d decisions about the dose", about_dose);
    cr_expect_eq(d->reason, reason, "reason %d, not %d", d->reason, reason);
    cr_expect_float_eq(d->value, ug, 1e-9, "%g ug, not %g", d->value, ug);
    cr_assert_eq(therapy != NULL, kind != CLINIC_DECISION_DOSE_HOLD, "a therapy order");
    if (therapy != NULL) {
        cr_expect_eq(therapy->therapy.mode, ORDER_MODE_SIMPLE);
        cr_expect_float_eq(therapy->therapy.daily_dose_ug, ug, 1e-9);
    }
}
