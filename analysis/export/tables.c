/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as they are: plans from the list of fields, rows a block at a time. */
#include "export/tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/walk.h"

#define BLOCK 8192
#define LISTS 8
#define CODES_SIZE 8192
#define COLUMNS_MAX 80 /* of one table: a layout has 64 at most, and the key has four */

/* Two tables of names, after those of the dataset. */
enum { SHEET_DRUGS = TABLE_COUNT, SHEET_HAL_CALLS, SHEETS };

typedef struct plans_t {
    sheet_plan_t plan[SHEETS];
    sheet_column_t column[SHEETS][COLUMNS_MAX];
    size_t lists;
    enum fields_type list[LISTS];
    char codes[LISTS][CODES_SIZE];
    char origin[FIELD_COUNT][64];
} plans_t;

/* ---- plans ---- */

/* What a table gets that does not say whose its rows are. */
static const enum fields_id key_fields[] = {FIELD_PATIENTS_PATIENT, FIELD_PATIENTS_ARM,
                                            FIELD_PATIENTS_REPLICATE};
#define KEY_FIELDS (sizeof key_fields / sizeof key_fields[0])

static int is_key(enum fields_id field)
{
    switch ((int)field) {
    case FIELD_PATIENTS_PATIENT:
    case FIELD_PATIENTS_ARM:
    case FIELD_PATIENTS_REPLICATE:
    case FIELD_OUTCOMES_PATIENT:
    case FIELD_OUTCOMES_ARM:
    case FIELD_OUTCOMES_REPLICATE:
    case FIELD_PUMPS_PATIENT:
    case FIELD_PUMPS_ARM:
    case FIELD_PUMPS_REPLICATE:
    case FIELD_PUMPS_PUMP:
    case FIELD_ARMS_ARM:
    case FIELD_UNCERTAIN_PARAMETER:
    case FIELD_DRAWS_REPLICATE:
    case FIELD_DRAWS_PARAMETER:
        return 1;
    default:
        return 0;
    }
}

/* Whether the rows of a table say themselves whose they are. */
static int has_key(enum fields_table table)
{
    return table == TABLE_PATIENTS || table == TABLE_OUTCOMES || table == TABLE_PUMPS ||
           fields_table(table)->kind == FIELDS_KIND_STUDY;
}

/* The names of a list, "a,b,c"; NULL where they are too many. */
static const char *codes_of(plans_t *p, enum fields_type type)
{
    const char *name;
    size_t at = 0, used = 0;
    for (at = 0; at < p->lists; at++) {
        if (p->list[at] == type) {
            return p->codes[at];
        }
    }
    if (at == LISTS) {
        return NULL;
    }
    for (size_t i = 0; (name = fields_choice(type, i, NULL)) != NULL; i++) {
        const int n =
            snprintf(p->codes[at] + used, CODES_SIZE - used, "%s%s", i > 0 ? "," : "", name);
        used += (size_t)n;
        if (used >= CODES_SIZE) {
            return NULL;
        }
    }
    p->list[p->lists++] = type;
    return p->codes[at];
}

static sheet_column_t plain(plans_t *p, enum fields_id field)
{
    const fields_t *f = fields_get(field);
    const int is_real = fields_is_real(f->type);
    const int is_text = f->type == FIELDS_TYPE_TEXT || fields_choices(f->type) > 0;
    (void)snprintf(p->origin[field], sizeof p->origin[field], "/%s/%s",
                   fields_table(f->table)->name, f->name);
    return (sheet_column_t){.name = f->name,
                            .label = f->description,
                            .type = is_text   ? SHEET_TEXT
                                    : is_real ? SHEET_NUMBER
                                              : SHEET_INTEGER,
                            .key = is_key(field),
                            .may_be_missing = is_real || f->type == FIELDS_TYPE_TEXT,
                            .unit = is_text ? "" : f->unit,
                            .codes = fields_choices(f->type) > 0 ? codes_of(p, f->type) : "",
                            .origin = p->origin[field],
                            .low = is_text ? -(double)INFINITY : f->low,
                            .high = is_text ? (double)INFINITY : f->high};
}

static void add(plans_t *p, size_t sheet, sheet_column_t column)
{
    p->column[sheet][p->plan[sheet].columns++] = column;
}

