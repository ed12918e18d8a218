/* SPDX-License-Identifier: Apache-2.0 */
/* Assembles records into one HDF5 file under a temporary name, and renames it when it is whole. */
#include "dataset/writer.h"

#include <stdlib.h>

#include "dataset/container.h"
#include "dataset/hdf.h"
#include "dataset/part.h"

struct writer_t {
    part_t part;
    int any; /* a record was appended: `last` is set */
    record_key_t last;
    uint8_t *buffer; /* of writer_append_entry */
    size_t capacity;
    hdf_cause_t cause;
    container_t container;
};

/* ---- creating ---- */

int writer_create(writer_t **w, const char *path, const provenance_t *p,
                  const writer_options_t *options, error_t *e)
{
    writer_t *const self = *w = calloc(1, sizeof *self);
    if (self == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to write %s", path);
    }
    int rc = part_begin(&self->part, path, options->overwrite, e);
    if (rc == 0) {
        hdf_listen(&self->cause);
        if (container_create(&self->container, self->part.part, p, options->trace) < 0) {
            rc = hdf_raise_write(e, &self->cause, self->part.part, self->container.reason);
        }
    }
    if (rc < 0) {
        writer_abandon(w);
    }
    return rc;
}

/* ---- appending ---- */

static int check_record(const writer_t *w, const record_view_t *record, error_t *e)
{
    if (w->any && record_compare(&w->last, &record->key) >= 0) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "patient %lld arm %d replicate %d came after patient %lld arm %d "
                           "replicate %d",
                           (long long)record->key.patient, record->key.arm, record->key.replicate,
                           (long long)w->last.patient, w->last.arm, w->last.replicate);
    }
    for (int t = 0; t < TABLE_COUNT; t++) {
        if (record->count[t] > 0 && !container_has(&w->container, (enum fields_table)t)) {
            return ERROR_RAISE(
                e, ERROR_INVARIANT, "patient %lld has rows in table %s, which only a trace has",
                (long long)record->key.patient, fields_table((enum fields_table)t)->name);
        }
    }
    return 0;
}

int writer_append(writer_t *w, const record_view_t *record, error_t *e)
{
    int rc = check_record(w, record, e);
    if (rc < 0) {
        return rc;
    }
    w->last = record->key;
    w->any = 1;
    hdf_listen(&w->cause);
    return container_append(&w->container, record) < 0
               ? hdf_raise_write(e, &w->cause, w->part.part, w->container.reason)
               : 0;
}

int writer_append_entry(writer_t *w, const journal_t *j, const journal_entry_t *entry, error_t *e)
{
    record_view_t view;
    int rc = journal_read(j, entry, &w->buffer, &w->capacity, e);
    if (rc == 0) {
        rc = record_parse(w->buffer, (size_t)entry->size, &w->container.layout, &view, e);
    }
    return rc == 0 ? writer_append(w, &view, e) : rc;
}

/* ---- ending ---- */

int writer_commit(writer_t **w, error_t *e)
{
    writer_t *const self = *w;
    int rc = 0;
    hdf_listen(&self->cause);
    if (container_flush(&self->container) < 0 || container_close(&self->container) < 0) {
        rc = hdf_raise_write(e, &self->cause, self->part.part, self->container.reason);
    }
    rc = rc != 0 ? rc : part_name(&self->part, e);
    writer_abandon(w);
    return rc;
}

void writer_abandon(writer_t **w)
{
    if (*w == NULL) {
        return;
    }
    hdf_silence();
    (void)container_close(&(*w)->container);
    part_drop(&(*w)->part);
    free((*w)->buffer);
    free(*w);
    *w = NULL;
}

/* ---- whole datasets ---- */

int writer_assemble(journal_t *j, const char *path, const provenance_t *p,
                    const writer_options_t *options, error_t *e)
{
    writer_t *w = NULL;
    int rc = journal_sort(j, e);
    if (rc == 0) {
        rc = writer_create(&w, path, p, options, e);
    }
    for (size_t i = 0; rc == 0 && i < j->count; i++) {
        rc = writer_append_entry(w, j, &j->entry[i], e);
    }
    if (rc < 0) {
        writer_abandon(&w);
        return rc;
    }
    return writer_commit(&w, e);
}

int writer_single(const record_t *r, const char *path, const provenance_t *p,
                  const writer_options_t *options, error_t *e)
{
    size_t size = 0;
    const uint8_t *frame = record_frame(r, &size);
    record_view_t view;
    writer_t *w = NULL;
    int rc = frame == NULL ? ERROR_RAISE(e, ERROR_ARGUMENT, "an unfinished record was written")
                           : record_parse(frame, size, &r->layout, &view, e);
    if (rc == 0) {
        rc = writer_create(&w, path, p, options, e);
    }
    if (rc == 0) {
        rc = writer_append(w, &view, e);
    }
    if (rc < 0) {
        writer_abandon(&w);
        return rc;
    }
    return writer_commit(&w, e);
}
