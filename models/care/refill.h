/* SPDX-License-Identifier: Apache-2.0 */
/* Refills: withdrawn against expected, fill, and when the next is due. */
#ifndef MODELS_CARE_REFILL_H
#define MODELS_CARE_REFILL_H

#include "care/clinic.h"

/* Days as whole milliseconds. */
int64_t refill_ms_of_days(double days);

/* A refill visit's reservoir part: compares, orders the refill; nothing of it where no needle finds the port. */
void refill_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

/* The reservoir was filled at time_ms: estimates the low-reservoir date from the dose the clinic knows. */
void refill_filled(clinic_t *c, int64_t time_ms);

/* The daily dose changes at time_ms from c->daily_dose_ug to this one: moves the estimate with it. */
void refill_dose_changed(clinic_t *c, int64_t time_ms, double dose_ug);

/* A reservoir alarm was shown, or a tone reported: offers the refill call_wait from now, unless it is planned between
 * now and then. Either way the patient keeps that appointment. */
void refill_bring_forward(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

/* Books the next refill, a day after time_ms at the earliest; one brought forward by an alarm stays. */
void refill_book(clinic_t *c, int64_t time_ms);

#endif
