/* SPDX-License-Identifier: Apache-2.0 */
/* Frozen cohorts as files: read as they were written, the same bytes, and no damage that passes in silence. */
#include "dataset/frozen_writer.h"

#include <criterion/criterion.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/dataset/fixture.h"

#define PEOPLE 1500
#define FIELDS 4

static error_t e;

/* Three fields beside the number: one whole with names, one with a key, one plain. */
static void make_head(frozen_head_t *h)
{
    const frozen_field_t field[FIELDS] = {
        {"patient", "1", "patient id", "", 1, 1, 1e6, (double)NAN, ""},
        {"sex", "1", "sex of the patient", "", 1, 0, 1, (double)NAN, "male female"},
        {"volume_ml", "mL", "a volume", "body.csf.volume", 0, 0, 1000, 91.25, ""},
        {"normal", "1", "a normal", "", 0, -(double)INFINITY, (double)INFINITY, (double)NAN, ""}};
    memset(h, 0, sizeof *h);
    fixture_provenance(&h->provenance);
    h->provenance.patients = PEOPLE;
    h->arm = "reference";
    h->fields = FIELDS;
    memcpy(h->field, field, sizeof field);
    h->settings = 2;
    h->setting[0] = (frozen_setting_t){"age_mean", "year", "mean of the age", 51.0};
    h->setting[1] = (frozen_setting_t){"cv", "1", "CV", 1.0 / 3.0};
    h->pairs = 1;
    h->pair[0] = (frozen_pair_t){"rho", "volume_ml", "normal", "sex", -0.5};
    h->limits = 2;
    h->limit[0] = (frozen_limit_t){"height", 3};
    h->limit[1] = (frozen_limit_t){"a value outside its range", INT64_C(1) << 40};
}

static double value_of(size_t person, size_t field)
{
    return field == 0   ? (double)(person + 1)
           : field == 1 ? (double)(person % 2)
           : field == 2 ? 50.0 + (double)person / 7.0
                        : (double)person / -3.0;
}

static int write_people(const char *path, int overwrite, size_t people, char hash[FROZEN_HASH_SIZE])
{
    static frozen_head_t head;
    static double rows[PEOPLE * FIELDS];
    frozen_writer_t *w = NULL;
    make_head(&head);
    head.provenance.patients = (int64_t)people;
    for (size_t i = 0; i < people * FIELDS; i++) {
        rows[i] = value_of(i / FIELDS, i % FIELDS);
    }
    int rc = frozen_writer_create(&w, path, &head, overwrite, &e);
    rc = rc != 0 ? rc : frozen_writer_append(w, rows, 1, &e);
    rc = rc != 0 ? rc : frozen_writer_append(w, rows + FIELDS, people - 1, &e);
    if (rc != 0) {
        frozen_writer_abandon(&w);
        return rc;
    }
    return frozen_writer_commit(&w, hash, &e);
}

