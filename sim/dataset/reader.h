/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a dataset: checks that it is ours and whole, then gives columns, index and provenance.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_READER_H
#define DATASET_READER_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"
#include "dataset/provenance.h"
#include "dataset/record.h"
#include "error.h"

typedef struct reader_t reader_t;

/* Opens path. *r is NULL on an error. ERROR_FILE_OPEN, ERROR_FILE_READ with the system's reason;
 * ERROR_DATASET_FOREIGN with what it is instead: empty, not HDF5, HDF5 but not thecasim;
 * ERROR_DATASET_TRUNCATED when it was cut or a part of it is missing or has a wrong shape;
 * ERROR_DATASET_VERSION when its schema is not FIELDS_SCHEMA_VERSION; ERROR_MEMORY. */
int reader_open(reader_t **r, const char *path, error_t *e) __attribute__((warn_unused_result));

/* Frees *r and sets it to NULL. Legal on NULL. */
void reader_close(reader_t **r);

/* The path that was opened; owned by the reader. */
const char *reader_path(const reader_t *r);

/* Which records a reader is of. */
enum reader_shown {
    READER_ALL, /* as after reader_open */
    READER_CENTRAL /* those of replicate 0, which lived with the central values of the parameters; of a trace all */
};

/* From now on all below is of these records alone, as if the dataset held no others: rows, columns, index, keys and numbers of
 * records. Walks do not outlast it. Once it was asked for READER_CENTRAL, which of a dataset with replicates takes 130 bytes a
 * record shown, going to and fro costs nothing. Errors as of reader_index. */
int reader_show(reader_t *r, enum reader_shown shown, error_t *e)
    __attribute__((warn_unused_result));

/* The highest replicate of any record, shown or not: how many draws of the uncertain parameters stand beside their central values. 0
 * until reader_show was asked for READER_CENTRAL, and of a trace. */
int32_t reader_draws(const reader_t *r);

/* 1 for a trace, which has the TRACE tables too; 0 for a dataset. */
int reader_is_trace(const reader_t *r);

/* Provenance as stored; owned by the reader, valid until reader_close. */
const provenance_t *reader_provenance(const reader_t *r);

/* One value of a field of type TEXT, owned by the reader; NULL for another field or outside the table. */
const char *reader_text(const reader_t *r, enum fields_id field, size_t row);

/* Rows of a table; 0 for a TRACE table of a dataset. Rows of `patients` are the records. */
size_t reader_rows(const reader_t *r, enum fields_table table);

/* Reads values[count] from row `start` of a field: _f64 any field (converted), _i64 any but F64 and F32.
 * ERROR_ARGUMENT when the rows are not all there or the type is wrong; ERROR_DATASET_TRUNCATED when a checksum is
 * wrong or the file ends. */
int reader_read_f64(reader_t *r, enum fields_id field, size_t start, size_t count, double *values,
                    error_t *e) __attribute__((warn_unused_result));
int reader_read_i64(reader_t *r, enum fields_id field, size_t start, size_t count, int64_t *values,
                    error_t *e) __attribute__((warn_unused_result));

/* A whole column, allocated; the caller frees *values, of reader_rows(field's table) elements (never NULL on
 * success). Errors as above, ERROR_MEMORY. */
int reader_column_f64(reader_t *r, enum fields_id field, double **values, error_t *e)
    __attribute__((warn_unused_result));
int reader_column_i64(reader_t *r, enum fields_id field, int64_t **values, error_t *e)
    __attribute__((warn_unused_result));

/* Rows of `table` that belong to one record, 0 <= record < reader_rows(r, TABLE_PATIENTS). Cheap for who goes from record
 * to record: the reader keeps 16 KiB of each table's index. ERROR_ARGUMENT, ERROR_DATASET_TRUNCATED, ERROR_MEMORY. */
int reader_range(reader_t *r, enum fields_table table, size_t record, size_t *start, size_t *count,
                 error_t *e) __attribute__((warn_unused_result));

/* The index of a table as stored, unchecked: the rows of record i are count[i] from offset[i]. Both are allocated, of
 * reader_rows(r, TABLE_PATIENTS) elements, and freed by the caller; NULL on an error. ERROR_ARGUMENT for `patients`, for a
 * STUDY table and for a TRACE table of a dataset; ERROR_DATASET_TRUNCATED; ERROR_MEMORY. */
int reader_index(reader_t *r, enum fields_table table, int64_t **offset, int64_t **count,
                 error_t *e) __attribute__((warn_unused_result));

/* The keys of all records in their order, allocated; the caller frees *keys. ERROR_DATASET_TRUNCATED; ERROR_MEMORY. */
int reader_keys(reader_t *r, record_key_t **keys, error_t *e) __attribute__((warn_unused_result));

/* Finds the record with this key. 1 with its index in *record; 0 when the dataset has none; or an error. */
int reader_find(reader_t *r, const record_key_t *key, size_t *record, error_t *e)
    __attribute__((warn_unused_result));

#endif
