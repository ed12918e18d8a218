/* SPDX-License-Identifier: Apache-2.0 */
/* One patient from enrolment to the end: an event loop over integer milliseconds. */
#include "cohort/trajectory.h"

#include "cohort/backflow.h"
#include "cohort/contact.h"
#include "cohort/course.h"
#include "cohort/death.h"
#include "cohort/ledger.h"
#include "cohort/observe.h"
#include "cohort/patient.h"
#include "cohort/scenario.h"
#include "cohort/visit.h"
#include "draw.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

/* An order of the study for this patient. */
typedef struct scripted_t {
    int64_t at_ms;              /* INT64_MAX: after an implant that has not been */
    uint64_t name;              /* of its draws: event_name() */
    const study_event_t *event; /* borrowed */
    int64_t begin_ms;           /* of a request that repeats: of its span, once it has begun */
    bool begun;
} scripted_t;

/* What is due next. At one time the core acts first, then the catheter goes on in its course, then the day is observed, then orders are carried out, then
 * the clinic is met; death comes last. */
typedef struct agenda_t {
    int64_t sample_ms;  /* of the next daily observation */
    int64_t contact_ms; /* of the next contact with the clinic */
    bool implanted;     /* the times after the implant are known */
    size_t order;       /* next of the orders, in order of time */
    size_t orders;
    scripted_t *scripted; /* [orders], owned */
} agenda_t;

static int compare_times(const void *a, const void *b)
{
    const scripted_t *x = a, *y = b;
    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    /* Equal times keep the order of the file. */
    return x->event < y->event ? -1 : x->event > y->event;
}

static uint64_t event_seconds(const study_event_t *event)
{
    return (uint64_t)(event->when.after_implant ? event->when.offset_ms : event->at_ms) / 1000u;
}

/* Below 2^40. The order's third bit stands apart from its two others, which came first; a fourth stands for the fifth to eighth
 * event of one kind in one second. */
static uint64_t name_of(uint64_t second, const study_event_t *event, uint64_t twins)
{
    const uint64_t order = (uint64_t)event->order;
    twins = order > 7u ? (twins & 3u) | 4u : twins;
    return UINT64_C(1) << 39u | (second & UINT32_MAX) << 7u |
           (event->when.after_implant ? 1u : 0u) << 6u | (order & 3u) << 4u |
           (order >> 2u & 1u) << 3u | (twins & 7u);
}

/* An event is named by its second, what the second counts from, its order, and how many of the same stand before it: never by
 * its place in the list, which another arm's events would move. Apart from the visits of a clinic. */
static uint64_t event_name(const study_t *s, size_t index)
{
    const study_event_t *event = &s->event[index];
    uint64_t twins = 0;
    for (size_t i = 0; i < index; i++) {
        const study_event_t *other = &s->event[i];
        twins += other->order == event->order && event_seconds(other) == event_seconds(event) &&
                 other->when.after_implant == event->when.after_implant;
    }
    return name_of(event_seconds(event), event, twins);
}

/* Whether an event of the study is for this patient: named, or chosen by a draw of the event's own. */
static bool is_for(const study_t *s, const record_key_t *key, size_t index)
{
    const study_event_t *event = &s->event[index];
    draw_t draw;
    if (event->patient > 0) {
        return event->patient == key->patient;
    }
    draw_init(&draw, (uint64_t)s->seed, DRAW_EVENT, (uint64_t)key->patient,
              (uint64_t)key->replicate, event_name(s, index));
    return draw_uniform(&draw) < event->fraction;
}

static int agenda_init(agenda_t *a, const study_t *s, const record_key_t *key, error_t *e)
{
    a->sample_ms = s->record.daily_time_ms > 0 ? s->record.daily_time_ms : DAY_MS;
    a->scripted = calloc((size_t)s->n_events + 1, sizeof *a->scripted);
    if (a->scripted == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the orders of a patient");
    }
    for (size_t i = 0; i < (size_t)s->n_events; i++) {
        const study_event_t *event = &s->event[i];
        if (is_for(s, key, i)) {
            a->scripted[a->orders++] =
                (scripted_t){event->when.after_implant ? INT64_MAX : event->at_ms, event_name(s, i),
                             event, 0, false};
        }
    }
    qsort(a->scripted, a->orders, sizeof *a->scripted, compare_times);
    return 0;
}

