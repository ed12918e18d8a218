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

/* The effect is known to last, or to be over: so much for the first dose. */
static void accept(clinic_t *c, const finding_t *f, double drop, clinic_outcome_t *out)
{
    const bool lasting = drop >= c->param.responder_drop;
    outcome_decide(out, CLINIC_DECISION_SECOND_LOOK,
                   lasting ? CLINIC_REASON_SCORE_FELL : CLINIC_REASON_SCORE_STAYED, drop);
    c->start_ug = titration_within(c, bolus_ug(c) * (lasting ? 1.0 : c->param.start_factor));
    c->phase = CLINIC_PHASE_IMPLANT;
    c->planned.kind = FINDING_CONTACT_IMPLANT;
    c->planned.time_ms = f->time_ms + refill_ms_of_days(c->param.implant_wait_day);
}

/* The first look shows a response; the second one, unless it is that late already, will show whether it lasts. */
static void respond(clinic_t *c, const finding_t *f, double drop, clinic_outcome_t *out)
{
    const int64_t second_ms = c->bolus_ms + refill_ms_of_days(c->param.long_effect_h / 24.0);
    outcome_decide(out, CLINIC_DECISION_RESPONDED, CLINIC_REASON_SCORE_FELL, drop);
    if (f->time_ms >= second_ms) {
        accept(c, f, drop, out);
        return;
    }
    c->responded = true;
    c->planned.time_ms = second_ms;
}

void screening_observe(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    const double drop = c->baseline - f->ashworth;
    const int64_t next_ms = c->bolus_ms + refill_ms_of_days(c->param.screening_interval_day);
    if (c->responded) {
        accept(c, f, drop, out);
        return;
    }
    if (drop >= c->param.responder_drop) {
        respond(c, f, drop, out);
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
    outcome_prime(out, f->time_ms, ORDER_PART_SYSTEM);
    outcome_decide(out, CLINIC_DECISION_IMPLANT, CLINIC_REASON_PROTOCOL, p->fill_ml);
    outcome_decide(out, CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, c->start_ug);
    c->phase = CLINIC_PHASE_TITRATION;
    c->implant_ms = f->time_ms;
    c->pump_ms = f->time_ms;
    c->daily_dose_ug = c->start_ug;
    c->running_dose_ug = c->start_ug;
    c->titration_ms = f->time_ms + refill_ms_of_days(first_day);
    refill_filled(c, f->time_ms);
}
