/* SPDX-License-Identifier: Apache-2.0 */
/* Exports of small datasets: every value is in them, and nothing is left of one that was stopped. */
#define _XOPEN_SOURCE 700
#include "export/export.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "small.h"
#include "tests/folder.h"

#define DAYS 9000 /* of all records: more than a block of rows */
#define LINE 8192

/* 1/(row + 3) in every real number of a row, which no few digits tell. */
static void put_days(record_t *r, record_key_t key, int arms)
{
    small_patient(r, key);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, key.arm);
    record_put_f64(r, FIELD_OUTCOMES_RESPONDED, (double)NAN);
    small_rest(r, TABLE_OUTCOMES);
    /* The second patient has no day at all. */
    for (int64_t day = 0; key.patient != 2 && day < DAYS / 2 / arms; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_PLASMA_NG_PER_ML, (double)(1.0f / (float)(day + 3)));
        record_put_f64(r, FIELD_DAILY_RESERVOIR_ML, (double)NAN);
        small_rest(r, TABLE_DAILY);
    }
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_KIND, FIELDS_EVENT_REFILL);
    record_put_i64(r, FIELD_EVENTS_REASON, FIELDS_REASON_REFILL_DUE);
    record_put_f64(r, FIELD_EVENTS_VALUE, 1.0 / 3.0);
    small_rest(r, TABLE_EVENTS);
}

static int write_export(reader_t *r, const char *format, const volatile sig_atomic_t *stop,
                        error_t *e)
{
    char folder[256];
    const export_options_t options = {.format = format,
                                      .dataset = "a.h5",
                                      .folder = folder_path(folder, sizeof folder, format),
                                      .date = "2026-01-31",
                                      .stop = stop};
    return export_write(r, &options, e);
}

static FILE *open_file(const char *name)
{
    char path[256];
    FILE *f = fopen(folder_path(path, sizeof path, name), "r");
    cr_assert_not_null(f, "%s", path);
    return f;
}

/* Place of a column in the head, which is read. */
static int column_of(FILE *f, const char *name)
{
    char head[LINE], *rest = NULL;
    int at = 0;
    cr_assert_not_null(fgets(head, sizeof head, f));
    for (char *cell = strtok_r(head, ",\n", &rest); cell != NULL; at++) {
        if (strcmp(cell, name) == 0) {
            return at;
        }
        cell = strtok_r(NULL, ",\n", &rest);
    }
    cr_assert_fail("no column %s", name);
    return -1;
}

/* The cell of a line without quotes, up to its comma. */
static const char *cell_of(const char *line, int column)
{
    for (; column > 0; column--) {
        line = strchr(line, ',') + 1;
    }
    return line;
}

Test(export, every_value_of_a_column_reads_back_whatever_the_block)
{
    error_t e = {0};
    char line[LINE];
    size_t row = 0;
    double *plasma = NULL;
    reader_t *r = small_dataset(3, 1, 0, put_days);
    cr_assert_eq(write_export(r, "csv", NULL, &e), 0, "%s", e.text);
    cr_assert_eq(reader_column_f64(r, FIELD_DAILY_PLASMA_NG_PER_ML, &plasma, &e), 0);
    FILE *f = open_file("csv/daily.csv");
    const int column = column_of(f, "plasma_ng_per_ml");
    for (; fgets(line, sizeof line, f) != NULL; row++) {
        const float back = strtof(cell_of(line, column), NULL), was = (float)plasma[row];
        cr_assert_eq(memcmp(&back, &was, sizeof was), 0, "row %zu: %s", row, line);
        /* The third patient's rows follow the first's: the second has none. */
        cr_assert_eq(strtol(line, NULL, 10), row < DAYS / 2 ? 1 : 3, "row %zu: %s", row, line);
        cr_assert_eq(strtol(cell_of(line, 3), NULL, 10), (long)(row % (DAYS / 2)), "%s", line);
    }
    cr_assert_eq(row, reader_rows(r, TABLE_DAILY));
    (void)fclose(f);
    free(plasma);
    reader_close(&r);
}

Test(export, names_stand_for_numbers_and_nothing_for_no_value)
{
    error_t e = {0};
    char line[LINE];
    reader_t *r = small_dataset(1, 2, 0, put_days);
    cr_assert_eq(write_export(r, "csv", NULL, &e), 0, "%s", e.text);
    FILE *f = open_file("csv/events.csv");
    (void)column_of(f, "kind");
    cr_assert_not_null(fgets(line, sizeof line, f));
    cr_expect_str_eq(line, "1,0,0,0,0,refill,refill_due,0.3333333333333333,1\n");
    (void)fclose(f);
    f = open_file("csv/outcomes.csv");
    (void)column_of(f, "responded");
    cr_assert_not_null(fgets(line, sizeof line, f));
    cr_expect_eq(strncmp(line, "1,0,0,,1,", 9), 0, "%s", line);
    (void)fclose(f);
    f = open_file("csv/arms.csv");
    (void)column_of(f, "name");
    cr_assert_not_null(fgets(line, sizeof line, f));
    cr_expect_str_eq(line, "0,first,\n");
    (void)fclose(f);
    reader_close(&r);
}

