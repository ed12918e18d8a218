/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the lowest record of all parts, makes it again from its rows, and hands it to the writer of every dataset. */
#include "dataset/merge.h"

#include <stdlib.h>
#include <string.h>

#include "dataset/fingerprint.h"
#include "dataset/reader.h"
#include "dataset/record.h"
#include "dataset/writer.h"

typedef struct part_t {
    reader_t *reader;
    record_key_t *key; /* [records] */
    size_t records, next;
} part_t;

/* A field's values of one record: bits of doubles, or whole numbers. */
typedef union value_t {
    double real;
    int64_t whole;
} value_t;

/* ---- are they parts of one whole? ---- */

static int is_of(const merge_t *m, size_t i, const part_t *part, error_t *e)
{
    uint8_t first[PROVENANCE_HASH_SIZE], hash[PROVENANCE_HASH_SIZE];
    char libm[PROVENANCE_FINGERPRINT_SIZE];
    const provenance_t *p = reader_provenance(part[i].reader);
    fingerprint_libm(libm);
    provenance_hash(reader_provenance(part[0].reader), first);
    provenance_hash(p, hash);
    if (reader_is_trace(part[i].reader)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is a trace, and no part of a dataset",
                           m->part[i]);
    }
    if (memcmp(first, hash, sizeof hash) != 0) {
        return ERROR_RAISE(
            e, ERROR_ARGUMENT,
            "%s and %s are not of one study, seed, program and dosing core: nothing is merged",
            m->part[0], m->part[i]);
    }
    if (strcmp(p->libm, libm) != 0) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "%s was made with another libm than this machine's: merge where the "
                           "parts were run",
                           m->part[i]);
    }
    return 0;
}

static int open_parts(const merge_t *m, part_t *part, error_t *e)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < m->parts; i++) {
        code = reader_open(&part[i].reader, m->part[i], e);
        code = code != 0 ? code : is_of(m, i, part, e);
        code = code != 0 ? code : reader_keys(part[i].reader, &part[i].key, e);
        if (code == 0) {
            part[i].records = reader_rows(part[i].reader, TABLE_PATIENTS);
        }
    }
    return code;
}

/* The part whose next record is the lowest of all; m->parts: none has one. */
static size_t lowest(const merge_t *m, const part_t *part)
{
    size_t best = m->parts;
    for (size_t i = 0; i < m->parts; i++) {
        if (part[i].next < part[i].records &&
            (best == m->parts ||
             record_compare(&part[i].key[part[i].next], &part[best].key[part[best].next]) < 0)) {
            best = i;
        }
    }
    return best;
}

/* The records of a study are every patient in every arm and replicate: `due` is that which comes now. */
static int is_due(const merge_t *m, const part_t *part, size_t from, record_key_t due, error_t *e)
{
    if (from < m->parts && record_compare(&part[from].key[part[from].next], &due) == 0) {
        return 0;
    }
    if (from < m->parts && record_compare(&part[from].key[part[from].next], &due) < 0) {
        return ERROR_RAISE(
            e, ERROR_ARGUMENT,
            "two parts hold patient %lld in arm %d, replicate %d; the second is %s: give each part "
            "once",
            (long long)part[from].key[part[from].next].patient, part[from].key[part[from].next].arm,
            part[from].key[part[from].next].replicate, m->part[from]);
    }
    return ERROR_RAISE(e, ERROR_ARGUMENT,
                       "no part holds patient %lld in arm %d, replicate %d: a part is missing, or "
                       "was not run to its end",
                       (long long)due.patient, due.arm, due.replicate);
}

/* ---- one record ---- */

static void put_row(record_t *r, enum fields_table table, const value_t *value, size_t rows,
                    size_t row)
{
    record_row(r, table);
    for (size_t c = 0; c < r->layout.count[table]; c++) {
        const enum fields_id field = (enum fields_id)(r->layout.first[table] + c);
        if (fields_is_real(fields_get(field)->type)) {
            record_put_f64(r, field, value[c * rows + row].real);
        } else {
            record_put_i64(r, field, value[c * rows + row].whole);
        }
    }
}

