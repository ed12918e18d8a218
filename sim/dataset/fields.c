/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of tables, fields and choices as arrays, and the layout of rows that follows from them. */
#include "dataset/fields.h"

#include <math.h>
#include <string.h>

static const fields_table_t tables[TABLE_COUNT] = {
#define TABLE(symbol, name, kind, description) {name, description, FIELDS_KIND_##kind},
#include "dataset/tables.def"
#undef TABLE
};

static const fields_t fields[FIELD_COUNT] = {
#define FIELD(table, symbol, name, type, unit, low, high, description)                             \
    {name, unit, description, TABLE_##table, FIELDS_TYPE_##type, (double)(low), (double)(high)},
#include "dataset/fields.def"
#undef FIELD
};

static const struct {
    enum fields_type type;
    int value;
    const char *name;
} choices[] = {
#define CHOICE(list, symbol, value, name) {FIELDS_TYPE_##list, value, name},
#include "dataset/choices.def"
#undef CHOICE
};

#define CHOICE_COUNT (sizeof choices / sizeof choices[0])
#define VALUE_MAX 127 /* of a choice: it is one byte in the file */

const fields_t *fields_get(enum fields_id field)
{
    return &fields[field];
}

const fields_table_t *fields_table(enum fields_table table)
{
    return &tables[table];
}

int fields_in_file(enum fields_table table, int trace)
{
    return trace || tables[table].kind != FIELDS_KIND_TRACE;
}

int fields_in_records(enum fields_table table, int trace)
{
    return fields_in_file(table, trace) && tables[table].kind != FIELDS_KIND_STUDY;
}

size_t fields_size(enum fields_type type)
{
    static const uint8_t sizes[] = {8, 4, 8, 4, 1, 1, 1, 1, 1, 1, 1, 0};
    return sizes[type];
}

int fields_is_real(enum fields_type type)
{
    return type == FIELDS_TYPE_F64 || type == FIELDS_TYPE_F32;
}

size_t fields_choices(enum fields_type type)
{
    size_t n = 0;
    for (size_t i = 0; i < CHOICE_COUNT; i++) {
        n += choices[i].type == type;
    }
    return n;
}

const char *fields_choice(enum fields_type type, size_t i, int *value)
{
    for (size_t k = 0; k < CHOICE_COUNT; k++) {
        if (choices[k].type == type && i-- == 0) {
            if (value != NULL) {
                *value = choices[k].value;
            }
            return choices[k].name;
        }
    }
    return NULL;
}

const char *fields_choice_name(enum fields_type type, int64_t value)
{
    if (value < 0 || value > VALUE_MAX) {
        return NULL;
    }
    switch ((int)type * (VALUE_MAX + 1) + (int)value) {
#define CHOICE(list, symbol, value, name)                                                          \
    case (int)FIELDS_TYPE_##list *(VALUE_MAX + 1) + (value):                                       \
        return name;
#include "dataset/choices.def"
#undef CHOICE
    default:
        return NULL;
    }
}

void fields_layout(fields_layout_t *layout)
{
    memset(layout, 0, sizeof *layout);
    for (uint16_t i = 0; i < FIELD_COUNT; i++) {
        const enum fields_table t = fields[i].table;
        if (layout->count[t] == 0) {
            layout->first[t] = i;
        }
        layout->offset[i] = layout->width[t];
        layout->count[t] = (uint16_t)(layout->count[t] + 1);
        layout->width[t] = (uint16_t)(layout->width[t] + fields_size(fields[i].type));
    }
}
