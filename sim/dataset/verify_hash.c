/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes the values of a dataset, column by column. */
#include "dataset/verify.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/little.h"

#define BLOCK 8192

/* The bytes of a value as the file has them. */
static void put_value(uint8_t *to, enum fields_type type, double real, int64_t whole)
{
    uint64_t bits = (uint64_t)whole;
    if (type == FIELDS_TYPE_F64) {
        memcpy(&bits, &real, sizeof bits);
    } else if (type == FIELDS_TYPE_F32) {
        const float narrow = (float)real;
        uint32_t half;
        memcpy(&half, &narrow, sizeof half);
        bits = half;
    }
    if (fields_size(type) == 8) {
        little_put64(to, bits);
    } else if (fields_size(type) == 4) {
        little_put32(to, (uint32_t)bits);
    } else {
        *to = (uint8_t)bits;
    }
}

static int hash_block(reader_t *r, enum fields_id field, size_t start, size_t n,
                      crypto_generichash_state *state, error_t *e)
{
    const enum fields_type type = fields_get(field)->type;
    const size_t size = fields_size(type);
    double real[BLOCK];
    int64_t whole[BLOCK];
    uint8_t bytes[8 * BLOCK];
    const int is_real = fields_is_real(type);
    const int rc = is_real ? reader_read_f64(r, field, start, n, real, e)
                           : reader_read_i64(r, field, start, n, whole, e);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        put_value(bytes + i * size, type, is_real ? real[i] : 0.0, is_real ? 0 : whole[i]);
    }
    if (rc == 0) {
        (void)crypto_generichash_update(state, bytes, n * size);
    }
    return rc;
}

static int hash_field(reader_t *r, enum fields_id field, uint8_t hash[VERIFY_HASH_SIZE], error_t *e)
{
    const size_t rows = reader_rows(r, fields_get(field)->table);
    crypto_generichash_state state;
    const int is_text = fields_get(field)->type == FIELDS_TYPE_TEXT;
    int rc = 0;
    (void)crypto_generichash_init(&state, NULL, 0, VERIFY_HASH_SIZE);
    for (size_t row = 0; is_text && row < rows; row++) {
        const char *text = reader_text(r, field, row);
        (void)crypto_generichash_update(&state, (const uint8_t *)text, strlen(text) + 1);
    }
    for (size_t start = 0; rc == 0 && !is_text && start < rows; start += BLOCK) {
        rc = hash_block(r, field, start, rows - start < BLOCK ? rows - start : BLOCK, &state, e);
    }
    (void)crypto_generichash_final(&state, hash, VERIFY_HASH_SIZE);
    return rc;
}

/* Names with their final zero, so that no two lists run into one another. */
static void add_name(crypto_generichash_state *state, enum fields_table table, const char *field)
{
    const char *name = fields_table(table)->name;
    (void)crypto_generichash_update(state, (const uint8_t *)name, strlen(name) + 1);
    (void)crypto_generichash_update(state, (const uint8_t *)field, strlen(field) + 1);
}

/* Which rows belong to whom: the columns alone do not say. */
static int add_index(reader_t *r, enum fields_table table, crypto_generichash_state *total,
                     error_t *e)
{
    int64_t *offset = NULL;
    int64_t *count = NULL;
    const int rc = reader_index(r, table, &offset, &count, e);
    add_name(total, table, "count");
    for (size_t i = 0; rc == 0 && i < reader_rows(r, TABLE_PATIENTS); i++) {
        uint8_t bytes[8];
        little_put64(bytes, (uint64_t)count[i]);
        (void)crypto_generichash_update(total, bytes, sizeof bytes);
    }
    free(offset);
    free(count);
    return rc;
}

int verify_hash(reader_t *r, verify_hashes_t *h, error_t *e)
{
    crypto_generichash_state total;
    int rc = 0;
    memset(h, 0, sizeof *h);
    (void)crypto_generichash_init(&total, NULL, 0, VERIFY_HASH_SIZE);
    for (int i = 0; rc == 0 && i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        if (fields_in_file(f->table, reader_is_trace(r))) {
            rc = hash_field(r, (enum fields_id)i, h->field[i], e);
            add_name(&total, f->table, f->name);
            (void)crypto_generichash_update(&total, h->field[i], VERIFY_HASH_SIZE);
        }
    }
    for (int t = TABLE_PATIENTS + 1; rc == 0 && t < TABLE_COUNT; t++) {
        if (fields_in_records((enum fields_table)t, reader_is_trace(r))) {
            rc = add_index(r, (enum fields_table)t, &total, e);
        }
    }
    (void)crypto_generichash_final(&total, h->total, VERIFY_HASH_SIZE);
    return rc;
}
