/* SPDX-License-Identifier: Apache-2.0 */
/* The group /arms of an HDF5 file, written and read. */
#include "dataset/arms_table.h"

#include <hdf5_hl.h>

#include "dataset/column.h"
#include "dataset/hdf.h"

/* Writes the numbers, which are the table's scale; *c is open afterwards. */
static int put_numbers(column_t *c, hid_t group, size_t arms)
{
    const fields_t *field = fields_get(FIELD_ARMS_ARM);
    int rc = column_open(c, group, field, PROVENANCE_NAMES_MAX);
    for (size_t i = 0; rc >= 0 && i < arms; i++) {
        rc = column_append_number(c, field->type, (double)i);
    }
    rc = rc >= 0 ? column_flush(c) : rc;
    return rc >= 0 ? H5DSset_scale(c->dataset, field->name) : rc;
}

int arms_table_write(hid_t file, const provenance_t *p)
{
    const fields_table_t *t = fields_table(TABLE_ARMS);
    provenance_names_t settings = p->settings;
    column_t arm = {.dataset = -1};
    const hid_t group = hdf_group(file, t->name);
    int rc = group < 0 ? -1 : hdf_put_text(group, "long_name", t->description);
    while (settings.count < p->arms.count) {
        settings.name[settings.count++] = "";
    }
    settings.count = p->arms.count;
    rc = rc >= 0 ? put_numbers(&arm, group, p->arms.count) : rc;
    rc = rc >= 0 ? column_texts(group, fields_get(FIELD_ARMS_NAME), &p->arms, arm.dataset) : rc;
    rc =
        rc >= 0 ? column_texts(group, fields_get(FIELD_ARMS_SETTINGS), &settings, arm.dataset) : rc;
    if (column_close(&arm) < 0) {
        rc = -1;
    }
    (void)H5Gclose(group);
    return rc;
}

int arms_table_read(hid_t file, provenance_t *p, char **names, char **settings)
{
    const char *name = fields_table(TABLE_ARMS)->name;
    const hid_t group =
        H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Gopen2(file, name, H5P_DEFAULT) : -1;
    int rc =
        group < 0 ? -1 : hdf_get_lines(group, fields_get(FIELD_ARMS_NAME)->name, &p->arms, names);
    rc = rc >= 0
             ? hdf_get_lines(group, fields_get(FIELD_ARMS_SETTINGS)->name, &p->settings, settings)
             : rc;
    if (group >= 0) {
        (void)H5Gclose(group);
    }
    return rc >= 0 && p->arms.count == p->settings.count ? 0 : -1;
}
