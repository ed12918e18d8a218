/* SPDX-License-Identifier: Apache-2.0 */
/* What a dataset is made of: tables, fields and named values, each written down once in a .def file.
 *
 * From the lists come the constants below, the layout of a record, the HDF5 file with its units and descriptions, and
 * the checks of the reader:
 *   tables.def    TABLE_PATIENTS, TABLE_LEDGER, …
 *   fields.def    FIELD_<table>_<symbol>: FIELD_PATIENTS_WEIGHT, FIELD_DAILY_DAY, …
 *   choices.def   FIELDS_<list>_<symbol>: FIELDS_STOP_HORIZON, FIELDS_EVENT_REFILL, FIELDS_REASON_CORE, …
 * Any change of a list takes a new FIELDS_SCHEMA_VERSION, but for a description and a new name at the end of a list of
 * choices; so does a new member of the provenance.
 *
 * Thread rule: everything here is constant.
 */
#ifndef DATASET_FIELDS_H
#define DATASET_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#define FIELDS_SCHEMA_VERSION 8

enum fields_table {
#define TABLE(symbol, name, kind, description) TABLE_##symbol,
#include "dataset/tables.def"
#undef TABLE
    TABLE_COUNT
};

enum fields_id {
#define FIELD(table, symbol, name, type, unit, low, high, description) FIELD_##table##_##symbol,
#include "dataset/fields.def"
#undef FIELD
    FIELD_COUNT
};

enum fields_choice {
#define CHOICE(list, symbol, value, name) FIELDS_##list##_##symbol = value,
#include "dataset/choices.def"
#undef CHOICE
};

/* Type of a field: four numeric types, then the lists of choices (one byte each in a file), then text. */
enum fields_type {
    FIELDS_TYPE_I64,
    FIELDS_TYPE_I32,
    FIELDS_TYPE_F64,
    FIELDS_TYPE_F32,
    FIELDS_TYPE_STOP,
    FIELDS_TYPE_EVENT,
    FIELDS_TYPE_REASON,
    FIELDS_TYPE_SEX,
    FIELDS_TYPE_DIAGNOSIS,
    FIELDS_TYPE_TOLERANCE,
    FIELDS_TYPE_LEVEL,
    FIELDS_TYPE_TEXT /* of a study's tables only; of any length, and not in records */
};

/* A cohort table is in every dataset; a trace table only in the file that a replay writes. A study's table is in
 * both, and has no rows of records. */
enum fields_kind { FIELDS_KIND_COHORT, FIELDS_KIND_TRACE, FIELDS_KIND_STUDY };

typedef struct fields_table_t {
    const char *name; /* group in the file */
    const char *description;
    enum fields_kind kind;
} fields_table_t;

typedef struct fields_t {
    const char *name; /* dataset in the table's group */
    const char *unit; /* UDUNITS-2 spelling, "1" for a pure number */
    const char *description;
    enum fields_table table;
    enum fields_type type;
    double low; /* valid range, ends included; infinite where there is no end */
    double high;
} fields_t;

/* Where the fields of each table are, and where their bytes lie in one row of a record: little-endian, in the
 * order of fields.def, without padding. */
typedef struct fields_layout_t {
    uint16_t first[TABLE_COUNT];  /* first field of the table */
    uint16_t count[TABLE_COUNT];  /* its number of fields, at most 64 */
    uint16_t width[TABLE_COUNT];  /* bytes of a row */
    uint16_t offset[FIELD_COUNT]; /* of the field in its row */
} fields_layout_t;

/* Description of a field or table; never NULL for a constant of the enums above. Static storage. */
const fields_t *fields_get(enum fields_id field);
const fields_table_t *fields_table(enum fields_table table);

/* 1 when a dataset, or with `trace` a trace, has the table; and when records have rows in it. */
int fields_in_file(enum fields_table table, int trace);
int fields_in_records(enum fields_table table, int trace);

/* Bytes of one value: 8, 4 or 1; 0 for text. */
size_t fields_size(enum fields_type type);

/* 1 for F64 and F32, else 0. */
int fields_is_real(enum fields_type type);

/* Number of named values of a type: 0 for the numeric types. */
size_t fields_choices(enum fields_type type);

/* The i-th named value of a list, 0 <= i < fields_choices(type): its name, and its number in *value (may be
 * NULL). NULL outside that range. */
const char *fields_choice(enum fields_type type, size_t i, int *value);

/* Name of a number of a list, or NULL if the list has no such number. */
const char *fields_choice_name(enum fields_type type, int64_t value);

/* Fills *layout. */
void fields_layout(fields_layout_t *layout);

#endif
