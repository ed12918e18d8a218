/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of the catheter, and of the dura around it, that a study's script imposes: catheter_fault.h says what each of the
 * catheter's does. */
#ifndef SIM_COHORT_SCENARIO_CATHETER_H
#define SIM_COHORT_SCENARIO_CATHETER_H

#include "cohort/patient.h"

/* Imposes it now. Errors: those of catheter_fault.h, for what the study's check does not let pass. */
int scenario_catheter_impose(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

/* CSF runs out beside the catheter, or no more: the body's, not the catheter's. Errors: the body's. */
int scenario_catheter_csf_leak(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

#endif
