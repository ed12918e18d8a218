/* SPDX-License-Identifier: Apache-2.0 */
/* Visits: an order is carried out on a patient, and what was found and done is written down. */
#include "cohort/visit.h"

#include "cohort/life.h"
#include "cohort/outflow.h"
#include "cohort/port.h"
#include "cohort/priming.h"
#include "cohort/wire.h"

#include <math.h>
#include <string.h>

_Static_assert((int)STUDY_THERAPY_STOPPED == (int)ORDER_MODE_STOPPED &&
                   (int)STUDY_THERAPY_SIMPLE == (int)ORDER_MODE_SIMPLE &&
                   (int)STUDY_THERAPY_FLEX == (int)ORDER_MODE_FLEX,
               "a study's therapy is ordered as it is");

int visit_note_refusal(patient_t *p, int code, int order)
{
    const bool refused = !p->implanted || procedure_refused(&p->procedure);
    if (code != ERROR_CORE_REFUSED) {
        return code;
    }
    patient_event(p, FIELDS_EVENT_ORDER_FAILED,
                  refused ? FIELDS_REASON_REFUSED : FIELDS_REASON_LINK, order, 0.0);
    return 0;
}

static void note_programme(patient_t *p, const programmer_achieved_t *achieved, int reason)
{
    patient_event(p, FIELDS_EVENT_PROGRAMME, reason, achieved->rate_ml_per_day,
                  achieved->dose_ug_per_day[0]);
}

static int set_therapy(patient_t *p, const order_therapy_t *order, int reason, error_t *e)
{
    programmer_achieved_t achieved = {.rate_ml_per_day = 0.0};
    int code = procedure_therapy(&p->procedure, order, &achieved, e);
    if (code == 0) {
        note_programme(p, &achieved, reason);
    }
    return code;
}

int visit_therapy(patient_t *p, const order_therapy_t *order, int reason, error_t *e)
{
    return visit_note_refusal(p, set_therapy(p, order, reason, e), ORDER_THERAPY);
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
    code = procedure_declare(&p->procedure, s->pump.fill_ml, e);
    code = code != 0 ? code : procedure_set_time(&p->procedure, 0, e);
    order_therapy_t therapy = {s->therapy.mode, s->therapy.dose_ug_per_day, s->therapy.modes};
    return code != 0 ? code : set_therapy(p, &therapy, FIELDS_REASON_PROTOCOL, e);
}

static void put_refill(patient_t *p, const procedure_refill_t *done, double ug_per_ml)
{
    record_t *r = p->record;
    double commanded_ml = life_commanded_ml(p);
    double delivered_ml = life_delivered_ml(p);
    record_row(r, TABLE_REFILLS);
    record_put_i64(r, FIELD_REFILLS_TIME_MS, p->now_ms);
    record_put_f64(r, FIELD_REFILLS_WITHDRAWN_ML, done->withdrawn_ml);
    record_put_f64(r, FIELD_REFILLS_READ_ML, done->read_ml);
    record_put_f64(r, FIELD_REFILLS_EXPECTED_ML, done->expected_ml);
    record_put_f64(r, FIELD_REFILLS_FILLED_ML, done->filled_ml);
    record_put_f64(r, FIELD_REFILLS_CONCENTRATION_UG_PER_ML, ug_per_ml);
    record_put_f64(r, FIELD_REFILLS_RESERVOIR_AFTER_ML, implant_usable_ml(&p->implant));
    record_put_f64(r, FIELD_REFILLS_COMMANDED_SINCE_ML, commanded_ml - p->last_refill.commanded_ml);
    record_put_f64(r, FIELD_REFILLS_INTERVAL_DAY,
                   tally_refill(&p->tally, p->now_ms, done->withdrawn_ml));
    record_put_f64(r, FIELD_REFILLS_DELIVERED_SINCE_ML, delivered_ml - p->last_refill.delivered_ml);
    p->last_refill.commanded_ml = commanded_ml;
    p->last_refill.delivered_ml = delivered_ml;
}

/* Of one refill: what the needle leaves behind, the error of the eye at the syringe, two for a needle that slips. */
enum { LEFT, EYE, SLIP, DRAWS = SLIP + 2 };

void visit_empty(patient_t *p, procedure_refill_t *r)
{
    draw_t draw;
    double uniform[DRAWS];
    draw_init(&draw, (uint64_t)p->study->seed, DRAW_REFILL_MEASUREMENT, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, p->visit);
    for (int i = 0; i < DRAWS; i++) {
        uniform[i] = draw_uniform(&draw);
    }
    procedure_empty(&p->procedure, uniform[LEFT], r);
    r->read_ml = needle_read_ml(&p->study->needle, r->withdrawn_ml, uniform[EYE]);
    r->slip.pocket = needle_slip(&p->study->needle, uniform + SLIP);
    for (int d = 0; d < (int)p->study->n_drugs; d++) {
        p->account[d].withdrawn_ug += r->withdrawn_ug[d];
    }
}

