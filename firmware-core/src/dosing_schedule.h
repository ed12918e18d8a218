/* SPDX-License-Identifier: Apache-2.0 */
/* The scheduler: from an exact rate to trains, the remainder carried for ever.
 *
 * `owed` is the programme's integral less the pulses commanded, in 1/den pulse. A train's period is rounded up,
 * so that its last pulse ends at or just after the moment it is owed, and what that leaves is owed to the next
 * train: the error never grows. Counting each pulse's volume evenly over the period that it owns, the volume given lies
 * within 1/32 pulse below the integral at every moment; counting a pulse whole when it begins, within one pulse.
 */
#ifndef DOSING_SCHEDULE_H
#define DOSING_SCHEDULE_H

#include "dosing_state.h"

/* A train's whole-ms period strays from the exact one by under 1 ms a pulse; a train is kept so short that all of it is
 * under 1/64 pulse. */
#define DOSING_SCHEDULE_DRIFT 64u

typedef struct dosing_plan_t {
    uint32_t count;     /* pulses of a train to start now; 0: wait */
    uint32_t period_ms; /* of that train */
    uint64_t
        wait_ms; /* where count is 0: ask again after this; DOSING_NEVER_MS: nothing is owed ever */
} dosing_plan_t;

/* Brings `owed` to `now_ms`. Lateness beyond run.due_ms is made up for as long as one pulse time; the rest is lost
 * and counted. */
void dosing_schedule_advance(dosing_state_t *state, uint64_t now_ms);

/* Takes `pulses` off what is owed; more than one pulse owed after that is forfeit. */
void dosing_schedule_take(dosing_state_t *state, uint32_t pulses);

/* What to do at run.last_ms. Pre: the state was advanced to now, no train runs, no alarm that stops dosing holds. */
dosing_plan_t dosing_schedule_plan(const dosing_state_t *state);

/* One pulse time at the present rate, rounded up, at most an hour. */
uint32_t dosing_schedule_pulse_ms(const dosing_state_t *state);

/* Puts another denominator in force; the fraction of a pulse owed is carried over to 1/32 768 pulse, never in favour of
 * more. The basal rate is then the calendar's to set. */
void dosing_schedule_set(dosing_state_t *state, const dosing_rate_t *rate);

/* Starts a bolus of `units` (1/den pulse, at most DOSING_BOLUS_UNITS_MAX) at run.last_ms. */
void dosing_schedule_bolus(dosing_state_t *state, uint64_t units, uint32_t duration_ms);

/* Units of it that are not owed yet. */
uint64_t dosing_schedule_bolus_left(const dosing_state_t *state);

/* True where the running bolus has ended by `now_ms`. */
bool dosing_schedule_bolus_over(const dosing_state_t *state, uint64_t now_ms);

#endif
