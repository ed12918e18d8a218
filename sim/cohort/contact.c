/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts: clinic and patient meet. */
#include "cohort/contact.h"

#include "care/hearing.h"
#include "cohort/life.h"
#include "cohort/operation.h"
#include "cohort/priming.h"
#include "cohort/visit.h"
#include "device/sounder.h"

#include "dosing_hal.h"

#include <math.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define EPISODE_MS (48 * HOUR_MS) /* twice the longest time between two tones of one alarm */
#define DAY_MS 86400000.0

/* ---- when ------------------------------------------------------------------------------------------ */

static void uniforms(const patient_t *p, int purpose, uint64_t entity, double uniform[], int count)
{
    draw_t draw;
    draw_init(&draw, (uint64_t)p->study->seed, purpose, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, entity);
    for (int i = 0; i < count; i++) {
        uniform[i] = draw_uniform(&draw);
    }
}

static int64_t arrival_ms(const patient_t *p, const clinic_contact_t *contact, bool *missed)
{
    double uniform[CLINIC_ARRIVAL_DRAWS];
    int64_t time_ms;
    uniforms(p, DRAW_ARRIVAL, contact->entity, uniform, CLINIC_ARRIVAL_DRAWS);
    time_ms = clinic_arrival_ms(&p->clinic, contact, uniform, missed);
    return (time_ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
}

int64_t contact_time_ms(const patient_t *p)
{
    clinic_contact_t contact;
    if (!p->has_clinic) {
        return INT64_MAX;
    }
    contact = clinic_next(&p->clinic);
    return contact.kind == FINDING_CONTACT_NONE ? INT64_MAX : arrival_ms(p, &contact, NULL);
}

/* ---- what is found --------------------------------------------------------------------------------- */

/* The date on which the reservoir reaches its low volume at the programmed rate, as a programmer shows it. */
static int64_t low_alarm_ms(const patient_t *p, const programmer_report_t *r)
{
    double ml_per_day = r->concentration_ug_per_ml[0] > 0.0
                            ? r->dose_ug_per_day / r->concentration_ug_per_ml[0]
                            : 0.0;
    double days = (r->reservoir_ml - r->low_alarm_ml) / ml_per_day;
    if (r->mode != PROGRAMMER_SIMPLE || !(ml_per_day > 0.0)) {
        return FINDING_TIME_UNKNOWN;
    }
    return p->now_ms + (int64_t)(fmax(0.0, days) * DAY_MS);
}

/* A pump that stopped for want of fluid, of charge or of a motor has no other trouble. */
static uint32_t alarms_of(uint32_t shown)
{
    static const uint32_t known = DOSING_ALARM_LOW | DOSING_ALARM_EMPTY | DOSING_ALARM_ERI |
                                  DOSING_ALARM_EOS | DOSING_ALARM_STALL;
    uint32_t other = shown & ~known;
    if ((shown & (DOSING_ALARM_EMPTY | DOSING_ALARM_EOS | DOSING_ALARM_STALL)) != 0) {
        other &= ~DOSING_ALARM_STOPPED;
    }
    return ((shown & DOSING_ALARM_LOW) != 0 ? FINDING_ALARM_LOW : 0u) |
           ((shown & DOSING_ALARM_EMPTY) != 0 ? FINDING_ALARM_EMPTY : 0u) |
           ((shown & DOSING_ALARM_ERI) != 0 ? FINDING_ALARM_ERI : 0u) |
           ((shown & DOSING_ALARM_EOS) != 0 ? FINDING_ALARM_EOS : 0u) |
           ((shown & DOSING_ALARM_STALL) != 0 ? FINDING_ALARM_STALL : 0u) |
           (other != 0 ? FINDING_ALARM_OTHER : 0u);
}

static void interrogate(patient_t *p, finding_t *f)
{
    programmer_report_t report;
    error_t silence = {0}; /* a pump that does not answer is a finding: nothing is known */
    if (!p->implanted || procedure_interrogate(&p->procedure, &report, &silence) != 0) {
        return;
    }
    f->daily_dose_ug = report.dose_ug_per_day;
    f->volume_left_ml = report.reservoir_ml;
    f->low_alarm_at_ms = low_alarm_ms(p, &report);
    f->alarms = alarms_of(report.alarms);
}

/* Shown once the elective replacement indicator is on. */
static int64_t replace_by_ms(patient_t *p, const finding_t *f)
{
    int64_t at_ms = FINDING_TIME_UNKNOWN;
    error_t silence = {0};
    if ((f->alarms & FINDING_ALARM_ERI) == 0 ||
        procedure_replace_by(&p->procedure, &at_ms, &silence) != 0) {
        return FINDING_TIME_UNKNOWN;
    }
    return at_ms;
}

static finding_t find(patient_t *p, const clinic_contact_t *contact, procedure_refill_t *emptied)
{
    finding_t f = {
        .contact = contact->kind, .time_ms = p->now_ms, .low_alarm_at_ms = FINDING_TIME_UNKNOWN};
    f.ashworth = p->has_body ? patient_rate_tone(p, contact->entity) : (double)NAN;
    f.daily_dose_ug = f.volume_left_ml = f.withdrawn_ml = (double)NAN;
    interrogate(p, &f);
    f.replace_by_ms = replace_by_ms(p, &f);
    f.infected = p->implanted && p->pocket.infected;
    if (contact->kind == FINDING_CONTACT_REPLACEMENT) {
        double uniform[CLINIC_ARRIVAL_DRAWS];
        uniforms(p, DRAW_ARRIVAL, contact->entity, uniform, CLINIC_ARRIVAL_DRAWS);
        f.agrees = clinic_agrees(&p->clinic, uniform[CLINIC_ARRIVAL_AGREES]);
    }
    if (contact->kind == FINDING_CONTACT_REVISION) {
        f.catheter = operation_look(&p->catheter);
    }
    f.unreached = contact->kind == FINDING_CONTACT_REFILL && p->pocket.upside_down;
    if (contact->kind == FINDING_CONTACT_REFILL && p->implanted && !f.unreached) {
        visit_empty(p, emptied);
        f.withdrawn_ml = emptied->read_ml;
    }
    return f;
}

/* ---- what is written down -------------------------------------------------------------------------- */

/* The clinic's own lists, as the dataset names them. */
static const int kinds[] = {
    [CLINIC_DECISION_SCREEN] = FIELDS_EVENT_DECIDED_SCREEN,
    [CLINIC_DECISION_RESPONDED] = FIELDS_EVENT_SCREENING_RESPONSE,
    [CLINIC_DECISION_NOT_RESPONDED] = FIELDS_EVENT_SCREENING_RESPONSE,
    [CLINIC_DECISION_NOT_IMPLANTED] = FIELDS_EVENT_DECIDED_NO_IMPLANT,
    [CLINIC_DECISION_IMPLANT] = FIELDS_EVENT_DECIDED_IMPLANT,
    [CLINIC_DECISION_START] = FIELDS_EVENT_DECIDED_START,
    [CLINIC_DECISION_DOSE_UP] = FIELDS_EVENT_DECIDED_UP,
    [CLINIC_DECISION_DOSE_HOLD] = FIELDS_EVENT_DECIDED_HOLD,
    [CLINIC_DECISION_DOSE_DOWN] = FIELDS_EVENT_DECIDED_DOWN,
    [CLINIC_DECISION_MAINTENANCE] = FIELDS_EVENT_DECIDED_MAINTENANCE,
    [CLINIC_DECISION_REFILL] = FIELDS_EVENT_DECIDED_REFILL,
    [CLINIC_DECISION_DISCREPANCY] = FIELDS_EVENT_DISCREPANCY_NOTED,
    [CLINIC_DECISION_INVESTIGATE] = FIELDS_EVENT_DECIDED_INVESTIGATION,
    [CLINIC_DECISION_BRING_FORWARD] = FIELDS_EVENT_REFILL_BROUGHT_FORWARD,
    [CLINIC_DECISION_BOOK_REFILL] = FIELDS_EVENT_REFILL_BOOKED,
    [CLINIC_DECISION_SECOND_LOOK] = FIELDS_EVENT_SECOND_LOOK,
    [CLINIC_DECISION_BOOK_REPLACEMENT] = FIELDS_EVENT_REPLACEMENT_BOOKED,
    [CLINIC_DECISION_REPLACE] = FIELDS_EVENT_DECIDED_REPLACEMENT,
    [CLINIC_DECISION_EXPLANT] = FIELDS_EVENT_DECIDED_EXPLANT,
    [CLINIC_DECISION_BOOK_REVISION] = FIELDS_EVENT_REVISION_BOOKED,
    [CLINIC_DECISION_REVISE] = FIELDS_EVENT_DECIDED_REVISION,
    [CLINIC_DECISION_LEAVE_CATHETER] = FIELDS_EVENT_CATHETER_LEFT,
};

static const int reasons[] = {
    [CLINIC_REASON_PROTOCOL] = FIELDS_REASON_PROTOCOL,
    [CLINIC_REASON_SCORE_FELL] = FIELDS_REASON_RESPONDED,
    [CLINIC_REASON_SCORE_STAYED] = FIELDS_REASON_NOT_RESPONDED,
    [CLINIC_REASON_LAST_BOLUS] = FIELDS_REASON_NOT_RESPONDED,
    [CLINIC_REASON_ABOVE_GOAL] = FIELDS_REASON_ABOVE_GOAL,
    [CLINIC_REASON_AT_GOAL] = FIELDS_REASON_GOAL_REACHED,
    [CLINIC_REASON_TOO_WEAK] = FIELDS_REASON_TOO_WEAK,
    [CLINIC_REASON_AT_MAXIMUM] = FIELDS_REASON_AT_MAXIMUM,
    [CLINIC_REASON_AT_MINIMUM] = FIELDS_REASON_AT_MINIMUM,
    [CLINIC_REASON_TOO_EARLY] = FIELDS_REASON_TOO_EARLY,
    [CLINIC_REASON_NOT_RATED] = FIELDS_REASON_NOT_RATED,
    [CLINIC_REASON_DUE] = FIELDS_REASON_REFILL_DUE,
    [CLINIC_REASON_ALARM] = FIELDS_REASON_ALARM,
    [CLINIC_REASON_ONCE] = FIELDS_REASON_SEEN_ONCE,
    [CLINIC_REASON_TWICE_IN_A_ROW] = FIELDS_REASON_SEEN_TWICE,
    [CLINIC_REASON_MARGIN] = FIELDS_REASON_MARGIN,
    [CLINIC_REASON_INTERVAL] = FIELDS_REASON_LONGEST_INTERVAL,
    [CLINIC_REASON_BATTERY_LOW] = FIELDS_REASON_BATTERY_LOW,
    [CLINIC_REASON_BATTERY_SPENT] = FIELDS_REASON_BATTERY_SPENT,
    [CLINIC_REASON_STALL] = FIELDS_REASON_STALL,
    [CLINIC_REASON_EFFECT_LOST] = FIELDS_REASON_EFFECT_LOST,
    [CLINIC_REASON_CLOSED] = FIELDS_REASON_OCCLUSION,
    [CLINIC_REASON_KINKED] = FIELDS_REASON_KINK,
    [CLINIC_REASON_BROKEN] = FIELDS_REASON_FRACTURE,
    [CLINIC_REASON_PARTED] = FIELDS_REASON_DISCONNECTION,
    [CLINIC_REASON_MISPLACED] = FIELDS_REASON_MISPLACED,
    [CLINIC_REASON_SOUND] = FIELDS_REASON_SOUND,
    [CLINIC_REASON_AGE] = FIELDS_REASON_AGE,
    [CLINIC_REASON_DECLINED] = FIELDS_REASON_DECLINED,
    [CLINIC_REASON_UNREACHED] = FIELDS_REASON_UNREACHED,
    [CLINIC_REASON_INFECTION] = FIELDS_REASON_INFECTION,
};

static void note_decision(patient_t *p, const clinic_decision_t *d)
{
    patient_event(p, kinds[d->kind], reasons[d->reason], d->value, p->screened_ug);
}

static int visit_reason(const patient_t *p, const clinic_contact_t *contact, bool missed)
{
    if (missed) {
        return FIELDS_REASON_MISSED;
    }
    if (contact->kind == FINDING_CONTACT_REFILL && p->clinic.refill_reason == CLINIC_REASON_ALARM) {
        return FIELDS_REASON_ALARM;
    }
    return p->now_ms - contact->time_ms > (int64_t)DAY_MS ? FIELDS_REASON_LATE
                                                          : FIELDS_REASON_PROTOCOL;
}

static void note_visit(patient_t *p, const clinic_contact_t *contact, bool missed,
                       const finding_t *f)
{
    patient_event(p, FIELDS_EVENT_VISIT, visit_reason(p, contact, missed), contact->kind,
                  f->ashworth);
}

/* ---- what is done ---------------------------------------------------------------------------------- */

/* Care prescribes the primary drug; the others come in the study's mixture. */
static void complete_mixture(const patient_t *p, double ug_per_ml[])
{
    for (int64_t d = 1; d < p->study->n_drugs; d++) {
        ug_per_ml[d] = p->study->drug[d].concentration_ug_per_ml * ug_per_ml[0] /
                       p->study->drug[0].concentration_ug_per_ml;
    }
}

/* `why`: the dataset's name of what an operation is for. */
static int carry_out(patient_t *p, order_t *o, procedure_refill_t *emptied, int why, error_t *e)
{
    switch ((enum order_kind)o->kind) {
    case ORDER_SCREENING:
        return visit_screen(p, &o->screening, e);
    case ORDER_IMPLANT:
        complete_mixture(p, o->implant.ug_per_ml);
        return visit_implant(p, &o->implant, e);
    case ORDER_THERAPY:
        return visit_therapy(p, &o->therapy, FIELDS_REASON_PROTOCOL, e);
    case ORDER_REFILL:
        complete_mixture(p, o->refill.ug_per_ml);
        return visit_fill(p, &o->refill, emptied, FIELDS_REASON_REFILL_DUE, e);
    case ORDER_BOLUS:
        return visit_bolus(p, &o->bolus, FIELDS_REASON_PROTOCOL, e);
    case ORDER_REPLACEMENT:
        complete_mixture(p, o->implant.ug_per_ml);
        return visit_replace(p, &o->implant, why, e);
    case ORDER_EXPLANT:
        life_explant(p, why);
        return 0;
    case ORDER_REVISION:
        return operation_revise(p, o->revision.part, why, e);
    case ORDER_PRIME:
        return priming_after(p, o->prime.part, e);
    case ORDER_REQUEST:
    case ORDER_SET_TIME:
    case ORDER_CLEAR_ALARMS:
    case ORDER_STOP:
    case ORDER_READ_LOGS:
    default:
        return ERROR_RAISE(e, ERROR_ARGUMENT, "order %d is unknown", o->kind);
    }
}

/* What the programmer shows at the end of the visit; the clinic plans by it. */
static void read_back(patient_t *p)
{
    finding_t shown = {.time_ms = p->now_ms, .low_alarm_at_ms = FINDING_TIME_UNKNOWN};
    clinic_decision_t booked = {0, 0, 0.0};
    shown.daily_dose_ug = (double)NAN;
    interrogate(p, &shown);
    clinic_read_back(&p->clinic, &shown, &booked);
    if (booked.kind != 0) {
        note_decision(p, &booked);
    }
}

/* Of a revision it is what was found of the catheter, of an explant why there is no other pump. */
static int reason_to_operate(const clinic_outcome_t *outcome, int otherwise)
{
    int why = otherwise;
    for (int i = 0; i < outcome->decisions; i++) {
        const clinic_decision_t *d = &outcome->decision[i];
        const bool tells = d->kind == CLINIC_DECISION_REVISE || d->kind == CLINIC_DECISION_EXPLANT;
        why = tells ? reasons[d->reason] : why;
    }
    return why;
}

int contact_hold(patient_t *p, error_t *e)
{
    clinic_contact_t contact = clinic_next(&p->clinic);
    procedure_refill_t emptied = {.expected_ml = (double)NAN};
    clinic_outcome_t outcome;
    finding_t f;
    bool missed = false;
    int code;
    (void)arrival_ms(p, &contact, &missed);
    missed |= p->alarm.missed;
    p->alarm.missed = false;
    p->visit = contact.entity;
    procedure_visit(&p->procedure, p->visit);
    f = find(p, &contact, &emptied);
    note_visit(p, &contact, missed, &f);
    int why = reasons[p->clinic.replace_reason];
    code = clinic_visit(&p->clinic, &f, &outcome, e);
    why = code == 0 ? reason_to_operate(&outcome, why) : why;
    for (int i = 0; code == 0 && i < outcome.decisions; i++) {
        note_decision(p, &outcome.decision[i]);
    }
    for (int i = 0; code == 0 && i < outcome.orders; i++) {
        code = carry_out(p, &outcome.order[i], &emptied, why, e);
    }
    if (code == 0 && p->implanted) {
        read_back(p);
        p->alarm.told = true;
        p->alarm.heard = 0;
        p->alarm.unwell = false;
    }
    return code;
}

/* ---- calls ------------------------------------------------------------------------------------------ */

void contact_hear(patient_t *p, uint32_t tone)
{
    double uniform;
    if (p->now_ms - p->alarm.latest_ms > EPISODE_MS) {
        p->alarm.told = false;
    }
    p->alarm.latest_ms = p->now_ms;
    if (!p->has_clinic || p->alarm.told) {
        return;
    }
    uniforms(p, DRAW_TONE, (uint64_t)(p->now_ms / HOUR_MS), &uniform, 1);
    const double level_db = sounder_level_db(&p->sounder, tone == DOSING_TONE_CRITICAL);
    if (uniform < hearing_share(&p->clinic.param, level_db, p->person.age_years)) {
        p->alarm.heard = tone;
    }
}

bool contact_call_due(const patient_t *p)
{
    return p->alarm.heard != 0 || p->alarm.unwell;
}

int contact_call(patient_t *p, error_t *e)
{
    const double unknown = (double)NAN;
    const finding_t f = {.contact = FINDING_CONTACT_CALL,
                         .time_ms = p->now_ms,
                         .ashworth = unknown,
                         .daily_dose_ug = unknown,
                         .volume_left_ml = unknown,
                         .withdrawn_ml = unknown,
                         .low_alarm_at_ms = FINDING_TIME_UNKNOWN,
                         .alarms = p->alarm.heard != 0 ? FINDING_ALARM_TONE : 0u,
                         .replace_by_ms = FINDING_TIME_UNKNOWN,
                         .infected = p->alarm.unwell};
    clinic_contact_t contact = clinic_next(&p->clinic);
    clinic_outcome_t outcome;
    bool missed = false;
    int code;
    (void)arrival_ms(p, &contact, &missed);
    p->alarm.missed |= missed && contact.time_ms < p->now_ms;
    patient_event(p, FIELDS_EVENT_CALL,
                  p->alarm.unwell ? FIELDS_REASON_INFECTION : FIELDS_REASON_ALARM, p->alarm.heard,
                  0.0);
    p->alarm.told = p->alarm.told || p->alarm.heard != 0;
    p->alarm.heard = 0;
    p->alarm.unwell = false;
    code = clinic_visit(&p->clinic, &f, &outcome, e);
    for (int i = 0; code == 0 && i < outcome.decisions; i++) {
        note_decision(p, &outcome.decision[i]);
    }
    return code;
}
