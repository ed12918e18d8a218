/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the groups, columns, index and provenance of one HDF5 file, and feeds records into them. */
#include "dataset/container.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/arms_table.h"
#include "dataset/hdf.h"
#include "dataset/hdf_file.h"
#include "dataset/little.h"
#include "dataset/provenance_file.h"
#include "dataset/uncertain_table.h"

/* ---- creating ---- */

int container_has(const container_t *c, enum fields_table table)
{
    return fields_in_records(table, c->trace);
}

/* Rows of a chunk: the power of two that holds the table as the study's size foretells it, so that a small study does not
 * compress, and a reader does not inflate, chunks that are nearly empty. A guess: nothing fails when it is wrong. */
static size_t chunk_rows(const provenance_t *p, enum fields_table table)
{
    const double days = (double)p->horizon_ms / 86400000.0 + 1.0;
    const double each[TABLE_COUNT] = {[TABLE_PATIENTS] = 1.0,
                                      [TABLE_OUTCOMES] = 1.0,
                                      [TABLE_LEDGER] = (double)p->drugs.count,
                                      [TABLE_EVENTS] = 16.0,
                                      [TABLE_DAILY] = days,
                                      [TABLE_REFILLS] = 1.0 + days / 28.0,
                                      [TABLE_CANAL] = 26.0 * (1.0 + days / 7.0),
                                      [TABLE_CALLS] = COLUMN_BLOCK,
                                      [TABLE_PULSES] = COLUMN_BLOCK,
                                      [TABLE_SERIES] = COLUMN_BLOCK};
    const double expected = (double)p->patients * (double)(p->draws.replicates + 1) * each[table];
    size_t rows = 64;
    while (rows < COLUMN_BLOCK && (double)rows < expected) {
        rows *= 2;
    }
    return rows;
}

static int create_table(container_t *c, enum fields_table table, size_t rows)
{
    const fields_table_t *t = fields_table(table);
    const hid_t group = hdf_group(c->file, t->name);
    column_t *scale = &c->column[c->layout.first[table]];
    int rc = group < 0 ? -1 : hdf_put_text(group, "long_name", t->description);
    for (unsigned i = 0; rc >= 0 && i < c->layout.count[table]; i++) {
        const enum fields_id field = (enum fields_id)(c->layout.first[table] + i);
        rc = column_open(&c->column[field], group, fields_get(field), rows);
        if (rc >= 0) {
            rc = i == 0 ? H5DSset_scale(scale->dataset, fields_get(field)->name)
                        : H5DSattach_scale(c->column[field].dataset, scale->dataset, 0);
        }
    }
    (void)H5Gclose(group);
    return rc;
}

static int create_index_pair(container_t *c, hid_t group, enum fields_table table, size_t rows)
{
    char name[64];
    char text[128];
    fields_t field = {.name = name,
                      .unit = "1",
                      .description = text,
                      .type = FIELDS_TYPE_I64,
                      .low = 0,
                      .high = HUGE_VAL};
    (void)snprintf(name, sizeof name, "%s_offset", fields_table(table)->name);
    (void)snprintf(text, sizeof text, "first row of the record in table %s, counted from 0",
                   fields_table(table)->name);
    if (column_open(&c->index[1 + 2 * table], group, &field, rows) < 0) {
        return -1;
    }
    (void)snprintf(name, sizeof name, "%s_count", fields_table(table)->name);
    (void)snprintf(text, sizeof text, "rows of the record in table %s", fields_table(table)->name);
    return column_open(&c->index[2 + 2 * table], group, &field, rows);
}

static int create_index(container_t *c, size_t rows)
{
    static const enum fields_id key[3] = {FIELD_PATIENTS_PATIENT, FIELD_PATIENTS_ARM,
                                          FIELD_PATIENTS_REPLICATE};
    const hid_t group = hdf_group(c->file, "index");
    int rc = group < 0 ? -1
                       : hdf_put_text(group, "long_name",
                                      "which rows of each table belong to which record");
    for (int i = 0; rc >= 0 && i < 3; i++) {
        rc = column_open(&c->index[i], group, fields_get(key[i]), rows);
    }
    for (int t = 1; rc >= 0 && t < TABLE_COUNT; t++) {
        rc = container_has(c, (enum fields_table)t)
                 ? create_index_pair(c, group, (enum fields_table)t, rows)
                 : 0;
    }
    for (int i = 0; rc >= 0 && i < CONTAINER_INDEX_COLUMNS; i++) {
        if (c->index[i].block != NULL) {
            rc = i == 0 ? H5DSset_scale(c->index[0].dataset, "patient")
                        : H5DSattach_scale(c->index[i].dataset, c->index[0].dataset, 0);
        }
    }
    (void)H5Gclose(group);
    return rc;
}

