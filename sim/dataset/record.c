/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the rows of one record as packed bytes, checks that they are complete, and frames them with checksums. */
#include "dataset/record.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/crc32.h"
#include "dataset/little.h"

static const uint8_t magic[4] = {'R', 'E', 'C', 'D'};

int record_compare(const record_key_t *a, const record_key_t *b)
{
    if (a->patient != b->patient) {
        return a->patient < b->patient ? -1 : 1;
    }
    if (a->arm != b->arm) {
        return a->arm < b->arm ? -1 : 1;
    }
    return (a->replicate > b->replicate) - (a->replicate < b->replicate);
}

void record_init(record_t *r)
{
    memset(r, 0, sizeof *r);
    fields_layout(&r->layout);
}

void record_free(record_t *r)
{
    for (int t = 0; t < TABLE_COUNT; t++) {
        free(r->table[t].bytes);
    }
    free(r->frame);
    record_init(r);
}

void record_reset(record_t *r, record_key_t key)
{
    for (int t = 0; t < TABLE_COUNT; t++) {
        r->table[t].count = 0;
        r->table[t].set = 0;
    }
    memset(&r->error, 0, sizeof r->error);
    r->frame_size = 0;
    r->key = key;
}

/* ---- rows ---- */

static uint64_t all_fields(const fields_layout_t *layout, enum fields_table table)
{
    return layout->count[table] >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << layout->count[table]) - 1;
}

/* Negative when the last row of the table lacks a field, which is then named. */
static int check_complete(const record_t *r, enum fields_table table, error_t *e)
{
    const record_rows_t *rows = &r->table[table];
    const uint64_t missing = rows->count == 0 ? 0 : all_fields(&r->layout, table) & ~rows->set;
    if (missing == 0) {
        return 0;
    }
    unsigned first = 0;
    while ((missing >> first & 1u) == 0) {
        first++;
    }
    return ERROR_RAISE(e, ERROR_INVARIANT, "row %zu of table %s has no %s", rows->count,
                       fields_table(table)->name,
                       fields_get((enum fields_id)(r->layout.first[table] + first))->name);
}

static int reserve(uint8_t **bytes, size_t *capacity, size_t needed, error_t *e)
{
    if (needed <= *capacity) {
        return 0;
    }
    const size_t size = needed > *capacity * 2 ? needed : *capacity * 2;
    uint8_t *grown = realloc(*bytes, size);
    if (grown == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for a record of %zu bytes", size);
    }
    *bytes = grown;
    *capacity = size;
    return 0;
}

void record_row(record_t *r, enum fields_table table)
{
    record_rows_t *rows = &r->table[table];
    const size_t width = r->layout.width[table];
    size_t capacity = rows->capacity * width;
    if (r->error.code != 0 || check_complete(r, table, &r->error) < 0) {
        return;
    }
    if (fields_table(table)->kind == FIELDS_KIND_STUDY) {
        (void)ERROR_RAISE(&r->error, ERROR_INVARIANT, "table %s is the study's, not a record's",
                          fields_table(table)->name);
        return;
    }
    if (table == TABLE_PATIENTS && rows->count > 0) {
        (void)ERROR_RAISE(&r->error, ERROR_INVARIANT, "a second row of table patients was begun");
        return;
    }
    if (reserve(&rows->bytes, &capacity, (rows->count + 1) * width, &r->error) < 0) {
        return;
    }
    rows->capacity = capacity / width;
    rows->count++;
    rows->set = 0;
    r->frame_size = 0;
}

/* Where a value goes, or NULL with the error kept. */
static uint8_t *place(record_t *r, enum fields_id field, int real)
{
    const fields_t *f = fields_get(field);
    record_rows_t *rows = &r->table[f->table];
    const uint64_t bit = UINT64_C(1) << (field - r->layout.first[f->table]);
    const char *fault = NULL;
    if (r->error.code != 0) {
        return NULL;
    }
    if (rows->count == 0) {
        fault = "was set before a row was begun";
    } else if ((rows->set & bit) != 0) {
        fault = "was set twice in one row";
    } else if (fields_is_real(f->type) != real) {
        fault = real ? "is a whole number and was set as a float"
                     : "is a float and was set as a whole number";
    }
    if (fault != NULL) {
        (void)ERROR_RAISE(&r->error, ERROR_INVARIANT, "field %s of table %s %s", f->name,
                          fields_table(f->table)->name, fault);
        return NULL;
    }
    rows->set |= bit;
    return rows->bytes + (rows->count - 1) * r->layout.width[f->table] + r->layout.offset[field];
}

