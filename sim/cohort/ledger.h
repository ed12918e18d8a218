/* SPDX-License-Identifier: Apache-2.0 */
/* The patient's mass ledger: every microgram from the vials is somewhere, at every check.
 *
 *     from vials = reservoir + tubing and catheter + CSF + tissue + plasma + depots + eliminated + degraded
 *                + adsorbed + withdrawn + in explanted pumps + spilled
 *
 * Eliminated is the body's time integral of its loss fluxes, so the equation can fail: it is not used to
 * compute any of its terms.
 */
#ifndef SIM_COHORT_LEDGER_H
#define SIM_COHORT_LEDGER_H

#include "cohort/patient.h"

/* Largest closure error accepted, relative to the drug from vials. */
#define LEDGER_TOLERANCE 1e-9

/* Checks every drug at now; remembers the worst error. ERROR_LEDGER. */
int ledger_check(patient_t *p, error_t *e) __attribute__((warn_unused_result));

/* Writes the rows of the table `ledger`. `believed_ug[drugs]`: what the core believes to have given. */
void ledger_record(patient_t *p, const double believed_ug[]);

#endif
