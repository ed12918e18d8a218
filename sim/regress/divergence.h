/* SPDX-License-Identifier: Apache-2.0 */
/* The first call in which two cores differ, with what came before it on both sides.
 *
 * The marks of two traces say in which stretch of TRACE_MARK_CALLS calls they part; the unit is lived again by both with a window
 * on that stretch, and the calls are held against each other one by one.
 */
#ifndef SIM_REGRESS_DIVERGENCE_H
#define SIM_REGRESS_DIVERGENCE_H

#include "error.h"
#include "regress/pool.h"
#include "regress/testimony.h"

#include <stdbool.h>
#include <stddef.h>

#define DIVERGENCE_BEFORE 16 /* calls kept before the first that differs */
#define DIVERGENCE_AFTER 8   /* and from it on */

typedef struct divergence_t {
    bool found;
    size_t unit;
    testimony_t side[POOL_SIDES]; /* their windows hold the calls around it */
    /* Index, in both windows, of the first that differs; a side whose window ends before it has no more calls. */
    size_t at;
} divergence_t;

/* Looks for it; *found is false where the traces are equal. Where one side died, its last calls are what is shown. Errors of
 * pool_again. Free it in any case. */
int divergence_find(divergence_t *d, const pool_t *pool, size_t unit, const testimony_t *baseline,
                    const testimony_t *candidate, error_t *e) __attribute__((warn_unused_result));
void divergence_free(divergence_t *d);

/* Whether two calls are the same: id, clock, arguments, results, bytes. */
bool divergence_equal(const recorder_call_t *a, const recorder_call_t *b);

#endif
