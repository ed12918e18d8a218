/* SPDX-License-Identifier: Apache-2.0 */
/* Visits: an order is carried out on a patient, and what was found and done is written down. */
#include "cohort/visit.h"

#include <math.h>
#include <string.h>

/* A refusal is what the core is for; only the simulator's own errors end a trajectory. */
static int note_refusal(patient_t *p, int code, int order)
{
    if (code != ERROR_CORE_REFUSED) {
        return code;
    }
    patient_event(p, FIELDS_EVENT_ORDER_FAILED, FIELDS_REASON_REFUSED, order, 0.0);
    return 0;
}

static void note_programme(patient_t *p, const programmer_achieved_t *achieved, int reason)
{
    patient_event(p, FIELDS_EVENT_PROGRAMME, reason, achieved->rate_ml_per_day,
                  achieved->dose_ug_per_day[0]);
}

static int set_therapy(patient_t *p, int mode, double dose_ug_per_day, int reason, error_t *e)
{
    programmer_achieved_t achieved = {.rate_ml_per_day = 0.0};
    order_therapy_t order = {mode == STUDY_THERAPY_SIMPLE ? ORDER_MODE_SIMPLE : ORDER_MODE_STOPPED,
                             dose_ug_per_day};
    int code = procedure_therapy(&p->procedure, &order, &achieved, e);
    if (code == 0) {
        note_programme(p, &achieved, reason);
    }
    return code;
}

int visit_enrol(patient_t *p, error_t *e)
{
    const study_t *s = p->study;
    int code;
    patient_event(p, FIELDS_EVENT_ENROLMENT, FIELDS_REASON_PROTOCOL, s->pump.fill_ml,
                  s->drug[0].concentration_ug_per_ml);
    if (!p->procedure.programmable) {
        return 0;
    }
    code = programmer_refill(&p->procedure.programmer, s->pump.fill_ml, e);
    return code != 0 ? code
                     : set_therapy(p, s->therapy.mode, s->therapy.dose_ug_per_day,
                                   FIELDS_REASON_PROTOCOL, e);
}

static void put_refill(patient_t *p, const procedure_refill_t *done, double ug_per_ml)
{
    record_t *r = p->record;
    double commanded_ml = implant_commanded_ml(&p->implant);
    double delivered_ml = implant_delivered_ml(&p->implant);
    record_row(r, TABLE_REFILLS);
    record_put_i64(r, FIELD_REFILLS_TIME_MS, p->now_ms);
    record_put_f64(r, FIELD_REFILLS_WITHDRAWN_ML, done->withdrawn_ml);
    record_put_f64(r, FIELD_REFILLS_EXPECTED_ML, done->expected_ml);
    record_put_f64(r, FIELD_REFILLS_FILLED_ML, done->filled_ml);
    record_put_f64(r, FIELD_REFILLS_CONCENTRATION_UG_PER_ML, ug_per_ml);
    record_put_f64(r, FIELD_REFILLS_RESERVOIR_AFTER_ML, implant_usable_ml(&p->implant));
    record_put_f64(r, FIELD_REFILLS_COMMANDED_SINCE_ML, commanded_ml - p->last_refill.commanded_ml);
    record_put_f64(r, FIELD_REFILLS_DELIVERED_SINCE_ML, delivered_ml - p->last_refill.delivered_ml);
    p->last_refill.commanded_ml = commanded_ml;
    p->last_refill.delivered_ml = delivered_ml;
}

static int refill(patient_t *p, const study_event_t *event, error_t *e)
{
    procedure_refill_t done;
    order_refill_t order = {.volume_ml = event->volume_ml};
    int code;
    memcpy(order.ug_per_ml, event->concentration_ug_per_ml, sizeof order.ug_per_ml);
    procedure_empty(&p->procedure, &done);
    code = procedure_fill(&p->procedure, &order, &done, e);
    for (int d = 0; d < p->implant.drugs; d++) {
        p->account[d].withdrawn_ug += done.withdrawn_ug[d];
        p->account[d].from_vials_ug += done.filled_ug[d];
    }
    put_refill(p, &done, order.ug_per_ml[0]);
    patient_event(p, FIELDS_EVENT_REFILL, FIELDS_REASON_SCRIPTED, done.filled_ml,
                  order.ug_per_ml[0]);
    return code;
}

static int bolus(patient_t *p, const study_event_t *event, error_t *e)
{
    order_bolus_t order = {event->amount_ug, (double)event->over_ms / 60000.0};
    int code = procedure_bolus(&p->procedure, &order, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_BOLUS, FIELDS_REASON_SCRIPTED, event->amount_ug,
                      (double)event->over_ms / 3600000.0);
    }
    return code;
}

int visit_scripted(patient_t *p, const study_event_t *event, error_t *e)
{
    int code;
    switch ((study_order_t)event->order) {
    case STUDY_ORDER_REFILL:
        code = refill(p, event, e);
        break;
    case STUDY_ORDER_THERAPY:
        code = set_therapy(p, event->mode, event->dose_ug_per_day, FIELDS_REASON_SCRIPTED, e);
        break;
    case STUDY_ORDER_BOLUS:
        code = bolus(p, event, e);
        break;
    default:
        return ERROR_RAISE(e, ERROR_ARGUMENT, "order %d is unknown", event->order);
    }
    return note_refusal(p, code, event->order);
}

int visit_interrogate(patient_t *p, double *believed_ml, double believed_ug[], error_t *e)
{
    programmer_report_t report;
    int code;
    *believed_ml = (double)NAN;
    for (int d = 0; d < SEGMENT_DRUGS_MAX; d++) {
        believed_ug[d] = (double)NAN;
    }
    if (!p->procedure.programmable) {
        return 0;
    }
    code = programmer_interrogate(&p->procedure.programmer, &report, e);
    if (code == 0) {
        *believed_ml = report.reservoir_ml;
        memcpy(believed_ug, report.given_ug, sizeof report.given_ug);
    }
    return code == ERROR_CORE_REFUSED ? 0 : code;
}
