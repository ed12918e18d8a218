/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress --record`: what a core was asked and answered, kept to lead another build of it through. */
#ifndef SIM_CLI_REGRESS_RECORD_H
#define SIM_CLI_REGRESS_RECORD_H

#include "error.h"
#include "regress/pool.h"

/* Lives the suite with pool->core[POOL_CANDIDATE], writes `path` and says so. Returns the exit code; negative: an error, of *side as
 * of pool_run. */
int regress_record(pool_t *pool, const char *path, int *side, error_t *e)
    __attribute__((warn_unused_result));

#endif
