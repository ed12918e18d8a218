/* SPDX-License-Identifier: Apache-2.0 */
/* Synthetic records, files and folders for the tests of the dataset. */
#include "tests/sim/dataset/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/folder.h"

double fixture_f64(enum fields_id field, int64_t patient, size_t row)
{
    return (double)field + 0.25 * (double)patient + 0.5 * (double)row;
}

int64_t fixture_i64(enum fields_id field, int64_t patient, size_t row)
{
    if (field == FIELD_PATIENTS_PATIENT) {
        return patient;
    }
    if (field == FIELD_PATIENTS_ARM || field == FIELD_PATIENTS_REPLICATE) {
        return 0;
    }
    const int64_t n = (int64_t)fields_choices(fields_get(field)->type);
    const int64_t value = (int64_t)field * 1000 + patient * 10 + (int64_t)row;
    int named = 0;
    if (n == 0) {
        return value;
    }
    cr_assert_not_null(fields_choice(fields_get(field)->type, (size_t)(value % n), &named));
    return named;
}

size_t fixture_rows(enum fields_table table, int64_t patient, size_t scale)
{
    if (!fields_in_records(table, 1)) {
        return 0;
    }
    return table == TABLE_PATIENTS ? 1 : scale * (size_t)((patient + (int64_t)table) % 4);
}

static void put_row(record_t *r, enum fields_table table, size_t row)
{
    record_row(r, table);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const enum fields_id field = (enum fields_id)i;
        if (fields_get(field)->table != table) {
            continue;
        }
        if (fields_is_real(fields_get(field)->type)) {
            record_put_f64(r, field, fixture_f64(field, r->key.patient, row));
        } else {
            record_put_i64(r, field, fixture_i64(field, r->key.patient, row));
        }
    }
}

void fixture_record(record_t *r, int64_t patient, size_t scale, int trace)
{
    error_t e = {0};
    record_reset(r, (record_key_t){patient, 0, 0});
    for (int t = 0; t < TABLE_COUNT; t++) {
        const enum fields_table table = (enum fields_table)t;
        if (fields_in_records(table, trace)) {
            for (size_t row = 0; row < fixture_rows(table, patient, scale); row++) {
                put_row(r, table, row);
            }
        }
    }
    cr_assert_eq(record_finish(r, &e), 0, "fixture record %lld: %s", (long long)patient, e.text);
}

void fixture_provenance(provenance_t *p)
{
    *p = (provenance_t){
        .study = "fixture",
        .title = "A study of nobody",
        .description = "Does <nobody> \"need\" it? \xC3\xA4",
        .program = "thecasim",
        .version = "0.0.1",
        .build = provenance_build(),
        .core_id = "core-1",
        .core_code = "built-in",
        .config = "study:\n  name: fixture\n",
        .assumptions = "csf.drift: assumption\ndrug.loss: assumption\n",
        .warnings = "therapy.dose: doubtful\n",
        .seed = UINT64_C(0xfedcba9876543210),
        .patients = 7,
        .horizon_ms = INT64_C(7776000000),
        .arms = {1, {"all"}},
        .settings = {1, {"{\"therapy.dose\": \"100 ug/day\"}"}},
        .drugs = {2, {"baclofen", "morphine"}},
        .hal_calls = {2, {"clock_read", "train_start"}},
    };
}

void fixture_path(char *path, size_t size, const char *name)
{
    (void)folder_path(path, size, name);
}

int fixture_dataset(const char *path, int64_t n, size_t scale, error_t *e)
{
    char journal_path[256];
    uint8_t hash[PROVENANCE_HASH_SIZE];
    provenance_t p;
    journal_t j;
    record_t r;
    fixture_provenance(&p);
    provenance_hash(&p, hash);
    record_init(&r);
    (void)snprintf(journal_path, sizeof journal_path, "%s.journal", path);
    cr_assert_eq(journal_create(&j, journal_path, hash, e), 0, "%s", e->text);
    for (int64_t i = 0; i < n; i++) {
        fixture_record(&r, 1 + (i * 5 + 3) % n, scale, 0);
        cr_assert_eq(journal_append(&j, &r, e), 0, "%s", e->text);
    }
    const int rc = writer_assemble(&j, path, &p, &(writer_options_t){0, 0}, e);
    record_free(&r);
    cr_assert_eq(journal_remove(&j, NULL), 0);
    return rc;
}

unsigned char *fixture_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    (void)fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*size + 1);
    cr_assert_eq(fread(bytes, 1, *size, file), *size);
    (void)fclose(file);
    return bytes;
}

void fixture_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(bytes, 1, size, file), size);
    (void)fclose(file);
}
