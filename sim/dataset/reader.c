/* SPDX-License-Identifier: Apache-2.0 */
/* Reads columns, index and keys of a dataset that is open. */
#include "dataset/reader_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "dataset/hdf_file.h"

int reader_missing(reader_t *r, const char *group, const char *name, error_t *e)
{
    char what[128];
    (void)snprintf(what, sizeof what, "/%s/%s", group, name);
    return hdf_raise_read(e, &r->cause, r->path, what);
}

int reader_in_records(const reader_t *r, enum fields_table table)
{
    return fields_in_records(table, r->trace);
}

static void close_datasets(const hid_t *dataset, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dataset[i] > 0) {
            (void)H5Dclose(dataset[i]);
        }
    }
}

void reader_close(reader_t **r)
{
    reader_t *const self = *r;
    if (self == NULL) {
        return;
    }
    hdf_silence();
    view_free(&self->central);
    close_datasets(self->column, FIELD_COUNT);
    close_datasets(self->index_key, READER_INDEX_KEYS);
    close_datasets(self->offset, TABLE_COUNT);
    close_datasets(self->count, TABLE_COUNT);
    if (self->file > 0) {
        (void)H5Fclose(self->file);
    }
    for (size_t i = 0; i < PROVENANCE_FILE_BLOCKS; i++) {
        free(self->owned[i]);
    }
    for (int t = 0; t < TABLE_COUNT; t++) {
        free(self->window[t]);
    }
    free(self->range);
    free(self->value);
    free(self->path);
    free(self);
    *r = NULL;
}

/* ---- reading ---- */

const char *reader_path(const reader_t *r)
{
    return r->path;
}

int reader_is_trace(const reader_t *r)
{
    return r->trace;
}

const provenance_t *reader_provenance(const reader_t *r)
{
    return &r->provenance;
}

const char *reader_text(const reader_t *r, enum fields_id field, size_t row)
{
    const provenance_t *p = &r->provenance;
    const struct {
        enum fields_id field;
        const provenance_names_t *lines;
    } text[] = {{FIELD_ARMS_NAME, &p->arms},
                {FIELD_ARMS_SETTINGS, &p->settings},
                {FIELD_UNCERTAIN_KEY, &p->draws.key},
                {FIELD_UNCERTAIN_UNIT, &p->draws.unit},
                {FIELD_UNCERTAIN_SHAPE, &p->draws.shape}};
    const provenance_names_t *lines = NULL;
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        lines = text[i].field == field ? text[i].lines : lines;
    }
    return lines != NULL && row < lines->count ? lines->name[row] : NULL;
}

size_t reader_rows(const reader_t *r, enum fields_table table)
{
    return r->shown != NULL && reader_in_records(r, table) ? view_rows(r->shown, table)
                                                           : r->rows[table];
}

/* The number among all records of one that is shown. */
static size_t among_all(const reader_t *r, size_t record)
{
    return r->shown != NULL ? view_record(r->shown, record) : record;
}

static int check_rows(const reader_t *r, enum fields_id field, size_t start, size_t count,
                      error_t *e)
{
    const fields_t *f = fields_get(field);
    const size_t rows = reader_rows(r, f->table);
    if (f->type == FIELDS_TYPE_TEXT) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is text", f->name);
    }
    if (start > rows || count > rows - start) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "rows %zu to %zu of %s/%s are not in %s, which has %zu", start,
                           start + count, fields_table(f->table)->name, f->name, r->path, rows);
    }
    return 0;
}

/* Where the pieces of a field come from. */
typedef struct piece_t {
    reader_t *reader;
    enum fields_id field;
    hid_t type;
    error_t *e;
} piece_t;

static int read_piece(void *context, size_t start, size_t count, void *values)
{
    const piece_t *p = context;
    const fields_t *f = fields_get(p->field);
    hdf_listen(&p->reader->cause);
    if (hdf_file_rows(p->reader->column[p->field], p->type, start, count, values) < 0) {
        return reader_missing(p->reader, fields_table(f->table)->name, f->name, p->e);
    }
    return 0;
}

static int read_field(reader_t *r, enum fields_id field, hid_t type, size_t start, size_t count,
                      void *values, error_t *e)
{
    const enum fields_table table = fields_get(field)->table;
    piece_t piece = {r, field, type, e};
    return r->shown != NULL && reader_in_records(r, table)
               ? view_read(r->shown, table, start, count, values, read_piece, &piece, e)
               : read_piece(&piece, start, count, values);
}

