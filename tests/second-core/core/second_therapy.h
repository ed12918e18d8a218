/* SPDX-License-Identifier: Apache-2.0 */
/* Therapy: what was ordered becomes rates and times. */
#ifndef SECOND_THERAPY_H
#define SECOND_THERAPY_H

#include "second_state.h"

/* Rates as they are at now; their next change goes into the queue. */
void second_therapy_refresh(dosing_state_t *s, uint64_t now_ms);

/* A bolus is over: BOLUS or PATIENT of the queue. */
void second_therapy_over(dosing_state_t *s, second_event_t event, uint64_t at_ms);

/* Basal dose of the primary in force now, ng/day. */
uint64_t second_therapy_dose(const dosing_state_t *s, uint64_t now_ms);

/* DOSING_DELIVERY_* now. */
uint32_t second_therapy_delivery(const dosing_state_t *s);

/* Local time, ms since Monday 00:00. */
uint32_t second_therapy_week_ms(const dosing_state_t *s, uint64_t now_ms);

/* Patient boluses begun within the latest `ms`; time until the next is allowed. */
uint32_t second_therapy_requests(const second_kept_t *k, uint64_t now_ms, uint64_t ms);
uint64_t second_therapy_lockout_ms(const second_kept_t *k, uint64_t now_ms);

/* Ends every bolus; nothing is left of it. */
void second_therapy_forfeit(dosing_state_t *s);

/* Sets the hands. OK, REFUSED_TIME. */
dosing_status_t second_therapy_set_time(dosing_state_t *s, uint32_t week_ms, uint64_t now_ms);

#endif