Test(frozen, is_read_as_it_was_written)
{
    static frozen_head_t head;
    static double column[PEOPLE];
    char path[128], hash[FROZEN_HASH_SIZE];
    frozen_t *f = NULL;
    make_head(&head);
    fixture_path(path, sizeof path, "c.h5");
    cr_assert_eq(write_people(path, 0, PEOPLE, hash), 0, "%s", e.text);
    cr_expect_eq(frozen_is(path), 1);
    cr_assert_eq(frozen_open(&f, path, &e), 0, "%s", e.text);
    cr_expect_eq(frozen_people(f), PEOPLE);
    cr_expect_str_eq(frozen_identity(f), hash);
    const frozen_head_t *h = frozen_head(f);
    cr_assert_eq(h->fields, FIELDS);
    for (size_t i = 0; i < FIELDS; i++) {
        cr_expect_str_eq(h->field[i].name, head.field[i].name);
        cr_expect_str_eq(h->field[i].unit, head.field[i].unit);
        cr_expect_str_eq(h->field[i].description, head.field[i].description);
        cr_expect_str_eq(h->field[i].key, head.field[i].key);
        cr_expect_str_eq(h->field[i].meanings, head.field[i].meanings);
        cr_expect_eq(h->field[i].whole, head.field[i].whole);
        cr_expect_eq(h->field[i].low, head.field[i].low);
        cr_expect_eq(h->field[i].high, head.field[i].high);
        cr_expect_eq(frozen_find(f, head.field[i].name), (int)i);
        cr_assert_eq(frozen_read(f, i, 0, PEOPLE, column, &e), 0, "%s", e.text);
        for (size_t k = 0; k < PEOPLE; k++) {
            cr_assert_eq(column[k], value_of(k, i));
        }
    }
    cr_expect_eq(h->field[2].central, 91.25);
    cr_assert_eq(h->settings, 2);
    cr_expect_str_eq(h->setting[1].name, "cv");
    cr_expect_eq(h->setting[1].value, 1.0 / 3.0);
    cr_assert_eq(h->pairs, 1);
    cr_expect_str_eq(h->pair[0].within, "sex");
    cr_expect_eq(h->pair[0].imposed, -0.5);
    cr_assert_eq(h->limits, 2);
    cr_expect_eq(h->limit[1].attempts, INT64_C(1) << 40);
    cr_expect_str_eq(h->limit[1].name, "a value outside its range");
    cr_expect_str_eq(h->provenance.study, head.provenance.study);
    cr_expect_str_eq(h->arm, "reference");
    cr_expect_eq(frozen_find(f, "nobody"), -1);
    cr_expect_eq(frozen_read(f, 1, PEOPLE - 1, 2, column, &e), ERROR_ARGUMENT);
    cr_expect_eq(frozen_verify_identity(f, &e), 0, "%s", e.text);
    frozen_close(&f);
}

Test(frozen, is_the_same_bytes_and_not_written_over)
{
    char one[128], two[128], hash[2][FROZEN_HASH_SIZE];
    size_t a, b;
    fixture_path(one, sizeof one, "a.h5");
    fixture_path(two, sizeof two, "b.h5");
    cr_assert_eq(write_people(one, 0, PEOPLE, hash[0]), 0);
    cr_assert_eq(write_people(two, 0, PEOPLE, hash[1]), 0);
    unsigned char *x = fixture_bytes(one, &a), *y = fixture_bytes(two, &b);
    cr_expect(a == b && memcmp(x, y, a) == 0);
    cr_expect_str_eq(hash[0], hash[1]);
    cr_expect_eq(write_people(one, 0, 20, hash[1]), ERROR_EXISTS);
    unsigned char *z = fixture_bytes(one, &b);
    cr_expect(a == b && memcmp(x, z, a) == 0);
    cr_expect_eq(write_people(one, 1, 20, hash[1]), 0);
    cr_expect_str_neq(hash[0], hash[1]);
    free(x);
    free(y);
    free(z);
}

static int problems;
static char first[320];

static void note(void *context, const char *text)
{
    (void)context;
    if (problems++ == 0) {
        (void)snprintf(first, sizeof first, "%s", text);
    }
}

/* Opens and verifies: negative, or the number of problems. */
static int verify(const char *path)
{
    const verify_sink_t sink = {note, NULL};
    frozen_t *f = NULL;
    problems = 0;
    int rc = frozen_open(&f, path, &e);
    rc = rc != 0 ? rc : frozen_verify(f, &sink, &e);
    frozen_close(&f);
    return rc;
}

Test(frozen, is_verified)
{
    char path[128], hash[FROZEN_HASH_SIZE];
    fixture_path(path, sizeof path, "c.h5");
    cr_assert_eq(write_people(path, 0, 300, hash), 0);
    cr_expect_eq(verify(path), 0, "%s %s", first, e.text);
}

/* As somebody with h5py would. */
static void put(const char *path, const char *name, size_t row, double value)
{
    const hsize_t at = row, one = 1;
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t column = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(column);
    const hid_t memory = H5Screate_simple(1, &one, NULL);
    cr_assert_geq(H5Sselect_hyperslab(space, H5S_SELECT_SET, &at, NULL, &one, NULL), 0);
    cr_assert_geq(H5Dwrite(column, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &value), 0);
    (void)H5Sclose(memory);
    (void)H5Sclose(space);
    (void)H5Dclose(column);
    (void)H5Fclose(file);
}

