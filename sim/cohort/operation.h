/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on a patient's catheter: what is seen of it, and what is mended. */
#ifndef SIM_COHORT_OPERATION_H
#define SIM_COHORT_OPERATION_H

#include "cohort/patient.h"

/* What a needle in the access port, contrast and imaging show: one of enum finding_catheter, the gravest. Assumption: they show
 * what is there; what is drawn for it is put back. */
int operation_look(const catheter_t *c);

/* Mends now, as enum order_part says, for `why` (FIELDS_REASON_*): new parts hold fluid without drug, what was in the old ones
 * goes with them, and a new catheter has a course of its own. Errors: the body's. */
int operation_revise(patient_t *p, int part, int why, error_t *e)
    __attribute__((warn_unused_result));

#endif