static void plan_key(plans_t *p, enum fields_table table)
{
    for (size_t i = 0; i < KEY_FIELDS; i++) {
        add(p, table, plain(p, key_fields[i]));
    }
    add(p, table,
        (sheet_column_t){"row", "place among the rows of its record, from 0", SHEET_INTEGER, 1, 0,
                         "1", "", "order in the table", 0.0, (double)INFINITY});
}

static void plan_links(sheet_plan_t *plan, enum fields_table table)
{
    size_t n = 0;
    if (table == TABLE_PATIENTS) {
        plan->link[n++] = (sheet_link_t){"arm", "arms"};
    } else if (table == TABLE_DRAWS) {
        plan->link[n++] = (sheet_link_t){"parameter", "uncertain"};
    } else if (fields_table(table)->kind != FIELDS_KIND_STUDY) {
        plan->link[n++] = (sheet_link_t){"patient,arm,replicate", "patients"};
    }
    if (table == TABLE_LEDGER) {
        plan->link[n++] = (sheet_link_t){"drug", "drugs"};
    } else if (table == TABLE_CALLS) {
        plan->link[n++] = (sheet_link_t){"call", "hal_calls"};
    }
}

static int plan_table(plans_t *p, enum fields_table table, error_t *e)
{
    sheet_plan_t *plan = &p->plan[table];
    plan->name = fields_table(table)->name;
    plan->title = fields_table(table)->description;
    plan->column = p->column[table];
    if (!has_key(table)) {
        plan_key(p, table);
    }
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (fields_get((enum fields_id)i)->table == table) {
            add(p, table, plain(p, (enum fields_id)i));
            if (p->column[table][plan->columns - 1].codes == NULL) {
                return ERROR_RAISE(e, ERROR_INVARIANT, "no room for the names of %s",
                                   fields_get((enum fields_id)i)->name);
            }
        }
    }
    plan_links(plan, table);
    return 0;
}

/* A table of names, by number from 0. */
static void plan_names(plans_t *p, size_t sheet, const char *name, const char *title,
                       const char *number)
{
    p->plan[sheet] = (sheet_plan_t){.name = name, .title = title, .column = p->column[sheet]};
    add(p, sheet,
        (sheet_column_t){number, "number, from 0", SHEET_INTEGER, 1, 0, "1", "", "/provenance", 0.0,
                         (double)INFINITY});
    add(p, sheet,
        (sheet_column_t){"name", "its name", SHEET_TEXT, 0, 0, "", "", "/provenance", 0.0, 0.0});
}

/* ---- rows ---- */

typedef union cells_t {
    double real[BLOCK];
    int64_t whole[BLOCK];
} cells_t;

/* Where a walk down a table stands among the records: at the one before `next`. */
typedef struct place_t {
    walk_t key;
    size_t next, start, count;
} place_t;

/* Goes to the record of a row; rows ascend. */
static int place_row(place_t *p, reader_t *r, enum fields_table table, size_t row, error_t *e)
{
    int code = 0;
    while (code == 0 && row >= p->start + p->count) {
        code = reader_range(r, table, p->next++, &p->start, &p->count, e);
    }
    return code;
}

static int put_key(sheet_t *s, place_t *p, size_t row)
{
    double key[KEY_FIELDS];
    for (size_t i = 0; i < KEY_FIELDS; i++) {
        key[i] = walk_at(&p->key, i, p->next - 1);
    }
    for (size_t i = 0; i < KEY_FIELDS && p->key.failed == 0; i++) {
        sheet_integer(s, (int64_t)key[i]);
    }
    sheet_integer(s, (int64_t)(row - p->start));
    return p->key.failed;
}

static void put_cell(sheet_t *s, reader_t *r, enum fields_id field, const cells_t *cells,
                     size_t row, size_t i)
{
    const enum fields_type type = fields_get(field)->type;
    if (type == FIELDS_TYPE_TEXT) {
        sheet_text(s, reader_text(r, field, row));
    } else if (type == FIELDS_TYPE_F32) {
        sheet_float(s, (float)cells->real[i]);
    } else if (type == FIELDS_TYPE_F64) {
        sheet_number(s, cells->real[i]);
    } else if (fields_choices(type) > 0) {
        sheet_text(s, fields_choice_name(type, cells->whole[i]));
    } else {
        sheet_integer(s, cells->whole[i]);
    }
}

