/* SPDX-License-Identifier: Apache-2.0 */
/* A recording: all that a core was asked and answered in the lives of a suite, in a file, to lead another build of it through them
 * without a simulator: on the target, or on a bench. What is in it: call_code.h; a life's text is "SCENARIO, patient N, ARM".
 */
#ifndef SIM_REGRESS_RECORDING_H
#define SIM_REGRESS_RECORDING_H

#include "error.h"
#include "regress/pool.h"

#include <stdint.h>
#include <stdio.h>

typedef struct recording_t {
    int64_t lives, calls; /* what was written */
    int64_t
        left_out; /* lives of studies that flip bits in the core's memory, which no call tells of */
} recording_t;

/* Lives the suite with pool->core[POOL_CANDIDATE], one life after another in a process of its own each, and writes what is told. Errors
 * and *side as of pool_run; ERROR_LIBRARY: a life ended by a crash, or without an end: there is nothing to hold a core to;
 * ERROR_FILE_WRITE. */
int recording_write(recording_t *r, pool_t *pool, FILE *out, int *side, error_t *e)
    __attribute__((warn_unused_result));

#endif
