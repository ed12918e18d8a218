/* SPDX-License-Identifier: Apache-2.0 */
/* The clinic: what is planned, who comes when, and one contact at a time. */
#include "care/clinic.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "care/outcome.h"
#include "care/refill.h"
#include "care/replacement.h"
#include "care/revision.h"
#include "care/screening.h"
#include "care/titration.h"
#include "draw.h"

clinic_param_t clinic_param_default(void)
{
#define PARAM PARAM_DEFAULT
    return (clinic_param_t){
#include "care/clinic.def"
    };
#undef PARAM
}

static int check_row(const char *key, double value, double low, double high, error_t *e)
{
    if (value >= low && value <= high)
        return ERROR_OK;
    return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is %g, must be %g to %g", key, value, low, high);
}

static int check_rows(const clinic_param_t *p, error_t *e)
{
    int rc = ERROR_OK;
#define PARAM(key, field, unit, value, low, high, help, source)                                    \
    if (rc == ERROR_OK)                                                                            \
        rc = check_row(#key, p->field, (low), (high), e);
#include "care/clinic.def"
#undef PARAM
    return rc;
}

int clinic_param_check(const clinic_param_t *p, error_t *e)
{
    const int rc = check_rows(p, e);
    if (rc != ERROR_OK)
        return rc;
    if (p->dose_minimum_ug > p->dose_maximum_ug)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "dose_minimum %g is above dose_maximum %g",
                           p->dose_minimum_ug, p->dose_maximum_ug);
    if (p->weak > p->goal)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "weak %g is above goal %g", p->weak, p->goal);
    if (p->late_over_7_days > 0.0 &&
        !(p->late_over_14_days > 0.0 && p->late_over_14_days < p->late_over_7_days))
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "late_over_14_days is %g, must be above 0 and below late_over_7_days %g",
                           p->late_over_14_days, p->late_over_7_days);
    return ERROR_OK;
}

void clinic_init(clinic_t *c, const clinic_param_t *p)
{
    *c = (clinic_t){.param = *p,
                    .phase = CLINIC_PHASE_SCREENING,
                    .planned = {.kind = FINDING_CONTACT_SCREENING},
                    .baseline = (double)NAN,
                    .start_ug = (double)NAN,
                    .implant_ms = FINDING_TIME_UNKNOWN,
                    .pump_ms = FINDING_TIME_UNKNOWN,
                    .replace_ms = FINDING_TIME_UNKNOWN,
                    .revise_ms = FINDING_TIME_UNKNOWN,
                    .looked_ms = FINDING_TIME_UNKNOWN,
                    .low_alarm_ms = FINDING_TIME_UNKNOWN};
}

clinic_contact_t clinic_next(const clinic_t *c)
{
    clinic_contact_t next = c->planned;
    if (next.kind != FINDING_CONTACT_NONE)
        next.entity = (uint64_t)next.kind << 32 | c->held[next.kind];
    return next;
}

/* A log-normal delay through two of its quantiles. */
static double delay_days(const clinic_param_t *p, double uniform)
{
    if (p->late_over_7_days <= 0.0)
        return 0.0;
    const double z7 = gsl_cdf_ugaussian_Qinv(p->late_over_7_days);
    const double z14 = gsl_cdf_ugaussian_Qinv(p->late_over_14_days);
    const double sigma = log(14.0 / 7.0) / (z14 - z7);
    return exp(log(7.0) + sigma * (gsl_cdf_ugaussian_Pinv(uniform) - z7));
}

/* An appointment that an alarm brought forward is kept. */
static bool may_stay_away(const clinic_t *c, int kind)
{
    return kind == FINDING_CONTACT_TITRATION ||
           (kind == FINDING_CONTACT_REFILL && c->refill_reason != CLINIC_REASON_ALARM);
}

int64_t clinic_arrival_ms(const clinic_t *c, const clinic_contact_t *contact,
                          const double uniform[CLINIC_ARRIVAL_DRAWS], bool *missed)
{
    const clinic_param_t *p = &c->param;
    const bool from_home = may_stay_away(c, contact->kind);
    const bool stays_away = from_home && uniform[CLINIC_ARRIVAL_MISSED] < p->missed;
    double days = 0.0;
    if (stays_away)
        days = p->rebook_wait_day + delay_days(p, uniform[CLINIC_ARRIVAL_DELAY_REBOOKED]);
    else if (from_home)
        days = delay_days(p, uniform[CLINIC_ARRIVAL_DELAY]);
    if (missed != NULL)
        *missed = stays_away;
    return contact->time_ms + refill_ms_of_days(days);
}

static bool is_implanted(const clinic_t *c)
{
    return c->implant_ms != FINDING_TIME_UNKNOWN;
}

static int check_finding(const clinic_t *c, const finding_t *f, error_t *e)
{
    if (f->contact == FINDING_CONTACT_CALL) {
        if (is_implanted(c) && f->time_ms >= c->implant_ms)
            return ERROR_OK;
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a call before the implant");
    }
    if (f->contact != c->planned.kind || f->contact == FINDING_CONTACT_NONE)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "contact %d took place, %d was planned", f->contact,
                           c->planned.kind);
    if (f->time_ms < c->planned.time_ms)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "contact %d at %lld ms, before its time %lld ms",
                           f->contact, (long long)f->time_ms, (long long)c->planned.time_ms);
    if (c->phase == CLINIC_PHASE_SCREENING && isnan(f->ashworth))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a screening contact needs a rating");
    return ERROR_OK;
}