/* Reads rows [start, start + n) of all columns of a table. */
static int read_block(reader_t *r, enum fields_id first, size_t columns, size_t start, size_t n,
                      cells_t *cells, error_t *e)
{
    int code = 0;
    for (size_t c = 0; code == 0 && c < columns; c++) {
        const enum fields_id field = (enum fields_id)(first + c);
        if (fields_is_real(fields_get(field)->type)) {
            code = reader_read_f64(r, field, start, n, cells[c].real, e);
        } else if (fields_get(field)->type != FIELDS_TYPE_TEXT) {
            code = reader_read_i64(r, field, start, n, cells[c].whole, e);
        }
    }
    return code;
}

typedef struct progress_of_t {
    int64_t done, total;
} progress_of_t;

static int write_rows(export_t *x, enum fields_table table, sheet_t *s, place_t *place,
                      cells_t *cells, progress_of_t *told, error_t *e)
{
    fields_layout_t layout;
    const size_t rows = reader_rows(x->reader, table);
    int code = 0;
    fields_layout(&layout);
    for (size_t start = 0; code == 0 && start < rows; start += BLOCK) {
        const size_t n = rows - start < BLOCK ? rows - start : BLOCK;
        const enum fields_id first = (enum fields_id)layout.first[table];
        code = read_block(x->reader, first, layout.count[table], start, n, cells, e);
        for (size_t i = 0; code == 0 && i < n; i++) {
            if (place != NULL) {
                code = place_row(place, x->reader, table, start + i, e);
                code = code != 0 ? code : put_key(s, place, start + i);
            }
            for (size_t c = 0; code == 0 && c < layout.count[table]; c++) {
                put_cell(s, x->reader, (enum fields_id)(first + c), &cells[c], start + i, i);
            }
            sheet_row(s);
        }
        told->done += (int64_t)n;
        code = code != 0 ? code : export_tick(x, told->done, told->total, e);
    }
    return code;
}

static int write_table(export_t *x, const sheet_plan_t *plan, enum fields_table table,
                       progress_of_t *told, error_t *e)
{
    sheet_t s = {.out = NULL};
    place_t place = {.next = 0};
    cells_t *cells = calloc(plan->columns, sizeof *cells);
    int code = cells != NULL ? walk_begin(&place.key, x->reader, key_fields, KEY_FIELDS, e)
                             : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %s", plan->name);
    code = code != 0 ? code : sheet_begin(&s, &x->box, plan, e);
    if (code == 0) {
        code = write_rows(x, table, &s, has_key(table) ? NULL : &place, cells, told, e);
    }
    code = code != 0 ? code : export_sheet_end(x, &s, e);
    sheet_abandon(&s);
    walk_end(&place.key);
    free(cells);
    return code;
}

static int write_names(export_t *x, const sheet_plan_t *plan, const provenance_names_t *names,
                       error_t *e)
{
    sheet_t s;
    const int code = sheet_begin(&s, &x->box, plan, e);
    for (size_t i = 0; code == 0 && i < names->count; i++) {
        sheet_integer(&s, (int64_t)i);
        sheet_text(&s, names->name[i]);
        sheet_row(&s);
    }
    return code != 0 ? code : export_sheet_end(x, &s, e);
}

int tables_write(export_t *x, error_t *e)
{
    const int trace = reader_is_trace(x->reader);
    const provenance_t *provenance = reader_provenance(x->reader);
    progress_of_t told = {0, 0};
    plans_t *p = calloc(1, sizeof *p);
    int code = p != NULL ? 0 : ERROR_RAISE(e, ERROR_MEMORY, "no memory for an export");
    x->plans = p;
    for (int t = 0; t < TABLE_COUNT; t++) {
        told.total += (int64_t)reader_rows(x->reader, (enum fields_table)t);
    }
    for (int t = 0; code == 0 && t < TABLE_COUNT; t++) {
        if (fields_in_file((enum fields_table)t, trace)) {
            code = plan_table(p, (enum fields_table)t, e);
            code = code != 0 ? code : write_table(x, &p->plan[t], (enum fields_table)t, &told, e);
        }
    }
    if (code == 0) {
        plan_names(p, SHEET_DRUGS, "drugs", "names of the drugs, in the study's order", "drug");
        code = write_names(x, &p->plan[SHEET_DRUGS], &provenance->drugs, e);
    }
    if (code == 0 && trace) {
        plan_names(p, SHEET_HAL_CALLS, "hal_calls", "names of the hardware calls", "call");
        code = write_names(x, &p->plan[SHEET_HAL_CALLS], &provenance->hal_calls, e);
    }
    return code;
}
