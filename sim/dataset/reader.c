/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a dataset, checks that it is ours and whole before anything is read from it, and reads columns. */
#include "dataset/reader.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/hdf.h"
#include "dataset/hdf_file.h"
#include "dataset/provenance_file.h"
#include "dataset/view.h"

#define INDEX_KEYS 3

/* Records whose index is kept of a table: who walks along the records inflates each chunk once, not once a record. */
#define WINDOW 1024

/* Part of the index of one table, as stored. */
typedef struct window_t {
    size_t start, records; /* of the records; 0 records: nothing is in it */
    int64_t offset[WINDOW];
    int64_t count[WINDOW];
} window_t;

struct reader_t {
    char *path;
    hid_t file; /* all HDF5 ids: 0 when not open */
    int trace;
    hid_t column[FIELD_COUNT];
    hid_t index_key[INDEX_KEYS];
    hid_t offset[TABLE_COUNT];
    hid_t count[TABLE_COUNT];
    size_t rows[TABLE_COUNT];
    window_t *window[TABLE_COUNT]; /* owned; NULL before its first use */
    view_t *central;     /* owned; NULL where all records are central, or it was not asked for */
    const view_t *shown; /* central, or NULL: all */
    int32_t draws;       /* -1: not counted yet */
    provenance_t provenance;
    char *owned[PROVENANCE_FILE_BLOCKS];
    provenance_range_t *range; /* owned; of provenance.draws, as the next is */
    double *value;
    hdf_cause_t cause;
};

/* ---- opening ---- */

static int check_format(reader_t *r, error_t *e)
{
    char *format = NULL;
    int32_t version = 0;
    const int found = hdf_get_text(r->file, "format", &format) >= 0;
    r->trace = found && strcmp(format, "thecasim trace") == 0;
    const int ours = r->trace || (found && strcmp(format, "thecasim dataset") == 0);
    const int people = found && strcmp(format, "thecasim cohort") == 0;
    free(format);
    if (people) {
        return ERROR_RAISE(
            e, ERROR_DATASET_FOREIGN,
            "%s is a frozen cohort, of people who have not lived: a study takes them "
            "by population.cohort, and thecasim population describes them",
            r->path);
    }
    if (!ours) {
        return ERROR_RAISE(e, ERROR_DATASET_FOREIGN, "%s is HDF5 but not a thecasim dataset",
                           r->path);
    }
    if (hdf_get_number(r->file, "schema_version", H5T_NATIVE_INT32, &version) < 0) {
        return hdf_raise_read(e, &r->cause, r->path, "schema_version");
    }
    if (version != FIELDS_SCHEMA_VERSION) {
        return ERROR_RAISE(e, ERROR_DATASET_VERSION, "%s has schema %d; this program knows %d",
                           r->path, version, FIELDS_SCHEMA_VERSION);
    }
    return 0;
}

/* Opens a 1-D dataset of the given type and unit, and gives its length. Returns 0 when it is not so. */
static hid_t open_column(hid_t group, const char *name, const fields_t *field, size_t *rows)
{
    char *unit = NULL;
    if (H5Lexists(group, name, H5P_DEFAULT) <= 0) {
        return 0;
    }
    const hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    if (dataset < 0) {
        return 0;
    }
    const hid_t type = H5Dget_type(dataset);
    const hid_t space = H5Dget_space(dataset);
    hsize_t extent = 0;
    const int sound = type >= 0 && H5Tequal(type, hdf_file_type(field->type)) > 0 &&
                      H5Sget_simple_extent_ndims(space) == 1 &&
                      H5Sget_simple_extent_dims(space, &extent, NULL) == 1 &&
                      hdf_get_text(dataset, "units", &unit) >= 0 && strcmp(unit, field->unit) == 0;
    free(unit);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    if (!sound) {
        (void)H5Dclose(dataset);
        return 0;
    }
    *rows = (size_t)extent;
    return dataset;
}

static hid_t open_group(const reader_t *r, const char *name)
{
    const hid_t group =
        H5Lexists(r->file, name, H5P_DEFAULT) > 0 ? H5Gopen2(r->file, name, H5P_DEFAULT) : -1;
    return group > 0 ? group : 0;
}

