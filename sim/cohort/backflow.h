/* SPDX-License-Identifier: Apache-2.0 */
/* CSF driven back through catheter and pump into the reservoir, while pressure around the body is above the reservoir's.
 *
 * Where pump.propellant.return_conductance is 0, the pump is tight and nothing here happens. What comes back is reckoned for the
 * time since it last was, at the end of an exposure and at each daily sample within it, with the reservoir as it then is:
 * assumption, a session's backflow is small beside the reservoir.
 */
#ifndef SIM_COHORT_BACKFLOW_H
#define SIM_COHORT_BACKFLOW_H

#include "cohort/patient.h"

/* Brings what came back up to now; to be called before the surroundings change. Errors: the body's, ERROR_ARGUMENT. */
int backflow_settle(patient_t *p, error_t *e) __attribute__((warn_unused_result));

#endif
