/* SPDX-License-Identifier: Apache-2.0 */
/* Records: every field once, or the field is named; bytes that are not a whole record are refused. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/dataset/fixture.h"

static void expect_fault(record_t *r, const char *words)
{
    error_t e = {0};
    size_t size = 1;
    cr_assert_eq(record_finish(r, &e), ERROR_INVARIANT, "expected \"%s\"", words);
    cr_assert_not_null(strstr(e.text, words), "\"%s\" does not say \"%s\"", e.text, words);
    cr_assert_null(record_frame(r, &size));
    cr_assert_eq(size, 0);
    record_free(r);
}

static void begin_refill(record_t *r)
{
    record_init(r);
    record_reset(r, (record_key_t){1, 0, 0});
    record_row(r, TABLE_REFILLS);
}

Test(record, a_missing_field_is_named)
{
    for (int missing = 0; missing < FIELD_COUNT; missing++) {
        record_t r;
        const enum fields_table table = fields_get((enum fields_id)missing)->table;
        if (!fields_in_records(table, 1)) {
            continue;
        }
        record_init(&r);
        record_reset(&r, (record_key_t){1, 0, 0});
        record_row(&r, table);
        for (int i = 0; i < FIELD_COUNT; i++) {
            const fields_t *f = fields_get((enum fields_id)i);
            if (f->table == table && i != missing && fields_is_real(f->type)) {
                record_put_f64(&r, (enum fields_id)i, 1.0);
            } else if (f->table == table && i != missing) {
                record_put_i64(&r, (enum fields_id)i, 1);
            }
        }
        expect_fault(&r, fields_get((enum fields_id)missing)->name);
    }
}

Test(record, a_table_of_the_study_takes_no_rows)
{
    record_t r;
    record_init(&r);
    record_reset(&r, (record_key_t){1, 0, 0});
    record_row(&r, TABLE_ARMS);
    expect_fault(&r, "table arms is the study's");
}

Test(record, a_field_set_twice_is_named)
{
    record_t r;
    begin_refill(&r);
    record_put_f64(&r, FIELD_REFILLS_FILLED_ML, 20.0);
    record_put_f64(&r, FIELD_REFILLS_FILLED_ML, 20.0);
    expect_fault(&r, "filled_ml of table refills was set twice");
}

Test(record, a_field_without_a_row_is_named)
{
    record_t r;
    begin_refill(&r);
    record_put_i64(&r, FIELD_EVENTS_TIME_MS, 1);
    expect_fault(&r, "time_ms of table events was set before a row");
}

Test(record, a_field_of_the_other_type_is_named)
{
    record_t r;
    begin_refill(&r);
    record_put_i64(&r, FIELD_REFILLS_FILLED_ML, 20);
    expect_fault(&r, "filled_ml of table refills is a float");
}

Test(record, an_infinite_value_is_refused)
{
    record_t r;
    begin_refill(&r);
    record_put_f64(&r, FIELD_REFILLS_FILLED_ML, (double)INFINITY);
    expect_fault(&r, "filled_ml of table refills cannot hold inf");
}

Test(record, a_value_above_float32_is_refused)
{
    record_t r;
    record_init(&r);
    record_row(&r, TABLE_DAILY);
    record_put_f64(&r, FIELD_DAILY_DOSE_UG, 1e39);
    expect_fault(&r, "dose_ug of table daily cannot hold");
}

Test(record, a_number_that_is_no_choice_is_refused)
{
    record_t r;
    record_init(&r);
    record_row(&r, TABLE_EVENTS);
    record_put_i64(&r, FIELD_EVENTS_KIND, 101);
    expect_fault(&r, "kind of table events cannot hold 101");
}

Test(record, the_first_fault_stays)
{
    record_t r;
    begin_refill(&r);
    record_put_i64(&r, FIELD_REFILLS_FILLED_ML, 20);
    record_put_f64(&r, FIELD_REFILLS_WITHDRAWN_ML, (double)INFINITY);
    expect_fault(&r, "filled_ml");
}

Test(record, a_record_without_a_patient_row_is_refused)
{
    record_t r;
    record_init(&r);
    expect_fault(&r, "no row in table patients");
}

Test(record, a_patient_row_of_another_key_is_refused)
{
    record_t r;
    record_init(&r);
    fixture_record(&r, 4, 1, 0);
    r.key.patient = 5;
    error_t e = {0};
    cr_assert_eq(record_finish(&r, &e), ERROR_INVARIANT);
    cr_assert_not_null(strstr(e.text, "patient 4"), "%s", e.text);
    record_free(&r);
}

Test(record, not_a_number_is_a_value)
{
    record_t r;
    error_t e = {0};
    record_init(&r);
    fixture_record(&r, 1, 0, 0);
    record_row(&r, TABLE_EVENTS);
    record_put_i64(&r, FIELD_EVENTS_TIME_MS, 1);
    record_put_i64(&r, FIELD_EVENTS_KIND, FIELDS_EVENT_TONE);
    record_put_i64(&r, FIELD_EVENTS_REASON, FIELDS_REASON_CORE);
    record_put_f64(&r, FIELD_EVENTS_VALUE, (double)NAN);
    record_put_f64(&r, FIELD_EVENTS_VALUE2, (double)NAN);
    cr_assert_eq(record_finish(&r, &e), 0, "%s", e.text);
    record_free(&r);
}

Test(record, a_reset_leaves_no_trace_of_the_patient_before)
{
    record_t used;
    record_t fresh;
    size_t size[2];
    record_init(&used);
    record_init(&fresh);
    fixture_record(&used, 3, 50, 1);
    fixture_record(&used, 2, 1, 0);
    fixture_record(&fresh, 2, 1, 0);
    const uint8_t *a = record_frame(&used, &size[0]);
    const uint8_t *b = record_frame(&fresh, &size[1]);
    cr_assert_eq(size[0], size[1]);
    cr_assert_eq(memcmp(a, b, size[0]), 0);
    record_free(&used);
    record_free(&fresh);
}

Test(record, any_flipped_or_missing_byte_is_noticed)
{
    record_t r;
    record_view_t view;
    size_t size = 0;
    record_init(&r);
    fixture_record(&r, 2, 1, 1);
    const uint8_t *frame = record_frame(&r, &size);
    for (size_t i = 0; i < size; i++) {
        uint8_t *copy = malloc(size);
        memcpy(copy, frame, size);
        copy[i] ^= (uint8_t)(1u << (i % 8));
        cr_assert_eq(record_parse(copy, size, &r.layout, &view, NULL), ERROR_DATASET_TRUNCATED,
                     "flip in byte %zu", i);
        copy = realloc(copy, i + 1);
        memcpy(copy, frame, i + 1);
        cr_assert_eq(i + 1 == size || record_parse(copy, i + 1, &r.layout, &view, NULL) < 0, 1,
                     "cut after byte %zu", i);
        free(copy);
    }
    record_free(&r);
}

Test(record, a_parsed_record_gives_the_values_that_were_put)
{
    record_t r;
    record_view_t view;
    size_t size = 0;
    record_init(&r);
    fixture_record(&r, 2, 3, 1);
    const uint8_t *frame = record_frame(&r, &size);
    cr_assert_eq(record_parse(frame, size, &r.layout, &view, NULL), 0);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const enum fields_id field = (enum fields_id)i;
        const fields_t *f = fields_get(field);
        for (size_t row = 0; row < view.count[f->table]; row++) {
            const double expected = fields_is_real(f->type) ? fixture_f64(field, 2, row)
                                                            : (double)fixture_i64(field, 2, row);
            const double value = record_view_number(&view, &r.layout, field, row);
            cr_assert_eq(value, expected, "%s row %zu is %g, not %g", f->name, row, value,
                         expected);
        }
    }
    record_free(&r);
}
