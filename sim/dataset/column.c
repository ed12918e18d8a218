/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one column block by block. */
#include "dataset/column.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/hdf.h"
#include "dataset/little.h"

static hid_t creation_list(size_t rows)
{
    const hsize_t chunk = rows;
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    /* Fill at allocation: the unused end of the last chunk is zeros in every run, not old memory. */
    if (plist >= 0 && (H5Pset_chunk(plist, 1, &chunk) < 0 || H5Pset_shuffle(plist) < 0 ||
                       H5Pset_deflate(plist, 4) < 0 || H5Pset_fletcher32(plist) < 0 ||
                       H5Pset_fill_time(plist, H5D_FILL_TIME_ALLOC) < 0 ||
                       H5Pset_obj_track_times(plist, 0) < 0)) {
        (void)H5Pclose(plist);
        return -1;
    }
    return plist;
}

static hid_t create(const column_t *c, hid_t group, const char *name)
{
    const hsize_t none = 0;
    const hsize_t unlimited = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(1, &none, &unlimited);
    const hid_t plist = creation_list(c->rows);
    const hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    hid_t dataset = -1;
    /* A cache of one chunk: the default of 1 MiB a dataset would grow with the number of columns. */
    if (space >= 0 && plist >= 0 && access >= 0 &&
        H5Pset_chunk_cache(access, 3, c->rows * c->size, 1.0) >= 0) {
        dataset = H5Dcreate2(group, name, c->type, space, H5P_DEFAULT, plist, access);
    }
    (void)H5Pclose(access);
    (void)H5Pclose(plist);
    (void)H5Sclose(space);
    return dataset;
}

static int put_range(hid_t dataset, hid_t type, const fields_t *field)
{
    const double both[2] = {field->low, field->high};
    if (isfinite(field->low) && isfinite(field->high)) {
        return hdf_put_number(dataset, "valid_range", type, H5T_NATIVE_DOUBLE, both, 2);
    }
    if (isfinite(field->low)) {
        return hdf_put_number(dataset, "valid_min", type, H5T_NATIVE_DOUBLE, &both[0], 1);
    }
    if (isfinite(field->high)) {
        return hdf_put_number(dataset, "valid_max", type, H5T_NATIVE_DOUBLE, &both[1], 1);
    }
    return 0;
}

/* CF section 3.5: the names of the values, separated by blanks. */
static int put_choices(hid_t dataset, const fields_t *field)
{
    enum { LIMIT = 128 };
    int8_t values[LIMIT];
    char meanings[LIMIT * 32] = "";
    size_t used = 0;
    const size_t count = fields_choices(field->type);
    for (size_t i = 0; i < count; i++) {
        int value = 0;
        const char *name = fields_choice(field->type, i, &value);
        values[i] = (int8_t)value;
        used += (size_t)snprintf(meanings + used, sizeof meanings - used, "%s%s", i > 0 ? " " : "",
                                 name);
    }
    if (count == 0) {
        return 0;
    }
    return hdf_put_number(dataset, "flag_values", H5T_STD_I8LE, H5T_NATIVE_INT8, values, count) < 0
               ? -1
               : hdf_put_text(dataset, "flag_meanings", meanings);
}

int column_open(column_t *c, hid_t group, const fields_t *field, size_t rows)
{
    memset(c, 0, sizeof *c);
    c->type = hdf_file_type(field->type);
    c->size = fields_size(field->type);
    c->rows = rows;
    c->block = malloc(rows * c->size);
    c->dataset = c->block == NULL ? -1 : create(c, group, field->name);
    if (c->dataset < 0 || hdf_put_text(c->dataset, "long_name", field->description) < 0 ||
        hdf_put_text(c->dataset, "units", field->unit) < 0 ||
        put_range(c->dataset, c->type, field) < 0) {
        return -1;
    }
    return put_choices(c->dataset, field);
}

int column_flush(column_t *c)
{
    const hsize_t start = c->written;
    const hsize_t count = c->filled;
    const hsize_t extent = start + count;
    int rc = -1;
    if (count == 0) {
        return 0;
    }
    if (H5Dset_extent(c->dataset, &extent) < 0) {
        return -1;
    }
    const hid_t file_space = H5Dget_space(c->dataset);
    const hid_t memory_space = H5Screate_simple(1, &count, NULL);
    if (file_space >= 0 && memory_space >= 0 &&
        H5Sselect_hyperslab(file_space, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0) {
        rc = H5Dwrite(c->dataset, c->type, memory_space, file_space, H5P_DEFAULT, c->block);
    }
    (void)H5Sclose(memory_space);
    (void)H5Sclose(file_space);
    c->written = extent;
    c->filled = 0;
    return rc;
}

int column_append(column_t *c, const uint8_t *value)
{
    memcpy(c->block + c->filled * c->size, value, c->size);
    c->filled++;
    return c->filled == c->rows ? column_flush(c) : 0;
}

int column_append_number(column_t *c, enum fields_type type, double value)
{
    uint8_t bytes[8];
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (type == FIELDS_TYPE_I32) {
        little_put32(bytes, (uint32_t)(int32_t)value);
    } else {
        little_put64(bytes, bits);
    }
    return column_append(c, bytes);
}

uint64_t column_rows(const column_t *c)
{
    return c->written + c->filled;
}

int column_close(column_t *c)
{
    const int rc = c->block != NULL && c->dataset >= 0 ? H5Dclose(c->dataset) : 0;
    free(c->block);
    memset(c, 0, sizeof *c);
    c->dataset = -1;
    return rc;
}

int column_texts(hid_t group, const fields_t *field, const provenance_names_t *lines, hid_t scale)
{
    const hid_t dataset = hdf_put_lines(group, field->name, lines);
    int rc = dataset < 0 ? -1 : hdf_put_text(dataset, "long_name", field->description);
    rc = rc >= 0 ? hdf_put_text(dataset, "units", field->unit) : rc;
    rc = rc >= 0 ? H5DSattach_scale(dataset, scale, 0) : rc;
    return dataset >= 0 && H5Dclose(dataset) < 0 ? -1 : rc;
}
