/* SPDX-License-Identifier: Apache-2.0 */
/* A suite on the page of a regression: its scenarios by level, and the requirements that it covers. */
#ifndef SIM_CLI_REGRESS_PAGE_SUITE_H
#define SIM_CLI_REGRESS_PAGE_SUITE_H

#include "cli/regress_page.h"

#include <stdio.h>

void regress_page_suite_scenarios(const regress_page_t *p, FILE *out);
void regress_page_suite_covers(const regress_page_t *p, FILE *out);

#endif
