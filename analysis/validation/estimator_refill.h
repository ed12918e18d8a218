/* SPDX-License-Identifier: Apache-2.0 */
/* Statistics of refills: delivered over programmed volume as a clinic finds it, and flow lost before the reservoir is empty.
 *
 * The ratio is that of a clinic with a syringe: programmed volume is what was commanded since the filling before; delivered volume
 * is that, plus what was expected to be left, less what was read off the syringe. Refills of a pump that does not answer have none, and those after it stopped
 * for good do not count: who looks after a pump takes such a one out. */
#ifndef ANALYSIS_ESTIMATOR_REFILL_H
#define ANALYSIS_ESTIMATOR_REFILL_H

#include "validation/estimator_pool.h"

#define ESTIMATOR_REFILL_DRIFT_YEARS (55.0 / 12.0)
#define ESTIMATOR_REFILL_EARLY_ML 2.0 /* computed volume above which a loss of flow is early */

extern const estimator_pool_plan_t estimator_refill_mean; /* of the ratio */
extern const estimator_pool_plan_t
    estimator_refill_prediction; /* 1.96 SD of the ratio of one refill */
extern const estimator_pool_plan_t
    estimator_refill_drift; /* its slope over time, least squares, times 55 months */

/* Early loss of flow: a day with less than half of the programmed volume while the computed volume was above 2 mL at the
 * day's end. Simple continuous therapy, between two refills, record.daily_time 12 h. */
extern const estimator_pool_plan_t estimator_refill_early_share; /* patients with one */
extern const estimator_pool_plan_t
    estimator_refill_early_volume; /* computed volume at a patient's first, mean */

#endif
