/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a patient's catheter. */
#include "cohort/course.h"

#include "cohort/outflow.h"
#include "device/catheter_fault.h"

#include <math.h>

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS 60000
#define MANY_YEARS 200.0 /* longer than any horizon */
#define APART_YEAR 1e-9  /* 32 ms: an event is not found again for rounding */

_Static_assert(STUDY_CATHETER_LEGACY - 1 == (int)CATHETER_LEGACY &&
                   STUDY_CATHETER_MODERN - 1 == (int)CATHETER_MODERN,
               "a study's catheters are the device's");

static void look_ahead(course_t *c, double from_year)
{
    c->next_ms = INT64_MAX;
    if (catheter_fate_next(&c->fate, from_year, MANY_YEARS, &c->next)) {
        const double minutes = ceil(c->next.year * CATHETER_FAULT_YEAR_MS / MINUTE_MS);
        c->next_ms = c->put_ms + (int64_t)minutes * MINUTE_MS;
    }
}

void course_begin(patient_t *p)
{
    const study_catheter_t *s = &p->study->catheter;
    course_t *c = &p->course;
    draw_t draw;
    c->catheters++;
    c->put_ms = p->now_ms;
    c->next_ms = INT64_MAX;
    if (s->fails == STUDY_CATHETER_LASTS) {
        return;
    }
    draw_init(&draw, (uint64_t)p->study->seed, DRAW_CATHETER, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, (uint64_t)c->catheters);
    catheter_fate_draw(&c->fate, &s->fate, (catheter_generation_t)(s->fails - 1), &draw);
    look_ahead(c, 0.0);
}

static bool grows(const catheter_fault_t *f)
{
    return f->narrowing_per_year > 0.0 || f->mass_mm_per_year > 0.0;
}

int64_t course_due_ms(const patient_t *p)
{
    const course_t *c = &p->course;
    if (c->catheters == 0) {
        return INT64_MAX;
    }
    if (!grows(&p->catheter.fault)) {
        return c->next_ms;
    }
    const int64_t midnight_ms = (p->now_ms / DAY_MS + 1) * DAY_MS;
    return midnight_ms < c->next_ms ? midnight_ms : c->next_ms;
}

static int fail(patient_t *p, error_t *e)
{
    static const int reason[] = {
        [CATHETER_FATE_OCCLUSION] = FIELDS_REASON_OCCLUSION,
        [CATHETER_FATE_FRACTURE] = FIELDS_REASON_FRACTURE,
        [CATHETER_FATE_DISCONNECTION] = FIELDS_REASON_DISCONNECTION,
        [CATHETER_FATE_KINK] = FIELDS_REASON_KINK,
    };
    course_t *c = &p->course;
    const catheter_event_t event = c->next;
    int code = catheter_fate_strike(&c->fate, &event, (double)p->now_ms, &p->catheter, e);
    patient_event(p, FIELDS_EVENT_CATHETER_FAILED, reason[event.kind], (double)c->catheters,
                  event.year);
    look_ahead(c, event.year + APART_YEAR);
    return code != 0 ? code : outflow_changed(p, e);
}

int course_run(patient_t *p, error_t *e)
{
    int code = 0;
    if (p->course.catheters == 0) {
        return 0;
    }
    if (p->now_ms % DAY_MS == 0 && grows(&p->catheter.fault)) {
        catheter_fault_advance(&p->catheter, (double)p->now_ms);
        code = outflow_changed(p, e);
    }
    while (code == 0 && p->course.next_ms <= p->now_ms) {
        code = fail(p, e);
    }
    return code;
}
