/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a frozen cohort, checks that it is ours and whole, and reads its people. */
#include "dataset/frozen.h"

#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/hdf.h"
#include "dataset/hdf_file.h"
#include "dataset/provenance_file.h"

#define FORMAT "thecasim cohort"
#define TEXTS_MAX (5 * FROZEN_FIELDS_MAX + 3 * FROZEN_SETTINGS_MAX + 4 * FROZEN_PAIRS_MAX + 32)
#define NAME_SIZE 128
#define CACHE_SIZE 16384

struct frozen_t {
    char *path;
    hid_t file; /* all HDF5 ids: 0 when not open */
    hid_t column[FROZEN_FIELDS_MAX];
    size_t people;
    const char *identity;
    frozen_head_t head;
    char *text[TEXTS_MAX]; /* [texts] owned */
    size_t texts;
    char *owned[PROVENANCE_FILE_BLOCKS];
    hdf_cause_t cause;
};

/* ---- texts and numbers ---- */

/* Keeps a text, which may be NULL; NULL where there is no room. */
static const char *keep(frozen_t *f, char *text)
{
    if (text == NULL || f->texts == TEXTS_MAX) {
        free(text);
        return NULL;
    }
    return f->text[f->texts++] = text;
}

static const char *get_text(frozen_t *f, hid_t object, const char *name)
{
    char *text = NULL;
    if (hdf_get_text(object, name, &text) < 0) {
        free(text);
        return NULL;
    }
    return keep(f, text);
}

static const char *get_name(frozen_t *f, hid_t group, hsize_t i)
{
    char name[NAME_SIZE] = "";
    const ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name,
                                              sizeof name, H5P_DEFAULT);
    return length > 0 && length < NAME_SIZE ? keep(f, strdup(name)) : NULL;
}

static int get_real(hid_t object, const char *name, double *value)
{
    if (H5Aexists(object, name) <= 0) {
        return -1;
    }
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    int rc = -1;
    if (H5Sget_simple_extent_type(space) == H5S_SCALAR && H5Tget_class(type) == H5T_FLOAT) {
        rc = H5Aread(attribute, H5T_NATIVE_DOUBLE, value);
    }
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Aclose(attribute);
    return rc;
}

/* valid_min, valid_max, or both as valid_range; without them no limit. */
static int get_range(hid_t dataset, frozen_field_t *field)
{
    double both[2] = {-HUGE_VAL, HUGE_VAL};
    const char *name[] = {"valid_range", "valid_min", "valid_max"};
    for (int i = 0; i < 3; i++) {
        if (H5Aexists(dataset, name[i]) > 0) {
            const hid_t attribute = H5Aopen(dataset, name[i], H5P_DEFAULT);
            const hid_t space = H5Aget_space(attribute);
            const hssize_t count = H5Sget_simple_extent_npoints(space);
            const int sound = count == (i == 0 ? 2 : 1) &&
                              H5Aread(attribute, H5T_NATIVE_DOUBLE, i == 2 ? &both[1] : both) >= 0;
            (void)H5Sclose(space);
            (void)H5Aclose(attribute);
            if (!sound) {
                return -1;
            }
        }
    }
    field->low = both[0];
    field->high = both[1];
    return 0;
}

static hsize_t members(hid_t group)
{
    H5G_info_t info = {.nlinks = 0};
    return H5Gget_info(group, &info) >= 0 ? info.nlinks : 0;
}

/* ---- parts of the file ---- */

/* 1-D, of one of the two types. */
static int read_shape(frozen_t *f, hid_t dataset, frozen_field_t *field)
{
    hsize_t extent = 0;
    const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    const int sound = (H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_STD_I32LE) > 0) &&
                      H5Sget_simple_extent_ndims(space) == 1 &&
                      H5Sget_simple_extent_dims(space, &extent, NULL) == 1;
    field->whole = sound && H5Tget_class(type) == H5T_INTEGER;
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    if (!sound || (f->head.fields > 0 && extent != f->people)) {
        return -1;
    }
    f->people = (size_t)extent;
    return 0;
}

/* With a cache of a chunk or two: the default of 1 MiB a dataset would grow with the number of fields. */
static hid_t open_column(hid_t group, const char *name)
{
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    const hid_t dataset =
        H5Pset_chunk_cache(access, 3, CACHE_SIZE, 1.0) >= 0 ? H5Dopen2(group, name, access) : -1;
    (void)H5Pclose(access);
    return dataset;
}

