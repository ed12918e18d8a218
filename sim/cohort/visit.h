/* SPDX-License-Identifier: Apache-2.0 */
/* Visits: an order is carried out on a patient, and what was found and done is written down. */
#ifndef SIM_COHORT_VISIT_H
#define SIM_COHORT_VISIT_H

#include "cohort/patient.h"

/* A patient with an established pump, at enrolment: tells the pump what is in its reservoir and starts the study's
 * therapy. ERROR_CORE_REFUSED: a study whose therapy the core will not run is an error of the study. */
int visit_enrol(patient_t *p, error_t *e) __attribute__((warn_unused_result));

/* Each carries out one order, now, and writes it down with `reason`, one of FIELDS_REASON_*. A refusal by the core
 * is an event of the patient's, not an error. */
int visit_screen(patient_t *p, const order_screening_t *order, error_t *e)
    __attribute__((warn_unused_result));
int visit_implant(patient_t *p, const order_implant_t *order, error_t *e)
    __attribute__((warn_unused_result));
int visit_replace(patient_t *p, const order_implant_t *order, int reason, error_t *e)
    __attribute__((warn_unused_result));
int visit_therapy(patient_t *p, const order_therapy_t *order, int reason, error_t *e)
    __attribute__((warn_unused_result));
int visit_bolus(patient_t *p, const order_bolus_t *order, int reason, error_t *e)
    __attribute__((warn_unused_result));

/* The patient asks the pump for a bolus, now; given or refused, it is written down. Telemetry that brings no answer is a refusal by
 * the link. */
int visit_request(patient_t *p, int reason, error_t *e) __attribute__((warn_unused_result));

/* The two halves of a refill: the needle empties the reservoir but for what it leaves, somebody reads the syringe, and *r is filled
 * in, with a needle that may slip at the next half, by the draws of the visit at hand, p->visit; then it is filled and *r completed, and the row of `refills` is written. */
void visit_empty(patient_t *p, procedure_refill_t *r);

int visit_fill(patient_t *p, const order_refill_t *order, procedure_refill_t *r, int reason,
               error_t *e) __attribute__((warn_unused_result));

/* Carries out one scripted order, now. A refusal by the core is an event of the patient's, not an error; the
 * errors are those of the simulator itself. */
int visit_scripted(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

/* An order's `code` to its end: a refusal is what the core is for, and telemetry may fail. Either is an event of the patient's, with
 * the order, enum order_kind; only the simulator's own errors end a trajectory, and are returned. */
int visit_note_refusal(patient_t *p, int code, int order) __attribute__((warn_unused_result));

/* What the core believes at the end: *believed_ml in the reservoir, believed_ug[drugs] given. NaN
 * without a core, or where it does not answer; nothing given without a pump. */
int visit_interrogate(patient_t *p, double *believed_ml, double believed_ug[], error_t *e)
    __attribute__((warn_unused_result));

#endif