/* Once the patient has a pump, the orders that count from the implant have a time. */
static void agenda_note_implant(agenda_t *a, const patient_t *p)
{
    if (a->implanted || !p->implanted) {
        return;
    }
    a->implanted = true;
    for (size_t i = a->order; i < a->orders; i++) {
        if (a->scripted[i].event->when.after_implant) {
            a->scripted[i].at_ms = p->now_ms + a->scripted[i].event->when.offset_ms;
        }
    }
    qsort(a->scripted + a->order, a->orders - a->order, sizeof *a->scripted, compare_times);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_time(const patient_t *p, const agenda_t *a)
{
    int64_t time_ms = earlier(earlier(p->study->horizon_ms, p->death.at_ms), a->sample_ms);
    if (a->order < a->orders) {
        time_ms = earlier(time_ms, a->scripted[a->order].at_ms);
    }
    time_ms = earlier(time_ms, course_due_ms(p));
    return earlier(earlier(time_ms, a->contact_ms), implant_wake_ms(&p->implant));
}

static int observe_if_due(patient_t *p, agenda_t *a, error_t *e)
{
    int code;
    if (p->now_ms != a->sample_ms) {
        return 0;
    }
    a->sample_ms += DAY_MS;
    code = patient_close_step(p, e);
    code = code != 0 ? code : backflow_settle(p, e);
    if (code == 0) {
        observe_day(p, (int32_t)(p->now_ms / DAY_MS));
        code = ledger_check(p, e);
    }
    return code != 0 ? code : patient_verify(p, e);
}

static int contact_if_due(patient_t *p, agenda_t *a, error_t *e)
{
    int code = 0;
    while (code == 0 && p->now_ms == a->contact_ms) {
        code = patient_close_step(p, e);
        code = code != 0 ? code : contact_hold(p, e);
        code = code != 0 ? code : ledger_check(p, e);
        a->contact_ms = contact_time_ms(p);
    }
    return code;
}

/* A contact held now has answered the tone already. */
static int call_if_due(patient_t *p, agenda_t *a, error_t *e)
{
    int code;
    if (!contact_call_due(p)) {
        return 0;
    }
    code = contact_call(p, e);
    a->contact_ms = contact_time_ms(p);
    return code;
}

/* When the patient asks next, after `after_ms`: in each hour of the span at most once, by a draw of that hour, at a whole minute;
 * INT64_MAX: no more. */
static int64_t next_request_ms(const patient_t *p, const scripted_t *o, int64_t after_ms)
{
    const int64_t hours = (o->event->for_ms + HOUR_MS - 1) / HOUR_MS;
    for (int64_t hour = (after_ms - o->begin_ms) / HOUR_MS; hour < hours; hour++) {
        draw_t draw;
        draw_init(&draw, (uint64_t)p->study->seed, DRAW_REQUEST, (uint64_t)p->key.patient,
                  (uint64_t)p->key.replicate, o->name << 24u | (uint64_t)hour);
        const bool asks = draw_uniform(&draw) < o->event->per_day / 24.0;
        const int64_t minute = (int64_t)(draw_uniform(&draw) * 60.0);
        const int64_t at_ms = o->begin_ms + hour * HOUR_MS + minute * MINUTE_MS;
        if (asks && at_ms > after_ms && at_ms < o->begin_ms + o->event->for_ms) {
            return at_ms;
        }
    }
    return INT64_MAX;
}

/* What has not ended goes back onto the agenda. */
static void put_back(agenda_t *a, scripted_t o, int64_t at_ms)
{
    size_t at = --a->order;
    o.at_ms = at_ms;
    for (; at + 1 < a->orders && compare_times(&a->scripted[at + 1], &o) < 0; at++) {
        a->scripted[at] = a->scripted[at + 1];
    }
    a->scripted[at] = o;
}

/* An exposure goes back onto the agenda for its end. */
static int befall(patient_t *p, agenda_t *a, scripted_t o, error_t *e)
{
    if (o.begun) {
        return scenario_end(p, o.event, e);
    }
    const int code = scenario_begin(p, o.event, o.name, e);
    if (o.event->order == STUDY_ORDER_EXPOSURE) {
        o.begun = true;
        put_back(a, o, p->now_ms + o.event->exposed_ms);
    }
    return code;
}

/* The first moment of a span only begins it; the requests follow, each a session of its own by its second. */
static int carry_out(patient_t *p, agenda_t *a, error_t *e)
{
    scripted_t o = a->scripted[a->order++];
    const bool repeats = o.event->order == STUDY_ORDER_REQUEST && o.event->for_ms > 0;
    const uint64_t second = (uint64_t)p->now_ms / 1000u;
    const bool opens = repeats && !o.begun;
    int code = 0;
    p->visit = repeats ? name_of(second, o.event, o.name & 7u) : o.name;
    if (o.event->order == STUDY_ORDER_DEATH) {
        death_impose(p);
        return 0;
    }
    if (scenario_is(o.event)) {
        return befall(p, a, o, e);
    }
    procedure_visit(&p->procedure, p->visit);
    if (opens) {
        o.begin_ms = p->now_ms;
        o.begun = true;
    } else {
        code = visit_scripted(p, o.event, e);
        code = code != 0 ? code : ledger_check(p, e);
    }
    if (repeats) {
        put_back(a, o, next_request_ms(p, &o, p->now_ms));
    }
    return code;
}

static int orders_if_due(patient_t *p, agenda_t *a, error_t *e)
{
    int code = 0;
    while (code == 0 && a->order < a->orders && a->scripted[a->order].at_ms == p->now_ms) {
        code = carry_out(p, a, e);
    }
    return code;
}

static int live(patient_t *p, agenda_t *a, error_t *e)
{
    int code = 0;
    while (code == 0 && p->now_ms < p->study->horizon_ms && !p->explanted && !death_has_come(p)) {
        code = patient_advance(p, next_time(p, a), e);
        if (code == 0 && p->now_ms == implant_wake_ms(&p->implant)) {
            code = implant_wake(&p->implant, e);
        }
        code = code != 0 ? code : course_run(p, e);
        code = code != 0 ? code : observe_if_due(p, a, e);
        code = code != 0 ? code : orders_if_due(p, a, e);
        code = code != 0 ? code : contact_if_due(p, a, e);
        code = code != 0 ? code : call_if_due(p, a, e);
        agenda_note_implant(a, p);
    }
    return code;
}

static int begin(patient_t *p, agenda_t *a, error_t *e)
{
    int code = 0;
    observe_before(p);
    a->contact_ms = contact_time_ms(p);
    agenda_note_implant(a, p);
    if (p->has_clinic) {
        return contact_if_due(p, a, e);
    }
    if (p->now_ms == implant_wake_ms(&p->implant)) {
        code = implant_wake(&p->implant, e);
    }
    return code != 0 ? code : visit_enrol(p, e);
}

/* At one time a pump is taken out before death, and death comes before the horizon. */
static int why_stopped(const patient_t *p)
{
    if (p->explanted) {
        return FIELDS_STOP_EXPLANT;
    }
    return death_has_come(p) ? FIELDS_STOP_DEATH : FIELDS_STOP_HORIZON;
}

static void note_end(patient_t *p, int stop)
{
    static const int reason[] = {[FIELDS_STOP_HORIZON] = FIELDS_REASON_HORIZON,
                                 [FIELDS_STOP_DEATH] = FIELDS_REASON_DIED,
                                 [FIELDS_STOP_EXPLANT] = FIELDS_REASON_NO_PUMP};
    if (stop == FIELDS_STOP_DEATH) {
        death_note(p);
    }
    patient_event(p, FIELDS_EVENT_END, reason[stop], 0.0, 0.0);
}

static int finish(patient_t *p, int stop, error_t *e)
{
    double believed_ml, believed_ug[SEGMENT_DRUGS_MAX];
    int code = patient_close_step(p, e);
    code = code != 0 ? code : backflow_settle(p, e);
    procedure_visit(&p->procedure, PATIENT_VISIT_END);
    code = code != 0 ? code : visit_interrogate(p, &believed_ml, believed_ug, e);
    code = code != 0 ? code : ledger_check(p, e);
    if (code == 0 && p->has_body) {
        code = body_verify(&p->body, e);
    }
    if (code == 0) {
        note_end(p, stop);
        ledger_record(p, believed_ug);
        observe_end(p, stop, believed_ml);
    }
    return code;
}

int trajectory_run(const trajectory_request_t *q, record_t *r, error_t *e)
{
    patient_t patient;
    agenda_t agenda = {.scripted = NULL};
    int stop, code = patient_init(&patient, q, r, e);
    code = code != 0 ? code : agenda_init(&agenda, q->study, &q->key, e);
    code = code != 0 ? code : begin(&patient, &agenda, e);
    code = code != 0 ? code : live(&patient, &agenda, e);
    stop = why_stopped(&patient);
    code = code != 0 ? code : finish(&patient, stop, e);
    if (code != 0 && e != NULL) {
        e->patient = q->key.patient;
        e->time_ms = patient.now_ms;
    }
    free(agenda.scripted);
    patient_free(&patient);
    return code != 0 ? code : stop;
}

int trajectory_enrol(const trajectory_request_t *q, record_t *r, error_t *e)
{
    patient_t patient;
    agenda_t agenda = {.scripted = NULL};
    int code = patient_init(&patient, q, r, e);
    code = code != 0 ? code : agenda_init(&agenda, q->study, &q->key, e);
    code = code != 0 ? code : begin(&patient, &agenda, e);
    free(agenda.scripted);
    patient_free(&patient);
    return code;
}
