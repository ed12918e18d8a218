/* SPDX-License-Identifier: Apache-2.0 */
/* The writer: what goes in comes out, the same bytes each time, whole or not at all. */
#include <criterion/criterion.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dataset/reader.h"
#include "tests/sim/dataset/fixture.h"

#define N 7

static void check_field(reader_t *r, enum fields_id field, int64_t patient, size_t start,
                        size_t rows)
{
    const fields_t *f = fields_get(field);
    for (size_t row = 0; row < rows; row++) {
        double real = 0.0;
        int64_t whole = 0;
        if (fields_is_real(f->type)) {
            cr_assert_eq(reader_read_f64(r, field, start + row, 1, &real, NULL), 0);
            cr_assert_eq(real, fixture_f64(field, patient, row), "%s of patient %lld row %zu: %g",
                         f->name, (long long)patient, row, real);
        } else {
            cr_assert_eq(reader_read_i64(r, field, start + row, 1, &whole, NULL), 0);
            cr_assert_eq(whole, fixture_i64(field, patient, row),
                         "%s of patient %lld row %zu: %lld", f->name, (long long)patient, row,
                         (long long)whole);
        }
    }
}

Test(writer, every_field_of_every_record_comes_back)
{
    char path[128];
    error_t e = {0};
    reader_t *r = NULL;
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(fixture_dataset(path, N, 1, &e), 0, "%s", e.text);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(reader_rows(r, TABLE_PATIENTS), N);
    for (size_t record = 0; record < N; record++) {
        for (int i = 0; i < FIELD_COUNT; i++) {
            const enum fields_table table = fields_get((enum fields_id)i)->table;
            size_t start = 0;
            size_t count = 0;
            cr_assert_eq(reader_range(r, table, record, &start, &count, &e), 0, "%s", e.text);
            if (fields_table(table)->kind == FIELDS_KIND_COHORT) {
                cr_assert_eq(count, fixture_rows(table, (int64_t)record + 1, 1));
            }
            check_field(r, (enum fields_id)i, (int64_t)record + 1, start, count);
        }
    }
    reader_close(&r);
}

Test(writer, blocks_longer_than_a_chunk_keep_their_order)
{
    char path[128];
    error_t e = {0};
    reader_t *r = NULL;
    double *values = NULL;
    size_t start = 0;
    size_t count = 0;
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(fixture_dataset(path, N, 3000, &e), 0, "%s", e.text);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(reader_column_f64(r, FIELD_EVENTS_VALUE, &values, &e), 0, "%s", e.text);
    for (size_t record = 0; record < N; record++) {
        cr_assert_eq(reader_range(r, TABLE_EVENTS, record, &start, &count, &e), 0);
        for (size_t row = 0; row < count; row++) {
            cr_assert_eq(values[start + row],
                         fixture_f64(FIELD_EVENTS_VALUE, (int64_t)record + 1, row));
        }
    }
    free(values);
    reader_close(&r);
}

Test(writer, the_same_records_give_the_same_bytes)
{
    char path[2][128];
    unsigned char *bytes[2];
    size_t size[2];
    error_t e = {0};
    for (int i = 0; i < 2; i++) {
        fixture_path(path[i], sizeof path[i], i == 0 ? "a.h5" : "another-name.h5");
        cr_assert_eq(fixture_dataset(path[i], N, 3000, &e), 0, "%s", e.text);
        bytes[i] = fixture_bytes(path[i], &size[i]);
        sleep(i == 0 ? 1 : 0); /* a time of the clock in the file would show */
    }
    cr_assert_eq(size[0], size[1]);
    cr_assert_eq(memcmp(bytes[0], bytes[1], size[0]), 0, "compare %s with %s", path[0], path[1]);
    free(bytes[0]);
    free(bytes[1]);
}