static int create_root(container_t *c, const provenance_t *p)
{
    const int32_t version = FIELDS_SCHEMA_VERSION;
    const hid_t root = c->file;
    return hdf_put_text(root, "format", c->trace ? "thecasim trace" : "thecasim dataset") < 0 ||
                   hdf_put_number(root, "schema_version", H5T_STD_I32LE, H5T_NATIVE_INT32, &version,
                                  1) < 0 ||
                   hdf_put_text(root, "Conventions", "CF-1.8") < 0 ||
                   hdf_put_text(root, "title", p->title) < 0 ||
                   hdf_put_text(root, "comment", provenance_note()) < 0
               ? -1
               : 0;
}

static int create_all(container_t *c, const provenance_t *p)
{
    int rc = create_root(c, p);
    for (int t = 0; rc >= 0 && t < TABLE_COUNT; t++) {
        const enum fields_table table = (enum fields_table)t;
        if (container_has(c, table)) {
            rc = create_table(c, table, chunk_rows(p, table));
        } else if (table == TABLE_ARMS) {
            rc = arms_table_write(c->file, p);
        } else if (table == TABLE_UNCERTAIN) {
            rc = uncertain_table_write(c->file, p);
        } else if (table == TABLE_DRAWS) {
            rc = uncertain_table_write_draws(c->file, p);
        }
    }
    if (rc >= 0) {
        rc = create_index(c, chunk_rows(p, TABLE_PATIENTS));
    }
    return rc >= 0 ? provenance_file_write(c->file, p) : rc;
}

/* Each chunk makes zlib take and give back a quarter of a MiB, which glibc would ask of the system and return each time;
 * having seen one larger block freed, it keeps such memory: a third of the CPU time. Elsewhere without effect. */
static void warm_heap(void)
{
    void *volatile block = malloc(4u << 20);
    free(block);
}

int container_create(container_t *c, const char *path, const provenance_t *p, int trace)
{
    memset(c, 0, sizeof *c);
    warm_heap();
    c->trace = trace;
    fields_layout(&c->layout);
    c->file = hdf_file_create(path, &c->driver, &c->reason);
    return c->file > 0 && create_all(c, p) >= 0 && c->reason == 0 ? 0 : -1;
}

/* ---- appending ---- */

static int append_table(container_t *c, enum fields_table table, const record_view_t *record)
{
    const uint8_t *row = record->rows[table];
    for (size_t i = 0; i < record->count[table]; i++) {
        for (unsigned k = 0; k < c->layout.count[table]; k++) {
            const unsigned field = c->layout.first[table] + k;
            if (column_append(&c->column[field], row + c->layout.offset[field]) < 0) {
                return -1;
            }
        }
        row += c->layout.width[table];
    }
    return 0;
}

static int append_i64(column_t *column, uint64_t value)
{
    uint8_t bytes[8];
    little_put64(bytes, value);
    return column_append(column, bytes);
}

static int append_index(container_t *c, const record_view_t *record)
{
    uint8_t bytes[4];
    if (append_i64(&c->index[0], (uint64_t)record->key.patient) < 0) {
        return -1;
    }
    little_put32(bytes, (uint32_t)record->key.arm);
    if (column_append(&c->index[1], bytes) < 0) {
        return -1;
    }
    little_put32(bytes, (uint32_t)record->key.replicate);
    if (column_append(&c->index[2], bytes) < 0) {
        return -1;
    }
    for (int t = 1; t < TABLE_COUNT; t++) {
        if (container_has(c, (enum fields_table)t) &&
            (append_i64(&c->index[1 + 2 * t], column_rows(&c->column[c->layout.first[t]])) < 0 ||
             append_i64(&c->index[2 + 2 * t], record->count[t]) < 0)) {
            return -1;
        }
    }
    return 0;
}

int container_append(container_t *c, const record_view_t *record)
{
    int rc = append_index(c, record);
    for (int t = 0; rc >= 0 && t < TABLE_COUNT; t++) {
        rc = append_table(c, (enum fields_table)t, record);
    }
    return rc >= 0 && c->reason == 0 ? 0 : -1;
}

/* ---- ending ---- */

int container_flush(container_t *c)
{
    int rc = 0;
    for (int i = 0; rc >= 0 && i < FIELD_COUNT; i++) {
        rc = column_flush(&c->column[i]);
    }
    for (int i = 0; rc >= 0 && i < CONTAINER_INDEX_COLUMNS; i++) {
        rc = column_flush(&c->index[i]);
    }
    if (rc >= 0) {
        rc = H5Fflush(c->file, H5F_SCOPE_GLOBAL);
    }
    return rc >= 0 && c->reason == 0 ? 0 : -1;
}

int container_close(container_t *c)
{
    int rc = 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        rc |= column_close(&c->column[i]) < 0;
    }
    for (int i = 0; i < CONTAINER_INDEX_COLUMNS; i++) {
        rc |= column_close(&c->index[i]) < 0;
    }
    rc |= hdf_file_close(&c->file, &c->driver) < 0;
    return rc == 0 && c->reason == 0 ? 0 : -1;
}