static int missing(reader_t *r, const char *group, const char *name, error_t *e)
{
    char what[128];
    (void)snprintf(what, sizeof what, "/%s/%s", group, name);
    return hdf_raise_read(e, &r->cause, r->path, what);
}

static int open_table(reader_t *r, enum fields_table table, error_t *e)
{
    const char *name = fields_table(table)->name;
    const hid_t group = open_group(r, name);
    int rc = group == 0 ? missing(r, name, "", e) : 0;
    size_t first = 0;
    int any = 0;
    for (int i = 0; rc == 0 && i < FIELD_COUNT; i++) {
        const fields_t *field = fields_get((enum fields_id)i);
        if (field->table == table && field->type != FIELDS_TYPE_TEXT) {
            r->column[i] = open_column(group, field->name, field, &r->rows[table]);
            if (r->column[i] == 0 || (any && r->rows[table] != first)) {
                rc = missing(r, name, field->name, e);
            }
            first = r->rows[table];
            any = 1;
        }
    }
    if (group > 0) {
        (void)H5Gclose(group);
    }
    return rc;
}

static int in_records(const reader_t *r, enum fields_table table)
{
    return fields_in_records(table, r->trace);
}

/* One column of the index, which must be as long as there are records. */
static int open_index_column(reader_t *r, hid_t group, const char *name, enum fields_type type,
                             hid_t *column)
{
    const fields_t field = {.unit = "1", .type = type};
    size_t rows = 0;
    *column = open_column(group, name, &field, &rows);
    return *column != 0 && rows == r->rows[TABLE_PATIENTS] ? 0 : -1;
}

static int open_index(reader_t *r, error_t *e)
{
    static const enum fields_id key[INDEX_KEYS] = {FIELD_PATIENTS_PATIENT, FIELD_PATIENTS_ARM,
                                                   FIELD_PATIENTS_REPLICATE};
    char name[64] = "";
    const hid_t group = open_group(r, "index");
    int rc = group == 0 ? -1 : 0;
    for (int i = 0; rc == 0 && i < INDEX_KEYS; i++) {
        const fields_t *field = fields_get(key[i]);
        (void)snprintf(name, sizeof name, "%s", field->name);
        rc = open_index_column(r, group, name, field->type, &r->index_key[i]);
    }
    for (int t = 1; rc == 0 && t < TABLE_COUNT; t++) {
        const char *table = fields_table((enum fields_table)t)->name;
        if (in_records(r, (enum fields_table)t)) {
            (void)snprintf(name, sizeof name, "%s_offset", table);
            rc = open_index_column(r, group, name, FIELDS_TYPE_I64, &r->offset[t]);
        }
        if (rc == 0 && in_records(r, (enum fields_table)t)) {
            (void)snprintf(name, sizeof name, "%s_count", table);
            rc = open_index_column(r, group, name, FIELDS_TYPE_I64, &r->count[t]);
        }
    }
    if (group > 0) {
        (void)H5Gclose(group);
    }
    return rc == 0 ? 0 : missing(r, "index", name, e);
}

/* One bound of every uncertain parameter. */
static int read_bound(reader_t *r, enum fields_id field, double *at, error_t *e)
{
    double column[PROVENANCE_NAMES_MAX];
    const size_t parameters = r->provenance.draws.key.count;
    const int rc = reader_read_f64(r, field, 0, parameters, column, e);
    for (size_t k = 0; rc == 0 && k < parameters; k++) {
        at[k * sizeof(provenance_range_t) / sizeof *at] = column[k];
    }
    return rc;
}

