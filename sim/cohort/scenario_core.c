/* SPDX-License-Identifier: Apache-2.0 */
/* Imposed faults between core and hardware. */
#include "cohort/scenario_core.h"

#include "host/implant_trouble.h"

#include <math.h>

#define CALL(symbol, name)                                                                         \
    _Static_assert((int)STUDY_CALL_##symbol + 1 == (int)RECORDER_##symbol,                         \
                   "a study's calls are the recorder's");
#include "config/call.def"
#undef CALL

bool scenario_core_comes(const study_t *s)
{
    bool found = false;
    for (int64_t i = 0; i < s->n_events; i++) {
        const study_event_t *event = &s->event[i];
        found =
            found || (event->order == STUDY_ORDER_FAULT && event->fault >= STUDY_FAULT_CALL_FAILS &&
                      event->fault <= STUDY_FAULT_MEMORY_FLIP);
    }
    return found;
}

static void upset(patient_t *p, const study_event_t *event, int32_t result)
{
    const implant_upset_t u = {.after = (uint64_t)event->after,
                               .calls = (uint64_t)event->calls,
                               .until_ms =
                                   event->within_ms > 0 ? p->now_ms + event->within_ms : INT64_MAX,
                               .result = result,
                               .value = event->severity};
    implant_trouble_upset(&p->implant, (recorder_call_id_t)(event->call + 1), &u);
}

int scenario_core_call_fails(patient_t *p, const study_event_t *event, error_t *e)
{
    static const int32_t result[] = {DOSING_HAL_OK, DOSING_HAL_FAILED, DOSING_HAL_BUSY,
                                     DOSING_HAL_NOT_ARMED, DOSING_HAL_RANGE};
    const int which = (int)lround(event->severity);
    const study_event_t none = {.call = event->call};
    (void)e;
    upset(p, which > 0 ? event : &none, result[which]);
    return 0;
}

int scenario_core_call_lies(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    upset(p, event, DOSING_HAL_OK);
    return 0;
}

int scenario_core_store_torn(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    implant_trouble_tear(&p->implant, (uint64_t)event->after, event->severity);
    return 0;
}

static draw_t flips(const patient_t *p)
{
    draw_t draw;
    draw_init(&draw, (uint64_t)p->study->seed, DRAW_FLIP, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, p->visit);
    return draw;
}

static uint64_t bits_of(const study_event_t *event)
{
    return (uint64_t)llround(event->severity);
}

static implant_span_t span_of(const study_event_t *event)
{
    return (implant_span_t){(uint32_t)event->address, (uint32_t)event->length};
}

int scenario_core_store_rot(patient_t *p, const study_event_t *event, error_t *e)
{
    const draw_t draw = flips(p);
    (void)e;
    implant_trouble_rot(&p->implant, (uint64_t)event->after, bits_of(event), &draw);
    return 0;
}

int scenario_core_store_worn(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    implant_trouble_wear(&p->implant, span_of(event), event->severity > 0.0);
    return 0;
}

int scenario_core_store_flip(patient_t *p, const study_event_t *event, error_t *e)
{
    draw_t draw = flips(p);
    (void)e;
    implant_trouble_flip_store(&p->implant, span_of(event), bits_of(event), &draw);
    return 0;
}

int scenario_core_memory_flip(patient_t *p, const study_event_t *event, error_t *e)
{
    draw_t draw = flips(p);
    return implant_trouble_flip_memory(&p->implant, span_of(event), bits_of(event), &draw, e);
}
