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

/* Brings the credit to `now_ms`; what was not used beyond one pulse is forfeit. */
void dosing_guard_advance(dosing_state_t *state, uint64_t now_ms);

/* Returns the volume of pulses that were permitted but did not begin, up to one pulse of credit. */
void dosing_guard_refund(dosing_state_t *state, uint32_t pulses);

/* Checks a train that would start at `now_ms`, charges it and arms the motor for it. REFUSED_LIMIT: more than one
 * pulse ahead, too fast, too close to the last pulse, above a 24 h limit, or an alarm that stops; ERROR_HAL: the motor did not
 * arm, nothing is charged. */
dosing_status_t dosing_guard_permit(dosing_state_t *state, uint64_t now_ms, uint32_t count,
                                    uint32_t period_ms);

/* The guard's own view of a bolus of `dose_ng` at the running programme's concentration. */
void dosing_guard_bolus(dosing_state_t *state, uint64_t now_ms, uint64_t dose_ng,
                        uint32_t duration_ms);

#endif
