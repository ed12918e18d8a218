/* SPDX-License-Identifier: Apache-2.0 */
/* What can be taken away from a study, one thing at a time. */
#include "regress/reduction.h"

#include <stdlib.h>
#include <string.h>

int reduction_copy(study_t *to, const study_t *from, error_t *e)
{
    const size_t n = (size_t)from->n_events;
    *to = *from;
    to->n_arm_studies = 0;
    to->arm = NULL;
    to->warnings = NULL;
    to->event = malloc((n > 0 ? n : 1) * sizeof *to->event);
    if (to->event == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the events of a study");
    }
    if (n > 0) {
        memcpy(to->event, from->event, n * sizeof *to->event);
    }
    to->arms.count = 1;
    return 0;
}

static void drop_event(study_t *s, size_t at)
{
    s->n_events--;
    memmove(&s->event[at], &s->event[at + 1], ((size_t)s->n_events - at) * sizeof *s->event);
}

void reduction_cut(study_t *s, int64_t horizon_ms)
{
    s->horizon_ms = horizon_ms;
    for (size_t i = 0; i < (size_t)s->n_events;) {
        const study_event_t *event = &s->event[i];
        const int64_t begins_ms = event->when.after_implant ? event->when.offset_ms : event->at_ms;
        if (begins_ms > horizon_ms) {
            drop_event(s, i);
        } else {
            i++;
        }
    }
}

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

static bool take_body(study_t *s, size_t step)
{
    const bool had = step == 0 && s->body.model == STUDY_BODY_INTRATHECAL &&
                     s->clinic_policy == STUDY_POLICY_NONE;
    s->body.model = had ? STUDY_BODY_NONE : s->body.model;
    return had;
}

static bool take_event(study_t *s, size_t step)
{
    if (step >= (size_t)s->n_events) {
        return false;
    }
    drop_event(s, step);
    return true;
}

static bool take_request(study_t *s, size_t step)
{
    const bool had = step == 0 && s->therapy.modes.on_request.dose_ug > 0.0;
    if (had) {
        memset(&s->therapy.modes.on_request, 0, sizeof s->therapy.modes.on_request);
    }
    return had;
}

static bool take_timed(study_t *s, size_t step)
{
    order_modes_t *m = &s->therapy.modes;
    if (step >= (size_t)m->n_timed) {
        return false;
    }
    m->n_timed--;
    memmove(&m->timed[step], &m->timed[step + 1], ((size_t)m->n_timed - step) * sizeof m->timed[0]);
    return true;
}

static bool take_step(study_t *s, size_t step)
{
    order_modes_t *m = &s->therapy.modes;
    if (step >= (size_t)m->n_steps || m->n_steps < 2) {
        return false;
    }
    m->n_steps--;
    memmove(&m->step[step], &m->step[step + 1], ((size_t)m->n_steps - step) * sizeof m->step[0]);
    return true;
}

/* The chance that makes telemetry fail, which moves all that follows. */
static bool take_loss(study_t *s, size_t step)
{
    const bool had = step == 0 && (s->clinic.frame_loss > 0.0 || s->clinic.reply_loss > 0.0);
    s->clinic.frame_loss = had ? 0.0 : s->clinic.frame_loss;
    s->clinic.reply_loss = had ? 0.0 : s->clinic.reply_loss;
    return had;
}

static bool take_drug(study_t *s, size_t step)
{
    if (step > 0 || s->n_drugs < 2) {
        return false;
    }
    s->n_drugs--;
    memset(&s->drug[s->n_drugs], 0, sizeof s->drug[0]);
    return true;
}

static bool (*const kinds[])(study_t *s, size_t step) = {
    take_body, take_event, take_request, take_timed, take_step, take_loss, take_drug};

size_t reduction_kinds(void)
{
    return sizeof kinds / sizeof kinds[0];
}

bool reduction_take(study_t *s, size_t kind, size_t step)
{
    return kinds[kind](s, step);
}
