/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a dataset: checks that it is ours and whole before anything is read from it. */
#include "dataset/reader_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/hdf_file.h"

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

static int open_table(reader_t *r, enum fields_table table, error_t *e)
{
    const char *name = fields_table(table)->name;
    const hid_t group = open_group(r, name);
    int rc = group == 0 ? reader_missing(r, name, "", e) : 0;
    size_t first = 0;
    int any = 0;
    for (int i = 0; rc == 0 && i < FIELD_COUNT; i++) {
        const fields_t *field = fields_get((enum fields_id)i);
        if (field->table == table && field->type != FIELDS_TYPE_TEXT) {
            r->column[i] = open_column(group, field->name, field, &r->rows[table]);
            if (r->column[i] == 0 || (any && r->rows[table] != first)) {
                rc = reader_missing(r, name, field->name, e);
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
    static const enum fields_id key[READER_INDEX_KEYS] = {
        FIELD_PATIENTS_PATIENT, FIELD_PATIENTS_ARM, FIELD_PATIENTS_REPLICATE};
    char name[64] = "";
    const hid_t group = open_group(r, "index");
    int rc = group == 0 ? -1 : 0;
    for (int i = 0; rc == 0 && i < READER_INDEX_KEYS; i++) {
        const fields_t *field = fields_get(key[i]);
        (void)snprintf(name, sizeof name, "%s", field->name);
        rc = open_index_column(r, group, name, field->type, &r->index_key[i]);
    }
    for (int t = 1; rc == 0 && t < TABLE_COUNT; t++) {
        const char *table = fields_table((enum fields_table)t)->name;
        if (reader_in_records(r, (enum fields_table)t)) {
            (void)snprintf(name, sizeof name, "%s_offset", table);
            rc = open_index_column(r, group, name, FIELDS_TYPE_I64, &r->offset[t]);
        }
        if (rc == 0 && reader_in_records(r, (enum fields_table)t)) {
            (void)snprintf(name, sizeof name, "%s_count", table);
            rc = open_index_column(r, group, name, FIELDS_TYPE_I64, &r->count[t]);
        }
    }
    if (group > 0) {
        (void)H5Gclose(group);
    }
    return rc == 0 ? 0 : reader_missing(r, "index", name, e);
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
        return reader_missing(r, fields_table(TABLE_UNCERTAIN)->name, "key", e);
    }
    if (parameters == 0 ? rows > 0 : rows == 0 || rows % parameters != 0) {
        return reader_missing(r, fields_table(TABLE_DRAWS)->name, "value", e);
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
        rc = reader_missing(r, "provenance", "", e);
    }
    if (rc == 0 && r->rows[TABLE_ARMS] != r->provenance.arms.count) {
        rc = reader_missing(r, fields_table(TABLE_ARMS)->name, "name", e);
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
