/* SPDX-License-Identifier: Apache-2.0 */
/* Refills: withdrawn against expected, fill, and when the next is due. */
#include "care/refill.h"

#include <math.h>

#include "care/outcome.h"

#define MS_PER_DAY 86400000.0
#define HORIZON_DAYS 36500.0 /* a date further off says nothing, and would not fit */

int64_t refill_ms_of_days(double days)
{
    return (int64_t)llround(days * MS_PER_DAY);
}

/* One odd reading often does not repeat; only a second one of the same sign is acted on. */
static void compare(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const double difference_ml = f->withdrawn_ml - f->volume_left_ml;
    int sign = 0;
    if (isnan(difference_ml))
        return;
    if (fabs(difference_ml) > c->param.discrepancy_ml)
        sign = difference_ml > 0.0 ? 1 : -1;
    if (sign != 0 && sign == c->discrepancy_sign) {
        outcome_decide(out, CLINIC_DECISION_INVESTIGATE, CLINIC_REASON_TWICE_IN_A_ROW,
                       difference_ml);
        sign = 0;
    } else if (sign != 0) {
        outcome_decide(out, CLINIC_DECISION_DISCREPANCY, CLINIC_REASON_ONCE, difference_ml);
    }
    c->discrepancy_sign = sign;
}

void refill_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const clinic_param_t *p = &c->param;
    const order_t order = {.at_ms = f->time_ms,
                           .kind = ORDER_REFILL,
                           .refill = {.volume_ml = p->fill_ml,
                                      .ug_per_ml = {p->concentration_ug_per_ml},
                                      .bridge = 1}};
    if (f->unreached) {
        outcome_decide(out, CLINIC_DECISION_INVESTIGATE, CLINIC_REASON_UNREACHED, 0.0);
        return;
    }
    compare(c, f, out);
    outcome_order(out, &order);
    outcome_decide(out, CLINIC_DECISION_REFILL,
                   c->refill_reason == CLINIC_REASON_ALARM ? CLINIC_REASON_ALARM
                                                           : CLINIC_REASON_DUE,
                   p->fill_ml);
    refill_filled(c, f->time_ms);
}

void refill_filled(clinic_t *c, int64_t time_ms)
{
    const clinic_param_t *p = &c->param;
    c->fill_ms = time_ms;
    c->low_alarm_ms = FINDING_TIME_UNKNOWN;
    c->refill_reason = CLINIC_REASON_INTERVAL;
    if (c->daily_dose_ug > 0.0) {
        const double days =
            (p->fill_ml - p->low_alarm_ml) * p->concentration_ug_per_ml / c->daily_dose_ug;
        c->low_alarm_ms = time_ms + refill_ms_of_days(fmin(fmax(days, 0.0), HORIZON_DAYS));
    }
}

void refill_dose_changed(clinic_t *c, int64_t time_ms, double dose_ug)
{
    if (c->low_alarm_ms == FINDING_TIME_UNKNOWN || c->low_alarm_ms <= time_ms)
        return;
    const double days = (double)(c->low_alarm_ms - time_ms) / MS_PER_DAY;
    c->low_alarm_ms =
        time_ms + refill_ms_of_days(fmin(days * c->daily_dose_ug / dose_ug, HORIZON_DAYS));
}

void refill_bring_forward(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const int64_t offered_ms = f->time_ms + refill_ms_of_days(c->param.call_wait_day);
    const bool soon_anyway = c->refill_ms > f->time_ms && c->refill_ms <= offered_ms;
    c->refill_reason = CLINIC_REASON_ALARM;
    if (soon_anyway)
        return;
    c->refill_ms = offered_ms;
    outcome_decide(out, CLINIC_DECISION_BRING_FORWARD, CLINIC_REASON_ALARM, c->param.call_wait_day);
}

/* The margin before the low-reservoir date, but not so early that the reservoir is hardly used. */
static int64_t by_margin_ms(const clinic_t *c)
{
    const int64_t wanted_ms = c->low_alarm_ms - refill_ms_of_days(c->param.refill_margin_day);
    const double lasts_days = (double)(c->low_alarm_ms - c->fill_ms) / MS_PER_DAY;
    const int64_t earliest_ms =
        c->fill_ms + refill_ms_of_days(lasts_days * c->param.refill_earliest);
    return wanted_ms > earliest_ms ? wanted_ms : earliest_ms;
}

void refill_book(clinic_t *c, int64_t time_ms)
{
    const int64_t tomorrow_ms = time_ms + refill_ms_of_days(1.0);
    if (c->refill_reason == CLINIC_REASON_ALARM) {
        c->refill_ms = c->refill_ms > time_ms ? c->refill_ms : time_ms;
        return;
    }
    c->refill_ms = c->fill_ms + refill_ms_of_days(c->param.refill_interval_day);
    c->refill_reason = CLINIC_REASON_INTERVAL;
    if (c->low_alarm_ms != FINDING_TIME_UNKNOWN && by_margin_ms(c) < c->refill_ms) {
        c->refill_ms = by_margin_ms(c);
        c->refill_reason = CLINIC_REASON_MARGIN;
    }
    if (c->refill_ms < tomorrow_ms)
        c->refill_ms = tomorrow_ms;
}