int visit_fill(patient_t *p, const order_refill_t *order, procedure_refill_t *r, int reason,
               error_t *e)
{
    int code = procedure_fill(&p->procedure, order, r, e);
    for (int d = 0; d < (int)p->study->n_drugs; d++) {
        p->account[d].from_vials_ug += r->vials_ug[d];
        p->account[d].withdrawn_ug += r->wasted_ug[d];
    }
    put_refill(p, r, order->ug_per_ml[0]);
    patient_event(p, FIELDS_EVENT_REFILL, reason, r->filled_ml, order->ug_per_ml[0]);
    code = visit_note_refusal(p, code, ORDER_REFILL);
    return code == 0 && r->pocket_ml > 0.0
               ? outflow_pocket(p, r->pocket_ml, r->pocket_ug, reason, e)
               : code;
}

int visit_bolus(patient_t *p, const order_bolus_t *order, int reason, error_t *e)
{
    int code = procedure_bolus(&p->procedure, order, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_BOLUS, reason, order->dose_ug, order->duration_min / 60.0);
    }
    return visit_note_refusal(p, code, ORDER_BOLUS);
}

/* By lumbar puncture at the level at which CSF is sampled too. */
int visit_screen(patient_t *p, const order_screening_t *order, error_t *e)
{
    int code = p->has_body
                   ? body_inject_level(&p->body, 0, order->dose_ug, p->study->record.lumbar, e)
                   : 0;
    p->account[0].from_vials_ug += order->dose_ug;
    p->account[0].injected_ug += order->dose_ug;
    p->screened_ug = order->dose_ug;
    patient_event(p, FIELDS_EVENT_SCREENING_BOLUS, FIELDS_REASON_PROTOCOL, order->dose_ug,
                  order->volume_ml);
    return code;
}

int visit_implant(patient_t *p, const order_implant_t *order, error_t *e)
{
    int code = patient_implant(p, order, e);
    if (code == 0) {
        code = implant_wake(&p->implant, e);
    }
    if (code != 0) {
        return code;
    }
    patient_event(p, FIELDS_EVENT_IMPLANT, FIELDS_REASON_RESPONDED, order->fill_ml,
                  order->ug_per_ml[0]);
    code =
        visit_note_refusal(p, procedure_declare(&p->procedure, order->fill_ml, e), ORDER_IMPLANT);
    return code != 0
               ? code
               : visit_note_refusal(p, procedure_set_time(&p->procedure, 0, e), ORDER_SET_TIME);
}

int visit_replace(patient_t *p, const order_implant_t *order, int reason, error_t *e)
{
    int code = life_replace(p, order, reason, e);
    code = code != 0 ? code : implant_wake(&p->implant, e);
    if (code != 0) {
        return code;
    }
    patient_event(p, FIELDS_EVENT_REPLACEMENT, reason, order->fill_ml, order->ug_per_ml[0]);
    code = visit_note_refusal(p, procedure_declare(&p->procedure, order->fill_ml, e),
                              ORDER_REPLACEMENT);
    return code != 0
               ? code
               : visit_note_refusal(p,
                                    procedure_set_time(&p->procedure, p->procedure.forward_ms, e),
                                    ORDER_SET_TIME);
}

static int scripted_refill(patient_t *p, const study_event_t *event, error_t *e)
{
    procedure_refill_t done;
    order_refill_t order = {.volume_ml = event->volume_ml, .bridge = event->bridge};
    memcpy(order.ug_per_ml, event->concentration_ug_per_ml, sizeof order.ug_per_ml);
    visit_empty(p, &done);
    done.slip.pocket = event->pocket > 0.0 ? event->pocket : done.slip.pocket;
    done.slip.regained = event->regained;
    done.slip.told_ml = event->told_ml;
    done.slip.told_ug_per_ml = event->told_ug_per_ml;
    return visit_fill(p, &order, &done, FIELDS_REASON_SCRIPTED, e);
}

static const int refusal[] = {
    [CONTROLLER_LOCKED] = FIELDS_REASON_LOCKOUT, [CONTROLLER_SPENT] = FIELDS_REASON_COUNT,
    [CONTROLLER_BUSY] = FIELDS_REASON_BUSY,      [CONTROLLER_EMPTY] = FIELDS_REASON_TOO_LITTLE,
    [CONTROLLER_ALARM] = FIELDS_REASON_ALARM,    [CONTROLLER_NOT_MEANT] = FIELDS_REASON_REFUSED};

/* What the pump gives is its programme's, whatever the study says. */
int visit_request(patient_t *p, int reason, error_t *e)
{
    controller_answer_t answer;
    const programmer_patient_t *given = &p->procedure.therapy.patient;
    const int code = procedure_request(&p->procedure, &answer, e);
    if (code == ERROR_CORE_REFUSED) {
        patient_event(p, FIELDS_EVENT_PATIENT_REFUSED, FIELDS_REASON_LINK, 0.0, 0.0);
        return 0;
    }
    if (code == 0 && answer == CONTROLLER_GIVEN) {
        patient_event(p, FIELDS_EVENT_PATIENT_BOLUS, reason, given->dose_ug, given->minutes / 60.0);
    } else if (code == 0) {
        patient_event(p, FIELDS_EVENT_PATIENT_REFUSED, refusal[answer], 0.0, 0.0);
    }
    return code;
}

