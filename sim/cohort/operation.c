/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a catheter, and mending it; a pump turned back in its pocket. */
#include "cohort/operation.h"

#include "care/finding.h"
#include "cohort/course.h"
#include "cohort/outflow.h"
#include "device/access_port.h"
#include "device/catheter_repair.h"

#include <math.h>

/* Drawn to see whether fluid comes; and the least of it that passes for some. */
#define TRIAL_ML 2.0
#define COMES 0.9

/* Imaging tells the tip's place to within so much. */
#define SEEN_MOVED_CM 5.0

static bool comes(const catheter_t *c)
{
    static const double none[SEGMENT_DRUGS_MAX] = {0.0};
    catheter_t trial = *c;
    access_port_draw_t drawn;
    access_port_draw(&trial, TRIAL_ML, none, &drawn);
    return drawn.volume_ml >= COMES * TRIAL_ML;
}

/* Whether the hole along the way is the connector, come apart. */
static bool is_joint(const catheter_t *c)
{
    const double joint_cm = catheter_shape_connector_cm(&c->param);
    return c->fault.hole[CATHETER_HOLE_BORDER].share >= 1.0 && fabs(c->border_cm - joint_cm) < 1e-9;
}

int operation_look(const catheter_t *c)
{
    const catheter_fault_t *f = &c->fault;
    if (f->hole[CATHETER_HOLE_BORDER].share > 0.0) {
        return is_joint(c) ? FINDING_CATHETER_PARTED : FINDING_CATHETER_BROKEN;
    }
    if (f->hole[CATHETER_HOLE_PUMP].share > 0.0) {
        return FINDING_CATHETER_PARTED;
    }
    if (f->tip_place != CATHETER_CANAL || fabs(f->tip_moved_cm) > SEEN_MOVED_CM) {
        return FINDING_CATHETER_MISPLACED;
    }
    if (!comes(c)) {
        return FINDING_CATHETER_CLOSED;
    }
    return f->open < 1.0 ? FINDING_CATHETER_KINKED : FINDING_CATHETER_SOUND;
}

/* Joins what has come apart; else replaces, and books what went out with the old parts. */
static void mend(patient_t *p, int part)
{
    static const double none[SEGMENT_DRUGS_MAX] = {0.0};
    double removed_ug[SEGMENT_DRUGS_MAX] = {0.0};
    if (part == ORDER_PART_CONNECTORS) {
        catheter_repair_hole(&p->catheter, CATHETER_HOLE_PUMP);
        catheter_repair_hole(&p->catheter, CATHETER_HOLE_BORDER);
        return;
    }
    if (part == ORDER_PART_SPINAL) {
        catheter_repair_spinal(&p->catheter, none, removed_ug);
    } else {
        catheter_repair_all(&p->catheter, none, removed_ug);
    }
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].explanted_ug += removed_ug[d];
    }
    course_begin(p);
}

int operation_revise(patient_t *p, int part, int why, error_t *e)
{
    if (part == ORDER_PART_PUMP) {
        p->pocket.upside_down = false;
        patient_event(p, FIELDS_EVENT_PUMP_TURNED, FIELDS_REASON_UNREACHED, 0.0, 0.0);
        return 0;
    }
    mend(p, part);
    patient_event(p, FIELDS_EVENT_CATHETER_REPAIRED, why, (double)p->course.catheters, 0.0);
    return outflow_changed(p, e);
}