static int read_field(frozen_t *f, hid_t group, hsize_t i)
{
    frozen_field_t *field = &f->head.field[f->head.fields];
    field->name = get_name(f, group, i);
    const hid_t dataset = field->name == NULL ? -1 : open_column(group, field->name);
    if (dataset < 0) {
        return -1;
    }
    f->column[f->head.fields] = dataset;
    field->unit = get_text(f, dataset, "units");
    field->description = get_text(f, dataset, "long_name");
    field->key = H5Aexists(dataset, "key") > 0 ? get_text(f, dataset, "key") : "";
    field->meanings =
        H5Aexists(dataset, "flag_meanings") > 0 ? get_text(f, dataset, "flag_meanings") : "";
    field->central = (double)NAN;
    if (field->unit == NULL || field->description == NULL || field->key == NULL ||
        field->meanings == NULL || get_range(dataset, field) < 0 ||
        read_shape(f, dataset, field) < 0 ||
        (field->key[0] != '\0' && get_real(dataset, "central_value", &field->central) < 0)) {
        return -1;
    }
    f->head.fields++;
    return 0;
}

static int read_setting(frozen_t *f, hid_t group, hsize_t i)
{
    frozen_setting_t *s = &f->head.setting[f->head.settings];
    s->name = get_name(f, group, i);
    const hid_t dataset = s->name == NULL ? -1 : H5Dopen2(group, s->name, H5P_DEFAULT);
    int rc = dataset < 0 ? -1 : 0;
    if (rc >= 0) {
        const hid_t space = H5Dget_space(dataset);
        s->unit = get_text(f, dataset, "units");
        s->description = get_text(f, dataset, "long_name");
        rc = s->unit == NULL || s->description == NULL ||
                     H5Sget_simple_extent_type(space) != H5S_SCALAR ||
                     H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &s->value) <
                         0
                 ? -1
                 : 0;
        (void)H5Sclose(space);
        (void)H5Dclose(dataset);
    }
    f->head.settings += rc >= 0;
    return rc;
}

static int read_pair(frozen_t *f, hid_t group, hsize_t i)
{
    frozen_pair_t *p = &f->head.pair[f->head.pairs];
    p->setting = get_name(f, group, i);
    const hid_t one = p->setting == NULL ? -1 : H5Gopen2(group, p->setting, H5P_DEFAULT);
    if (one < 0) {
        return -1;
    }
    p->first = get_text(f, one, "first");
    p->second = get_text(f, one, "second");
    p->within = get_text(f, one, "within");
    const int rc = p->first == NULL || p->second == NULL || p->within == NULL ||
                           get_real(one, "imposed", &p->imposed) < 0
                       ? -1
                       : 0;
    (void)H5Gclose(one);
    f->head.pairs += rc >= 0;
    return rc;
}

static int read_limit(frozen_t *f, hid_t group, hsize_t i)
{
    frozen_limit_t *l = &f->head.limit[f->head.limits];
    l->name = get_name(f, group, i);
    const hid_t one = l->name == NULL ? -1 : H5Gopen2(group, l->name, H5P_DEFAULT);
    if (one < 0) {
        return -1;
    }
    const int rc = hdf_get_number(one, "attempts", H5T_NATIVE_INT64, &l->attempts);
    (void)H5Gclose(one);
    f->head.limits += rc >= 0;
    return rc;
}

/* The members of a group in the order in which they were written, at most `most`. */
static int read_group(frozen_t *f, const char *name, hsize_t most,
                      int (*read)(frozen_t *f, hid_t group, hsize_t i), error_t *e)
{
    const hid_t group =
        H5Lexists(f->file, name, H5P_DEFAULT) > 0 ? H5Gopen2(f->file, name, H5P_DEFAULT) : -1;
    int rc = group < 0 ? -1 : 0;
    const hsize_t count = rc < 0 ? 0 : members(group);
    for (hsize_t i = 0; rc >= 0 && i < count; i++) {
        rc = count > most ? -1 : read(f, group, i);
    }
    if (group >= 0) {
        (void)H5Gclose(group);
    }
    return rc >= 0 ? 0 : hdf_raise_read(e, &f->cause, f->path, name);
}

/* ---- opening ---- */

static int is_cohort(hid_t file)
{
    char *format = NULL;
    const int is = hdf_get_text(file, "format", &format) >= 0 && strcmp(format, FORMAT) == 0;
    free(format);
    return is;
}

int frozen_is(const char *path)
{
    hdf_silence();
    /* It may be a pipe, from which nothing must be taken. */
    const hid_t file = H5Fis_hdf5(path) > 0 ? H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT) : -1;
    const int is = file >= 0 && is_cohort(file);
    if (file >= 0) {
        (void)H5Fclose(file);
    }
    return is;
}