Test(frozen, that_somebody_changed_is_not_sound)
{
    char path[128], hash[FROZEN_HASH_SIZE];
    frozen_t *f = NULL;
    fixture_path(path, sizeof path, "c.h5");
    cr_assert_eq(write_people(path, 0, 300, hash), 0);
    put(path, "/people/volume_ml", 7, 51.5);
    cr_expect_eq(verify(path), 1);
    cr_expect_not_null(strstr(first, "hash"), "%s", first);
    cr_assert_eq(frozen_open(&f, path, &e), 0);
    cr_expect_eq(frozen_verify_identity(f, &e), ERROR_DATASET_TRUNCATED);
    frozen_close(&f);
    put(path, "/people/volume_ml", 7, 1001.0);
    cr_expect_eq(verify(path), 2);
    cr_expect_str_eq(first,
                     "people/volume_ml: 1 of 300 values outside 0 to 1000, first 1001 in row 7");
    put(path, "/people/sex", 8, 2.0);
    put(path, "/people/patient", 9, 9.0);
    cr_expect_eq(verify(path), 4);
}

Test(frozen, that_was_cut_is_an_error_and_what_is_no_cohort_is_told)
{
    char path[128], hash[FROZEN_HASH_SIZE];
    size_t size;
    fixture_path(path, sizeof path, "c.h5");
    cr_assert_eq(write_people(path, 0, 300, hash), 0);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t cut = 0; cut < size; cut += 1 + size / 61) {
        fixture_write(path, bytes, cut);
        cr_expect_eq(verify(path), cut == 0 ? ERROR_DATASET_FOREIGN : ERROR_DATASET_TRUNCATED,
                     "cut at %zu of %zu: %s", cut, size, e.text);
    }
    free(bytes);
    fixture_path(path, sizeof path, "d.h5");
    cr_assert_eq(fixture_dataset(path, 3, 1, &e), 0, "%s", e.text);
    cr_expect_eq(frozen_is(path), 0);
    cr_expect_eq(verify(path), ERROR_DATASET_FOREIGN);
    cr_expect_not_null(strstr(e.text, "not a frozen cohort"), "%s", e.text);
    cr_expect_eq(frozen_is("/nonexistent/c.h5"), 0);
    cr_expect_eq(verify("/nonexistent/c.h5"), ERROR_FILE_OPEN);
}

/* Wherever a byte is flipped, what is read is either what was written or an error. */
Test(frozen, flipped_bytes_are_noticed)
{
    char path[128], hash[FROZEN_HASH_SIZE];
    size_t size, silent = 0;
    fixture_path(path, sizeof path, "c.h5");
    cr_assert_eq(write_people(path, 0, 40, hash), 0);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t at = 0; at < size; at += 1 + size / 307) {
        bytes[at] ^= 0x10;
        fixture_write(path, bytes, size);
        frozen_t *f = NULL;
        double column[40];
        if (verify(path) == 0 && frozen_open(&f, path, &e) == 0) {
            for (size_t i = 0; i < FIELDS && i < frozen_head(f)->fields; i++) {
                cr_expect_eq(frozen_read(f, i, 0, 40, column, &e), 0);
                for (size_t k = 0; k < 40; k++) {
                    silent += column[k] != value_of(k, i);
                }
            }
        }
        frozen_close(&f);
        bytes[at] ^= 0x10;
    }
    cr_expect_eq(silent, 0);
    free(bytes);
}

Test(frozen, is_no_dataset)
{
    char path[128], hash[FROZEN_HASH_SIZE];
    reader_t *r = NULL;
    fixture_path(path, sizeof path, "c.h5");
    cr_assert_eq(write_people(path, 0, 40, hash), 0);
    cr_expect_eq(reader_open(&r, path, &e), ERROR_DATASET_FOREIGN);
    cr_expect_not_null(strstr(e.text, "population.cohort"), "%s", e.text);
}