Test(writer, a_study_without_records_is_a_dataset)
{
    char path[128];
    error_t e = {0};
    reader_t *r = NULL;
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(fixture_dataset(path, 0, 1, &e), 0, "%s", e.text);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(reader_rows(r, TABLE_PATIENTS), 0);
    reader_close(&r);
}

Test(writer, an_existing_file_is_kept_unless_it_may_be_replaced)
{
    char path[128];
    error_t e = {0};
    provenance_t p;
    record_t r;
    fixture_provenance(&p);
    record_init(&r);
    fixture_record(&r, 1, 1, 0);
    fixture_path(path, sizeof path, "a.h5");
    fixture_write(path, "mine", 4);
    cr_assert_eq(writer_single(&r, path, &p, &(writer_options_t){0, 0}, &e), ERROR_EXISTS);
    size_t size = 0;
    unsigned char *bytes = fixture_bytes(path, &size);
    cr_assert(size == 4 && memcmp(bytes, "mine", 4) == 0, "the file was touched");
    free(bytes);
    cr_assert_eq(writer_single(&r, path, &p, &(writer_options_t){0, 1}, &e), 0, "%s", e.text);
    free(fixture_bytes(path, &size));
    cr_assert_gt(size, 1000);
    record_free(&r);
}

Test(writer, keys_must_ascend)
{
    char path[128];
    char part[160];
    error_t e = {0};
    provenance_t p;
    record_t r;
    writer_t *w = NULL;
    record_view_t view;
    size_t size = 0;
    fixture_provenance(&p);
    fixture_path(path, sizeof path, "a.h5");
    (void)snprintf(part, sizeof part, "%s.part", path);
    record_init(&r);
    fixture_record(&r, 2, 1, 0);
    const uint8_t *frame = record_frame(&r, &size);
    cr_assert_eq(record_parse(frame, size, &r.layout, &view, &e), 0, "%s", e.text);
    cr_assert_eq(writer_create(&w, path, &p, &(writer_options_t){0, 0}, &e), 0, "%s", e.text);
    cr_assert_eq(writer_append(w, &view, &e), 0, "%s", e.text);
    cr_assert_eq(writer_append(w, &view, &e), ERROR_INVARIANT);
    cr_assert_eq(access(part, F_OK), 0);
    writer_abandon(&w);
    cr_assert_neq(access(part, F_OK), 0, "%s was left behind", part);
    cr_assert_neq(access(path, F_OK), 0, "%s appeared", path);
    record_free(&r);
}

Test(writer, a_trace_has_the_trace_tables_and_a_dataset_refuses_them)
{
    char path[128];
    error_t e = {0};
    provenance_t p;
    record_t r;
    reader_t *reader = NULL;
    fixture_provenance(&p);
    record_init(&r);
    fixture_record(&r, 3, 5, 1);
    fixture_path(path, sizeof path, "trace.h5");
    cr_assert_eq(writer_single(&r, path, &p, &(writer_options_t){0, 0}, &e), ERROR_INVARIANT);
    cr_assert_neq(access(path, F_OK), 0);
    cr_assert_eq(writer_single(&r, path, &p, &(writer_options_t){1, 0}, &e), 0, "%s", e.text);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    cr_assert(reader_is_trace(reader));
    for (int i = 0; i < FIELD_COUNT; i++) {
        const enum fields_table table = fields_get((enum fields_id)i)->table;
        check_field(reader, (enum fields_id)i, 3, 0, fixture_rows(table, 3, 5));
    }
    cr_assert_gt(reader_rows(reader, TABLE_CALLS) + reader_rows(reader, TABLE_PULSES), 0);
    reader_close(&reader);
    record_free(&r);
}

/* Opens the dataset and reads every column. */
static void check_whole(const char *path)
{
    error_t e = {0};
    reader_t *r = NULL;
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    for (int i = 0; i < FIELD_COUNT; i++) {
        double *values = NULL;
        if (fields_table(fields_get((enum fields_id)i)->table)->kind == FIELDS_KIND_COHORT) {
            cr_assert_eq(reader_column_f64(r, (enum fields_id)i, &values, &e), 0, "%s", e.text);
        }
        free(values);
    }
    reader_close(&r);
}

