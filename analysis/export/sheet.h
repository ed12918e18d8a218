/* SPDX-License-Identifier: Apache-2.0 */
/* One table of an export: what its columns are, and its rows as CSV, cell by cell.
 *
 * CSV is RFC 4180's with line ends of one byte: a head of names, a comma between cells, quotes where a text needs them. A
 * cell without a value is empty. What is written is never held: memory does not grow with rows.
 *
 * Thread rule: a sheet belongs to one thread.
 */
#ifndef ANALYSIS_SHEET_H
#define ANALYSIS_SHEET_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"
#include "export/outbox.h"

#define SHEET_LINKS_MAX 3

enum sheet_type { SHEET_TEXT, SHEET_INTEGER, SHEET_NUMBER };

/* All texts are borrowed for the life of the export. */
typedef struct sheet_column_t {
    const char *name;
    const char *label; /* what it is */
    enum sheet_type type;
    int key;            /* not 0: of the primary key */
    int may_be_missing; /* not 0: a cell may be empty */
    const char *unit;   /* UDUNITS-2 spelling; "1" for a pure number, "" for a text */
    const char *codes;  /* the only texts it may hold, "a,b,c"; "" for any */
    const char *origin; /* the field of the dataset that it comes from, or how it follows */
    double low, high;   /* its range, ends included; infinite where there is no end */
} sheet_column_t;

/* Columns whose values are the key of a row of another sheet. */
typedef struct sheet_link_t {
    const char *columns; /* "a,b,c"; NULL after the last link */
    const char *sheet;
} sheet_link_t;

typedef struct sheet_plan_t {
    const char *name;  /* the file is NAME.csv */
    const char *title; /* one line */
    const sheet_column_t *column;
    size_t columns;
    sheet_link_t link[SHEET_LINKS_MAX];
} sheet_plan_t;

/* One row of a list of columns, COLUMN(table, ...), as a sheet_column_t without an end of its range. */
#define SHEET_COLUMN(name, type, key, missing, unit, codes, label, origin)                         \
    {                                                                                              \
        name, label, SHEET_##type, key, missing, unit, codes, origin, -(double)INFINITY,           \
            (double)INFINITY                                                                       \
    }

typedef struct sheet_t {
    const sheet_plan_t *plan; /* borrowed */
    FILE *out;                /* NULL when it is not open */
    size_t at;                /* the next cell's column */
    int64_t rows;
    int64_t rows_before; /* for the caller: rows of subjects before this one */
    int misshapen;       /* a row had too few cells, or too many */
} sheet_t;

/* Opens NAME.csv and writes its head. Errors of outbox_open. */
int sheet_begin(sheet_t *s, outbox_t *box, const sheet_plan_t *plan, error_t *e)
    __attribute__((warn_unused_result));

/* The cells of a row, from the first column on. NULL and NaN are no value. */
void sheet_text(sheet_t *s, const char *value);
void sheet_integer(sheet_t *s, int64_t value);
void sheet_number(sheet_t *s, double value);
void sheet_float(sheet_t *s, float value);
void sheet_none(sheet_t *s);
void sheet_row(sheet_t *s); /* ends it */

/* Closes the file. Errors of outbox_close; ERROR_INVARIANT when a row was not of all columns. */
int sheet_end(sheet_t *s, outbox_t *box, error_t *e) __attribute__((warn_unused_result));

/* Closes the file after an error. Legal on a zeroed one. */
void sheet_abandon(sheet_t *s);

#endif
