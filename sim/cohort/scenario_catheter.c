/* SPDX-License-Identifier: Apache-2.0 */
/* Imposed faults of the catheter. */
#include "cohort/scenario_catheter.h"

#include "cohort/outflow.h"
#include "device/catheter_fault.h"

static int disconnect(catheter_t *c, const study_event_t *event, error_t *e)
{
    const catheter_hole_at_t at =
        event->position_cm > 0.0 ? CATHETER_HOLE_BORDER : CATHETER_HOLE_PUMP;
    if (event->severity > 0.0) {
        return catheter_fault_disconnect(c, at, true, e);
    }
    catheter_fault_heal_hole(c, at);
    return 0;
}

static int impose(catheter_t *c, const study_event_t *event, double now_ms, error_t *e)
{
    const double severity = event->severity;
    const bool ends = !(severity > 0.0);
    switch (event->fault) {
    case STUDY_FAULT_CATHETER_OCCLUSION:
        return catheter_fault_occlude(c, now_ms, severity, event->growth_per_year, e);
    case STUDY_FAULT_CATHETER_KINK:
        return catheter_fault_kink(c, event->lying, severity, e);
    case STUDY_FAULT_CATHETER_LEAK:
        return catheter_fault_leak(c, event->position_cm, severity, e);
    case STUDY_FAULT_CATHETER_FRACTURE: /* an end that stands open lets CSF out */
        return catheter_fault_fracture(c, event->position_cm, severity, severity >= 1.0, e);
    case STUDY_FAULT_CATHETER_DISCONNECTION:
        return disconnect(c, event, e);
    case STUDY_FAULT_CATHETER_DISLODGEMENT:
        return catheter_fault_dislodge(c, ends ? CATHETER_CANAL : (catheter_place_t)event->place,
                                       e);
    case STUDY_FAULT_CATHETER_MIGRATION:
        return catheter_fault_migrate(c, ends ? 0.0 : event->position_cm, e);
    case STUDY_FAULT_CATHETER_TIP_MASS:
    default:
        return catheter_fault_tip_mass(c, now_ms, severity, event->growth_per_year, e);
    }
}

int scenario_catheter_impose(patient_t *p, const study_event_t *event, error_t *e)
{
    const int code = impose(&p->catheter, event, (double)p->now_ms, e);
    return code != 0 ? code : outflow_changed(p, e);
}

int scenario_catheter_csf_leak(patient_t *p, const study_event_t *event, error_t *e)
{
    p->placed.leaks = event->severity > 0.0;
    return outflow_changed(p, e);
}
