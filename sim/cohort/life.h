/* SPDX-License-Identifier: Apache-2.0 */
/* The life cycle of a patient's pumps: one is taken out, another put on the same catheter, and each leaves a row of `pumps`.
 *
 * One ledger and one time line span all of them: what a pump has commanded, delivered and drawn is added up here when it goes.
 */
#ifndef SIM_COHORT_LIFE_H
#define SIM_COHORT_LIFE_H

#include "cohort/patient.h"

/* The pump in place is taken out now, for `why` (FIELDS_REASON_*): it is asked for its account a last time, its core stops,
 * and what its reservoir and tubing hold goes with it. The catheter stays, closed by fluid without drug. */
void life_explant(patient_t *p, int why);

/* Another pump, filled as ordered, takes its place on the old catheter: its own unit, serial and keys; its tubing is filled
 * with the drug before it is connected, so that nothing is pushed, or, where clinic.primes is none, holds fluid without drug. Its core has started and awaits its first wake; it knows no
 * programme yet. Errors as of patient_init. */
int life_replace(patient_t *p, const order_implant_t *order, int why, error_t *e)
    __attribute__((warn_unused_result));

/* A rotor that has missed every pulse of so long, and of all the time since, stands still for good. Assumption: two days; a short
 * that still lets go now and then turns it within hours. */
#define LIFE_STALL_H 48.0

/* The row of `pumps` of the pump in place, at the end of the trajectory; none without one. Where no clinic looks after it, nobody
 * takes out a pump that has stopped for good: it stays, and its row says when it stopped and why. That is a truth of the
 * device: its rotor stands still (LIFE_STALL_H), or its core has come to the end of service, or its cell carries the core no
 * more. An empty reservoir is no end: a refill mends it. May ask the core, which takes
 * charge: whoever adds up charge does it afterwards. */
void life_close(patient_t *p);

/* Of all pumps so far. */
double life_commanded_ml(const patient_t *p);
double life_delivered_ml(const patient_t *p);
int64_t life_pulses_commanded(const patient_t *p);
int64_t life_pulses_confirmed(const patient_t *p);
int64_t life_wakes(const patient_t *p);
double life_charge_mah(const patient_t *p);

#endif
