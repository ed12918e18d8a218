/* SPDX-License-Identifier: Apache-2.0 */
/* Observations: what is read from a patient each day and at the end, and the rows that hold it.
 *
 * Without a body every concentration and score is NaN: no value.
 */
#ifndef SIM_COHORT_OBSERVE_H
#define SIM_COHORT_OBSERVE_H

#include "cohort/patient.h"

/* Tone before therapy, at enrolment. */
void observe_before(patient_t *p);

/* The day's row, now; the body's step must have ended here. `day`: days since enrolment, rounded down. */
void observe_day(patient_t *p, int32_t day);

/* The rows of `patients` and `outcomes`, at the end, now. `stop` is FIELDS_STOP_*; `believed_ml` the core's own reservoir volume
 * (NaN where there is none). */
void observe_end(patient_t *p, int stop, double believed_ml);

#endif