int reader_read_f64(reader_t *r, enum fields_id field, size_t start, size_t count, double *values,
                    error_t *e)
{
    const int rc = check_rows(r, field, start, count, e);
    return rc < 0 ? rc : read_field(r, field, H5T_NATIVE_DOUBLE, start, count, values, e);
}

int reader_read_i64(reader_t *r, enum fields_id field, size_t start, size_t count, int64_t *values,
                    error_t *e)
{
    const int rc = check_rows(r, field, start, count, e);
    if (rc == 0 && fields_is_real(fields_get(field)->type)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is not a whole number", fields_get(field)->name);
    }
    return rc < 0 ? rc : read_field(r, field, H5T_NATIVE_INT64, start, count, values, e);
}

static int allocate(const reader_t *r, enum fields_id field, size_t size, void **values, error_t *e)
{
    const size_t rows = reader_rows(r, fields_get(field)->table);
    *values = calloc(rows + 1, size);
    return *values != NULL ? 0
                           : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu rows of %s", rows,
                                         fields_get(field)->name);
}

int reader_column_f64(reader_t *r, enum fields_id field, double **values, error_t *e)
{
    void *block = NULL;
    int rc = allocate(r, field, sizeof **values, &block, e);
    *values = block;
    if (rc == 0) {
        rc = reader_read_f64(r, field, 0, reader_rows(r, fields_get(field)->table), *values, e);
    }
    if (rc < 0) {
        free(*values);
        *values = NULL;
    }
    return rc;
}

int reader_column_i64(reader_t *r, enum fields_id field, int64_t **values, error_t *e)
{
    void *block = NULL;
    int rc = allocate(r, field, sizeof **values, &block, e);
    *values = block;
    if (rc == 0) {
        rc = reader_read_i64(r, field, 0, reader_rows(r, fields_get(field)->table), *values, e);
    }
    if (rc < 0) {
        free(*values);
        *values = NULL;
    }
    return rc;
}

/* Makes the window of a table hold a record. */
static int look_at(reader_t *r, enum fields_table table, size_t record, error_t *e)
{
    const size_t records = r->rows[TABLE_PATIENTS], start = record / READER_WINDOW * READER_WINDOW;
    reader_window_t *w = r->window[table];
    if (w == NULL) {
        w = r->window[table] = calloc(1, sizeof *w);
    }
    if (w == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for an index of %d", READER_WINDOW);
    }
    if (record >= w->start && record - w->start < w->records) {
        return 0;
    }
    w->records = 0;
    w->start = start;
    hdf_listen(&r->cause);
    const size_t n = records - start < READER_WINDOW ? records - start : READER_WINDOW;
    if (hdf_file_rows(r->offset[table], H5T_NATIVE_INT64, start, n, w->offset) < 0 ||
        hdf_file_rows(r->count[table], H5T_NATIVE_INT64, start, n, w->count) < 0) {
        return reader_missing(r, "index", fields_table(table)->name, e);
    }
    w->records = n;
    return 0;
}

/* Among all rows, of one of all records. */
static int range_of_all(reader_t *r, enum fields_table table, size_t record, size_t *start,
                        size_t *count, error_t *e)
{
    int64_t from = (int64_t)record;
    int64_t rows = 1;
    if (table != TABLE_PATIENTS && !reader_in_records(r, table)) {
        from = rows = 0;
    } else if (table != TABLE_PATIENTS) {
        const int rc = look_at(r, table, record, e);
        if (rc < 0) {
            return rc;
        }
        from = r->window[table]->offset[record - r->window[table]->start];
        rows = r->window[table]->count[record - r->window[table]->start];
    }
    if (from < 0 || rows < 0 || (uint64_t)from > r->rows[table] ||
        (uint64_t)rows > r->rows[table] - (uint64_t)from) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED,
                           "the index of %s points outside table %s at record %zu", r->path,
                           fields_table(table)->name, record);
    }
    *start = (size_t)from;
    *count = (size_t)rows;
    return 0;
}

int reader_range(reader_t *r, enum fields_table table, size_t record, size_t *start, size_t *count,
                 error_t *e)
{
    if (record >= reader_rows(r, TABLE_PATIENTS)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s has no record %zu", r->path, record);
    }
    if (r->shown == NULL) {
        return range_of_all(r, table, record, start, count, e);
    }
    *start = *count = 0;
    if (reader_in_records(r, table)) {
        view_range(r->shown, table, record, start, count);
    }
    return 0;
}

