/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts: clinic and patient meet. Findings are gathered as a clinic would meet them, the clinic decides, its orders
 * are carried out, and every decision is written down with its reason.
 *
 * This is where hidden state becomes a finding: rated, read off, interrogated. Nothing else of the patient
 * reaches the clinic.
 */
#ifndef SIM_COHORT_CONTACT_H
#define SIM_COHORT_CONTACT_H

#include "cohort/patient.h"

/* When the next contact really takes place, a whole minute, ms since enrolment; INT64_MAX: none is planned. */
int64_t contact_time_ms(const patient_t *p);

/* Holds the contact planned, now. The body's step must have ended here. A refusal by the core is an event of the
 * patient's; errors are those of the simulator itself. */
int contact_hold(patient_t *p, error_t *e) __attribute__((warn_unused_result));

/* A tone of the pump sounds, now. Where it is heard, a call is due, once an episode. */
void contact_hear(patient_t *p, uint32_t tone);

/* Whether a call is due, now. */
bool contact_call_due(const patient_t *p);

/* The patient phones the clinic, about the tone heard or the pump's pocket; what is planned may change. */
int contact_call(patient_t *p, error_t *e) __attribute__((warn_unused_result));

#endif
