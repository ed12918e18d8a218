/* SPDX-License-Identifier: Apache-2.0 */
/* The reader: what is not a whole dataset of ours is refused by name, at whatever byte it was cut. */
#include <criterion/criterion.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataset/fingerprint.h"
#include "dataset/reader.h"
#include "tests/sim/dataset/fixture.h"

/* HDF5 1.10 leaks object headers of its own when it meets a damaged file, as some tests here want it to; whether we
 * leave anything open in it is tested below. Read by the leak sanitizer. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5\n";
}

/* Without this, a suppressed leak is still reported as suppressed, and a scan for reports finds it. */
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

static void expect_refused(const char *path, int code, const char *words)
{
    reader_t *r = NULL;
    error_t e = {0};
    cr_assert_eq(reader_open(&r, path, &e), code, "%s: %s", error_symbol(e.code), e.text);
    cr_assert_null(r);
    cr_assert_not_null(strstr(e.text, words), "\"%s\" does not say \"%s\"", e.text, words);
}

static void make(char *path, size_t size)
{
    error_t e = {0};
    fixture_path(path, size, "a.h5");
    (void)unlink(path);
    cr_assert_eq(fixture_dataset(path, 7, 1, &e), 0, "%s", e.text);
}

Test(reader, a_file_cut_at_any_length_is_refused, .timeout = 60)
{
    char path[128];
    size_t size = 0;
    make(path, sizeof path);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t cut = 1; cut < size; cut += cut < 4096 ? 7 : 1009) {
        fixture_write(path, bytes, cut);
        reader_t *r = NULL;
        error_t e = {0};
        cr_assert_eq(reader_open(&r, path, &e), ERROR_DATASET_TRUNCATED, "cut at %zu of %zu: %s",
                     cut, size, e.text);
    }
    fixture_write(path, bytes, size - 1);
    expect_refused(path, ERROR_DATASET_TRUNCATED, "truncated");
    free(bytes);
}

Test(reader, an_empty_file_is_named_so)
{
    char path[128];
    fixture_path(path, sizeof path, "a.h5");
    fixture_write(path, "", 0);
    expect_refused(path, ERROR_DATASET_FOREIGN, "is empty");
}

Test(reader, a_text_file_is_named_so)
{
    char path[128];
    fixture_path(path, sizeof path, "a.h5");
    fixture_write(path, "patient,arm\n1,0\n", 16);
    expect_refused(path, ERROR_DATASET_FOREIGN, "is not HDF5");
}

Test(reader, a_file_that_is_not_there_is_named)
{
    expect_refused("/nowhere/a.h5", ERROR_FILE_OPEN, "No such file");
}

Test(reader, another_program_s_hdf5_is_named_so)
{
    char path[128];
    fixture_path(path, sizeof path, "a.h5");
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    cr_assert_geq(H5Fclose(file), 0);
    expect_refused(path, ERROR_DATASET_FOREIGN, "is HDF5 but not a thecasim dataset");
}

Test(reader, another_schema_is_named_so)
{
    char path[128];
    const int version = FIELDS_SCHEMA_VERSION + 41;
    char words[32];
    make(path, sizeof path);
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(file, "schema_version", H5P_DEFAULT);
    cr_assert_geq(H5Awrite(attribute, H5T_NATIVE_INT, &version), 0);
    (void)H5Aclose(attribute);
    cr_assert_geq(H5Fclose(file), 0);
    (void)snprintf(words, sizeof words, "has schema %d", version);
    expect_refused(path, ERROR_DATASET_VERSION, words);
}

static void expect_missing(const char *name)
{
    char path[128];
    make(path, sizeof path);
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    cr_assert_geq(H5Ldelete(file, name, H5P_DEFAULT), 0, "%s", name);
    cr_assert_geq(H5Fclose(file), 0);
    expect_refused(path, ERROR_DATASET_TRUNCATED, name);
}

