/* SPDX-License-Identifier: Apache-2.0 */
/* Screening and implant: who gets a pump, and with what dose it starts. */
#ifndef MODELS_CARE_SCREENING_H
#define MODELS_CARE_SCREENING_H

#include "care/clinic.h"

/* Before a test bolus: takes the score as the one to fall from and orders the bolus at hand. The rating must be known. */
void screening_bolus(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

/* After it: implant, the next bolus, or no implant. The rating must be known. */
void screening_observe(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

/* The operation: pump filled, first daily dose; titration begins. */
void screening_implant(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

#endif
