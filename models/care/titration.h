/* SPDX-License-Identifier: Apache-2.0 */
/* Titration: up, hold or down by the score. */
#ifndef MODELS_CARE_TITRATION_H
#define MODELS_CARE_TITRATION_H

#include "care/clinic.h"

/* A daily dose held to dose_minimum..dose_maximum. */
double titration_within(const clinic_t *c, double dose_ug);

/* Looks at the dose at a titration or refill visit: decides, orders a therapy where the dose changes, ends
 * titration where stable_visits in a row changed nothing. A visit without a rating changes nothing and counts for nothing. */
void titration_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

#endif
