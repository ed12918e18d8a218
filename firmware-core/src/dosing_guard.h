/* SPDX-License-Identifier: Apache-2.0 */
/* The guard: integrates the committed programme itself, in femtolitre, and alone arms the motor.
 *
 * It shares no number with the scheduler but the pulse volume: the scheduler counts pulses over a common
 * denominator, the guard volume over the concentration.
 */
#ifndef DOSING_GUARD_H
#define DOSING_GUARD_H

#include "dosing_state.h"

/* Rounding that mid-bolus may put between the two integrations, femtolitre; a pulse is at least 1e7. */
#define DOSING_GUARD_SLACK_FL 4

/* Brings the credit to `now_ms`; what was not used beyond one pulse is forfeit. Pre: where run.guard_change_ms has come,
 * therapy and calendar hold. */
void dosing_guard_advance(dosing_state_t *state, uint64_t now_ms);

/* Returns the volume of pulses that were permitted but did not begin, up to one pulse of credit. */
void dosing_guard_refund(dosing_state_t *state, uint32_t pulses);

/* Checks a train that would start at `now_ms`, charges it and arms the motor for it. REFUSED_LIMIT: more than one
 * pulse ahead, too fast, too close to the last pulse, above a 24 h limit, or an alarm that stops; ERROR_HAL: the motor did not
 * arm, nothing is charged. */
dosing_status_t dosing_guard_permit(dosing_state_t *state, uint64_t now_ms, uint32_t count,
                                    uint32_t period_ms);

/* Reads the basal rate at run.guard_ms from the programme and local time: after a commit, at a change, after local time was
 * set. Pre: therapy and calendar hold. */
void dosing_guard_basal(dosing_state_t *state);

/* The guard's own view of a bolus of `dose_ng` that begins at run.guard_ms, at the concentration in the path. */
void dosing_guard_bolus(dosing_state_t *state, uint64_t dose_ng, uint32_t duration_ms);

/* Volume of the running bolus that is still to come, femtolitre; and another bolus of so much, from now on. */
int64_t dosing_guard_bolus_left(const dosing_state_t *state);
void dosing_guard_bolus_resume(dosing_state_t *state, uint64_t fl, uint32_t duration_ms);

/* Pulses that a prime of `volume_nl` may take, rounded up. */
void dosing_guard_prime(dosing_state_t *state, uint32_t volume_nl);

#endif