void record_put_f64(record_t *r, enum fields_id field, double value)
{
    const fields_t *f = fields_get(field);
    const double limit = f->type == FIELDS_TYPE_F32 ? (double)FLT_MAX : DBL_MAX;
    uint8_t *to = place(r, field, 1);
    if (to == NULL) {
        return;
    }
    if (fabs(value) > limit) {
        (void)ERROR_RAISE(&r->error, ERROR_INVARIANT, "field %s of table %s cannot hold %g",
                          f->name, fields_table(f->table)->name, value);
        return;
    }
    if (f->type == FIELDS_TYPE_F64) {
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        little_put64(to, bits);
    } else {
        const float narrow = (float)value;
        uint32_t bits;
        memcpy(&bits, &narrow, sizeof bits);
        little_put32(to, bits);
    }
}

static int holds(enum fields_type type, int64_t value)
{
    switch (type) {
    case FIELDS_TYPE_I64:
        return 1;
    case FIELDS_TYPE_I32:
        return value >= INT32_MIN && value <= INT32_MAX;
    case FIELDS_TYPE_STOP:
    case FIELDS_TYPE_EVENT:
    case FIELDS_TYPE_REASON:
    case FIELDS_TYPE_SEX:
    case FIELDS_TYPE_DIAGNOSIS:
    case FIELDS_TYPE_TOLERANCE:
    case FIELDS_TYPE_LEVEL:
        return fields_choice_name(type, value) != NULL;
    case FIELDS_TYPE_F64:
    case FIELDS_TYPE_F32:
    case FIELDS_TYPE_TEXT:
        break;
    }
    return 0;
}

void record_put_i64(record_t *r, enum fields_id field, int64_t value)
{
    const fields_t *f = fields_get(field);
    uint8_t *to = place(r, field, 0);
    if (to == NULL) {
        return;
    }
    if (!holds(f->type, value)) {
        (void)ERROR_RAISE(&r->error, ERROR_INVARIANT, "field %s of table %s cannot hold %lld",
                          f->name, fields_table(f->table)->name, (long long)value);
        return;
    }
    if (f->type == FIELDS_TYPE_I64) {
        little_put64(to, (uint64_t)value);
    } else if (f->type == FIELDS_TYPE_I32) {
        little_put32(to, (uint32_t)(int32_t)value);
    } else {
        *to = (uint8_t)value;
    }
}

/* ---- frames ---- */

static int check_record(const record_t *r, error_t *e)
{
    if (r->error.code != 0) {
        if (e != NULL) {
            *e = r->error;
        }
        return r->error.code;
    }
    for (int t = 0; t < TABLE_COUNT; t++) {
        const int rc = check_complete(r, (enum fields_table)t, e);
        if (rc < 0) {
            return rc;
        }
    }
    if (r->table[TABLE_PATIENTS].count != 1) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "the record has no row in table patients");
    }
    const uint8_t *row = r->table[TABLE_PATIENTS].bytes;
    const uint16_t *offset = r->layout.offset;
    const record_key_t key = {
        (int64_t)little_get64(row + offset[FIELD_PATIENTS_PATIENT]),
        (int32_t)little_get32(row + offset[FIELD_PATIENTS_ARM]),
        (int32_t)little_get32(row + offset[FIELD_PATIENTS_REPLICATE]),
    };
    if (record_compare(&key, &r->key) != 0) {
        return ERROR_RAISE(
            e, ERROR_INVARIANT,
            "table patients says patient %lld arm %d replicate %d, the record %lld, %d, %d",
            (long long)key.patient, key.arm, key.replicate, (long long)r->key.patient, r->key.arm,
            r->key.replicate);
    }
    return 0;
}

static size_t payload_size(const record_t *r)
{
    size_t size = 0;
    for (int t = 0; t < TABLE_COUNT; t++) {
        size += 4 + r->table[t].count * r->layout.width[t];
    }
    return size;
}

/* The payload: for each table the number of its rows (u32), then the rows. */
static void put_payload(const record_t *r, uint8_t *to)
{
    for (int t = 0; t < TABLE_COUNT; t++) {
        const size_t bytes = r->table[t].count * r->layout.width[t];
        little_put32(to, (uint32_t)r->table[t].count);
        if (bytes > 0) {
            memcpy(to + 4, r->table[t].bytes, bytes);
        }
        to += 4 + bytes;
    }
}

