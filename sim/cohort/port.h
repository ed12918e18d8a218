/* SPDX-License-Identifier: Apache-2.0 */
/* A needle in the access port: fluid is drawn from the catheter and from CSF, or pushed in.
 *
 * What is pushed in drives what the catheter holds into CSF at once: a bolus, unless the catheter was emptied first
 * (access_port.h). The pump runs on; neither it nor the clinic is told.
 */
#ifndef SIM_COHORT_PORT_H
#define SIM_COHORT_PORT_H

#include "cohort/patient.h"
#include "device/access_port.h"

/* Carries out an order of the study's: draws first, then injects; writes an event for each. Errors: the body's. */
int port_carry_out(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

/* One way of drawing: access_port_draw, or one like it. */
typedef void (*port_way_t)(catheter_t *c, double wanted_ml, const double csf_ug_per_ml[],
                           access_port_draw_t *out);

/* Draws so, at now, CSF out of the body; books nothing. Errors: the body's. */
int port_draw(patient_t *p, double wanted_ml, port_way_t way, access_port_draw_t *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
