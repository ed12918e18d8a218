/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress --search`: a suite drawn from a seed, in a file that lasts as long as it is needed. */
#ifndef SIM_CLI_REGRESS_SEARCH_H
#define SIM_CLI_REGRESS_SEARCH_H

#include "cli/scratch.h"
#include "config/suite.h"
#include "error.h"

#include <stdint.h>

typedef struct regress_search_t {
    char path[SCRATCH_PATH_SIZE]; /* of the file; "" where there is none */
    suite_t suite;
} regress_search_t;

/* Draws `count` scenarios by `seed`, with cpu and tolerance of `like`, in which every life must last to its end. Errors of
 * search_write and suite_load; regress_search_end is legal in any case. */
int regress_search_begin(regress_search_t *s, const suite_t *like, uint64_t seed, size_t count,
                         error_t *e) __attribute__((warn_unused_result));
void regress_search_end(regress_search_t *s);

#endif
