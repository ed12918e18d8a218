/* SPDX-License-Identifier: Apache-2.0 */
/* A regression for programs: JSON with every difference. */
#ifndef SIM_REGRESS_REGRESSION_JSON_H
#define SIM_REGRESS_REGRESSION_JSON_H

#include "error.h"
#include "regress/regression_text.h"

#include <jansson.h>
#include <stdio.h>

/* One object: suite, its scenarios with the requirements that they cover, cores, passes, summary, verdicts, levels, families, units (each with its ends and differences), divergence,
 * departures (scenarios said to differ by design, and whether they do), populations. The last is what whoever compares them gives; taken over, NULL where nobody does. ERROR_MEMORY; ERROR_FILE_WRITE. */
int regression_json_write(const regression_t *r, const regression_names_t *names,
                          json_t *populations, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
