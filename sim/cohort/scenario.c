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

static int expose(patient_t *p, const study_event_t *event, uint64_t name, error_t *e)
{
    const environment_t *around = &event->around;
    const int code = backflow_settle(p, e);
    draw_t binding;
    draw_init(&binding, (uint64_t)p->study->seed, DRAW_FIELD_BINDING, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, name);
    implant_surround(&p->implant, around, &binding);
    p->exposure.event = event;
    p->exposure.binding = binding;
    p->exposure.settled_ms = p->now_ms;
    patient_event(p, FIELDS_EVENT_EXPOSURE, FIELDS_REASON_SCRIPTED, around->ambient_kpa,
                  around->field_tesla);
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
    const environment_t rest = ENVIRONMENT_AT_REST;
    int code = 0;
    if (p->implanted && p->exposure.event == event) {
        code = backflow_settle(p, e);
        p->exposure.event = NULL;
        implant_surround(&p->implant, &rest, &p->exposure.binding);
        patient_event(p, FIELDS_EVENT_EXPOSURE, FIELDS_REASON_OVER, rest.ambient_kpa,
                      rest.field_tesla);
    }
    return code;
}
