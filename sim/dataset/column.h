/* SPDX-License-Identifier: Apache-2.0 */
/* One column of a file being written: an extensible 1-D dataset with its attributes, fed through one block of rows.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_COLUMN_H
#define DATASET_COLUMN_H

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"
#include "dataset/provenance.h"

/* Most rows of a block, which is also a chunk: 64 KiB of doubles. */
#define COLUMN_BLOCK 8192

/* Private to column.c, but for `dataset`. */
typedef struct column_t {
    hid_t dataset; /* -1 when not open */
    hid_t type;    /* of the file and of the block: nothing is converted; not owned */
    size_t size;   /* bytes of a value */
    size_t filled; /* rows in the block */
    size_t rows;   /* that fit into it */
    uint64_t written;
    uint8_t *block;
} column_t;

/* Creates the dataset that `field` describes (its table is not looked at) in `group`, empty, in chunks of `rows`, from 1
 * to COLUMN_BLOCK. 0, or negative on an HDF5 failure or no memory; column_close is legal then. */
int column_open(column_t *c, hid_t group, const fields_t *field, size_t rows)
    __attribute__((warn_unused_result));

/* Appends one value, in its little-endian bytes. 0, or negative on an HDF5 failure. */
int column_append(column_t *c, const uint8_t *value) __attribute__((warn_unused_result));

/* The same of a number, of a column of this type: FIELDS_TYPE_I32, of whole numbers, or FIELDS_TYPE_F64. */
int column_append_number(column_t *c, enum fields_type type, double value)
    __attribute__((warn_unused_result));

/* Rows appended so far. */
uint64_t column_rows(const column_t *c);

/* Writes what is still in the block. 0, or negative on an HDF5 failure. */
int column_flush(column_t *c) __attribute__((warn_unused_result));

/* Closes without flushing, and frees. 0, or negative on an HDF5 failure. Legal on a zeroed column. */
int column_close(column_t *c);

/* Writes a whole column of texts, on the scale of its table. 0, or negative on an HDF5 failure or no memory. */
int column_texts(hid_t group, const fields_t *field, const provenance_names_t *lines, hid_t scale)
    __attribute__((warn_unused_result));

#endif
