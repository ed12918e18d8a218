/* SPDX-License-Identifier: Apache-2.0 */
/* Golden traces: what a released core did on a suite, as text that people review and keep.
 *
 *     # golden trace 1: suite smoke
 *     # core thecasim dosing core 0.1.0 0123456789abcdef
 *     life simple-continuous 1 reference lived calls 4721 sum 0123456789abcdef
 *       day 1: 2400 pulses, 1 stops, 0 tones, 98 writes, 30 received, 30 sent
 *       days 2-30: 69600 pulses, 0 stops, 0 tones, 410 writes, 0 received, 0 sent
 *
 * A life has a line with the sum of its trace, and below it a line for each day on which something happened, and one for each run of quiet days
 * with its sums. A core is the released one where the
 * text is equal; the line of the core's id alone may differ.
 */
#ifndef SIM_REGRESS_GOLDEN_H
#define SIM_REGRESS_GOLDEN_H

#include "error.h"
#include "regress/pool.h"

#include <stdbool.h>
#include <stdio.h>

/* Lives the suite with pool->core[POOL_CANDIDATE] alone and gives its text, freed by the caller. pool->take and pool->context are set
 * here. Errors and *side as of pool_run. */
int golden_text(pool_t *pool, char **text, int *side, error_t *e)
    __attribute__((warn_unused_result));

/* Writes the lines that differ, those of `was` after "-", those of `is` after "+", a life's line before them. Returns whether any
 * does; the line of the core's id is passed over. */
bool golden_differ(const char *was, const char *is, FILE *out);

#endif
