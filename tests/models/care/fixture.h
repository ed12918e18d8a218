/* SPDX-License-Identifier: Apache-2.0 */
/* Synthetic findings for a clinic, and what it made of them. */
#ifndef TESTS_CARE_FIXTURE_H
#define TESTS_CARE_FIXTURE_H

#include "care/clinic.h"

#define FIXTURE_DAY_MS INT64_C(86400000)

/* The contact planned, at its time, with this score; everything else unknown, no alarm. */
finding_t fixture_finding(const clinic_t *c, double ashworth);

/* The visit; fails the test where it is refused. */
clinic_outcome_t fixture_visit(clinic_t *c, const finding_t *f);

/* The same for the contact planned. */
clinic_outcome_t fixture_score(clinic_t *c, double ashworth);

/* A clinic with defaults but for what the caller changes, taken through screening at the first bolus and the
 * implant: 100 ug/day, titrating. */
clinic_t fixture_implanted(const clinic_param_t *p);

/* The first decision of a kind, or NULL; the first order of a kind, or NULL. */
const clinic_decision_t *fixture_decision(const clinic_outcome_t *out, int kind);
const order_t *fixture_order(const clinic_outcome_t *out, int kind);

/* Exactly one decision about the dose, of this kind, reason and value; a therapy order of that value exactly where it changes. */
void fixture_expect_dose(const clinic_outcome_t *out, int kind, int reason, double ug);

#endif
