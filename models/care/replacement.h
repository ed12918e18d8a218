/* SPDX-License-Identifier: Apache-2.0 */
/* Replacement of a pump: when the clinic books it, and what it orders then.
 *
 * A clinic sees alarms that the programmer shows and knows when it put the pump in. A spent battery or a motor that stands
 * still calls for an operation within days; the elective replacement indicator, or an age near the pump's shut-off, for one
 * that is planned. Each reason books once; of another one, an earlier date replaces a later one, never the other way round. At
 * the operation the patient is asked: who agrees gets a new pump on the old catheter, filled and programmed with the dose that
 * last ran; the others' pump is taken out, and the therapy ends. So does that of a patient whose pocket is infected: the pump is taken out within days, and nobody is asked.
 *
 * Once the indicator is on, the programmer shows by when the pump is to be replaced, and the clinic trusts it: a later date
 * than NOTICE_DAY from now puts the operation off by as much.
 */
#ifndef MODELS_CARE_REPLACEMENT_H
#define MODELS_CARE_REPLACEMENT_H

#include "care/clinic.h"

/* Books a replacement, or brings the one booked forward, where the findings of a visit call for it. */
void replacement_consider(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

/* The operation. */
void replacement_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

#endif
