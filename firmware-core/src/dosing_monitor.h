/* SPDX-License-Identifier: Apache-2.0 */
/* The monitors: what the coil's response tells of the rotor, and whether therapy stands still.
 *
 * The core has no flow sensor. It sees that steps were taken, not that fluid moved: a tube that gives too much, or drug
 * beside the reservoir, stays invisible to it. No monitor stops dosing or makes up for what was missed.
 */
#ifndef DOSING_MONITOR_H
#define DOSING_MONITOR_H

#include "dosing_state.h"

/* Steps missed in a row that are a stall, and steps confirmed in a row that end it. Assumption: a step lost now and then is
 * none, and the delays in use are unpublished; the delay to detection is these steps and the rest of their train. */
#define DOSING_MONITOR_STALL_STEPS 8u

/* A day with fewer confirmed than 90 % of its pulses is a deviation (informed by R32 of the generic infusion pump); a day
 * of fewer pulses than these is not judged. */
#define DOSING_MONITOR_DAY_STEPS 32u

/* Therapy that stands for longer is told: the tube takes a set, and withdrawal has begun. */
#define DOSING_MONITOR_STOPPED_MS UINT64_C(172800000)

/* A train was settled: of `done` pulses, spaced by run.period_ms from run.start_ms, `confirmed` were (at most done). Where
 * they lie in the train is not known: a part that was missed is taken to be its end. */
void dosing_monitor_train(dosing_state_t *state, uint32_t done, uint32_t confirmed);

/* Looks for a long stop; to be called at every wake. */
void dosing_monitor_look(dosing_state_t *state, uint64_t now_ms);

/* When dosing_monitor_look has something to find; DOSING_NEVER_MS: not without a pulse before. */
uint64_t dosing_monitor_due(const dosing_state_t *state);

/* Judges the day that ends, and begins another. */
void dosing_monitor_day(dosing_state_t *state);

#endif
