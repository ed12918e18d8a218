/* SPDX-License-Identifier: Apache-2.0 */
/* Writing down what a contact led to: one order, one decision at a time. */
#ifndef MODELS_CARE_OUTCOME_H
#define MODELS_CARE_OUTCOME_H

#include "care/clinic.h"

/* Appends a decision. The policy's rows never make more than CLINIC_DECISIONS_MAX; one too many is dropped. */
void outcome_decide(clinic_outcome_t *out, int kind, int reason, double value);

/* Appends an order at at_ms; one too many is dropped. */
void outcome_order(clinic_outcome_t *out, const order_t *order);

/* A therapy order: a constant rate of daily_dose_ug. */
void outcome_therapy(clinic_outcome_t *out, int64_t at_ms, double daily_dose_ug);

/* A prime order of that part, enum order_part. */
void outcome_prime(clinic_outcome_t *out, int64_t at_ms, int part);

#endif
