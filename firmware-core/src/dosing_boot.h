/* SPDX-License-Identifier: Apache-2.0 */
/* The start of a core: into the state of a new pump comes what the store kept. */
#ifndef DOSING_BOOT_H
#define DOSING_BOOT_H

#include "dosing_clock.h"

/* Takes up what the store holds: the newest checkpoint that is whole and that later records do not contradict, the order in
 * it, then every valid record after it. The lease counts as spent, and the core's time goes on from the latest that the store
 * knows. Without a store, or with an erased one: a new pump. With nothing usable in it: LOST. Pre: dosing_fresh_make.
 * ERROR_STORE: a geometry that cannot be used. */
dosing_status_t dosing_boot_restore(dosing_state_t *state, const dosing_reading_t *first);

#endif
