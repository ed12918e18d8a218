/* SPDX-License-Identifier: Apache-2.0 */
/* Shrinking: from a life in which two cores differ to the shortest scenario found in which they still do.
 *
 * One thing is taken away at a time: the other arms, the time after, the body, each event, each timed bolus and step of the
 * programme, the bolus on request, the clinic's chance. What is left is lived again by both cores, and stays away where they
 * still differ as before: a life that ended before its time still does so, a device that differed still differs. In the end the
 * scenario is a suite of its own, which shows the difference by itself.
 */
#ifndef SIM_REGRESS_SHRINK_H
#define SIM_REGRESS_SHRINK_H

#include "error.h"
#include "regress/pool.h"
#include "regress/regression.h"

#include <stddef.h>
#include <stdint.h>

typedef struct shrink_t {
    size_t tried, taken; /* scenarios lived, and reductions that stayed */
    int64_t horizon_ms;  /* of the shortest */
    size_t events;       /* that it has left */
} shrink_t;

/* Shrinks unit `unit` of *r, which does not pass, and leaves the suite under `path`, whose file is replaced. Beside it stands
 * PATH.trial while this runs. ERROR_FILE_WRITE, ERROR_FILE_OPEN, ERROR_MEMORY, ERROR_INTERRUPTED, errors of pool_again; on an error
 * nothing is left and what was under `path` stays. */
int shrink_unit(shrink_t *s, const pool_t *pool, const regression_t *r, size_t unit,
                const char *path, error_t *e) __attribute__((warn_unused_result));

#endif