int record_finish(record_t *r, error_t *e)
{
    const size_t payload = payload_size(r);
    int rc = check_record(r, e);
    if (rc < 0) {
        return rc;
    }
    if (payload > UINT32_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "the record has %zu bytes, more than 4 GiB", payload);
    }
    const size_t size = RECORD_HEAD_SIZE + payload + RECORD_TAIL_SIZE;
    rc = reserve(&r->frame, &r->frame_capacity, size, e);
    if (rc < 0) {
        return rc;
    }
    uint8_t *frame = r->frame;
    memcpy(frame, magic, sizeof magic);
    little_put32(frame + 4, (uint32_t)payload);
    little_put64(frame + 8, (uint64_t)r->key.patient);
    little_put32(frame + 16, (uint32_t)r->key.arm);
    little_put32(frame + 20, (uint32_t)r->key.replicate);
    little_put32(frame + 24, crc32_of(frame, 24));
    put_payload(r, frame + RECORD_HEAD_SIZE);
    little_put32(frame + RECORD_HEAD_SIZE + payload, crc32_of(frame + RECORD_HEAD_SIZE, payload));
    r->frame_size = size;
    return 0;
}

const uint8_t *record_frame(const record_t *r, size_t *size)
{
    *size = r->frame_size;
    return r->frame_size > 0 ? r->frame : NULL;
}

size_t record_parse_head(const uint8_t *bytes, record_key_t *key)
{
    if (memcmp(bytes, magic, sizeof magic) != 0 ||
        crc32_of(bytes, 24) != little_get32(bytes + 24)) {
        return 0;
    }
    key->patient = (int64_t)little_get64(bytes + 8);
    key->arm = (int32_t)little_get32(bytes + 16);
    key->replicate = (int32_t)little_get32(bytes + 20);
    return (size_t)little_get32(bytes + 4) + RECORD_HEAD_SIZE + RECORD_TAIL_SIZE;
}

static int parse_payload(const uint8_t *from, size_t left, const fields_layout_t *layout,
                         record_view_t *view, error_t *e)
{
    for (int t = 0; t < TABLE_COUNT; t++) {
        const size_t count = left >= 4 ? little_get32(from) : 0;
        const size_t bytes = count * layout->width[t];
        if (left < 4 || left - 4 < bytes) {
            return ERROR_RAISE(
                e, ERROR_DATASET_TRUNCATED, "the record of patient %lld ends within table %s",
                (long long)view->key.patient, fields_table((enum fields_table)t)->name);
        }
        view->count[t] = count;
        view->rows[t] = from + 4;
        from += 4 + bytes;
        left -= 4 + bytes;
    }
    if (left != 0 || view->count[TABLE_PATIENTS] != 1) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED,
                           "the record of patient %lld is not of this schema",
                           (long long)view->key.patient);
    }
    return 0;
}

int record_parse(const uint8_t *bytes, size_t size, const fields_layout_t *layout,
                 record_view_t *view, error_t *e)
{
    const size_t whole = size >= RECORD_HEAD_SIZE ? record_parse_head(bytes, &view->key) : 0;
    if (whole == 0 || whole != size) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED, "a record of %zu bytes has no valid head",
                           size);
    }
    const size_t payload = size - RECORD_HEAD_SIZE - RECORD_TAIL_SIZE;
    if (crc32_of(bytes + RECORD_HEAD_SIZE, payload) != little_get32(bytes + size - 4)) {
        return ERROR_RAISE(e, ERROR_DATASET_TRUNCATED,
                           "the checksum of patient %lld's record is wrong",
                           (long long)view->key.patient);
    }
    return parse_payload(bytes + RECORD_HEAD_SIZE, payload, layout, view, e);
}

uint64_t record_view_bits(const record_view_t *view, const fields_layout_t *layout,
                          enum fields_id field, size_t row)
{
    const fields_t *f = fields_get(field);
    const uint8_t *at =
        view->rows[f->table] + row * layout->width[f->table] + layout->offset[field];
    uint64_t bits = 0;
    if (f->type == FIELDS_TYPE_F32) {
        uint32_t word = little_get32(at);
        float narrow;
        double wide;
        memcpy(&narrow, &word, sizeof narrow);
        wide = (double)narrow;
        memcpy(&bits, &wide, sizeof bits);
        return bits;
    }
    switch (fields_size(f->type)) {
    case 8:
        return little_get64(at);
    case 4:
        return (uint64_t)(int64_t)(int32_t)little_get32(at);
    default:
        return *at;
    }
}

double record_view_number(const record_view_t *view, const fields_layout_t *layout,
                          enum fields_id field, size_t row)
{
    uint64_t bits = record_view_bits(view, layout, field, row);
    int64_t whole;
    double real;
    memcpy(&whole, &bits, sizeof whole);
    memcpy(&real, &bits, sizeof real);
    return fields_is_real(fields_get(field)->type) ? real : (double)whole;
}