Test(reader, a_missing_part_is_named)
{
    expect_missing("/daily/lumbar_ng_per_ml");
    expect_missing("/refills");
    expect_missing("/index/events_count");
    expect_missing("/uncertain/low");
    expect_missing("/draws/value");
    expect_missing("/provenance");
}

Test(reader, a_column_shorter_than_its_table_is_named)
{
    char path[128];
    const hsize_t three = 3;
    make(path, sizeof path);
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, "/patients/wakes", H5P_DEFAULT);
    cr_assert_geq(H5Dset_extent(dataset, &three), 0);
    (void)H5Dclose(dataset);
    cr_assert_geq(H5Fclose(file), 0);
    expect_refused(path, ERROR_DATASET_TRUNCATED, "/patients/wakes");
}

/* Reads all there is; 0 or the first error. What was read without one must be what the fixture wrote. */
static int read_all(const char *path, error_t *e)
{
    reader_t *r = NULL;
    int rc = reader_open(&r, path, e);
    for (int i = 0; rc == 0 && i < FIELD_COUNT; i++) {
        const enum fields_id field = (enum fields_id)i;
        const enum fields_table table = fields_get(field)->table;
        double *values = NULL;
        if (fields_table(table)->kind == FIELDS_KIND_COHORT) {
            rc = reader_column_f64(r, field, &values, e);
            for (size_t row = 0, k = 0; rc == 0 && k < 7; k++) {
                for (size_t j = 0; j < fixture_rows(table, (int64_t)k + 1, 1); j++, row++) {
                    const double wrote = fields_is_real(fields_get(field)->type)
                                             ? fixture_f64(field, (int64_t)k + 1, j)
                                             : (double)fixture_i64(field, (int64_t)k + 1, j);
                    const int narrow = fields_get(field)->type == FIELDS_TYPE_F32;
                    const double there = narrow ? (double)(float)wrote : wrote;
                    cr_assert(values[row] == there || (isnan(values[row]) && isnan(there)),
                              "%s/%s row %zu is %g and was %g", fields_table(table)->name,
                              fields_get(field)->name, row, values[row], there);
                }
            }
            free(values);
        }
    }
    reader_close(&r);
    return rc;
}

/* Flips may hit bytes that nobody reads; none may crash, and none may change a value without an error. */
Test(reader, a_flipped_byte_never_crashes_and_is_noticed_in_data, .timeout = 60)
{
    char path[128];
    size_t size = 0;
    int noticed = 0;
    make(path, sizeof path);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t i = 0; i < size; i += 997) {
        error_t e = {0};
        bytes[i] ^= 0x10;
        fixture_write(path, bytes, size);
        noticed += read_all(path, &e) < 0;
        bytes[i] ^= 0x10;
    }
    cr_assert_gt(noticed, 5, "only %d noticed", noticed);
    free(bytes);
}

static void expect_unreadable(const char *path)
{
    error_t e = {0};
    cr_assert_eq(read_all(path, &e), ERROR_DATASET_TRUNCATED, "%s", e.text);
    cr_assert_not_null(strstr(e.text, "/patients/wakes"), "%s", e.text);
}

/* The list of chunks has no checksum of its own: a flipped bit there may say that filters were left out. */
Test(reader, a_chunk_that_claims_to_be_stored_without_filters_is_refused)
{
    char path[128];
    static const int64_t chunk[64] = {30010, 30020};
    const hsize_t first = 0;
    make(path, sizeof path);
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, "/patients/wakes", H5P_DEFAULT);
    cr_assert_geq(H5Dwrite_chunk(dataset, H5P_DEFAULT, 7u, &first, sizeof chunk, chunk), 0);
    (void)H5Dclose(dataset);
    cr_assert_geq(H5Fclose(file), 0);
    expect_unreadable(path);
}

