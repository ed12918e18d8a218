/* SPDX-License-Identifier: Apache-2.0 */
/* The therapy in force: a programme put in force at the concentrations in the path, and the account of drug given. */
#ifndef DOSING_THERAPY_H
#define DOSING_THERAPY_H

#include "dosing_state.h"

/* Whether `p` may be put in force: the concentrations that would be in the path, and at these and, after a bridge, at its own,
 * its rate is exact and keeps every limit whatever was given before. `extra_ng` of `extra` more boluses fall due at any
 * time from now. REFUSED_CHANGE, _RATE, _BOUNDS, _LIMIT. Changes nothing. */
typedef struct dosing_plea_t {
    const dosing_programme_t *p;
    uint64_t extra_ng;
    uint32_t extra;
} dosing_plea_t;
dosing_status_t dosing_therapy_admits(const dosing_state_t *state, const dosing_plea_t *plea);

/* The same without the limits: of a programme that was admitted before a reset. REFUSED_CHANGE, _RATE, _BOUNDS. */
dosing_status_t dosing_therapy_fits(const dosing_state_t *state, const dosing_programme_t *p);

/* Puts an admitted programme in force. Pre: the motor is halted. */
void dosing_therapy_commit(dosing_state_t *state, const dosing_programme_t *p);

/* Puts in force what a reset found in the store: therapy.programme at the concentrations in the path. Pre: it fits them. */
void dosing_therapy_resume(dosing_state_t *state);

/* No basal rate and no bolus until the next commit. Pre: the motor is halted. */
void dosing_therapy_stop(dosing_state_t *state);

/* Takes `pulses` of the train that ended off the fluid before a bridge's end, and puts the programme's own concentrations in
 * force where that is the last of it; a prime's pulses are taken off the account of what was given. False: a block fails its
 * check. */
bool dosing_therapy_book(dosing_state_t *state, uint32_t pulses);

/* Mass of a drug slot given after `commanded` pulses in all: whole ng, and the rest in 1e-9 ng. */
uint64_t dosing_therapy_given(const dosing_state_t *state, uint32_t drug, uint64_t commanded,
                              uint32_t *part);

#endif
