/* SPDX-License-Identifier: Apache-2.0 */
/* What the makers of JSON share: numbers that may not be there, and failures remembered to the end. */
#ifndef ANALYSIS_NODE_H
#define ANALYSIS_NODE_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

#include "error.h"
#include "statistics/interval.h"

/* Each is NULL without memory, which the add below takes note of. A number that is NaN or infinite is null. */
json_t *node_number(double value);
json_t *node_count(size_t value);
json_t *node_text(const char *value); /* NULL is "" */

/* Adds `value`, which is taken over in any case; *failed stays 1 once anything could not be added. */
void node_add(json_t *object, const char *key, json_t *value, int *failed);
void node_append(json_t *array, json_t *value, int *failed);

/* Adds KEY_95_low and KEY_95_high. KEY of at most 48 characters. */
void node_add_interval(json_t *object, const char *key, interval_t i, int *failed);

/* Prints `root`, which is freed in any case, and a newline. `what` is what messages call it: "the summary". ERROR_MEMORY where
 * failed is 1; ERROR_FILE_WRITE. */
int node_print(json_t *root, int failed, const char *what, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
