/* SPDX-License-Identifier: Apache-2.0 */
/* What befalls a patient's pump and catheter by the study's script: surroundings for a while, and faults that are imposed.
 *
 * Any number of exposures may last at a time (exposure.h). Neither the clinic nor the core is told.
 */
#ifndef SIM_COHORT_SCENARIO_H
#define SIM_COHORT_SCENARIO_H

#include "cohort/patient.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether an event is such a thing, and no order of care. */
bool scenario_is(const study_event_t *event);

/* The event begins now; `name` is that of its draws. Without a pump nothing happens, and an event says so. A pump that is put in
 * during an exposure is exposed. Errors: as of the setters that fault.def names, of backflow_settle and exposure_begin. */
int scenario_begin(patient_t *p, const study_event_t *event, uint64_t name, error_t *e)
    __attribute__((warn_unused_result));

/* An exposure's time is over: surroundings are those of the others that last. Errors: as of backflow_settle. */
int scenario_end(patient_t *p, const study_event_t *event, error_t *e)
    __attribute__((warn_unused_result));

#endif
