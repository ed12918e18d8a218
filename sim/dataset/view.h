/* SPDX-License-Identifier: Apache-2.0 */
/* Some of the records of a dataset as if they were all: which they are, and where their rows stand among all rows.
 *
 * Private to the reader. Rows of the view are counted on from record to record, whatever lies between them in the file.
 *
 * Memory: 8 bytes a record of the view, and 16 for each table.
 *
 * Thread rule: constant once it is made.
 */
#ifndef DATASET_VIEW_H
#define DATASET_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"
#include "dataset/reader.h"
#include "error.h"

typedef struct view_t view_t;

/* Those of replicate 0, of a reader that shows all. *v is NULL where that is all of them, and on an error; *draws: the
 * highest replicate of any record, -1 on an error. Errors of reader_range and reader_read_f64; ERROR_MEMORY. */
int view_central(view_t **v, reader_t *r, int32_t *draws, error_t *e)
    __attribute__((warn_unused_result));

/* Frees *v and sets it to NULL. Legal on NULL. */
void view_free(view_t **v);

/* Rows of a table that has rows of records; and of one record, i < view_rows(v, TABLE_PATIENTS), counted in the view. */
size_t view_rows(const view_t *v, enum fields_table table);
void view_range(const view_t *v, enum fields_table table, size_t i, size_t *start, size_t *count);

/* The number of a record among all. */
size_t view_record(const view_t *v, size_t i);

/* Reads rows [start, start + count) of a column, of all records, into values[count] of 8 bytes each. 0 or an error. */
typedef int view_read_t(void *context, size_t start, size_t count, void *values);

/* Reads values[count] of 8 bytes from row `start` of the view by `read`, of which it asks as few pieces as it can, none
 * of more than VIEW_BLOCK rows but where one record has more. Of rows that are there. Errors of `read`; ERROR_MEMORY. */
#define VIEW_BLOCK 8192
int view_read(const view_t *v, enum fields_table table, size_t start, size_t count, void *values,
              view_read_t *read, void *context, error_t *e) __attribute__((warn_unused_result));

#endif
