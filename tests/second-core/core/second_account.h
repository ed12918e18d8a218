/* SPDX-License-Identifier: Apache-2.0 */
/* The account of what was given: reservoir, mass, the rolling day. */
#ifndef SECOND_ACCOUNT_H
#define SECOND_ACCOUNT_H

#include "second_state.h"

/* Pulses that began within one hour of the core's time, `at_ms` in it, into what is kept. */
void second_account_book(second_kept_t *k, const dosing_factory_t *f, uint64_t at_ms,
                         uint32_t pulses);

/* Makes the hour of `at_ms` the newest. */
void second_account_enter(second_kept_t *k, uint64_t at_ms);

/* Pulses that the limits of any 24 h still have room for. The hour of now is entered. */
uint64_t second_account_room(const dosing_state_t *s);

/* Boluses ordered on top within the rolling day. */
uint64_t second_account_ordered_pl(const second_kept_t *k);

/* Pulses until a volume has left the reservoir's `pl`, that over the threshold; at least 1. */
uint32_t second_account_pulses_above(uint64_t pl, uint64_t threshold_pl, uint32_t pulse_pl);

#endif
