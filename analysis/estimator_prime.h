/* SPDX-License-Identifier: Apache-2.0 */
/* Primes of the path, as the programmer reckoned them. */
#ifndef ANALYSIS_ESTIMATOR_PRIME_H
#define ANALYSIS_ESTIMATOR_PRIME_H

#include "estimator.h"

/* Volume of the tubing that primes reckoned with, mean over all primes of the sources; n counts them. What the release imposes,
 * not what flowed. Errors of reader_column_*; ERROR_MEMORY. */
int estimator_prime_tubing(const estimator_source_t *source, size_t sources, estimate_t *out,
                           error_t *e);

#endif
