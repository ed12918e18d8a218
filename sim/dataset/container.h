/* SPDX-License-Identifier: Apache-2.0 */
/* The HDF5 file behind a writer: groups, columns, index and provenance; see writer.h for what is in it.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_CONTAINER_H
#define DATASET_CONTAINER_H

#include <hdf5.h>

#include "dataset/column.h"
#include "dataset/fields.h"
#include "dataset/provenance.h"
#include "dataset/record.h"

#define CONTAINER_INDEX_COLUMNS (3 + 2 * TABLE_COUNT)

/* Private to container.c, but for `layout` and `reason`, to be read. Must not move: the driver writes `reason`. */
typedef struct container_t {
    hid_t file;   /* not positive when closed */
    hid_t driver; /* sink.h */
    int reason;   /* errno of the first write that failed, or 0 */
    int trace;
    fields_layout_t layout;
    column_t column[FIELD_COUNT];
    column_t
        index[CONTAINER_INDEX_COLUMNS]; /* key; then offset and count of each table but the first */
} container_t;

/* 1 when this file takes rows of the table from records: a trace of all but the study's, a dataset those of the cohort. */
int container_has(const container_t *c, enum fields_table table);

/* All below return 0, or negative when a write failed (`reason`), on a failure of HDF5, or on no memory. */

/* Creates path, or empties it. container_close is legal after a failure. */
int container_create(container_t *c, const char *path, const provenance_t *p, int trace)
    __attribute__((warn_unused_result));

/* Appends a record's rows and its line of the index. */
int container_append(container_t *c, const record_view_t *record)
    __attribute__((warn_unused_result));

/* Writes everything out. */
int container_flush(container_t *c) __attribute__((warn_unused_result));

/* Closes without flushing columns, and frees. Legal on a zeroed container, and twice. */
int container_close(container_t *c);

#endif
