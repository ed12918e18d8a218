/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps where the rows of some records are, and reads them piece by piece. */
#include "dataset/view.h"

#include <stdlib.h>
#include <string.h>

#include "dataset/walk.h"

#define VALUE 8 /* bytes */

struct view_t {
    size_t records;
    size_t *record; /* [records], ascending: which of all records */
    size_t *before
        [TABLE_COUNT]; /* [records + 1]: rows of the view before the i-th record's; NULL: none are of records */
    size_t *from[TABLE_COUNT]; /* [records]: where the i-th record's begin among all rows */
};

/* ---- making it ---- */

static size_t *numbers(size_t n, error_t *e)
{
    size_t *block = calloc(n + 1, sizeof *block);
    if (block == NULL) {
        (void)ERROR_RAISE(e, ERROR_MEMORY, "no memory for the places of %zu records", n);
    }
    return block;
}

/* How many are central, and the highest replicate; then which, where there is room. */
static int look(reader_t *r, size_t *record, size_t *central, int32_t *draws, error_t *e)
{
    static const enum fields_id column[] = {FIELD_PATIENTS_REPLICATE};
    const size_t records = reader_rows(r, TABLE_PATIENTS);
    walk_t w;
    int rc = walk_begin(&w, r, column, 1, e);
    *central = 0;
    *draws = 0;
    for (size_t i = 0; rc == 0 && i < records; i++) {
        const int32_t replicate = (int32_t)walk_at(&w, 0, i);
        rc = w.failed;
        *draws = rc == 0 && replicate > *draws ? replicate : *draws;
        if (rc == 0 && replicate == 0) {
            if (record != NULL) {
                record[*central] = i;
            }
            ++*central;
        }
    }
    walk_end(&w);
    return rc;
}

static int place_table(view_t *v, reader_t *r, enum fields_table table, error_t *e)
{
    int rc = 0;
    v->before[table] = numbers(v->records, e);
    v->from[table] = numbers(v->records, e);
    if (v->before[table] == NULL || v->from[table] == NULL) {
        return ERROR_MEMORY;
    }
    for (size_t i = 0; rc == 0 && i < v->records; i++) {
        size_t count = 0;
        rc = reader_range(r, table, v->record[i], &v->from[table][i], &count, e);
        v->before[table][i + 1] = v->before[table][i] + count;
    }
    return rc;
}

static int make(view_t **v, reader_t *r, size_t central, error_t *e)
{
    view_t *self = *v = calloc(1, sizeof *self);
    int32_t draws;
    int rc = 0;
    if (self == NULL || (self->record = numbers(central, e)) == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the places of %zu records", central);
    }
    rc = look(r, self->record, &self->records, &draws, e);
    for (int t = 0; rc == 0 && t < TABLE_COUNT; t++) {
        rc = fields_in_records((enum fields_table)t, reader_is_trace(r))
                 ? place_table(self, r, (enum fields_table)t, e)
                 : 0;
    }
    return rc;
}

int view_central(view_t **v, reader_t *r, int32_t *draws, error_t *e)
{
    size_t central = 0;
    int rc = look(r, NULL, &central, draws, e);
    *v = NULL;
    if (rc == 0 && central < reader_rows(r, TABLE_PATIENTS)) {
        rc = make(v, r, central, e);
    }
    if (rc < 0) {
        view_free(v);
        *draws = -1;
    }
    return rc;
}

void view_free(view_t **v)
{
    view_t *const self = *v;
    if (self == NULL) {
        return;
    }
    for (int t = 0; t < TABLE_COUNT; t++) {
        free(self->before[t]);
        free(self->from[t]);
    }
    free(self->record);
    free(self);
    *v = NULL;
}

/* ---- what it holds ---- */

size_t view_rows(const view_t *v, enum fields_table table)
{
    return v->before[table][v->records];
}

void view_range(const view_t *v, enum fields_table table, size_t i, size_t *start, size_t *count)
{
    *start = v->before[table][i];
    *count = v->before[table][i + 1] - v->before[table][i];
}

size_t view_record(const view_t *v, size_t i)
{
    return v->record[i];
}

/* ---- reading ---- */

/* Rows of one record that are wanted: so many, from this place among all rows. */
typedef struct run_t {
    size_t from, count;
} run_t;

/* The last record before whose rows there are at most `row`, and so the one that has it. */
static size_t find(const size_t *before, size_t records, size_t row)
{
    size_t low = 0, high = records;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(before[middle] <= row ? &low : &high) = middle;
    }
    return low;
}

/* What is wanted of record i, of rows [row, end) of the view. */
static run_t run_of(const view_t *v, enum fields_table table, size_t i, size_t row, size_t end)
{
    const size_t *before = v->before[table];
    const size_t stop = before[i + 1] < end ? before[i + 1] : end;
    return (run_t){v->from[table][i] + (row - before[i]), stop > row ? stop - row : 0};
}

/* Copies out of scratch, which begins at row `origin` of all. */
static void copy(const char *scratch, size_t origin, run_t run, char *to)
{
    memcpy(to, scratch + (run.from - origin) * VALUE, run.count * VALUE);
}

/* Reads what is wanted of record *i and of as many after it as lie within one block, in one piece. Moves *i and *row on. */
static int read_piece(const view_t *v, enum fields_table table, size_t *i, size_t *row, size_t end,
                      char *scratch, char *to, view_read_t *read, void *context)
{
    const run_t first = run_of(v, table, *i, *row, end);
    size_t last = *i, at = *row + first.count, stop = first.from + first.count;
    for (size_t next = *i + 1; next < v->records && at < end; next++) {
        const run_t run = run_of(v, table, next, at, end);
        if (run.from < stop || run.from + run.count - first.from > VIEW_BLOCK) {
            break;
        }
        last = next;
        at += run.count;
        stop = run.count > 0 ? run.from + run.count : stop;
    }
    if (last == *i) {
        const int rc = first.count > 0 ? read(context, first.from, first.count, to) : 0;
        *row += first.count;
        ++*i;
        return rc;
    }
    const int rc = read(context, first.from, stop - first.from, scratch);
    for (; rc == 0 && *i <= last; ++*i) {
        const run_t run = run_of(v, table, *i, *row, end);
        copy(scratch, first.from, run, to);
        to += run.count * VALUE;
        *row += run.count;
    }
    return rc;
}

int view_read(const view_t *v, enum fields_table table, size_t start, size_t count, void *values,
              view_read_t *read, void *context, error_t *e)
{
    const size_t end = start + count;
    char *scratch = NULL;
    size_t row = start;
    int rc = 0;
    if (count == 0) {
        return 0;
    }
    scratch = calloc(VIEW_BLOCK, VALUE);
    if (scratch == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %d rows", VIEW_BLOCK);
    }
    for (size_t i = find(v->before[table], v->records, start); rc == 0 && row < end;) {
        char *to = (char *)values + (row - start) * VALUE;
        rc = read_piece(v, table, &i, &row, end, scratch, to, read, context);
    }
    free(scratch);
    return rc;
}
