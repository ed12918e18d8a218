/* SPDX-License-Identifier: Apache-2.0 */
/* Visits: an order is carried out on a patient, and what was found and done is written down. */
#ifndef SIM_COHORT_VISIT_H
#define SIM_COHORT_VISIT_H

#include "cohort/patient.h"

/* The first session: tells the pump what is in its reservoir and starts the study's therapy.
 * ERROR_CORE_REFUSED: a study whose therapy the core will not run is an error of the study. */
int visit_enrol(patient_t *p, error_t *e) __attribute__((warn_unused_result));

/* Carries out one scripted order, now. A refusal by the core is an event of the patient's, not an error; the
 * errors are those of the simulator itself. */
int visit_scripted(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

/* What the core believes at the end: *believed_ml in the reservoir, believed_ug[drugs] given. NaN
 * without a core, or where it does not answer. */
int visit_interrogate(patient_t *p, double *believed_ml, double believed_ug[], error_t *e)
    __attribute__((warn_unused_result));

#endif
