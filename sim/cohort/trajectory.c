/* SPDX-License-Identifier: Apache-2.0 */
/* One patient from enrolment to the end: an event loop over integer milliseconds. */
#include "cohort/trajectory.h"

#include "cohort/ledger.h"
#include "cohort/observe.h"
#include "cohort/patient.h"
#include "cohort/visit.h"
#include "draw.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

/* What is due next. At one time the core acts first, then the day is observed, then orders are carried out. */
typedef struct agenda_t {
    int64_t sample_ms; /* of the next daily observation */
    size_t order;      /* next of the orders, in order of time */
    size_t orders;
    const study_event_t **by_time; /* owned array of borrowed events */
} agenda_t;

static int compare_times(const void *a, const void *b)
{
    const study_event_t *x = *(const study_event_t *const *)a,
                        *y = *(const study_event_t *const *)b;
    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    /* Equal times keep the order of the file. */
    return x < y ? -1 : x > y;
}

static int agenda_init(agenda_t *a, const study_t *s, error_t *e)
{
    a->order = 0;
    a->orders = (size_t)s->n_events;
    a->sample_ms = s->record.daily_time_ms > 0 ? s->record.daily_time_ms : DAY_MS;
    a->by_time = calloc(a->orders + 1, sizeof(const study_event_t *));
    if (a->by_time == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the orders of a patient");
    }
    for (size_t i = 0; i < a->orders; i++) {
        a->by_time[i] = &s->event[i];
    }
    qsort((void *)a->by_time, a->orders, sizeof(const study_event_t *), compare_times);
    return 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_time(const patient_t *p, const agenda_t *a)
{
    int64_t time_ms = earlier(p->study->horizon_ms, a->sample_ms);
    if (a->order < a->orders) {
        time_ms = earlier(time_ms, a->by_time[a->order]->at_ms);
    }
    return earlier(time_ms, implant_wake_ms(&p->implant));
}

static int observe_if_due(patient_t *p, agenda_t *a, error_t *e)
{
    int code;
    if (p->now_ms != a->sample_ms) {
        return 0;
    }
    a->sample_ms += DAY_MS;
    code = patient_close_step(p, e);
    if (code == 0) {
        observe_day(p, (int32_t)(p->now_ms / DAY_MS));
        code = ledger_check(p, e);
    }
    return code != 0 ? code : implant_verify(&p->implant, e);
}

static int orders_if_due(patient_t *p, agenda_t *a, error_t *e)
{
    int code = 0;
    while (code == 0 && a->order < a->orders && a->by_time[a->order]->at_ms == p->now_ms) {
        code = visit_scripted(p, a->by_time[a->order++], e);
        code = code != 0 ? code : ledger_check(p, e);
    }
    return code;
}

static int live(patient_t *p, agenda_t *a, error_t *e)
{
    int code = 0;
    while (code == 0 && p->now_ms < p->study->horizon_ms) {
        code = patient_advance(p, next_time(p, a), e);
        if (code == 0 && p->now_ms == implant_wake_ms(&p->implant)) {
            code = implant_wake(&p->implant, e);
        }
        code = code != 0 ? code : observe_if_due(p, a, e);
        code = code != 0 ? code : orders_if_due(p, a, e);
    }
    return code;
}

static int begin(patient_t *p, error_t *e)
{
    int code = 0;
    observe_before(p);
    if (p->now_ms == implant_wake_ms(&p->implant)) {
        code = implant_wake(&p->implant, e);
    }
    return code != 0 ? code : visit_enrol(p, e);
}

static int finish(patient_t *p, error_t *e)
{
    double believed_ml, believed_ug[SEGMENT_DRUGS_MAX];
    int code = patient_close_step(p, e);
    code = code != 0 ? code : visit_interrogate(p, &believed_ml, believed_ug, e);
    code = code != 0 ? code : ledger_check(p, e);
    if (code == 0 && p->has_body) {
        code = body_verify(&p->body, e);
    }
    if (code == 0) {
        patient_event(p, FIELDS_EVENT_END, FIELDS_REASON_HORIZON, 0.0, 0.0);
        ledger_record(p, believed_ug);
        observe_end(p, FIELDS_STOP_HORIZON, believed_ml);
    }
    return code;
}

int trajectory_run(const trajectory_request_t *q, record_t *r, error_t *e)
{
    patient_t patient;
    agenda_t agenda = {.by_time = NULL};
    int code = patient_init(&patient, q, r, e);
    code = code != 0 ? code : agenda_init(&agenda, q->study, e);
    code = code != 0 ? code : begin(&patient, e);
    code = code != 0 ? code : live(&patient, &agenda, e);
    code = code != 0 ? code : finish(&patient, e);
    if (code != 0 && e != NULL) {
        e->patient = q->key.patient;
        e->time_ms = patient.now_ms;
    }
    free((void *)agenda.by_time);
    patient_free(&patient);
    return code != 0 ? code : FIELDS_STOP_HORIZON;
}