/* HDF5 reads a chunk that is not there as zeros, with success. */
Test(reader, a_missing_chunk_is_refused)
{
    char path[128];
    const hsize_t none = 0;
    const hsize_t seven = 7;
    make(path, sizeof path);
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, "/patients/wakes", H5P_DEFAULT);
    cr_assert_geq(H5Dset_extent(dataset, &none), 0);
    cr_assert_geq(H5Fflush(file, H5F_SCOPE_GLOBAL), 0);
    cr_assert_geq(H5Dset_extent(dataset, &seven), 0);
    (void)H5Dclose(dataset);
    cr_assert_geq(H5Fclose(file), 0);
    expect_unreadable(path);
}

Test(reader, a_flipped_byte_of_config_or_a_list_is_noticed)
{
    static const char *const texts[] = {"study:\n  name: fixture\n", "csf.drift: assumption",
                                        "therapy.dose: doubtful", "{\"therapy.dose\""};
    char path[128];
    size_t size = 0;
    make(path, sizeof path);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        unsigned char *at = bytes;
        while (memcmp(at, texts[i], strlen(texts[i])) != 0) {
            cr_assert_lt((size_t)(at - bytes) + strlen(texts[i]), size, "%s", texts[i]);
            at++;
        }
        at[4] ^= 1;
        fixture_write(path, bytes, size);
        expect_refused(path, ERROR_DATASET_TRUNCATED, "provenance");
        at[4] ^= 1;
    }
    free(bytes);
}

Test(reader, provenance_comes_back)
{
    char path[128];
    char libm[17];
    provenance_t p;
    reader_t *r = NULL;
    error_t e = {0};
    fixture_provenance(&p);
    make(path, sizeof path);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    const provenance_t *q = reader_provenance(r);
    cr_assert_str_eq(q->study, p.study);
    cr_assert_str_eq(q->title, p.title);
    cr_assert_str_eq(q->description, p.description);
    cr_assert_str_eq(q->program, p.program);
    cr_assert_str_eq(q->version, p.version);
    cr_assert_str_eq(q->build, p.build);
    cr_assert_str_eq(q->core_id, p.core_id);
    cr_assert_str_eq(q->core_code, p.core_code);
    cr_assert_str_eq(q->config, p.config);
    cr_assert_str_eq(q->assumptions, p.assumptions);
    cr_assert_str_eq(q->warnings, p.warnings);
    cr_assert_eq(q->seed, p.seed);
    cr_assert_eq(q->patients, p.patients);
    cr_assert_eq(q->horizon_ms, p.horizon_ms);
    cr_assert(q->arms.count == 1 && strcmp(q->arms.name[0], "all") == 0);
    cr_assert(q->settings.count == 1 && strcmp(q->settings.name[0], p.settings.name[0]) == 0);
    cr_assert(q->drugs.count == 2 && strcmp(q->drugs.name[1], "morphine") == 0);
    cr_assert(q->hal_calls.count == 2 && strcmp(q->hal_calls.name[1], "train_start") == 0);
    fingerprint_libm(libm);
    cr_assert_str_eq(q->libm, libm);
    reader_close(&r);
}

Test(reader, a_record_is_found_by_its_key)
{
    char path[128];
    reader_t *r = NULL;
    error_t e = {0};
    size_t record = 99;
    make(path, sizeof path);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    for (int64_t patient = 1; patient <= 7; patient++) {
        cr_assert_eq(reader_find(r, &(record_key_t){patient, 0, 0}, &record, &e), 1);
        cr_assert_eq(record, (size_t)patient - 1);
    }
    cr_assert_eq(reader_find(r, &(record_key_t){8, 0, 0}, &record, &e), 0);
    cr_assert_eq(reader_find(r, &(record_key_t){3, 1, 0}, &record, &e), 0);
    reader_close(&r);
}

