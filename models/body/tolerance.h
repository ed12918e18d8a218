/* SPDX-License-Identifier: Apache-2.0 */
/* Tolerance: exposure of the effect site raises the EC50 by a multiplier m(t) >= 1.
 *
 * m = 1 + fast + slow, each relaxing with its own time constant towards its rise times the exposure
 *     u = C / (C + half), C the effect-site concentration,
 * so that it grows while there is drug, however the drug was given, and is lost again without it. With both
 * rises at 0, m is 1 exactly. The form is an assumption, as are all of its parameters (tolerance.def): dose
 * rises over 12 to 18 months and then stays, but for 22 % of people (Heetla 2009, Spinal Cord 47:751).
 *
 * Thread rule: a tolerance_t belongs to one thread at a time.
 */
#ifndef BODY_TOLERANCE_H
#define BODY_TOLERANCE_H

#include <stdbool.h>

#include "body/parameters.h"
#include "error.h"

typedef struct tolerance_t {
    tolerance_param_t param;
    double fast, slow; /* parts of m above 1, >= 0 */
} tolerance_t;

/* At `start` of the rise. Errors: ERROR_ARGUMENT where a parameter is outside the range of its row. */
int tolerance_init(tolerance_t *t, const tolerance_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* Whether m is 1 for ever. */
bool tolerance_off(const tolerance_t *t);

/* Lets `hours` (>= 0) pass at an effect-site concentration held constant, ng/mL (below 0 counts as 0). Exact:
 * any split of a time at one concentration gives the same m within rounding. */
void tolerance_advance(tolerance_t *t, double hours, double effect_ng_per_ml);

/* m, >= 1: the EC50 now over that of the same person without tolerance. */
double tolerance_multiplier(const tolerance_t *t);

#endif
