/* SPDX-License-Identifier: Apache-2.0 */
/* Statistics of catheters that failed, from the table `events`: a patient's first catheter, in place from the enrolment or the
 * implant on. A second event of the same catheter is one more of the patient's. */
#ifndef ANALYSIS_ESTIMATOR_CATHETER_H
#define ANALYSIS_ESTIMATOR_CATHETER_H

#include "validation/estimator_pool.h"

estimator_function_t
    estimator_catheter_free; /* first catheters (statistics/catheters.h), Kaplan-Meier at 5 years */
extern const estimator_pool_plan_t estimator_catheter_share;     /* patients with an event */
extern const estimator_pool_plan_t estimator_catheter_occlusion; /* occlusions among the events */
extern const estimator_pool_plan_t
    estimator_catheter_median; /* age of the catheter at its events, months */

#endif
