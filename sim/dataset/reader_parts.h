/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader is made of. Private to reader.c and reader_open.c. */
#ifndef DATASET_READER_PARTS_H
#define DATASET_READER_PARTS_H

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset/hdf.h"
#include "dataset/provenance_file.h"
#include "dataset/reader.h"
#include "dataset/view.h"

#define READER_INDEX_KEYS 3

/* Records whose index is kept of a table: who walks along the records inflates each chunk once, not once a record. */
#define READER_WINDOW 1024

/* Part of the index of one table, as stored. */
typedef struct reader_window_t {
    size_t start, records; /* of the records; 0 records: nothing is in it */
    int64_t offset[READER_WINDOW];
    int64_t count[READER_WINDOW];
} reader_window_t;

struct reader_t {
    char *path;
    hid_t file; /* all HDF5 ids: 0 when not open */
    int trace;
    hid_t column[FIELD_COUNT];
    hid_t index_key[READER_INDEX_KEYS];
    hid_t offset[TABLE_COUNT];
    hid_t count[TABLE_COUNT];
    size_t rows[TABLE_COUNT];
    reader_window_t *window[TABLE_COUNT]; /* owned; NULL before its first use */
    view_t *central;     /* owned; NULL where all records are central, or it was not asked for */
    const view_t *shown; /* central, or NULL: all */
    int32_t draws;       /* -1: not counted yet */
    provenance_t provenance;
    char *owned[PROVENANCE_FILE_BLOCKS];
    provenance_range_t *range; /* owned; of provenance.draws, as the next is */
    double *value;
    hdf_cause_t cause;
};

/* Raises that /GROUP/NAME is missing or damaged, or what HDF5 said of it. */
int reader_missing(reader_t *r, const char *group, const char *name, error_t *e);

/* Whether a table of this file has rows of records, and so an index. */
int reader_in_records(const reader_t *r, enum fields_table table);

#endif
