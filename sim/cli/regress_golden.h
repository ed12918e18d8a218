/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress --golden`: a core against the golden trace of a released one. */
#ifndef SIM_CLI_REGRESS_GOLDEN_H
#define SIM_CLI_REGRESS_GOLDEN_H

#include "regress/pool.h"

#include <stdbool.h>

/* Compares the pool's candidate with the trace kept under `path`, printing the lines that differ; with `write` the trace is then
 * replaced, or made where there is none. Returns an exit code. *side as of pool_run. */
int regress_golden(pool_t *pool, const char *path, bool write, int *side, error_t *e);

#endif