static int scripted_time(patient_t *p, const study_event_t *event, error_t *e)
{
    const int64_t forward_ms = p->procedure.forward_ms + event->forward_ms;
    const int code = procedure_set_time(&p->procedure, forward_ms, e);
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_TIME_SET, FIELDS_REASON_SCRIPTED, (double)forward_ms / 3.6e6,
                      0.0);
    }
    return visit_note_refusal(p, code, ORDER_SET_TIME);
}

static int order_of(const study_event_t *event)
{
    static const int order[] = {
        [STUDY_ORDER_REFILL] = ORDER_REFILL,     [STUDY_ORDER_THERAPY] = ORDER_THERAPY,
        [STUDY_ORDER_BOLUS] = ORDER_BOLUS,       [STUDY_ORDER_REQUEST] = ORDER_REQUEST,
        [STUDY_ORDER_SET_TIME] = ORDER_SET_TIME, [STUDY_ORDER_PORT] = 0,
        [STUDY_ORDER_PRIME] = ORDER_PRIME,       [STUDY_ORDER_CLEAR_ALARMS] = ORDER_CLEAR_ALARMS,
        [STUDY_ORDER_STOP] = ORDER_STOP,         [STUDY_ORDER_READ_LOGS] = ORDER_READ_LOGS,
        [STUDY_ORDER_IMAGE] = ORDER_THERAPY,     [STUDY_ORDER_FRAME] = 0};
    return order[event->order];
}

/* Whether a needle is to enter the pump. */
static bool needs_port(const study_event_t *event)
{
    return event->order == STUDY_ORDER_REFILL || event->order == STUDY_ORDER_PORT;
}

int visit_scripted(patient_t *p, const study_event_t *event, error_t *e)
{
    order_therapy_t therapy = {event->mode, event->dose_ug_per_day, event->modes};
    order_bolus_t bolus = {event->amount_ug, (double)event->over_ms / 60000.0};
    if (!p->implanted) {
        return visit_note_refusal(p, ERROR_CORE_REFUSED, order_of(event));
    }
    if (p->pocket.upside_down && needs_port(event)) {
        patient_event(p, FIELDS_EVENT_ORDER_FAILED, FIELDS_REASON_UNREACHED, order_of(event), 0.0);
        return 0;
    }
    switch ((study_order_t)event->order) {
    case STUDY_ORDER_REFILL:
        return scripted_refill(p, event, e);
    case STUDY_ORDER_THERAPY:
        return visit_therapy(p, &therapy, FIELDS_REASON_SCRIPTED, e);
    case STUDY_ORDER_BOLUS:
        return visit_bolus(p, &bolus, FIELDS_REASON_SCRIPTED, e);
    case STUDY_ORDER_REQUEST:
        return visit_request(p, FIELDS_REASON_SCRIPTED, e);
    case STUDY_ORDER_SET_TIME:
        return scripted_time(p, event, e);
    case STUDY_ORDER_PORT:
        return port_carry_out(p, event, e);
    case STUDY_ORDER_PRIME:
        return priming_scripted(p, event, e);
    case STUDY_ORDER_CLEAR_ALARMS:
    case STUDY_ORDER_STOP:
    case STUDY_ORDER_READ_LOGS:
    case STUDY_ORDER_IMAGE:
    case STUDY_ORDER_FRAME:
        return wire_carry_out(p, event, e);
    case STUDY_ORDER_EXPOSURE: /* scenario.c has these */
    case STUDY_ORDER_FAULT:
    case STUDY_ORDER_DEATH: /* the trajectory itself */
    default:
        return ERROR_RAISE(e, ERROR_ARGUMENT, "order %d is unknown", event->order);
    }
}

int visit_interrogate(patient_t *p, double *believed_ml, double believed_ug[], error_t *e)
{
    programmer_report_t report;
    int code;
    *believed_ml = (double)NAN;
    for (int d = 0; d < SEGMENT_DRUGS_MAX; d++) {
        believed_ug[d] = p->implanted ? (double)NAN : p->past.believed_ug[d];
    }
    if (!p->implanted || !p->procedure.programmable) {
        return 0;
    }
    code = procedure_interrogate(&p->procedure, &report, e);
    if (code == 0) {
        *believed_ml = report.reservoir_ml;
        for (int64_t d = 0; d < p->study->n_drugs; d++) {
            believed_ug[d] = p->past.believed_ug[d] + report.given_ug[d];
        }
    }
    return code == ERROR_CORE_REFUSED ? 0 : code;
}
