/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a patient's catheter: it fails of itself where the study wants so, and what is wrong with it grows.
 *
 * What a catheter is like is drawn when it is put in (catheter_fate.h), under its number; so it is known then when it
 * will fail, and a trajectory stops there whatever else it stops for. What grows takes its value at each whole day since
 * enrolment and when it is imposed, never in between: no other event of a day moves it.
 */
#ifndef SIM_COHORT_COURSE_H
#define SIM_COHORT_COURSE_H

#include "cohort/patient.h"

#include <stdint.h>

/* A catheter has been put in now. */
void course_begin(patient_t *p);

/* When it goes on next, after now; INT64_MAX: never. */
int64_t course_due_ms(const patient_t *p);

/* Goes on at now, where that is due; writes an event where the catheter fails. Errors: as of catheter_fate_strike. */
int course_run(patient_t *p, error_t *e) __attribute__((warn_unused_result));

#endif