/* The numbers of the uncertain parameters, whose texts are there: every replicate has all of them. */
static int open_draws(reader_t *r, error_t *e)
{
    provenance_draws_t *d = &r->provenance.draws;
    const size_t parameters = d->key.count, rows = r->rows[TABLE_DRAWS];
    if (r->rows[TABLE_UNCERTAIN] != parameters) {
        return missing(r, fields_table(TABLE_UNCERTAIN)->name, "key", e);
    }
    if (parameters == 0 ? rows > 0 : rows == 0 || rows % parameters != 0) {
        return missing(r, fields_table(TABLE_DRAWS)->name, "value", e);
    }
    r->range = calloc(parameters + 1, sizeof *r->range);
    if (r->range == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu parameters", parameters);
    }
    int rc = reader_column_f64(r, FIELD_DRAWS_VALUE, &r->value, e);
    rc = rc != 0 ? rc : read_bound(r, FIELD_UNCERTAIN_LOW, &r->range->low, e);
    rc = rc != 0 ? rc : read_bound(r, FIELD_UNCERTAIN_HIGH, &r->range->high, e);
    rc = rc != 0 ? rc : read_bound(r, FIELD_UNCERTAIN_LEAST, &r->range->least, e);
    rc = rc != 0 ? rc : read_bound(r, FIELD_UNCERTAIN_MOST, &r->range->most, e);
    d->range = r->range;
    d->value = r->value;
    d->replicates = parameters > 0 ? rows / parameters - 1 : 0;
    return rc;
}

static int open_parts(reader_t *r, error_t *e)
{
    int rc = hdf_file_open(&r->file, r->path, &r->cause, e);
    rc = rc != 0 ? rc : check_format(r, e);
    for (int t = 0; rc == 0 && t < TABLE_COUNT; t++) {
        rc = fields_in_file((enum fields_table)t, r->trace) ? open_table(r, (enum fields_table)t, e)
                                                            : 0;
    }
    if (rc == 0) {
        rc = open_index(r, e);
    }
    if (rc == 0 && provenance_file_read(r->file, &r->provenance, r->owned) < 0) {
        rc = missing(r, "provenance", "", e);
    }
    if (rc == 0 && r->rows[TABLE_ARMS] != r->provenance.arms.count) {
        rc = missing(r, fields_table(TABLE_ARMS)->name, "name", e);
    }
    return rc == 0 ? open_draws(r, e) : rc;
}

int reader_open(reader_t **r, const char *path, error_t *e)
{
    *r = NULL;
    reader_t *self = calloc(1, sizeof *self);
    if (self == NULL || (self->path = strdup(path)) == NULL) {
        free(self);
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to read %s", path);
    }
    *r = self;
    self->draws = -1;
    hdf_listen(&self->cause);
    const int rc = open_parts(self, e);
    if (rc < 0) {
        reader_close(r);
    }
    return rc;
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
    close_datasets(self->index_key, INDEX_KEYS);
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
    return r->shown != NULL && in_records(r, table) ? view_rows(r->shown, table) : r->rows[table];
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
        return missing(p->reader, fields_table(f->table)->name, f->name, p->e);
    }
    return 0;
}

static int read_field(reader_t *r, enum fields_id field, hid_t type, size_t start, size_t count,
                      void *values, error_t *e)
{
    const enum fields_table table = fields_get(field)->table;
    piece_t piece = {r, field, type, e};
    return r->shown != NULL && in_records(r, table)
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
    const size_t records = r->rows[TABLE_PATIENTS], start = record / WINDOW * WINDOW;
    window_t *w = r->window[table];
    if (w == NULL) {
        w = r->window[table] = calloc(1, sizeof *w);
    }
    if (w == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for an index of %d", WINDOW);
    }
    if (record >= w->start && record - w->start < w->records) {
        return 0;
    }
    w->records = 0;
    w->start = start;
    hdf_listen(&r->cause);
    const size_t n = records - start < WINDOW ? records - start : WINDOW;
    if (hdf_file_rows(r->offset[table], H5T_NATIVE_INT64, start, n, w->offset) < 0 ||
        hdf_file_rows(r->count[table], H5T_NATIVE_INT64, start, n, w->count) < 0) {
        return missing(r, "index", fields_table(table)->name, e);
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
    if (table != TABLE_PATIENTS && !in_records(r, table)) {
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
    if (in_records(r, table)) {
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
    if (table == TABLE_PATIENTS || !in_records(r, table)) {
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
        rc = missing(r, "index", fields_table(table)->name, e);
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
    for (int part = 0; rc == 0 && part < INDEX_KEYS; part++) {
        if (hdf_file_rows(r->index_key[part], H5T_NATIVE_INT64, 0, all, value) < 0) {
            rc = missing(r, "index", "patient", e);
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
        return missing(r, "index", "patient", e);
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
