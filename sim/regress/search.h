/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios drawn from a seed: programmes, orders, clocks, surroundings and faults that nobody thought of.
 *
 * A drawn scenario is a small study, valid by the rules of every study; one patient is lived in it. What it shows is what regress
 * finds: a life that a limit of the pump, the ledger or a crash ends, or a difference between two cores. The same seed gives the
 * same scenarios.
 */
#ifndef SIM_REGRESS_SEARCH_H
#define SIM_REGRESS_SEARCH_H

#include "config/suite.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

#define SEARCH_SCENARIOS_MAX 512

/* Writes a suite of `count` (1..SEARCH_SCENARIOS_MAX) scenarios drawn from `seed`, from number `first` on, under `path`, whose
 * file is replaced: names search-FIRST and so on, with cpu and tolerance of `like`. ERROR_FILE_OPEN, ERROR_FILE_WRITE,
 * ERROR_MEMORY; ERROR_INVARIANT: no valid scenario came in a hundred draws. */
int search_write(const suite_t *like, uint64_t seed, size_t first, size_t count, const char *path,
                 error_t *e) __attribute__((warn_unused_result));

#endif
