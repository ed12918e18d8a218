/* SPDX-License-Identifier: Apache-2.0 */
/* Titration: the rows of the policy, first that fits. */
#include "care/titration.h"

#include <math.h>

#include "care/outcome.h"
#include "care/refill.h"

double titration_within(const clinic_t *c, double dose_ug)
{
    return fmax(c->param.dose_minimum_ug, fmin(c->param.dose_maximum_ug, dose_ug));
}

/* Two doses that differ by less than this share are one dose: a pump's integers round what it reports. */
#define SAME_DOSE 1e-6

static clinic_decision_t hold(const clinic_t *c, int reason)
{
    return (clinic_decision_t){CLINIC_DECISION_DOSE_HOLD, reason, c->daily_dose_ug};
}

static clinic_decision_t step_up(const clinic_t *c)
{
    const double step =
        c->phase == CLINIC_PHASE_MAINTENANCE ? c->param.maintenance_step : c->param.titration_step;
    const double dose_ug = titration_within(c, c->daily_dose_ug * (1.0 + step));
    if (dose_ug <= c->daily_dose_ug * (1.0 + SAME_DOSE))
        return hold(c, CLINIC_REASON_AT_MAXIMUM);
    return (clinic_decision_t){CLINIC_DECISION_DOSE_UP, CLINIC_REASON_ABOVE_GOAL, dose_ug};
}

static clinic_decision_t step_down(const clinic_t *c)
{
    const double dose_ug = titration_within(c, c->daily_dose_ug * (1.0 - c->param.down_step));
    if (dose_ug >= c->daily_dose_ug * (1.0 - SAME_DOSE))
        return hold(c, CLINIC_REASON_AT_MINIMUM);
    return (clinic_decision_t){CLINIC_DECISION_DOSE_DOWN, CLINIC_REASON_TOO_WEAK, dose_ug};
}

static clinic_decision_t decide(const clinic_t *c, const finding_t *f)
{
    const clinic_param_t *p = &c->param;
    if (c->daily_dose_ug <= 0.0)
        return (clinic_decision_t){CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, c->start_ug};
    if (isnan(f->ashworth))
        return hold(c, CLINIC_REASON_NOT_RATED);
    if (f->ashworth <= p->weak)
        return step_down(c);
    if (f->ashworth <= p->goal + p->goal_band)
        return hold(c, CLINIC_REASON_AT_GOAL);
    if (f->time_ms - c->implant_ms < refill_ms_of_days(p->hold_h / 24.0))
        return hold(c, CLINIC_REASON_TOO_EARLY);
    return step_up(c);
}

void titration_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const clinic_decision_t d = decide(c, f);
    outcome_decide(out, d.kind, d.reason, d.value);
    if (d.kind != CLINIC_DECISION_DOSE_HOLD) {
        outcome_therapy(out, f->time_ms, d.value);
        refill_dose_changed(c, f->time_ms, d.value);
        c->daily_dose_ug = d.value;
        c->stable = 0;
    } else if (d.reason != CLINIC_REASON_NOT_RATED && d.reason != CLINIC_REASON_TOO_EARLY) {
        c->stable++;
    }
    c->titration_ms = f->time_ms + refill_ms_of_days(c->param.titration_interval_day);
    if (c->phase == CLINIC_PHASE_TITRATION && c->stable >= c->param.stable_visits) {
        c->phase = CLINIC_PHASE_MAINTENANCE;
        outcome_decide(out, CLINIC_DECISION_MAINTENANCE, d.reason, c->daily_dose_ug);
    }
}
