/* SPDX-License-Identifier: Apache-2.0 */
/* The populations of a regression on its page: differences of outcomes with their intervals, drawn and in numbers. */
#ifndef SIM_CLI_REGRESS_PAGE_POPULATIONS_H
#define SIM_CLI_REGRESS_PAGE_POPULATIONS_H

#include "cli/regress_population.h"

#include <stdio.h>

void regress_page_populations_put(const regress_population_t *g, FILE *out);

#endif
