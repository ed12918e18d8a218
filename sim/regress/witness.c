/* SPDX-License-Identifier: Apache-2.0 */
/* Lives patients with one dosing core, in a process of its own, and says what it saw. */
#include "regress/witness.h"

#include "cohort/trajectory.h"
#include "regress/daybook.h"
#include "regress/limits.h"
#include "regress/message.h"
#include "regress/trace.h"
#include "regress/unit.h"
#include "regress/volume.h"

#include <string.h>

/* What is heard of one unit. */
typedef struct hearing_t {
    const witness_t *w;
    trace_t trace;
    volume_t volume;
    daybook_t daybook;
    error_t lost; /* of the pipe; code 0: none */
} hearing_t;

static int say(hearing_t *h, message_kind_t kind, const message_part_t *first,
               const message_part_t *second)
{
    return h->lost.code != 0 ? h->lost.code
                             : message_write(h->w->fd, kind, first, second, &h->lost);
}

/* Number, call and bytes of one call of the window. */
static void tell_call(hearing_t *h, const recorder_call_t *call)
{
    const struct {
        int64_t number;
        recorder_call_t call;
    } told = {h->trace.calls, *call};
    const message_part_t head = {&told, sizeof told};
    const message_part_t bytes = {call->bytes, call->bytes != NULL ? call->length : 0};
    (void)say(h, MESSAGE_CALL, &head, &bytes);
}

static void hear_call(void *context, const recorder_call_t *call)
{
    hearing_t *h = context;
    const int64_t number = h->trace.calls;
    if (number >= h->w->window && number - h->w->window < h->w->window_calls) {
        tell_call(h, call);
    }
    trace_fold(&h->trace, call);
    daybook_note(&h->daybook, call);
    if (h->trace.calls % TRACE_MARK_CALLS == 0) {
        const message_heard_t heard = {h->trace.calls, (int64_t)call->clock_ms};
        const message_part_t part = {&heard, sizeof heard};
        (void)say(h, MESSAGE_HEARD, &part, NULL);
    }
}

static void hear_flow(void *context, const pump_flow_t *flow)
{
    hearing_t *h = context;
    volume_add(&h->volume, &flow->segment);
}

/* ---- the end of a unit ------------------------------------------------------------------------------------- */

static int say_error(hearing_t *h, const error_t *why)
{
    const message_part_t part = {why, sizeof *why};
    return say(h, MESSAGE_ERROR, &part, NULL);
}

static int say_lived(hearing_t *h, const record_t *r)
{
    size_t size = 0;
    const uint8_t *frame = record_frame(r, &size);
    const message_part_t trace = {&h->trace, sizeof h->trace};
    const message_part_t marks = {h->trace.mark, h->trace.marks * sizeof *h->trace.mark};
    const message_part_t volume = {h->volume.hour_ml, h->volume.hours * sizeof(double)};
    const message_part_t record = {frame, size};
    const message_part_t days = {h->daybook.day, h->daybook.days * sizeof *h->daybook.day};
    (void)say(h, MESSAGE_TRACE, &trace, &marks);
    (void)say(h, MESSAGE_VOLUME, &volume, NULL);
    (void)say(h, MESSAGE_DAYBOOK, &days, NULL);
    (void)say(h, MESSAGE_RECORD, &record, NULL);
    return say(h, MESSAGE_LIVED, NULL, NULL);
}

static int live(hearing_t *h, const unit_t *unit, record_t *r, error_t *e)
{
    const study_t *study = study_arm(&h->w->suite->scenario[unit->scenario].study, unit->key.arm);
    const trajectory_listener_t listener = {h, hear_call, hear_flow};
    study_t other = *study; /* read only; what it points at is the study's own */
    other.seed += h->w->others ? WITNESS_OTHERS : 0;
    core_t core = *h->w->core;
    core.before = h->w->suite->scenario[unit->scenario].upgrade ? h->w->before : NULL;
    const trajectory_request_t q = {&other, &core, unit->key, false, &listener};
    int code = volume_init(&h->volume, study->horizon_ms, e);
    code = code != 0 ? code : daybook_init(&h->daybook, study->horizon_ms, e);
    record_reset(r, unit->key);
    code = code != 0 ? code : trajectory_run(&q, r, e);
    code = code < 0 ? code : record_finish(r, e);
    return code < 0 ? code : trace_end(&h->trace, e);
}

static int hold(const witness_t *w, size_t index, record_t *r, error_t *e)
{
    hearing_t h = {.w = w};
    const int64_t named = (int64_t)index;
    const message_part_t part = {&named, sizeof named};
    const unit_t unit = unit_at(w->suite, index);
    error_t why = {0};
    trace_init(&h.trace);
    int code = limits_next(w->suite->cpu_ms, e);
    if (code == 0 && say(&h, MESSAGE_UNIT, &part, NULL) == 0) {
        if (live(&h, &unit, r, &why) < 0) {
            (void)say_error(&h, &why);
        } else {
            (void)say_lived(&h, r);
        }
    }
    trace_free(&h.trace);
    volume_free(&h.volume);
    daybook_free(&h.daybook);
    if (h.lost.code != 0) {
        *e = h.lost;
        code = h.lost.code;
    }
    return code;
}

int witness_run(const witness_t *w, error_t *e)
{
    const size_t count = unit_count(w->suite);
    record_t r;
    const message_part_t id = {w->core->entry->core_id, strlen(w->core->entry->core_id)};
    int code = limits_begin(e);
    code = code != 0 ? code : message_write(w->fd, MESSAGE_CORE, &id, NULL, e);
    record_init(&r);
    for (size_t i = w->first, n = 0; code == 0 && i < count && (w->most == 0 || n < w->most);
         i += w->stride, n++) {
        code = hold(w, i, &r, e);
    }
    record_free(&r);
    return code;
}

int witness_refuse(int fd, bool before, const error_t *why, error_t *e)
{
    const message_part_t part = {why, sizeof *why};
    return message_write(fd, before ? MESSAGE_REFUSED_BEFORE : MESSAGE_REFUSED, &part, NULL, e);
}
