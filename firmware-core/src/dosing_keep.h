/* SPDX-License-Identifier: Apache-2.0 */
/* What must survive a reset is kept before it counts: orders before they are carried out, pulses before they are given.
 *
 * Orders: a checkpoint holds the state before the order and the order itself, in two sectors; at boot the order is carried
 * out again. Pulses: a lease is a bound on the pulses commanded, written before a train starts; after a reset it counts as
 * spent. So no limit is passed and the reservoir is never overestimated, and each is wrong by at most one lease a reset. The
 * counter of each role is leased likewise.
 *
 * Without a store (a geometry of no sectors) all of this does nothing, and nothing survives.
 */
#ifndef DOSING_KEEP_H
#define DOSING_KEEP_H

#include "dosing_image.h"

/* A lease serves this long, and is as many pulses as this long gives at the present rate: a record for every second train of
 * an hour. Longer ones would save little more, and each reset costs up to a lease of the account, of the limits' room and of
 * the core's time; so does each of several in a row, which therefore lease less. */
#define DOSING_KEEP_LEASE_MS UINT64_C(7200000)
#define DOSING_KEEP_LEASE_FIRST_MS UINT64_C(3600000) /* before a start has run for its hour */
/* What could not be kept is tried again after this. */
#define DOSING_KEEP_RETRY_MS UINT64_C(60000)
/* Counters of frames are leased in steps of this. */
#define DOSING_KEEP_COUNTERS 256u

/* True where a train of `count` pulses may start at `now_ms`: the lease covers it, a new one was written, or there is no
 * store. Else STORE is raised; or the state is latched, where the medium's block fails its check. Pre: no train runs. */
bool dosing_keep_lease(dosing_state_t *state, uint64_t now_ms, uint32_t count);

/* To be called before an order is carried out, the motor halted; a commit's image lies in session.image. Two checkpoints
 * are written; one suffices, with COPY raised. ERROR_STORE: none could be written, and after a reset the order has not been. */
dosing_status_t dosing_keep_order(dosing_state_t *state, const dosing_pending_t *order);

/* A stop took effect without being kept: it is tried again until it is. */
void dosing_keep_later(dosing_state_t *state);

/* A patient's bolus is about to begin: after a reset it counts. ERROR_STORE: it could not be kept, and must not begin. */
dosing_status_t dosing_keep_patient(dosing_state_t *state);

/* Writes the alarms that hold and that are unseen, where the store knows others. ERROR_STORE. */
dosing_status_t dosing_keep_alarms(dosing_state_t *state);

/* Writes what of the life block must not wait for the next checkpoint; a pump whose store holds none waits for it. A failure
 * raises STORE, and is tried again with the next record. Pre: the block holds. */
void dosing_keep_life(dosing_state_t *state);

/* A frame of `role` with this counter was accepted: raises the bound where it is passed. */
void dosing_keep_counter(dosing_state_t *state, uint32_t role);

/* To be called at the end of each wake: alarms, and what was not kept before. */
void dosing_keep_attend(dosing_state_t *state, uint64_t now_ms);

/* When dosing_keep_attend has something to try again; DOSING_NEVER_MS: nothing. */
uint64_t dosing_keep_due(const dosing_state_t *state);

/* Once a day: notes the time where no lease did. */
void dosing_keep_day(dosing_state_t *state);

/* True where there is a store and its block holds; where the block does not, the state is latched. */
bool dosing_keep_ready(dosing_state_t *state);

#endif
