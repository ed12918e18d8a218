/* SPDX-License-Identifier: Apache-2.0 */
/* Rolling 24 h limits: a ring of hourly buckets whose oldest counts in full.
 *
 * Any 24 h that end now lie within the 25 buckets, so that the sum over the ring bounds every window position from
 * above; it covers at most 25 h. A programme or a bolus is admitted only where that sum can never exceed a
 * limit, whatever was given before; hence a limit never cuts what was accepted.
 */
#ifndef DOSING_LIMIT_H
#define DOSING_LIMIT_H

#include "dosing_state.h"

/* Empties the ring; the first bucket ends an hour after now_ms. */
void dosing_limit_init(dosing_state_t *state, uint64_t now_ms);

/* Moves the ring on to `now_ms`. False where an expiring bucket fails its check. */
bool dosing_limit_roll(dosing_state_t *state, uint64_t now_ms);

/* Books the `done` pulses of the latest train, each in the hour in which it began, and rolls to now_ms. */
bool dosing_limit_book(dosing_state_t *state, uint32_t done, uint64_t now_ms);

/* Books `pulses` that a reset counts as given, at the latest time that they can have. A bucket that is full for a day ahead
 * takes no more. */
void dosing_limit_spend(dosing_state_t *state, uint32_t pulses);

/* Pulses that a rolling 24 h can be booked with at most, 10 000 002 or fewer: those of the volume that the factory block allows, one
 * more that shows that they are full, and as many again that a start counts as given because they may have been. */
uint64_t dosing_limit_window_max(const dosing_state_t *state);

/* True where a programme at `concentration` of each of its drugs, plus `extra` pulses at any time from now, keeps every limit
 * of the programme for ever. */
typedef struct dosing_load_t {
    const dosing_programme_t *p;
    const uint32_t *concentration; /* DOSING_DRUGS_MAX of them, ng/mL */
    uint64_t extra;
} dosing_load_t;
bool dosing_limit_admits(const dosing_state_t *state, const dosing_load_t *load);

/* True where a train that starts at now_ms keeps every limit: its pulses up to the end of the bucket being filled with
 * all that the ring holds, and all of them once the oldest bucket has left. Pre: at most one bucket long. */
bool dosing_limit_allows(const dosing_state_t *state, uint64_t now_ms, uint32_t count,
                         uint32_t period_ms);

/* At a commit, before the programme is replaced: turns the running programme's pulses into mass. */
void dosing_limit_close(dosing_state_t *state);

/* After the programme is replaced: the caps that the guard compares with. */
void dosing_limit_caps(dosing_state_t *state);

#endif
