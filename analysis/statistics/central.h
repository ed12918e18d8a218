/* SPDX-License-Identifier: Apache-2.0 */
/* How statistics open a dataset: at the central values of the uncertain parameters.
 *
 * A study may live every patient again with each of R draws of the uncertain parameters (replicates 1 to R) beside their
 * central values (replicate 0). Whoever pooled them would count a patient R + 1 times and mix people with parameters. So what a
 * study came to is told of replicate 0 alone, and the draws of one thing only: how far it moves with the parameters (nested.h).
 * The reader sees to it here, so that nobody below has to choose records.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_CENTRAL_H
#define ANALYSIS_CENTRAL_H

#include "dataset/reader.h"
#include "error.h"

/* reader_open, then reader_show of READER_CENTRAL; their errors, on which *r is NULL. */
int central_open(reader_t **r, const char *path, error_t *e) __attribute__((warn_unused_result));

#endif
