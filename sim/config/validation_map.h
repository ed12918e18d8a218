/* SPDX-License-Identifier: Apache-2.0 */
/* A flat mapping of a validation: its keys by a table of fields, whose paths are the keys. */
#ifndef CONFIG_VALIDATION_MAP_H
#define CONFIG_VALIDATION_MAP_H

#include <stddef.h>

#include "config/document.h"
#include "config/field.h"
#include "config/units.h"

typedef struct validation_map_t {
    const field_t *
        field; /* [fields]; those without a type that value_read takes have FIELD_LIST and are left to the caller */
    size_t fields;
} validation_map_t;

/* Reads the fields of `map` into the struct at `base`: values, defaults, missing and unknown ones reported, each after
 * `shown` ("runs[2]"). */
void validation_map_read(const document_t *doc, units_t *units, const document_node_t *map,
                         const char *shown, const validation_map_t *table, void *base);

#endif
