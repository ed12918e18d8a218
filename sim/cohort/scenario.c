/* SPDX-License-Identifier: Apache-2.0 */
/* Exposures and imposed faults. */
#include "cohort/scenario.h"

#include "cohort/backflow.h"
#include "cohort/scenario_catheter.h"
#include "draw.h"

_Static_assert((int)STUDY_FAULT_SEIZED == (int)MOTOR_SEIZED &&
                   (int)STUDY_FAULT_SHORT == (int)MOTOR_SHORT &&
                   (int)STUDY_FAULT_CORROSION == (int)MOTOR_CORROSION &&
                   (int)STUDY_FAULT_PARTICLE == (int)MOTOR_PARTICLE &&
                   (int)STUDY_FAULT_SHAFT_WEAR == (int)MOTOR_SHAFT_WEAR,
               "a study's motor faults are the motor's");

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

static void impose(patient_t *p, const study_event_t *event)
{
    pump_t *pump = &p->implant.pump;
    if (event->fault == STUDY_FAULT_TUBE) {
        pump_head_impose(&pump->head, motor_position_at(&pump->motor, p->now_ms), event->severity);
    } else {
        motor_impose(&pump->motor, p->now_ms, (motor_fault_t)event->fault, event->severity);
    }
    patient_event(p, FIELDS_EVENT_FAULT, FIELDS_REASON_SCRIPTED, event->fault, event->severity);
}

int scenario_begin(patient_t *p, const study_event_t *event, uint64_t name, error_t *e)
{
    if (!p->implanted) {
        patient_event(p, FIELDS_EVENT_ORDER_FAILED, FIELDS_REASON_NO_PUMP, 0.0, 0.0);
    } else if (event->order == STUDY_ORDER_EXPOSURE) {
        return expose(p, event, name, e);
    } else if (scenario_catheter_is(event)) {
        return scenario_catheter_impose(p, event, e);
    } else {
        impose(p, event);
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
