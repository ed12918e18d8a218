/* SPDX-License-Identifier: Apache-2.0 */
/* Primes of the path, as the programmer reckoned them. */
#ifndef ANALYSIS_ESTIMATOR_PRIME_H
#define ANALYSIS_ESTIMATOR_PRIME_H

#include "validation/estimator_pool.h"

/* Volume of the tubing that primes reckoned with, mean over all primes of the sources; n counts them. What the release imposes,
 * not what flowed. */
extern const estimator_pool_plan_t estimator_prime_tubing;

#endif
