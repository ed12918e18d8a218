/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of one patient, arm and replicate while a trajectory builds them, and their bytes.
 *
 *     record_init(&r);                                     once per thread
 *     record_reset(&r, (record_key_t){patient, arm, replicate});
 *     record_row(&r, TABLE_EVENTS);
 *     record_put_i64(&r, FIELD_EVENTS_TIME_MS, now_ms);    every field of the row once, in any order
 *     …
 *     if (record_finish(&r, e) < 0) …                      says which field was forgotten, twice, or wrong
 *     journal_append(&journal, &r, e);                     under the caller's lock
 *     record_free(&r);
 *
 * Rows of different tables may be open at once: the row of `patients` can be begun at enrolment and completed at
 * the end. Rows of a table stay in the order in which they were begun.
 *
 * Errors are kept, not returned, by record_row and record_put_*: the first one stays, later calls do nothing, and
 * record_finish returns it. A trajectory therefore reads as a list of puts, and no error can be lost on the way
 * to the file, since only a finished record has bytes.
 *
 * Ownership: the record owns its buffers, which keep their size from patient to patient. Thread rule: a record
 * belongs to one thread at a time.
 */
#ifndef DATASET_RECORD_H
#define DATASET_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/fields.h"
#include "error.h"

/* What identifies a record, and the order of records in a dataset: by patient, then arm, then replicate. */
typedef struct record_key_t {
    int64_t patient; /* from 1 */
    int32_t arm;
    int32_t replicate;
} record_key_t;

/* Private to record.c. */
typedef struct record_rows_t {
    uint8_t *bytes;
    size_t count;    /* rows begun */
    size_t capacity; /* rows that fit */
    uint64_t set;    /* fields set in the last row, a bit for each */
} record_rows_t;

/* Private to record.c, but for `key`, to be read. */
typedef struct record_t {
    record_key_t key;
    fields_layout_t layout;
    record_rows_t table[TABLE_COUNT];
    uint8_t *frame;
    size_t frame_size; /* 0 until record_finish succeeded */
    size_t frame_capacity;
    error_t error;
} record_t;

/* A finished record's bytes, taken apart. Borrowed from the bytes given to record_parse. */
typedef struct record_view_t {
    record_key_t key;
    const uint8_t *rows[TABLE_COUNT]; /* count * layout.width bytes each */
    size_t count[TABLE_COUNT];
} record_view_t;

/* Bytes of a frame before its payload: "RECD", payload size (u32), patient (i64), arm (i32), replicate (i32), CRC-32
 * of these 24 bytes (u32). After the payload: its CRC-32 (u32). All little-endian. */
#define RECORD_HEAD_SIZE 28
#define RECORD_TAIL_SIZE 4

/* Negative, zero or positive as a comes before, is, or comes after b. */
int record_compare(const record_key_t *a, const record_key_t *b);

/* Makes an empty record with key {0, 0, 0}. Allocates nothing. */
void record_init(record_t *r);

/* Frees the buffers; legal on a record that was only initialised, and twice. */
void record_free(record_t *r);

/* Drops all rows and any error, keeps the buffers, takes a new key. */
void record_reset(record_t *r, record_key_t key);

/* Begins a row of `table`. Kept errors: ERROR_MEMORY; ERROR_INVARIANT when the row before it in this table lacks a
 * field, on a second row of `patients`, or for a STUDY table. */
void record_row(record_t *r, enum fields_table table);

/* Sets a field of the last row of its table: _f64 for F64 and F32, _i64 for all others. Kept errors:
 * ERROR_INVARIANT, naming the field, when its table has no row, the field was set before, has the other type, or
 * cannot hold the value: infinite, above the largest float32, outside int32, not in the list of choices. NaN is
 * allowed and means: no value for this patient. */
void record_put_f64(record_t *r, enum fields_id field, double value);
void record_put_i64(record_t *r, enum fields_id field, int64_t value);

/* Checks every table, and makes the bytes (see record_frame). Returns 0; or the first kept error; ERROR_MEMORY;
 * ERROR_INVARIANT when a last row lacks a field, when `patients` has no row or its key is not the record's;
 * ERROR_ARGUMENT when the record has 4 GiB or more. */
int record_finish(record_t *r, error_t *e) __attribute__((warn_unused_result));

/* The bytes of a finished record, head, payload and tail; *size is their number, or 0 (and NULL returned) when it is
 * not finished. Owned by the record, valid until the next call on it. */
const uint8_t *record_frame(const record_t *r, size_t *size);

/* Takes a whole frame apart. Returns 0; ERROR_DATASET_TRUNCATED when it is shorter than it says, a CRC is wrong, or the
 * payload is not one of this schema. Reads nothing outside bytes[size]. */
int record_parse(const uint8_t *bytes, size_t size, const fields_layout_t *layout,
                 record_view_t *view, error_t *e) __attribute__((warn_unused_result));

/* A value of a parsed record, row < view->count[the field's table]: the bits of a double for F64 and F32, of an
 * int64_t for all others; and the same as a number. */
uint64_t record_view_bits(const record_view_t *view, const fields_layout_t *layout,
                          enum fields_id field, size_t row);
double record_view_number(const record_view_t *view, const fields_layout_t *layout,
                          enum fields_id field, size_t row);

/* Reads only a head: bytes[RECORD_HEAD_SIZE]. Returns the size of the whole frame, or 0 when these bytes are not a
 * head. */
size_t record_parse_head(const uint8_t *bytes, record_key_t *key);

#endif
