/* SPDX-License-Identifier: Apache-2.0 */
/* Where the pump's fluid goes in a patient: through the catheter to its tip, or, where that is faulty, elsewhere.
 *
 * What leaves the tip enters CSF. What is lost in the pump's pocket, under the skin or in the epidural space becomes a depot
 * that plasma takes up, and so does what a mass around the tip takes up; what a hole within the canal loses enters CSF at that hole. All of it goes in the body's own steps
 * (feed.h). Without a body it is counted by place.
 *
 * Assumption: a hole within the canal feeds CSF itself, not a zone of its own; its mass enters in portions of an hour or less,
 * each at its middle, so there alone another division of a step gives another approximation.
 */
#ifndef SIM_COHORT_OUTFLOW_H
#define SIM_COHORT_OUTFLOW_H

#include "cohort/patient.h"
#include "device/pump.h"

#include <stdint.h>

/* The pump's flow; `context` is the patient_t. As of pump_sink_t. */
int outflow_push(void *context, const pump_flow_t *flow, error_t *e);

/* Puts onto the books, and into the feed, what one push through the catheter came to. Errors: the body's. */
int outflow_book(patient_t *p, const segment_t *s, const catheter_out_t *out, error_t *e)
    __attribute__((warn_unused_result));

/* A step of the body; `context` is the patient_t. As of feed_sink_t. */
int outflow_feed(void *context, int32_t minutes, const double mass_ug[], error_t *e);

/* A needle has put ml of fluid, with ug[drugs], into the pump's pocket at once: books, depot and an event take note. Errors: the
 * body's. */
int outflow_pocket(patient_t *p, double ml, const double ug[], int reason, error_t *e)
    __attribute__((warn_unused_result));

/* The catheter, or the pump on it, is another from now on: pump, feed and body take note. What has left it before the minute at
 * hand goes where it went. Errors: the body's. */
int outflow_changed(patient_t *p, error_t *e) __attribute__((warn_unused_result));

/* Mass of a drug lost elsewhere than in CSF: in the body's depots or on the way there; without a body, all that ever was. */
double outflow_depots_ug(const patient_t *p, int drug);

/* Mass that has left a hole within the canal and waits for its step of the body. */
double outflow_pending_hole_ug(const patient_t *p, int drug);

#endif
