/* SPDX-License-Identifier: Apache-2.0 */
/* Mappings and lists of configs that are no studies: their keys by a table of fields, whose paths are the keys. */
#ifndef CONFIG_FLAT_MAP_H
#define CONFIG_FLAT_MAP_H

#include <stddef.h>

#include "config/document.h"
#include "config/field.h"
#include "config/units.h"

typedef struct flat_map_t {
    const field_t *
        field; /* [fields]; those without a type that value_read takes have FIELD_LIST and are left to the caller */
    size_t fields;
} flat_map_t;

/* The beginning of a row whose value has no unit: its key, its type, and where it goes. */
#define FLAT_FIELD(key, kind, owner, member)                                                       \
    .path = (key), .type = (kind), .offset = offsetof(owner, member), .unit = "1"

/* A table of an array of rows, for the length of a call. */
#define FLAT_MAP(rows)                                                                             \
    &(const flat_map_t)                                                                            \
    {                                                                                              \
        rows, sizeof rows / sizeof rows[0]                                                         \
    }

/* Reads the fields of `map` into the struct at `base`: values, defaults, missing and unknown ones reported, each after
 * `shown` ("runs[2]"). */
void flat_map_read(const document_t *doc, units_t *units, const document_node_t *map,
                   const char *shown, const flat_map_t *table, void *base);

/* The same for the mapping under a key of `parent`, which is its name too. One that is left out has its defaults, where nothing in it is
 * required; a required one is the business of the table that `key` is in. */
void flat_map_section(document_t *doc, units_t *units, const char *key, const flat_map_t *table,
                      void *base);

/* The list of mappings under a key of the whole file, and its length, 1 to `most`; NULL where there is none, or something else is
 * there, which is reported. */
document_node_t *flat_map_list(const document_t *doc, const char *key, size_t most, size_t *length);

#endif
