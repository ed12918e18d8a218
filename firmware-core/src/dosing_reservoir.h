/* SPDX-License-Identifier: Apache-2.0 */
/* The reservoir ledger: what a refill said, less every pulse commanded; low and empty alarms. */
#ifndef DOSING_RESERVOIR_H
#define DOSING_RESERVOIR_H

#include "dosing_state.h"

/* How far above its threshold the ledger must rise before an alarm can be raised again: 0.1 mL. */
#define DOSING_RESERVOIR_HYSTERESIS_PL UINT64_C(100000000)

/* The volume is now `volume_nl`; alarms whose threshold lies below it by the hysteresis end. */
void dosing_reservoir_set(dosing_state_t *state, uint32_t volume_nl);

/* Takes `pulses` off the ledger (it stops at 0) and raises what was crossed. */
void dosing_reservoir_take(dosing_state_t *state, uint32_t pulses);

/* Raises and ends alarms by the thresholds in force. */
void dosing_reservoir_judge(dosing_state_t *state);

/* Pulses until the next threshold is reached, at most `most`, at least 1 while above empty: a train ends there, so
 * that an alarm is one pulse late at most and the stroke that reaches empty is the last. Likewise at the end of a bridge. */
uint32_t dosing_reservoir_pulses(const dosing_state_t *state, uint32_t most);

#endif