/* ---- what is shown ---- */

int reader_show(reader_t *r, enum reader_shown shown, error_t *e)
{
    int rc = 0;
    r->shown = NULL;
    if (shown == READER_CENTRAL && r->draws < 0 && !r->trace) {
        rc = view_central(&r->central, r, &r->draws, e);
    }
    r->shown = rc == 0 && shown == READER_CENTRAL ? r->central : NULL;
    return rc;
}

int32_t reader_draws(const reader_t *r)
{
    return r->draws > 0 ? r->draws : 0;
}

/* ---- index and keys ---- */

int reader_index(reader_t *r, enum fields_table table, int64_t **offset, int64_t **count,
                 error_t *e)
{
    const size_t records = reader_rows(r, TABLE_PATIENTS);
    *offset = *count = NULL;
    if (table == TABLE_PATIENTS || !reader_in_records(r, table)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s has no index of %s", r->path,
                           fields_table(table)->name);
    }
    *offset = calloc(records + 1, sizeof **offset);
    *count = calloc(records + 1, sizeof **count);
    int rc = *offset == NULL || *count == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for an index of %zu", records)
                 : 0;
    hdf_listen(&r->cause);
    for (size_t i = 0; rc == 0 && r->shown != NULL && i < records; i++) {
        size_t start, rows;
        view_range(r->shown, table, i, &start, &rows);
        (*offset)[i] = (int64_t)start;
        (*count)[i] = (int64_t)rows;
    }
    if (rc == 0 && r->shown == NULL &&
        (hdf_file_rows(r->offset[table], H5T_NATIVE_INT64, 0, records, *offset) < 0 ||
         hdf_file_rows(r->count[table], H5T_NATIVE_INT64, 0, records, *count) < 0)) {
        rc = reader_missing(r, "index", fields_table(table)->name, e);
    }
    if (rc < 0) {
        free(*offset);
        free(*count);
        *offset = *count = NULL;
    }
    return rc;
}

int reader_keys(reader_t *r, record_key_t **keys, error_t *e)
{
    const size_t all = r->rows[TABLE_PATIENTS], records = reader_rows(r, TABLE_PATIENTS);
    int64_t *value = calloc(all + 1, sizeof *value);
    *keys = calloc(records + 1, sizeof **keys);
    int rc = value == NULL || *keys == NULL
                 ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for the keys of %zu", records)
                 : 0;
    hdf_listen(&r->cause);
    for (int part = 0; rc == 0 && part < READER_INDEX_KEYS; part++) {
        if (hdf_file_rows(r->index_key[part], H5T_NATIVE_INT64, 0, all, value) < 0) {
            rc = reader_missing(r, "index", "patient", e);
        }
        for (size_t i = 0; rc == 0 && i < records; i++) {
            const int64_t found = value[among_all(r, i)];
            record_key_t *key = &(*keys)[i];
            key->patient = part == 0 ? found : key->patient;
            *(part == 1 ? &key->arm : &key->replicate) = part == 0 ? 0 : (int32_t)found;
        }
    }
    free(value);
    if (rc < 0) {
        free(*keys);
        *keys = NULL;
    }
    return rc;
}

static int read_key(reader_t *r, size_t record, record_key_t *key, error_t *e)
{
    hdf_listen(&r->cause);
    if (hdf_file_rows(r->index_key[0], H5T_NATIVE_INT64, record, 1, &key->patient) < 0 ||
        hdf_file_rows(r->index_key[1], H5T_NATIVE_INT32, record, 1, &key->arm) < 0 ||
        hdf_file_rows(r->index_key[2], H5T_NATIVE_INT32, record, 1, &key->replicate) < 0) {
        return reader_missing(r, "index", "patient", e);
    }
    return 0;
}

/* By halving: records are in order of keys. */
int reader_find(reader_t *r, const record_key_t *key, size_t *record, error_t *e)
{
    size_t low = 0;
    size_t high = reader_rows(r, TABLE_PATIENTS);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        record_key_t found;
        const int rc = read_key(r, among_all(r, middle), &found, e);
        if (rc < 0) {
            return rc;
        }
        const int order = record_compare(&found, key);
        if (order == 0) {
            *record = middle;
            return 1;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}
