/* SPDX-License-Identifier: Apache-2.0 */
/* Starts counted, and the storm of them. */
#ifndef DOSING_START_H
#define DOSING_START_H

#include "dosing_state.h"

/* More starts than these in a row, none of which ran for the time below, are a storm. Informed by R51 of the survey (open PCA
 * pump, 6.5(18)): the same fault, stop and start three times in ten minutes is to end in a latched stop. A bedside pump has a
 * nurse; here the stop itself harms, so that it takes more starts, over a longer time. */
#define DOSING_START_ROW_MAX 8u
#define DOSING_START_STEADY_MS UINT64_C(3600000)

/* Counts this start; raises BROWN_OUT where the cell gave way, and STORM where it is one too many, or was one before and nobody has acknowledged it. */
void dosing_start_count(dosing_state_t *state, uint32_t cause);

/* This start has run for its time: the row is over. A storm that stands is not. */
void dosing_start_steady(dosing_state_t *state);

/* A clinician has seen the storm: it is over, and as many starts are allowed again. */
void dosing_start_acknowledge(dosing_state_t *state);

#endif
