/* SPDX-License-Identifier: Apache-2.0 */
/* Writes small datasets, each gone from its folder once it is open. */
#include "small.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataset/writer.h"
#include "tests/folder.h"

void small_rest(record_t *r, enum fields_table table)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const enum fields_id field = (enum fields_id)i;
        if (fields_get(field)->table != table ||
            (r->table[table].set >> (i - r->layout.first[table]) & 1u) != 0) {
            continue;
        }
        if (fields_is_real(fields_get(field)->type)) {
            record_put_f64(r, field, 1.0);
        } else {
            record_put_i64(r, field, 0);
        }
    }
}

static void append(writer_t *w, record_t *r, record_key_t key, small_put_t put, int arms)
{
    error_t e = {0};
    size_t size = 0;
    record_view_t view;
    record_reset(r, key);
    put(r, key, arms);
    cr_assert_eq(record_finish(r, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(r, &size);
    cr_assert_eq(record_parse(frame, size, &r->layout, &view, &e), 0, "%s", e.text);
    cr_assert_eq(writer_append(w, &view, &e), 0, "%s", e.text);
}

static reader_t *write_all(const provenance_t *p, int trace, int32_t draws, small_put_t put)
{
    const int64_t each = draws + 1;
    const int64_t arms = (int64_t)p->arms.count;
    char path[256];
    error_t e = {0};
    writer_t *w = NULL;
    reader_t *reader = NULL;
    record_t r;
    record_init(&r);
    (void)folder_path(path, sizeof path, "a.h5");
    cr_assert_eq(writer_create(&w, path, p, &(writer_options_t){trace, 0}, &e), 0, "%s", e.text);
    for (int64_t i = 0; i < p->patients * arms * each; i++) {
        const record_key_t key = {i / each / arms + 1, (int32_t)(i / each % arms),
                                  (int32_t)(i % each)};
        append(w, &r, key, put, (int)arms);
    }
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
    record_free(&r);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    (void)unlink(path);
    return reader;
}

reader_t *small_written(const provenance_t *p, int trace, small_put_t put)
{
    return write_all(p, trace, 0, put);
}

reader_t *small_nested(const provenance_t *p, int32_t draws, small_put_t put)
{
    return write_all(p, 0, draws, put);
}

void small_patient(record_t *r, record_key_t key)
{
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_i64(r, FIELD_PATIENTS_REPLICATE, key.replicate);
    record_put_i64(r, FIELD_PATIENTS_PULSES_COMMANDED, 4);
    small_rest(r, TABLE_PATIENTS);
}

reader_t *small_dataset(int64_t patients, int arms, int trace, small_put_t put)
{
    const provenance_t p = {.study = "small",
                            .title = "Known rows",
                            .program = "thecasim",
                            .version = "0.0.1",
                            .core_id = "core-1",
                            .patients = patients,
                            .horizon_ms = 365 * SMALL_DAY_MS,
                            .arms = {(size_t)arms, {"first", "second"}},
                            .drugs = {1, {"baclofen"}}};
    return small_written(&p, trace, put);
}