static int copy_table(record_t *r, part_t *p, enum fields_table table, error_t *e)
{
    size_t start = 0, rows = 0;
    int code = reader_range(p->reader, table, p->next, &start, &rows, e);
    value_t *value = calloc(r->layout.count[table] * rows + 1, sizeof *value);
    if (code == 0 && value == NULL) {
        code = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu rows", rows);
    }
    for (size_t c = 0; code == 0 && rows > 0 && c < r->layout.count[table]; c++) {
        const enum fields_id field = (enum fields_id)(r->layout.first[table] + c);
        code = fields_is_real(fields_get(field)->type)
                   ? reader_read_f64(p->reader, field, start, rows, &value[c * rows].real, e)
                   : reader_read_i64(p->reader, field, start, rows, &value[c * rows].whole, e);
    }
    for (size_t row = 0; code == 0 && row < rows; row++) {
        put_row(r, table, value, rows, row);
    }
    free(value);
    return code;
}

static int copy_record(record_t *r, part_t *p, writer_t *w, error_t *e)
{
    record_view_t view;
    size_t size = 0;
    int code = 0;
    record_reset(r, p->key[p->next]);
    for (int t = 0; code == 0 && t < TABLE_COUNT; t++) {
        if (fields_in_records((enum fields_table)t, 0)) {
            code = copy_table(r, p, (enum fields_table)t, e);
        }
    }
    code = code != 0 ? code : record_finish(r, e);
    const uint8_t *frame = code == 0 ? record_frame(r, &size) : NULL;
    code = code != 0 ? code : record_parse(frame, size, &r->layout, &view, e);
    p->next++;
    return code != 0 ? code : writer_append(w, &view, e);
}

/* ---- all of them ---- */

static int copy_all(const merge_t *m, part_t *part, writer_t *w, error_t *e)
{
    const provenance_t *p = reader_provenance(part[0].reader);
    const int64_t replicates = (int64_t)p->draws.replicates + 1;
    const int64_t lives = (int64_t)p->arms.count * replicates, total = p->patients * lives;
    record_t record;
    int code = 0;
    record_init(&record);
    for (int64_t i = 0; code == 0 && i < total; i++) {
        const size_t from = lowest(m, part);
        const record_key_t due = {i / lives + 1, (int32_t)(i % lives / replicates),
                                  (int32_t)(i % replicates)};
        code = is_due(m, part, from, due, e);
        code = code != 0 ? code : copy_record(&record, &part[from], w, e);
        if (code == 0 && m->progress != NULL) {
            m->progress(m->context, i + 1, total);
        }
        if (code == 0 && m->interrupt != NULL && *m->interrupt) {
            code = ERROR_RAISE(e, ERROR_INTERRUPTED, "interrupted; nothing is left of %s", m->path);
        }
    }
    if (code == 0 && lowest(m, part) < m->parts) {
        code = is_due(m, part, lowest(m, part), (record_key_t){INT64_MAX, 0, 0}, e);
    }
    record_free(&record);
    return code;
}

int merge_run(const merge_t *m, error_t *e)
{
    const writer_options_t options = {.trace = 0, .overwrite = m->overwrite};
    writer_t *w = NULL;
    part_t *part = calloc(m->parts, sizeof *part);
    int code = part != NULL ? open_parts(m, part, e)
                            : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu parts", m->parts);
    code = code != 0 ? code
                     : writer_create(&w, m->path, reader_provenance(part[0].reader), &options, e);
    code = code != 0 ? code : copy_all(m, part, w, e);
    if (code == 0) {
        code = writer_commit(&w, e);
    }
    writer_abandon(&w);
    for (size_t i = 0; part != NULL && i < m->parts; i++) {
        reader_close(&part[i].reader);
        free(part[i].key);
    }
    free(part);
    return code;
}