static void take_programmed(clinic_t *c, const finding_t *f)
{
    if (!isnan(f->daily_dose_ug))
        c->daily_dose_ug = f->daily_dose_ug;
    if (f->daily_dose_ug > 0.0)
        c->running_dose_ug = f->daily_dose_ug;
    if (f->low_alarm_at_ms != FINDING_TIME_UNKNOWN)
        c->low_alarm_ms = f->low_alarm_at_ms;
}

/* The earlier of dose and reservoir; at the same time, or after an alarm, the refill, which looks at the dose as well. An
 * operation that is due before either, or now, comes first, and so does one without which no refill can be. */
static void plan_implanted(clinic_t *c, int64_t now_ms)
{
    const bool dose_first = c->phase == CLINIC_PHASE_TITRATION && c->titration_ms < c->refill_ms &&
                            c->refill_reason != CLINIC_REASON_ALARM;
    c->planned.kind = dose_first ? FINDING_CONTACT_TITRATION : FINDING_CONTACT_REFILL;
    c->planned.time_ms = dose_first ? c->titration_ms : c->refill_ms;
    if (c->replace_ms != FINDING_TIME_UNKNOWN && c->replace_ms <= c->planned.time_ms) {
        c->planned.kind = FINDING_CONTACT_REPLACEMENT;
        c->planned.time_ms = c->replace_ms > now_ms ? c->replace_ms : now_ms;
    }
    if (c->revise_ms != FINDING_TIME_UNKNOWN &&
        (c->unreached || c->revise_ms <= c->planned.time_ms)) {
        c->planned.kind = FINDING_CONTACT_REVISION;
        c->planned.time_ms = c->revise_ms > now_ms ? c->revise_ms : now_ms;
    }
}

static void answer_alarm(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const uint32_t reservoir = FINDING_ALARM_LOW | FINDING_ALARM_EMPTY | FINDING_ALARM_TONE;
    if (f->contact != FINDING_CONTACT_REFILL && (f->alarms & reservoir) != 0u)
        refill_bring_forward(c, f, out);
    if ((f->alarms & FINDING_ALARM_OTHER) != 0u)
        outcome_decide(out, CLINIC_DECISION_INVESTIGATE, CLINIC_REASON_ALARM, 0.0);
}

/* What a pump that gives nothing does to the score says nothing of the dose. */
static void look_at_dose(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    if ((f->alarms & (FINDING_ALARM_EOS | FINDING_ALARM_STALL)) == 0u)
        titration_visit(c, f, out);
    else
        c->titration_ms = f->time_ms + refill_ms_of_days(c->param.titration_interval_day);
}

static void visit_implanted(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    take_programmed(c, f);
    if (f->contact == FINDING_CONTACT_REFILL)
        refill_visit(c, f, out);
    if (f->contact != FINDING_CONTACT_CALL) {
        look_at_dose(c, f, out);
        refill_book(c, f->time_ms);
        replacement_consider(c, f, out);
        revision_consider(c, f, out);
    } else if (f->infected) {
        replacement_consider(c, f, out);
    }
    answer_alarm(c, f, out);
    plan_implanted(c, f->time_ms);
}

static void visit_replacement(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    replacement_visit(c, f, out);
    if (c->phase != CLINIC_PHASE_ENDED) {
        refill_book(c, f->time_ms);
        plan_implanted(c, f->time_ms);
    }
}

static void visit_revision(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    revision_visit(c, f, out);
    refill_book(c, f->time_ms);
    plan_implanted(c, f->time_ms);
}

int clinic_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out, error_t *e)
{
    const int rc = check_finding(c, f, e);
    if (rc != ERROR_OK)
        return rc;
    *out = (clinic_outcome_t){.orders = 0};
    c->held[f->contact]++;
    switch (f->contact) {
    case FINDING_CONTACT_SCREENING:
        screening_bolus(c, f, out);
        break;
    case FINDING_CONTACT_OBSERVATION:
        screening_observe(c, f, out);
        break;
    case FINDING_CONTACT_IMPLANT:
        screening_implant(c, f, out);
        refill_book(c, f->time_ms);
        plan_implanted(c, f->time_ms);
        break;
    case FINDING_CONTACT_REPLACEMENT:
        visit_replacement(c, f, out);
        break;
    case FINDING_CONTACT_REVISION:
        visit_revision(c, f, out);
        break;
    default:
        visit_implanted(c, f, out);
        break;
    }
    return ERROR_OK;
}

void clinic_read_back(clinic_t *c, const finding_t *f, clinic_decision_t *booked)
{
    if (booked != NULL)
        *booked = (clinic_decision_t){.kind = 0};
    if (!is_implanted(c) || c->phase == CLINIC_PHASE_ENDED)
        return;
    take_programmed(c, f);
    refill_book(c, f->time_ms);
    plan_implanted(c, f->time_ms);
    if (booked != NULL)
        *booked = (clinic_decision_t){CLINIC_DECISION_BOOK_REFILL, c->refill_reason,
                                      (double)(c->refill_ms - f->time_ms) / 86400000.0};
}

bool clinic_agrees(const clinic_t *c, double uniform)
{
    return uniform < c->param.replace_share;
}