/* Along the records, back, and in leaps: what is kept of the index is never that of another record. */
Test(reader, the_rows_of_a_record_are_those_of_the_index_in_any_order)
{
    enum { RECORDS = 2101, STEP = 1237 }; /* no common factor */
    char path[128];
    reader_t *r = NULL;
    error_t e = {0};
    int64_t *offset = NULL, *count = NULL;
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(fixture_dataset(path, RECORDS, 1, &e), 0, "%s", e.text);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(reader_index(r, TABLE_REFILLS, &offset, &count, &e), 0, "%s", e.text);
    for (size_t i = 0; i < 3 * RECORDS; i++) {
        const size_t record = i < RECORDS       ? i
                              : i < 2 * RECORDS ? 2 * RECORDS - 1 - i
                                                : i * STEP % RECORDS;
        size_t start = 0, rows = 0;
        cr_assert_eq(reader_range(r, TABLE_REFILLS, record, &start, &rows, &e), 0, "%s", e.text);
        cr_assert_eq(start, (size_t)offset[record], "record %zu, step %zu", record, i);
        cr_assert_eq(rows, (size_t)count[record], "record %zu, step %zu", record, i);
    }
    cr_assert_eq(reader_range(r, TABLE_REFILLS, RECORDS, &(size_t){0}, &(size_t){0}, &e),
                 ERROR_ARGUMENT);
    free(offset);
    free(count);
    reader_close(&r);
}

/* Settings longer than any name, UTF-8, and none at all. */
Test(reader, the_arms_are_a_table_of_their_own)
{
    enum { LONG = 900 };
    char path[128], settings[LONG + 1];
    provenance_t p;
    writer_t *w = NULL;
    reader_t *r = NULL;
    int64_t number[3] = {9, 9, 9};
    error_t e = {0};
    memset(settings, 'x', LONG);
    settings[LONG] = '\0';
    fixture_provenance(&p);
    p.arms = (provenance_names_t){3, {"plain", "l\u00e4nger", "long"}};
    p.settings = (provenance_names_t){3, {NULL, "{a: \u00b5g}", settings}};
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(writer_create(&w, path, &p, &(writer_options_t){0, 0}, &e), 0, "%s", e.text);
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(reader_rows(r, TABLE_ARMS), 3);
    cr_assert_eq(reader_read_i64(r, FIELD_ARMS_ARM, 0, 3, number, &e), 0, "%s", e.text);
    cr_assert(number[0] == 0 && number[1] == 1 && number[2] == 2);
    cr_assert_str_eq(reader_text(r, FIELD_ARMS_NAME, 1), "l\u00e4nger");
    cr_assert_str_eq(reader_text(r, FIELD_ARMS_SETTINGS, 0), "");
    cr_assert_str_eq(reader_text(r, FIELD_ARMS_SETTINGS, 1), "{a: \u00b5g}");
    cr_assert_str_eq(reader_text(r, FIELD_ARMS_SETTINGS, 2), settings);
    cr_assert_null(reader_text(r, FIELD_ARMS_NAME, 3));
    cr_assert_null(reader_text(r, FIELD_PATIENTS_SEX, 0));
    cr_assert_eq(reader_read_f64(r, FIELD_ARMS_NAME, 0, 1, &(double){0}, &e), ERROR_ARGUMENT);
    reader_close(&r);
}

/* A dataset of draws[replicates + 1][2], without a record. */
static void make_draws(char *path, size_t size, provenance_t *p, const double *value,
                       size_t replicates)
{
    static const provenance_range_t range[2] = {{1.0, 2.0, 0.0, 9.0}, {-1.0, 1.0, -5.0, 5.0}};
    writer_t *w = NULL;
    error_t e = {0};
    fixture_provenance(p);
    p->draws = (provenance_draws_t){.key = {2, {"body.csf.leak", "drugs[0].kinetics.loss"}},
                                    .unit = {2, {"mL/h", "1/h"}},
                                    .shape = {2, {"log_normal", "uniform"}},
                                    .range = range,
                                    .replicates = replicates,
                                    .value = value};
    fixture_path(path, size, "draws.h5");
    cr_assert_eq(writer_create(&w, path, p, &(writer_options_t){0, 1}, &e), 0, "%s", e.text);
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
}

