/* SPDX-License-Identifier: Apache-2.0 */
/* The start of a core: a new state, and into it what the store kept. */
#ifndef DOSING_BOOT_H
#define DOSING_BOOT_H

#include "dosing_clock.h"

/* Makes the state that of a new pump at the first reading of its clocks. Pre: the factory block was read. */
void dosing_boot_blank(dosing_state_t *state, const dosing_reading_t *first);

/* Takes up what the store holds: the newest checkpoint that is whole and that later records do not contradict, the order in
 * it, then every valid record after it. The lease counts as spent, and the core's time goes on from the latest that the store
 * knows. Without a store, or with an erased one: a new pump. With nothing usable in it: LOST. Pre: dosing_boot_blank.
 * ERROR_STORE: a geometry that cannot be used. */
dosing_status_t dosing_boot_restore(dosing_state_t *state, const dosing_reading_t *first);

#endif
