/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes and their differences as JSON: the same numbers as outcomes_text prints, all digits. */
#ifndef ANALYSIS_OUTCOMES_JSON_H
#define ANALYSIS_OUTCOMES_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "error.h"
#include "summary/outcomes.h"

/* Makes {"arms": [{"arm", outcome…}], "paired": [{"arm", "less_arm", outcome…}]}; the caller owns *object, NULL on an
 * error. ERROR_MEMORY. */
int outcomes_json(const outcomes_t *o, json_t **object, error_t *e)
    __attribute__((warn_unused_result));

/* Prints the comparison of two datasets of the same patients. Errors of comparison_check; ERROR_MEMORY;
 * ERROR_FILE_WRITE. */
int outcomes_json_compare(const outcomes_t *first, const outcomes_t *second, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
