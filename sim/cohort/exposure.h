/* SPDX-License-Identifier: Apache-2.0 */
/* The exposures that last, and the surroundings that they come to together.
 *
 * An exposure sets what it gives: what is as at rest it leaves alone. Of what several set, that which began last holds, until
 * it ends; what they set apart from each other holds together: a scan in fever, a flight in fever.
 */
#ifndef SIM_COHORT_EXPOSURE_H
#define SIM_COHORT_EXPOSURE_H

#include "config/study.h"
#include "device/environment.h"
#include "draw.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct exposure_t {
    const study_event_t *event; /* borrowed */
    draw_t binding;             /* its stream */
} exposure_t;

typedef struct exposures_t {
    exposure_t *lasting; /* [count], owned, in the order in which they began */
    size_t count;
} exposures_t;

/* One begins, named by its event. ERROR_MEMORY; then nothing has changed. */
int exposure_begin(exposures_t *x, const exposure_t *begun, error_t *e)
    __attribute__((warn_unused_result));

/* The exposure of that event ends; *ended (may be NULL) receives it. false: it does not last. */
bool exposure_end(exposures_t *x, const study_event_t *event, exposure_t *ended);

/* What surrounds the patient now. */
environment_t exposure_around(const exposures_t *x);

/* Frees what it owns; legal on one that is all zero. */
void exposure_free(exposures_t *x);

#endif
