/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress --page`: a comparison of two cores as one page of HTML that asks the network for nothing. */
#ifndef SIM_CLI_REGRESS_PAGE_H
#define SIM_CLI_REGRESS_PAGE_H

#include "cli/regress_population.h"
#include "regress/regression.h"
#include "regress/regression_text.h"

#include <stdio.h>

/* What a report is made of; all borrowed. */
typedef struct regress_page_t {
    const regression_t *r;
    const regression_names_t *names;
    const regress_population_t *groups; /* NULL: no populations were compared */
    const char *shrunk; /* where the shortest scenario that differs is written; NULL: nowhere */
} regress_page_t;

/* The page; errors are the stream's own. */
void regress_page_put(const regress_page_t *p, FILE *out);

#endif
