/* SPDX-License-Identifier: Apache-2.0 */
/* Deliveries on top of the basal rate, or in its place: boluses of every kind, one at a time, and one that may wait for it;
 * and primes. What each may do to the others: dosing_mode.h. Each function seals what it changes, but for path and run. */
#ifndef DOSING_DELIVERY_H
#define DOSING_DELIVERY_H

#include "dosing_calendar.h"
#include "dosing_mode.h"
#include "dosing_state.h"

/* DOSING_DELIVERY_* under way. */
uint32_t dosing_delivery_now(const dosing_state_t *state);

/* The same without boluses and primes. */
uint32_t dosing_delivery_basal(const dosing_state_t *state);

/* Mass that boluses under way and held have yet to give, ng of the primary at run.last_ms, rounded up. */
uint64_t dosing_delivery_left_ng(const dosing_state_t *state);

/* Begins a bolus of `kind` at run.last_ms; one that runs is held and resumed after it. Pre: the motor is halted, and the mode
 * table lets it begin. REFUSED_BOUNDS: it does not fit, and nothing has changed. */
dosing_status_t dosing_delivery_begin(dosing_state_t *state, uint32_t kind, uint64_t dose_ng,
                                      uint32_t duration_ms);

/* Begins a prime of `volume_nl`; from now on `revision` is primed, whatever becomes of it. Pre: as above. */
void dosing_delivery_prime(dosing_state_t *state, uint32_t volume_nl, uint32_t revision);

/* A train of the prime gave `pulses`. */
void dosing_delivery_primed(dosing_state_t *state, uint32_t pulses);

/* Where the running bolus is over at `now_ms`, ends it and resumes the one held. */
void dosing_delivery_look(dosing_state_t *state, uint64_t now_ms);

/* What is left of all boluses is never given. */
void dosing_delivery_forfeit(dosing_state_t *state);

/* Other concentrations are in the path: what is left of a bolus goes on as the same mass, to less than 1 ng. `before` is the
 * rate until now, `concentration` of the primary until now. */
void dosing_delivery_convert(dosing_state_t *state, const dosing_rate_t *before,
                             uint32_t concentration);

/* The timed bolus that is due begins, waits on, or is skipped, as the mode table says. False: a block fails its check. */
bool dosing_delivery_serve(dosing_state_t *state, uint64_t now_ms);

#endif
