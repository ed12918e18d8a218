/* SPDX-License-Identifier: Apache-2.0 */
/* Faults between a pump's core and its hardware that a study's script imposes, as fault.def lists them: host/implant_trouble.h says what
 * each does. Which bits flip is drawn by the event, p->visit. Errors: those of implant_trouble.h, for what the study's check does not
 * let pass. */
#ifndef SIM_COHORT_SCENARIO_CORE_H
#define SIM_COHORT_SCENARIO_CORE_H

#include "cohort/patient.h"

#include <stdbool.h>

/* Whether the study imposes any: its pumps are built for it (implant_param_t.troubled). */
bool scenario_core_comes(const study_t *s);

int scenario_core_call_fails(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_core_call_lies(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_core_store_torn(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_core_store_rot(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_core_store_worn(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_core_store_flip(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_core_memory_flip(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

#endif
