/* SPDX-License-Identifier: Apache-2.0 */
/* Screening and implant. */
#include "care/screening.h"

#include "care/outcome.h"
#include "care/refill.h"
#include "care/titration.h"

static double bolus_ug(const clinic_t *c)
{
    const double dose_ug[CLINIC_SCREENINGS] = {c->param.screening_bolus_1_ug,
                                               c->param.screening_bolus_2_ug,
                                               c->param.screening_bolus_3_ug};
    return dose_ug[c->screening];
}

void screening_bolus(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const double dose_ug = bolus_ug(c);
    const order_t order = {
        .at_ms = f->time_ms,
        .kind = ORDER_SCREENING,
        .screening = {.dose_ug = dose_ug, .volume_ml = dose_ug / c->param.screening_ug_per_ml}};
    c->baseline = f->ashworth;
    c->bolus_ms = f->time_ms;
    outcome_order(out, &order);
    outcome_decide(out, CLINIC_DECISION_SCREEN, CLINIC_REASON_PROTOCOL, dose_ug);
    c->planned.kind = FINDING_CONTACT_OBSERVATION;
    c->planned.time_ms = f->time_ms + refill_ms_of_days(c->param.observation_h / 24.0);
}

static void accept(clinic_t *c, const finding_t *f, double drop, clinic_outcome_t *out)
{
    /* a comparison with NaN is false: a duration that is not known is not long */
    const bool lasting = f->since_bolus_h > c->param.long_effect_h;
    c->start_ug = titration_within(c, bolus_ug(c) * (lasting ? 1.0 : c->param.start_factor));
    c->phase = CLINIC_PHASE_IMPLANT;
    c->planned.kind = FINDING_CONTACT_IMPLANT;
    c->planned.time_ms = f->time_ms + refill_ms_of_days(c->param.implant_wait_day);
    outcome_decide(out, CLINIC_DECISION_RESPONDED, CLINIC_REASON_SCORE_FELL, drop);
}

void screening_observe(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const double drop = c->baseline - f->ashworth;
    const int64_t next_ms = c->bolus_ms + refill_ms_of_days(c->param.screening_interval_day);
    if (drop >= c->param.responder_drop) {
        accept(c, f, drop, out);
        return;
    }
    outcome_decide(out, CLINIC_DECISION_NOT_RESPONDED, CLINIC_REASON_SCORE_STAYED, drop);
    if (c->screening == CLINIC_SCREENINGS - 1) {
        outcome_decide(out, CLINIC_DECISION_NOT_IMPLANTED, CLINIC_REASON_LAST_BOLUS, bolus_ug(c));
        c->phase = CLINIC_PHASE_ENDED;
        c->planned.kind = FINDING_CONTACT_NONE;
        c->planned.time_ms = 0;
        return;
    }
    c->screening++;
    c->planned.kind = FINDING_CONTACT_SCREENING;
    c->planned.time_ms = next_ms > f->time_ms ? next_ms : f->time_ms + 1;
}

void screening_implant(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const clinic_param_t *p = &c->param;
    const order_t order = {
        .at_ms = f->time_ms,
        .kind = ORDER_IMPLANT,
        .implant = {.fill_ml = p->fill_ml, .ug_per_ml = {p->concentration_ug_per_ml}}};
    const double first_day =
        p->titration_interval_day > p->hold_h / 24.0 ? p->titration_interval_day : p->hold_h / 24.0;
    outcome_order(out, &order);
    outcome_therapy(out, f->time_ms, c->start_ug);
    outcome_decide(out, CLINIC_DECISION_IMPLANT, CLINIC_REASON_PROTOCOL, p->fill_ml);
    outcome_decide(out, CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, c->start_ug);
    c->phase = CLINIC_PHASE_TITRATION;
    c->implant_ms = f->time_ms;
    c->daily_dose_ug = c->start_ug;
    c->titration_ms = f->time_ms + refill_ms_of_days(first_day);
    refill_filled(c, f->time_ms);
}
