/* SPDX-License-Identifier: Apache-2.0 */
/* Lives that differ, on the page of a regression, and the first call that does, side by side. */
#ifndef SIM_CLI_REGRESS_PAGE_LIVES_H
#define SIM_CLI_REGRESS_PAGE_LIVES_H

#include "cli/regress_page.h"

#include <stdio.h>

void regress_page_lives_put(const regress_page_t *p, FILE *out);
void regress_page_lives_first(const regress_page_t *p, FILE *out);

#endif
