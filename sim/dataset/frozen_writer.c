/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a frozen cohort under a temporary name, and renames it when it is whole. */
#include "dataset/frozen_writer.h"

#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/arms_table.h"
#include "dataset/column.h"
#include "dataset/frozen_digest.h"
#include "dataset/hdf.h"
#include "dataset/hdf_file.h"
#include "dataset/part.h"
#include "dataset/provenance_file.h"
#include "dataset/uncertain_table.h"

/* Rows of a chunk: who takes one person after the other inflates as many at a time. */
#define CHUNK 1024

struct frozen_writer_t {
    const frozen_head_t *head; /* borrowed */
    part_t part;
    int reason;         /* errno of the first write that failed, or 0 */
    hid_t file, driver; /* not positive when closed */
    hdf_cause_t cause;
    column_t column[FROZEN_FIELDS_MAX];
    frozen_digest_t digest;
};

/* ---- parts of the file ---- */

/* A scalar dataset of a number with what it is. */
static int put_setting(hid_t group, const frozen_setting_t *s)
{
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = -1;
    int rc = -1;
    if (H5Pset_obj_track_times(plist, 0) >= 0) {
        dataset =
            H5Dcreate2(group, s->name, H5T_IEEE_F64LE, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    }
    if (dataset >= 0 &&
        H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &s->value) >= 0 &&
        hdf_put_text(dataset, "units", s->unit) >= 0) {
        rc = hdf_put_text(dataset, "long_name", s->description);
    }
    (void)H5Dclose(dataset);
    (void)H5Pclose(plist);
    (void)H5Sclose(space);
    return rc;
}

static int put_settings(const frozen_writer_t *w)
{
    const hid_t group = hdf_group(w->file, "population");
    int rc = group < 0
                 ? -1
                 : hdf_put_text(group, "long_name",
                                "the settings of the population that the people were drawn by");
    for (size_t i = 0; rc >= 0 && i < w->head->settings; i++) {
        rc = put_setting(group, &w->head->setting[i]);
    }
    (void)H5Gclose(group);
    return rc;
}

/* A group for each: what is correlated as texts, and how strongly. */
static int put_pair(hid_t parent, const frozen_pair_t *p)
{
    const hid_t group = hdf_group(parent, p->setting);
    const int rc = group < 0 || hdf_put_text(group, "first", p->first) < 0 ||
                           hdf_put_text(group, "second", p->second) < 0 ||
                           hdf_put_text(group, "within", p->within) < 0 ||
                           hdf_put_number(group, "imposed", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
                                          &p->imposed, 1) < 0
                       ? -1
                       : 0;
    (void)H5Gclose(group);
    return rc;
}

static int put_pairs(const frozen_writer_t *w)
{
    const hid_t group = hdf_group(w->file, "correlations");
    int rc = group < 0
                 ? -1
                 : hdf_put_text(group, "long_name",
                                "fields whose normals a setting of the population correlates");
    for (size_t i = 0; rc >= 0 && i < w->head->pairs; i++) {
        rc = put_pair(group, &w->head->pair[i]);
    }
    (void)H5Gclose(group);
    return rc;
}

/* A group for each, whose name may have blanks. */
static int put_limits(const frozen_writer_t *w)
{
    const hid_t group = hdf_group(w->file, "refused");
    int rc = group < 0 ? -1
                       : hdf_put_text(group, "long_name",
                                      "attempts to draw a person that were sent back, by the first "
                                      "limit that they missed");
    for (size_t i = 0; rc >= 0 && i < w->head->limits; i++) {
        const hid_t one = hdf_group(group, w->head->limit[i].name);
        rc = one < 0 ? -1
                     : hdf_put_number(one, "attempts", H5T_STD_I64LE, H5T_NATIVE_INT64,
                                      &w->head->limit[i].attempts, 1);
        (void)H5Gclose(one);
    }
    (void)H5Gclose(group);
    return rc;
}

/* CF section 3.5: the numbers from 0 on, as many as there are names. */
static int put_meanings(hid_t dataset, const char *meanings)
{
    int32_t value[256];
    size_t count = 1;
    for (const char *c = meanings; *c != '\0'; c++) {
        count += *c == ' ';
    }
    for (size_t i = 0; i < count && i < 256; i++) {
        value[i] = (int32_t)i;
    }
    return count > 256 || hdf_put_number(dataset, "flag_values", H5T_STD_I32LE, H5T_NATIVE_INT32,
                                         value, count) < 0
               ? -1
               : hdf_put_text(dataset, "flag_meanings", meanings);
}

static enum fields_type type_of(const frozen_field_t *f)
{
    return f->whole ? FIELDS_TYPE_I32 : FIELDS_TYPE_F64;
}

static int open_column(frozen_writer_t *w, hid_t group, size_t i)
{
    const frozen_field_t *f = &w->head->field[i];
    const fields_t as = {.name = f->name,
                         .unit = f->unit,
                         .description = f->description,
                         .type = type_of(f),
                         .low = f->low,
                         .high = f->high};
    column_t *c = &w->column[i];
    int rc = column_open(c, group, &as, CHUNK);
    if (rc >= 0) {
        rc = i == 0 ? H5DSset_scale(c->dataset, f->name)
                    : H5DSattach_scale(c->dataset, w->column[0].dataset, 0);
    }
    if (rc >= 0 && f->key[0] != '\0') {
        rc = hdf_put_text(c->dataset, "key", f->key);
        rc = rc < 0 ? rc
                    : hdf_put_number(c->dataset, "central_value", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
                                     &f->central, 1);
    }
    return rc >= 0 && f->meanings[0] != '\0' ? put_meanings(c->dataset, f->meanings) : rc;
}

