/* SPDX-License-Identifier: Apache-2.0 */
/* Revision of a catheter: what makes the clinic suspect it, and what it does at the operation.
 *
 * A clinic cannot see a catheter. It suspects one where refills found more than expected twice in a row, as a closed one
 * leaves it, or where in maintenance the score is back near what it was before therapy. Then an operation is booked, which
 * begins with a look: a needle in the access port, contrast, imaging. What is sound is left alone, and not looked at again for a
 * while; else connectors are joined, or the spinal part or all of it is replaced, and what is new is primed. The dose stays what
 * it is.
 *
 * A refill for which no needle finds the port tells of a pump that has turned over in its pocket. It books an operation within
 * days: the pump is turned back and fastened, and the catheter, which may have twisted with it, is looked at.
 */
#ifndef MODELS_CARE_REVISION_H
#define MODELS_CARE_REVISION_H

#include "care/clinic.h"

/* Books an operation where the findings of a visit, or what was decided on them, call for it. */
void revision_consider(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

/* The operation. */
void revision_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out);

#endif