Test(export, the_description_tells_of_every_column_with_its_unit)
{
    error_t e = {0};
    json_error_t why;
    reader_t *r = small_dataset(1, 1, 0, put_days);
    cr_assert_eq(write_export(r, "csv", NULL, &e), 0, "%s", e.text);
    FILE *f = open_file("csv/datapackage.json");
    json_t *package = json_loadf(f, 0, &why), *one;
    cr_assert_not_null(package, "%s", why.text);
    (void)fclose(f);
    size_t i, described = 0;
    json_array_foreach(json_object_get(package, "resources"), i, one)
    {
        size_t k;
        json_t *field;
        json_array_foreach(json_object_get(json_object_get(one, "schema"), "fields"), k, field)
        {
            const char *type = json_string_value(json_object_get(field, "type"));
            described += strcmp(type, "number") != 0 || json_object_get(field, "unit") != NULL;
        }
    }
    /* All fields of a dataset, the keys of five tables, drugs with two columns and variables with eight. */
    size_t fields = 5 * 4 + 2 + 8;
    for (int field = 0; field < FIELD_COUNT; field++) {
        fields += (size_t)fields_in_file(fields_get((enum fields_id)field)->table, 0);
    }
    cr_expect_eq(described, fields, "%zu of %zu", described, fields);
    json_decref(package);
    reader_close(&r);
}

Test(export, one_that_is_stopped_leaves_nothing)
{
    static const volatile sig_atomic_t stop = 1;
    error_t e = {0};
    char path[256];
    reader_t *r = small_dataset(1, 1, 0, put_days);
    cr_expect_eq(write_export(r, "csv", &stop, &e), ERROR_INTERRUPTED, "%s", e.text);
    cr_expect_neq(access(folder_path(path, sizeof path, "csv"), F_OK), 0);
    cr_expect_neq(access(folder_path(path, sizeof path, "csv.part"), F_OK), 0);
    cr_expect_eq(write_export(r, "sas", NULL, &e), ERROR_ARGUMENT, "%s", e.text);
    cr_expect_neq(strstr(e.text, export_formats()), NULL, "%s", e.text);
    reader_close(&r);
}

Test(export, a_crate_without_a_day_is_refused_before_anything_is_copied)
{
    static const char *const none[] = {"yesterday",  "2026-13-01", "2026-01-32", "+026-01-31",
                                       "2026-1--31", "2026- 1-31", "2026-01-3",  ""};
    char path[256];
    reader_t *r = small_dataset(1, 1, 0, put_days);
    export_options_t options = {
        .format = "rocrate", .dataset = "a.h5", .folder = folder_path(path, sizeof path, "crate")};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        error_t e = {0};
        (void)snprintf(options.date, sizeof options.date, "%s", none[i]);
        cr_expect_eq(export_write(r, &options, &e), ERROR_ARGUMENT, "%s", none[i]);
        cr_expect_neq(strstr(e.text, "--date"), NULL, "%s", e.text);
        cr_expect_neq(access(path, F_OK), 0);
    }
    reader_close(&r);
}

/* What is no name of one would be left out, or make a description that is none. */
Test(export, a_licence_is_a_name_or_is_refused)
{
    static const char *const none[] = {"", "MIT OR CC0-1.0", "MIT\n", "MIT\xff"};
    char path[256];
    reader_t *r = small_dataset(1, 1, 0, put_days);
    export_options_t options = {
        .format = "csv", .dataset = "a.h5", .folder = folder_path(path, sizeof path, "csv")};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        error_t e = {0};
        options.licence = none[i];
        cr_expect_eq(export_write(r, &options, &e), ERROR_ARGUMENT, "%s", none[i]);
        cr_expect_neq(access(path, F_OK), 0);
    }
    error_t e = {0};
    options.licence = "CC-BY-4.0";
    cr_expect_eq(export_write(r, &options, &e), 0, "%s", e.text);
    reader_close(&r);
}

/* As of a dataset that another program wrote. */
Test(export, a_text_that_json_cannot_hold_is_an_error_and_not_left_out)
{
    static const char *const format[] = {"csv", "rocrate"};
    const provenance_t p = {.study = "small",
                            .patients = 1,
                            .horizon_ms = SMALL_DAY_MS,
                            .arms = {1, {"not UTF-8: \xff"}}};
    char path[256];
    reader_t *r = small_written(&p, 0, put_days);
    for (size_t i = 0; i < 2; i++) {
        error_t e = {0};
        const export_options_t options = {.format = format[i],
                                          .dataset = "/dev/null",
                                          .folder = folder_path(path, sizeof path, format[i]),
                                          .date = "2026-01-31"};
        cr_expect_eq(export_write(r, &options, &e), ERROR_MEMORY, "%s", format[i]);
        cr_expect_neq(strstr(e.text, "UTF-8"), NULL, "%s", e.text);
        cr_expect_neq(access(path, F_OK), 0);
    }
    reader_close(&r);
}