static int open_columns(frozen_writer_t *w)
{
    const hid_t group = hdf_group(w->file, "people");
    int rc = group < 0 ? -1
                       : hdf_put_text(group, "long_name",
                                      "one row a person: covariates, then parameters of the body");
    for (size_t i = 0; rc >= 0 && i < w->head->fields; i++) {
        rc = open_column(w, group, i);
    }
    (void)H5Gclose(group);
    return rc;
}

static int put_root(const frozen_writer_t *w)
{
    const int32_t version = FROZEN_VERSION;
    return hdf_put_text(w->file, "format", "thecasim cohort") < 0 ||
                   hdf_put_number(w->file, "cohort_version", H5T_STD_I32LE, H5T_NATIVE_INT32,
                                  &version, 1) < 0 ||
                   hdf_put_text(w->file, "Conventions", "CF-1.8") < 0 ||
                   hdf_put_text(w->file, "title", w->head->provenance.title) < 0 ||
                   hdf_put_text(w->file, "comment", provenance_note()) < 0 ||
                   hdf_put_text(w->file, "arm", w->head->arm) < 0
               ? -1
               : 0;
}

/* ---- begin ---- */

static int create_file(frozen_writer_t *w)
{
    w->file = hdf_file_create(w->part.part, &w->driver, &w->reason);
    return w->file > 0 && put_root(w) >= 0 && open_columns(w) >= 0 && put_settings(w) >= 0 &&
                   put_pairs(w) >= 0 && arms_table_write(w->file, &w->head->provenance) >= 0 &&
                   uncertain_table_write(w->file, &w->head->provenance) >= 0 &&
                   provenance_file_write(w->file, &w->head->provenance) >= 0
               ? 0
               : -1;
}

int frozen_writer_create(frozen_writer_t **w, const char *path, const frozen_head_t *head,
                         int overwrite, error_t *e)
{
    *w = NULL;
    if (head->fields == 0 || head->fields > FROZEN_FIELDS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a frozen cohort of %zu fields, 1 to %d",
                           head->fields, FROZEN_FIELDS_MAX);
    }
    frozen_writer_t *const self = *w = calloc(1, sizeof *self);
    if (self == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to write %s", path);
    }
    self->head = head;
    int rc = part_begin(&self->part, path, overwrite, e);
    if (rc == 0) {
        frozen_digest_begin(&self->digest, head);
        hdf_listen(&self->cause);
        if (create_file(self) < 0 || self->reason != 0) {
            rc = hdf_raise_write(e, &self->cause, self->part.part, self->reason);
        }
    }
    if (rc < 0) {
        frozen_writer_abandon(w);
    }
    return rc;
}

/* ---- people ---- */

int frozen_writer_append(frozen_writer_t *w, const double *rows, size_t people, error_t *e)
{
    const size_t fields = w->head->fields;
    int rc = 0;
    hdf_listen(&w->cause);
    for (size_t i = 0; rc >= 0 && i < people * fields; i++) {
        rc = column_append_number(&w->column[i % fields], type_of(&w->head->field[i % fields]),
                                  rows[i]);
    }
    frozen_digest_add(&w->digest, rows, people * fields);
    return rc < 0 || w->reason != 0 ? hdf_raise_write(e, &w->cause, w->part.part, w->reason) : 0;
}

/* ---- end ---- */

static int close_file(frozen_writer_t *w)
{
    int rc = 0;
    for (size_t i = 0; i < FROZEN_FIELDS_MAX; i++) {
        rc |= column_close(&w->column[i]) < 0;
    }
    rc |= hdf_file_close(&w->file, &w->driver) < 0;
    return rc == 0 && w->reason == 0 ? 0 : -1;
}

static int finish_file(frozen_writer_t *w, const char *hash)
{
    int rc = 0;
    for (size_t i = 0; rc >= 0 && i < w->head->fields; i++) {
        rc = column_flush(&w->column[i]);
    }
    rc = rc < 0 ? rc : put_limits(w);
    rc = rc < 0 ? rc : hdf_put_text(w->file, "hash", hash);
    return rc < 0 || H5Fflush(w->file, H5F_SCOPE_GLOBAL) < 0 ? -1 : close_file(w);
}

int frozen_writer_commit(frozen_writer_t **w, char hash[FROZEN_HASH_SIZE], error_t *e)
{
    frozen_writer_t *const self = *w;
    int rc = 0;
    frozen_digest_end(&self->digest, hash);
    hdf_listen(&self->cause);
    if (finish_file(self, hash) < 0) {
        rc = hdf_raise_write(e, &self->cause, self->part.part, self->reason);
    }
    rc = rc != 0 ? rc : part_name(&self->part, e);
    frozen_writer_abandon(w);
    return rc;
}

void frozen_writer_abandon(frozen_writer_t **w)
{
    if (*w == NULL) {
        return;
    }
    hdf_silence();
    (void)close_file(*w);
    part_drop(&(*w)->part);
    free(*w);
    *w = NULL;
}
