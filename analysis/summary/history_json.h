/* SPDX-License-Identifier: Apache-2.0 */
/* A history as JSON: the numbers that history_text prints, all of them. Thread rule: any thread. */
#ifndef ANALYSIS_HISTORY_JSON_H
#define ANALYSIS_HISTORY_JSON_H

#include <jansson.h>

#include "summary/history.h"

/* Adds bands, time_in_target, dose_effect and occurrences of an arm to `object`; *failed as of node_add. */
void history_json_add(json_t *object, const history_t *h, size_t arm, int *failed);

/* {name of each of these, and of the other estimates of a summary: its estimand, in words}; the caller owns it. */
json_t *history_json_estimands(int *failed);

#endif
