/* SPDX-License-Identifier: Apache-2.0 */
/* Writing down what a contact led to. */
#include "care/outcome.h"

void outcome_decide(clinic_outcome_t *out, int kind, int reason, double value)
{
    if (out->decisions < CLINIC_DECISIONS_MAX)
        out->decision[out->decisions++] = (clinic_decision_t){kind, reason, value};
}

void outcome_order(clinic_outcome_t *out, const order_t *order)
{
    if (out->orders < CLINIC_ORDERS_MAX)
        out->order[out->orders++] = *order;
}

void outcome_therapy(clinic_outcome_t *out, int64_t at_ms, double daily_dose_ug)
{
    const order_t order = {.at_ms = at_ms,
                           .kind = ORDER_THERAPY,
                           .therapy = {.mode = ORDER_MODE_SIMPLE, .daily_dose_ug = daily_dose_ug}};
    outcome_order(out, &order);
}

void outcome_prime(clinic_outcome_t *out, int64_t at_ms, int part)
{
    const order_t order = {.at_ms = at_ms, .kind = ORDER_PRIME, .prime = {.part = part}};
    outcome_order(out, &order);
}
