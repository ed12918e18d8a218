/* SPDX-License-Identifier: Apache-2.0 */
/* The groups /uncertain and /draws of an HDF5 file, written, and the texts read. */
#include "dataset/uncertain_table.h"

#include <hdf5_hl.h>

#include "dataset/column.h"
#include "dataset/hdf.h"

/* A column of numbers: where its values come from. */
typedef double uncertain_table_number_t(const provenance_draws_t *d, size_t row);

static hid_t make_group(hid_t file, enum fields_table table)
{
    const fields_table_t *t = fields_table(table);
    const hid_t group = hdf_group(file, t->name);
    return group < 0 || hdf_put_text(group, "long_name", t->description) < 0 ? -1 : group;
}

/* The chunk holds the table, up to the most rows of one. */
static size_t chunk_of(size_t rows)
{
    size_t chunk = PROVENANCE_NAMES_MAX;
    while (chunk < COLUMN_BLOCK && chunk < rows) {
        chunk *= 2;
    }
    return chunk;
}

/* Writes one column; *scale, when it is none yet, becomes this one and stays open, else it is attached. */
static int put_numbers(hid_t group, enum fields_id id, const provenance_draws_t *d, size_t rows,
                       uncertain_table_number_t *number, column_t *scale)
{
    const fields_t *field = fields_get(id);
    const int is_scale = scale->dataset < 0;
    column_t own = {.dataset = -1}, *c = is_scale ? scale : &own;
    int rc = column_open(c, group, field, chunk_of(rows));
    for (size_t row = 0; rc >= 0 && row < rows; row++) {
        rc = column_append_number(c, field->type, number(d, row));
    }
    rc = rc >= 0 ? column_flush(c) : rc;
    if (rc >= 0) {
        rc = is_scale ? H5DSset_scale(c->dataset, field->name)
                      : H5DSattach_scale(c->dataset, scale->dataset, 0);
    }
    return !is_scale && column_close(c) < 0 ? -1 : rc;
}

static double number_of(const provenance_draws_t *d, size_t row)
{
    (void)d;
    return (double)row;
}

static double low_of(const provenance_draws_t *d, size_t row)
{
    return d->range[row].low;
}

static double high_of(const provenance_draws_t *d, size_t row)
{
    return d->range[row].high;
}

static double least_of(const provenance_draws_t *d, size_t row)
{
    return d->range[row].least;
}

static double most_of(const provenance_draws_t *d, size_t row)
{
    return d->range[row].most;
}

static double replicate_of(const provenance_draws_t *d, size_t row)
{
    return (double)(row / d->key.count);
}

static double parameter_of(const provenance_draws_t *d, size_t row)
{
    return (double)(row % d->key.count);
}

static double value_of(const provenance_draws_t *d, size_t row)
{
    return d->value[row];
}

int uncertain_table_write(hid_t file, const provenance_t *p)
{
    const provenance_draws_t *d = &p->draws;
    const size_t n = d->key.count;
    const hid_t group = make_group(file, TABLE_UNCERTAIN);
    column_t scale = {.dataset = -1};
    int rc =
        group < 0 ? -1 : put_numbers(group, FIELD_UNCERTAIN_PARAMETER, d, n, number_of, &scale);
    rc = rc < 0 ? rc : column_texts(group, fields_get(FIELD_UNCERTAIN_KEY), &d->key, scale.dataset);
    rc = rc < 0 ? rc
                : column_texts(group, fields_get(FIELD_UNCERTAIN_UNIT), &d->unit, scale.dataset);
    rc = rc < 0 ? rc
                : column_texts(group, fields_get(FIELD_UNCERTAIN_SHAPE), &d->shape, scale.dataset);
    rc = rc < 0 ? rc : put_numbers(group, FIELD_UNCERTAIN_LOW, d, n, low_of, &scale);
    rc = rc < 0 ? rc : put_numbers(group, FIELD_UNCERTAIN_HIGH, d, n, high_of, &scale);
    rc = rc < 0 ? rc : put_numbers(group, FIELD_UNCERTAIN_LEAST, d, n, least_of, &scale);
    rc = rc < 0 ? rc : put_numbers(group, FIELD_UNCERTAIN_MOST, d, n, most_of, &scale);
    if (column_close(&scale) < 0) {
        rc = -1;
    }
    (void)H5Gclose(group);
    return rc;
}

int uncertain_table_write_draws(hid_t file, const provenance_t *p)
{
    const provenance_draws_t *d = &p->draws;
    const size_t n = d->key.count * (d->replicates + 1);
    const hid_t group = make_group(file, TABLE_DRAWS);
    column_t scale = {.dataset = -1};
    int rc = group < 0 ? -1 : put_numbers(group, FIELD_DRAWS_REPLICATE, d, n, replicate_of, &scale);
    rc = rc < 0 ? rc : put_numbers(group, FIELD_DRAWS_PARAMETER, d, n, parameter_of, &scale);
    rc = rc < 0 ? rc : put_numbers(group, FIELD_DRAWS_VALUE, d, n, value_of, &scale);
    if (column_close(&scale) < 0) {
        rc = -1;
    }
    (void)H5Gclose(group);
    return rc;
}

int uncertain_table_read(hid_t file, provenance_t *p, char *block[UNCERTAIN_TABLE_BLOCKS])
{
    const char *name = fields_table(TABLE_UNCERTAIN)->name;
    provenance_draws_t *d = &p->draws;
    const hid_t group =
        H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Gopen2(file, name, H5P_DEFAULT) : -1;
    if (group < 0) {
        return -1;
    }
    int rc = hdf_get_lines(group, fields_get(FIELD_UNCERTAIN_KEY)->name, &d->key, &block[0]);
    rc = rc < 0 ? rc
                : hdf_get_lines(group, fields_get(FIELD_UNCERTAIN_UNIT)->name, &d->unit, &block[1]);
    rc = rc < 0
             ? rc
             : hdf_get_lines(group, fields_get(FIELD_UNCERTAIN_SHAPE)->name, &d->shape, &block[2]);
    (void)H5Gclose(group);
    return rc >= 0 && d->unit.count == d->key.count && d->shape.count == d->key.count ? 0 : -1;
}
