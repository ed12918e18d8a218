/* SPDX-License-Identifier: Apache-2.0 */
/* Replacement of a pump. */
#include "care/replacement.h"

#include <math.h>

#include "care/outcome.h"
#include "care/refill.h"

#define MS_PER_DAY 86400000.0

/* From the elective replacement indicator to the end of service, as published: 90 days (Health Canada letter, 2011). */
#define NOTICE_DAY 90.0

/* The most pressing reason, 0 for none. */
static int reason_of(const clinic_t *c, const finding_t *f)
{
    static const struct {
        uint32_t alarm;
        int reason;
    } row[] = {{FINDING_ALARM_EOS, CLINIC_REASON_BATTERY_SPENT},
               {FINDING_ALARM_STALL, CLINIC_REASON_STALL},
               {FINDING_ALARM_ERI, CLINIC_REASON_BATTERY_LOW}};
    if (f->infected)
        return CLINIC_REASON_INFECTION;
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++)
        if ((f->alarms & row[i].alarm) != 0u)
            return row[i].reason;
    return f->time_ms - c->pump_ms >= refill_ms_of_days(c->param.replace_age_day)
               ? CLINIC_REASON_AGE
               : 0;
}

/* How soon: within days, or in the elective wait; or as long before the date shown as that wait is before the indicator's. */
static double wait_days(const clinic_t *c, const finding_t *f, int reason)
{
    const double wait_day = c->param.replace_wait_day;
    const bool urgent = reason == CLINIC_REASON_BATTERY_SPENT || reason == CLINIC_REASON_STALL ||
                        reason == CLINIC_REASON_INFECTION;
    if (urgent)
        return c->param.replace_urgent_day;
    if (reason != CLINIC_REASON_BATTERY_LOW || f->replace_by_ms == FINDING_TIME_UNKNOWN)
        return wait_day;
    const double shown_day = (double)(f->replace_by_ms - f->time_ms) / MS_PER_DAY;
    return fmax(wait_day, shown_day - (NOTICE_DAY - wait_day));
}

void replacement_consider(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const int reason = reason_of(c, f);
    const double wait_day = wait_days(c, f, reason);
    const int64_t at_ms = f->time_ms + refill_ms_of_days(wait_day);
    const bool booked = c->replace_ms != FINDING_TIME_UNKNOWN;
    const bool sooner = booked && c->replace_ms <= at_ms; /* than this reason would have it */
    if (reason == 0 ||
        (booked && (c->replace_reason == reason || c->replace_reason == CLINIC_REASON_INFECTION)))
        return;
    if (sooner && reason != CLINIC_REASON_INFECTION)
        return;
    c->replace_ms = sooner ? c->replace_ms : at_ms;
    c->replace_reason = reason;
    outcome_decide(out, CLINIC_DECISION_BOOK_REPLACEMENT, reason,
                   sooner ? fmax((double)(c->replace_ms - f->time_ms) / MS_PER_DAY, 0.0)
                          : wait_day);
}

static void end(clinic_t *c, const finding_t *f, int reason, clinic_outcome_t *out)
{
    const order_t order = {.at_ms = f->time_ms, .kind = ORDER_EXPLANT};
    outcome_order(out, &order);
    outcome_decide(out, CLINIC_DECISION_EXPLANT, reason,
                   (double)(f->time_ms - c->pump_ms) / MS_PER_DAY);
    c->phase = CLINIC_PHASE_ENDED;
    c->planned.kind = FINDING_CONTACT_NONE;
    c->planned.time_ms = 0;
}

void replacement_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const clinic_param_t *p = &c->param;
    const order_t order = {
        .at_ms = f->time_ms,
        .kind = ORDER_REPLACEMENT,
        .implant = {.fill_ml = p->fill_ml, .ug_per_ml = {p->concentration_ug_per_ml}}};
    const int64_t tomorrow_ms = f->time_ms + refill_ms_of_days(1.0);
    const bool infected = c->replace_reason == CLINIC_REASON_INFECTION;
    if (infected || !f->agrees) {
        end(c, f, infected ? CLINIC_REASON_INFECTION : CLINIC_REASON_DECLINED, out);
        return;
    }
    outcome_order(out, &order);
    outcome_therapy(out, f->time_ms, c->running_dose_ug);
    outcome_decide(out, CLINIC_DECISION_REPLACE, c->replace_reason,
                   (double)(f->time_ms - c->pump_ms) / MS_PER_DAY);
    c->pump_ms = f->time_ms;
    c->unreached = false;
    c->replace_ms = FINDING_TIME_UNKNOWN;
    c->daily_dose_ug = c->running_dose_ug;
    c->titration_ms = c->titration_ms > tomorrow_ms ? c->titration_ms : tomorrow_ms;
    refill_filled(c, f->time_ms);
}
