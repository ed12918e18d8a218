/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of the pump, its pocket and its programmer that a study's script imposes, as fault.def lists them: each sets what the
 * model, the patient or the implant has for it, now.
 * Errors: those of the implant, for what the study's check does not let pass. */
#ifndef SIM_COHORT_SCENARIO_PUMP_H
#define SIM_COHORT_SCENARIO_PUMP_H

#include "cohort/patient.h"

int scenario_pump_motor(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_tube(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_battery_film(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_battery_leak(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_clock_stop(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_second_clock_stop(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_clock_jump(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_second_clock_jump(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_reset(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_telemetry(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_sounder(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_inversion(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_infection(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));
int scenario_pump_replace_by(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

#endif
