/* SPDX-License-Identifier: Apache-2.0 */
/* Scripted telemetry that is no therapy: alarms acknowledged, the pump stopped, its logs read; programmers gone wrong, and intruders. */
#ifndef SIM_COHORT_WIRE_H
#define SIM_COHORT_WIRE_H

#include "cohort/patient.h"

/* Carries out an order of these kinds, now, and writes it down. What the pump refuses is an event of the patient's, not an error; what
 * it answers to a frame is that event's value2. Errors: those of the simulator itself. */
int wire_carry_out(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

#endif
