/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a new pump, which a reset begins with too. */
#ifndef DOSING_FRESH_H
#define DOSING_FRESH_H

#include "dosing_clock.h"

/* Makes the state anew at the first reading of its clocks; factory block, reset cause, medium and log stay. Pre: the factory
 * block was read. */
void dosing_fresh_make(dosing_state_t *state, const dosing_reading_t *first);

/* Seals every block. */
void dosing_fresh_seal(dosing_state_t *state);

#endif
