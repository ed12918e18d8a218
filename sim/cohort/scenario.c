/* SPDX-License-Identifier: Apache-2.0 */
/* Exposures and imposed faults. */
#include "cohort/scenario.h"

#include "cohort/backflow.h"
#include "cohort/scenario_catheter.h"
#include "cohort/scenario_core.h"
#include "cohort/scenario_pump.h"
#include "draw.h"

bool scenario_is(const study_event_t *event)
{
    return event->order == STUDY_ORDER_EXPOSURE || event->order == STUDY_ORDER_FAULT;
}

/* The surroundings are others from now on, by an exposure that began or ended. */
static void surround(patient_t *p, exposure_t *by, int reason)
{
    const environment_t around = exposure_around(&p->exposures);
    implant_surround(&p->implant, &around, &by->binding);
    p->settled_ms = p->now_ms;
    patient_event(p, FIELDS_EVENT_EXPOSURE, reason, around.ambient_kpa, around.field_tesla);
}

static int expose(patient_t *p, const study_event_t *event, uint64_t name, error_t *e)
{
    exposure_t begun = {.event = event};
    int code = backflow_settle(p, e);
    draw_init(&begun.binding, (uint64_t)p->study->seed, DRAW_FIELD_BINDING,
              (uint64_t)p->key.patient, (uint64_t)p->key.replicate, name);
    code = code != 0 ? code : exposure_begin(&p->exposures, &begun, e);
    if (code == 0) {
        surround(p, &begun, FIELDS_REASON_SCRIPTED);
    }
    return code;
}

static int impose(patient_t *p, const study_event_t *event, error_t *e)
{
    static int (*const set[])(patient_t *, const study_event_t *, error_t *) = {
#define FAULT(symbol, name, setter, of, low, high, severity)                                       \
    [STUDY_FAULT_##symbol] = scenario_##setter,
#include "config/fault.def"
#undef FAULT
    };
    const int code = set[event->fault](p, event, e);
    patient_event(p, FIELDS_EVENT_FAULT, FIELDS_REASON_SCRIPTED, event->fault, event->severity);
    return code;
}

int scenario_begin(patient_t *p, const study_event_t *event, uint64_t name, error_t *e)
{
    if (!p->implanted) {
        patient_event(p, FIELDS_EVENT_ORDER_FAILED, FIELDS_REASON_NO_PUMP, 0.0, 0.0);
    } else if (event->order == STUDY_ORDER_EXPOSURE) {
        return expose(p, event, name, e);
    } else {
        return impose(p, event, e);
    }
    return 0;
}

int scenario_end(patient_t *p, const study_event_t *event, error_t *e)
{
    exposure_t ended;
    const int code = backflow_settle(p, e);
    if (code == 0 && exposure_end(&p->exposures, event, &ended) && p->implanted) {
        surround(p, &ended, FIELDS_REASON_OVER);
    }
    return code;
}