/* More rows than one chunk holds. */
Test(reader, draws_come_back_to_the_bit)
{
    enum { REPLICATES = 5000 };
    static double value[REPLICATES + 1][2];
    char path[128];
    provenance_t p;
    reader_t *r = NULL;
    error_t e = {0};
    for (int i = 0; i <= REPLICATES; i++) {
        value[i][0] = 1.0 / (3.0 + i);
        value[i][1] = -value[i][0];
    }
    make_draws(path, sizeof path, &p, value[0], REPLICATES);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    const provenance_draws_t *d = &reader_provenance(r)->draws;
    cr_assert_eq(d->key.count, 2);
    cr_assert_eq(d->replicates, REPLICATES);
    cr_expect(memcmp(d->value, value, sizeof value) == 0);
    cr_expect(memcmp(d->range, p.draws.range, 2 * sizeof *d->range) == 0);
    cr_expect_str_eq(d->key.name[1], "drugs[0].kinetics.loss");
    cr_expect_str_eq(d->unit.name[0], "mL/h");
    cr_expect_str_eq(reader_text(r, FIELD_UNCERTAIN_SHAPE, 1), "uniform");
    cr_expect_eq(reader_rows(r, TABLE_DRAWS), 2 * (REPLICATES + 1));
    reader_close(&r);
}

/* A replicate that lacks a parameter is a file that was cut. */
Test(reader, draws_that_are_not_whole_replicates_are_refused)
{
    static const double value[2] = {1.0, 0.5};
    static const hsize_t fewer = 1;
    static const char *const column[] = {"/draws/replicate", "/draws/parameter", "/draws/value"};
    char path[128];
    provenance_t p;
    make_draws(path, sizeof path, &p, value, 0);
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    for (int i = 0; i < 3; i++) {
        const hid_t dataset = H5Dopen2(file, column[i], H5P_DEFAULT);
        cr_assert_geq(H5Dset_extent(dataset, &fewer), 0);
        (void)H5Dclose(dataset);
    }
    cr_assert_geq(H5Fclose(file), 0);
    expect_refused(path, ERROR_DATASET_TRUNCATED, "/draws/value");
}

Test(reader, rows_outside_a_table_are_refused)
{
    char path[128];
    reader_t *r = NULL;
    double value = 0.0;
    make(path, sizeof path);
    cr_assert_eq(reader_open(&r, path, NULL), 0);
    cr_assert_eq(reader_read_f64(r, FIELD_PATIENTS_WEIGHT, 7, 1, &value, NULL), ERROR_ARGUMENT);
    cr_assert_eq(reader_read_f64(r, FIELD_PATIENTS_WEIGHT, SIZE_MAX, 2, &value, NULL),
                 ERROR_ARGUMENT);
    reader_close(&r);
}

/* Identifiers of every kind that HDF5 holds open. */
static int64_t open_identifiers(void)
{
    static const H5I_type_t kinds[] = {
        H5I_FILE, H5I_GROUP,       H5I_DATATYPE, H5I_DATASPACE, H5I_DATASET,
        H5I_ATTR, H5I_GENPROP_LST, H5I_VFL,      H5I_ERROR_MSG, H5I_ERROR_STACK};
    int64_t total = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        hsize_t n = 0;
        (void)H5Inmembers(kinds[i], &n);
        total += (int64_t)n;
    }
    return total;
}

/* Writes, reads, and fails to read. */
static void use_hdf5(void)
{
    char path[128];
    size_t size = 0;
    error_t e = {0};
    make(path, sizeof path);
    cr_assert_eq(read_all(path, &e), 0, "%s", e.text);
    unsigned char *bytes = fixture_bytes(path, &size);
    bytes[size / 2] ^= 0x10;
    fixture_write(path, bytes, size);
    (void)read_all(path, &e);
    fixture_write(path, bytes, size / 2);
    cr_assert_lt(read_all(path, &e), 0);
    free(bytes);
}

Test(reader, nothing_stays_open_in_hdf5)
{
    use_hdf5();
    const int64_t before = open_identifiers();
    use_hdf5();
    cr_assert_eq(open_identifiers(), before, "%lld identifiers were left open",
                 (long long)(open_identifiers() - before));
}