static int check_format(const frozen_t *f, error_t *e)
{
    int32_t version = 0;
    if (!is_cohort(f->file)) {
        return ERROR_RAISE(e, ERROR_DATASET_FOREIGN,
                           "%s is HDF5 but not a frozen cohort; thecasim population STUDY.yaml -o "
                           "COHORT.h5 makes one",
                           f->path);
    }
    if (hdf_get_number(f->file, "cohort_version", H5T_NATIVE_INT32, &version) < 0) {
        return hdf_raise_read(e, &f->cause, f->path, "cohort_version");
    }
    return version == FROZEN_VERSION
               ? 0
               : ERROR_RAISE(e, ERROR_DATASET_VERSION,
                             "%s is a frozen cohort of version %d; this program knows %d", f->path,
                             version, FROZEN_VERSION);
}

static int say_what_makes_one(error_t *e)
{
    const error_t why = e != NULL ? *e : (error_t){0};
    return ERROR_RAISE(e, ERROR_DATASET_FOREIGN,
                       "%s; thecasim population STUDY.yaml -o COHORT.h5 makes a frozen cohort",
                       why.text);
}

static int open_parts(frozen_t *f, error_t *e)
{
    int rc = hdf_file_open(&f->file, f->path, &f->cause, e);
    rc = rc == ERROR_DATASET_FOREIGN ? say_what_makes_one(e) : rc;
    rc = rc != 0 ? rc : check_format(f, e);
    rc = rc != 0 ? rc : read_group(f, "people", FROZEN_FIELDS_MAX, read_field, e);
    rc = rc != 0 ? rc : read_group(f, "population", FROZEN_SETTINGS_MAX, read_setting, e);
    rc = rc != 0 ? rc : read_group(f, "correlations", FROZEN_PAIRS_MAX, read_pair, e);
    rc = rc != 0 ? rc : read_group(f, "refused", FROZEN_LIMITS_MAX, read_limit, e);
    if (rc != 0) {
        return rc;
    }
    f->identity = get_text(f, f->file, "hash");
    f->head.arm = get_text(f, f->file, "arm");
    return f->identity == NULL || f->head.arm == NULL || f->people == 0 ||
                   provenance_file_read(f->file, &f->head.provenance, f->owned) < 0
               ? hdf_raise_read(e, &f->cause, f->path, "hash, people or provenance")
               : 0;
}

int frozen_open(frozen_t **f, const char *path, error_t *e)
{
    *f = NULL;
    frozen_t *self = calloc(1, sizeof *self);
    if (self == NULL || (self->path = strdup(path)) == NULL) {
        free(self);
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to read %s", path);
    }
    *f = self;
    hdf_listen(&self->cause);
    const int rc = open_parts(self, e);
    if (rc < 0) {
        frozen_close(f);
    }
    return rc;
}

void frozen_close(frozen_t **f)
{
    frozen_t *const self = *f;
    if (self == NULL) {
        return;
    }
    hdf_silence();
    for (size_t i = 0; i < FROZEN_FIELDS_MAX; i++) {
        if (self->column[i] > 0) {
            (void)H5Dclose(self->column[i]);
        }
    }
    if (self->file > 0) {
        (void)H5Fclose(self->file);
    }
    for (size_t i = 0; i < PROVENANCE_FILE_BLOCKS; i++) {
        free(self->owned[i]);
    }
    for (size_t i = 0; i < self->texts; i++) {
        free(self->text[i]);
    }
    free(self->path);
    free(self);
    *f = NULL;
}

/* ---- reading ---- */

const frozen_head_t *frozen_head(const frozen_t *f)
{
    return &f->head;
}

size_t frozen_people(const frozen_t *f)
{
    return f->people;
}

const char *frozen_identity(const frozen_t *f)
{
    return f->identity;
}

int frozen_find(const frozen_t *f, const char *name)
{
    for (size_t i = 0; i < f->head.fields; i++) {
        if (strcmp(f->head.field[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int frozen_read(frozen_t *f, size_t field, size_t start, size_t count, double *values, error_t *e)
{
    if (field >= f->head.fields || start > f->people || count > f->people - start) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s has %zu fields of %zu people", f->path,
                           f->head.fields, f->people);
    }
    hdf_listen(&f->cause);
    return hdf_file_rows(f->column[field], H5T_NATIVE_DOUBLE, start, count, values) >= 0
               ? 0
               : hdf_raise_read(e, &f->cause, f->path, f->head.field[field].name);
}
