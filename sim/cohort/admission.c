/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the dosing core whether it runs a study's therapies. */
#include "cohort/admission.h"

#include "cohort/trajectory.h"

#include <stdio.h>
#include <string.h>

#define KEY_SIZE 32

/* Patient 1 as far as enrolment, without a body: 0, or the refusal. */
static int enrol(const core_t *core, const study_t *s, error_t *e)
{
    study_t bare = *s;
    const trajectory_request_t q = {.study = &bare, .core = core, .key = {1, 0, 0}};
    record_t r;
    bare.body.model = STUDY_BODY_NONE;
    bare.n_events = 0;
    record_init(&r);
    record_reset(&r, q.key);
    const int code = trajectory_enrol(&q, &r, e);
    record_free(&r);
    return code;
}

static void say(const study_report_t *report, bool is_error, const char *key, const error_t *e)
{
    char text[sizeof e->text + 64];
    (void)snprintf(text, sizeof text, "the pump's dosing core refuses this therapy: %s", e->text);
    report->report(report->to, is_error, key, text);
}

/* The study as if it began with event `index`, a therapy, at the concentration that the refills up to then leave. */
static study_t begun_with(const study_t *s, int64_t index)
{
    const study_event_t *event = &s->event[index];
    study_t begun = *s;
    int64_t latest_ms = -1;
    begun.therapy.mode = event->mode;
    begun.therapy.dose_ug_per_day = event->dose_ug_per_day;
    begun.therapy.modes = event->modes;
    for (int64_t i = 0; i < s->n_events; i++) {
        const study_event_t *refill = &s->event[i];
        if (refill->order != STUDY_ORDER_REFILL || refill->at_ms > event->at_ms ||
            refill->at_ms < latest_ms) {
            continue;
        }
        latest_ms = refill->at_ms;
        for (int64_t d = 0; d < s->n_drugs; d++) {
            begun.drug[d].concentration_ug_per_ml = refill->concentration_ug_per_ml[d];
        }
    }
    return begun;
}

static void judge(const void *context, const study_t *s, const study_report_t *report)
{
    const core_t *core = context;
    error_t e = {0};
    if (s->clinic_policy != STUDY_POLICY_NONE || s->pump.kind == STUDY_PUMP_CONSTANT_FLOW) {
        return;
    }
    if (enrol(core, s, &e) == ERROR_CORE_REFUSED) {
        say(report, true, "therapy", &e);
    }
    for (int64_t i = 0; i < s->n_events; i++) {
        char key[KEY_SIZE];
        if (s->event[i].order != STUDY_ORDER_THERAPY) {
            continue;
        }
        const study_t begun = begun_with(s, i);
        (void)snprintf(key, sizeof key, "events[%d]", (int)i);
        if (enrol(core, &begun, &e) == ERROR_CORE_REFUSED) {
            say(report, false, key, &e);
        }
    }
}

study_judge_t admission_judge(const core_t *core)
{
    return (study_judge_t){.context = core, .judge = judge};
}
