/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of a dataset read value by value, a block of each in memory: who goes down the rows holds 64 KiB a column,
 * however long it is.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_WALK_H
#define DATASET_WALK_H

#include <stddef.h>

#include "dataset/fields.h"
#include "dataset/reader.h"
#include "error.h"

typedef struct walk_block_t walk_block_t;

/* Private to walk.c, but for `failed`. */
typedef struct walk_t {
    reader_t *reader;            /* borrowed */
    const enum fields_id *field; /* borrowed, of each column */
    walk_block_t *block;         /* owned */
    error_t *e;                  /* borrowed */
    int failed; /* 0, or the code of the first read that failed, which *e tells: nothing is read after it */
} walk_t;

/* Begins a walk along field[columns], of any tables and of any type but TEXT. ERROR_MEMORY; walk_end is legal then. */
int walk_begin(walk_t *w, reader_t *r, const enum fields_id *field, size_t columns, error_t *e)
    __attribute__((warn_unused_result));

/* The value of field[column] in a row of its table. NaN after a failure, so that a loop may go on to its end: the errors of
 * reader_read_f64, ERROR_ARGUMENT for a row that is not there. */
double walk_at(walk_t *w, size_t column, size_t row);

/* Frees what the walk holds. */
void walk_end(walk_t *w);

#endif