/* Runs the assembly with a limit on the size of files, and checks that nothing is left. */
static int write_limited(const char *path, rlim_t limit, error_t *e)
{
    char part[160];
    (void)snprintf(part, sizeof part, "%s.part", path);
    provenance_t p;
    record_t r;
    struct rlimit old;
    fixture_provenance(&p);
    record_init(&r);
    fixture_record(&r, 2, 4000, 0);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){limit, old.rlim_max}), 0);
    const int rc = writer_single(&r, path, &p, &(writer_options_t){0, 0}, e);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    cr_assert_neq(access(part, F_OK), 0, "limit %llu: %s was left", (unsigned long long)limit,
                  part);
    cr_assert_eq(access(path, F_OK) == 0, rc == 0, "limit %llu: the file's presence belies %d",
                 (unsigned long long)limit, rc);
    record_free(&r);
    return rc;
}

Test(writer, a_full_disk_leaves_nothing, .timeout = 60)
{
    char path[128];
    int failures = 0;
    fixture_path(path, sizeof path, "a.h5");
    (void)signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 1;; limit += limit / 3 + 1) {
        error_t e = {0};
        if (write_limited(path, limit, &e) == 0) {
            break;
        }
        cr_assert_eq(e.code, ERROR_FILE_WRITE, "limit %llu: %s: %s", (unsigned long long)limit,
                     error_symbol(e.code), e.text);
        cr_assert_not_null(strstr(e.text, "File too large"), "limit %llu: %s",
                           (unsigned long long)limit, e.text);
        failures++;
    }
    cr_assert_gt(failures, 10, "only %d limits were too small", failures);
    check_whole(path);
}

Test(writer, a_folder_that_is_not_there_is_named)
{
    error_t e = {0};
    provenance_t p;
    writer_t *w = NULL;
    fixture_provenance(&p);
    cr_assert_eq(writer_create(&w, "/nowhere/at/all.h5", &p, &(writer_options_t){0, 0}, &e),
                 ERROR_FILE_OPEN);
    cr_assert_not_null(strstr(e.text, "/nowhere/at/all.h5"));
    cr_assert_not_null(strstr(e.text, "No such file"), "%s", e.text);
    cr_assert_null(w);
}

Test(writer, each_column_is_shuffled_deflated_and_checksummed_little_endian)
{
    static const H5Z_filter_t expected[] = {H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE,
                                            H5Z_FILTER_FLETCHER32};
    char path[128];
    error_t e = {0};
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(fixture_dataset(path, N, 1, &e), 0, "%s", e.text);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    for (int i = 0; i < FIELD_COUNT; i++) {
        const fields_t *f = fields_get((enum fields_id)i);
        char name[128];
        (void)snprintf(name, sizeof name, "/%s/%s", fields_table(f->table)->name, f->name);
        if (fields_table(f->table)->kind != FIELDS_KIND_COHORT) {
            continue;
        }
        const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
        const hid_t plist = H5Dget_create_plist(dataset);
        const hid_t type = H5Dget_type(dataset);
        cr_assert_eq(H5Pget_nfilters(plist), 3, "%s", name);
        for (unsigned k = 0; k < 3; k++) {
            unsigned flags = 0;
            size_t none = 0;
            cr_assert_eq(H5Pget_filter2(plist, k, &flags, &none, NULL, 0, NULL, NULL), expected[k],
                         "filter %u of %s", k, name);
        }
        cr_assert(H5Tget_size(type) == 1 || H5Tget_order(type) == H5T_ORDER_LE, "%s", name);
        cr_assert_eq(H5Tget_size(type), fields_size(f->type), "%s", name);
        (void)H5Tclose(type);
        (void)H5Pclose(plist);
        (void)H5Dclose(dataset);
    }
    (void)H5Fclose(file);
}
