/* SPDX-License-Identifier: Apache-2.0 */
/* Patient-activated boluses: whether the lockout and the counts allow one now. */
#ifndef DOSING_PATIENT_H
#define DOSING_PATIENT_H

#include "dosing_state.h"

/* OK, REFUSED_LOCKOUT or REFUSED_COUNT. Nothing changes: a refusal does not extend a lockout. Pre: the programme has patient
 * boluses. */
dosing_status_t dosing_patient_ask(const dosing_state_t *state, uint64_t now_ms);

/* One begins at now_ms. Seals the block. */
void dosing_patient_begin(dosing_state_t *state, uint64_t now_ms);

/* Ms until the lockout is over, saturated at UINT32_MAX; 0: it is, or there is none. */
uint32_t dosing_patient_lockout(const dosing_state_t *state, uint64_t now_ms);

/* Those that began in the latest `span_ms`. */
uint32_t dosing_patient_count(const dosing_state_t *state, uint64_t now_ms, uint32_t span_ms);

#endif
