/* SPDX-License-Identifier: Apache-2.0 */
/* Primes: drug is brought through new tubing or a new catheter to its tip, by the pump itself at its fastest rate.
 *
 * Without one, fluid without drug comes first: for half a day and more at usual rates. How much is pumped the programmer
 * reckons, by the constants of its release and the catheter as the operation's record has it (host/prime.h).
 */
#ifndef SIM_COHORT_PRIMING_H
#define SIM_COHORT_PRIMING_H

#include "cohort/patient.h"

/* Carries out a scripted prime, now. A refusal by the core is an event of the patient's. ERROR_ARGUMENT: as of
 * prime_plan_over. */
int priming_scripted(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

/* The clinic primes what its operation put in (enum order_part: spinal, all or system) by clinic.primes: nothing by `none`, nor of
 * a system that was filled before it was put in (catheter.primed). Errors as above. */
int priming_after(patient_t *p, int part, error_t *e) __attribute__((warn_unused_result));

#endif
