/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a validation, written and read again. */
#include "dataset/results.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/dataset/fixture.h"

#define ROWS 70 /* more than a list of names holds */

static void make(results_t *r, results_row_t row[ROWS])
{
    memset(r, 0, sizeof *r);
    memset(row, 0, ROWS * sizeof *row);
    (void)snprintf(r->program, sizeof r->program, "thecasim 9");
    (void)snprintf(r->core, sizeof r->core, "core-1");
    r->quick = 1;
    r->row = row;
    r->rows = ROWS;
    for (int i = 0; i < ROWS; i++) {
        (void)snprintf(row[i].study, sizeof row[i].study, "device");
        (void)snprintf(row[i].id, sizeof row[i].id, "R.%d", i);
        (void)snprintf(row[i].what, sizeof row[i].what, "caf\xc3\xa9 %d", i);
        (void)snprintf(row[i].verdict, sizeof row[i].verdict, "inside");
        row[i].value = 0.1 * i;
        row[i].estimate = i % 2 == 0 ? (double)NAN : 1.0 / 3.0;
        row[i].n = INT64_C(1) << 40;
        row[i].gate = i % 3 == 0;
    }
}

Test(results, are_read_as_they_were_written)
{
    static results_row_t row[ROWS];
    results_t r, back;
    char path[128];
    error_t e = {0};
    make(&r, row);
    fixture_path(path, sizeof path, "v.h5");
    cr_assert_eq(results_write(&r, path, 0, &e), 0, "%s", e.text);
    cr_assert_eq(results_read(&back, path, &e), 0, "%s", e.text);
    cr_expect_str_eq(back.program, r.program);
    cr_expect_str_eq(back.core, r.core);
    cr_expect_eq(back.quick, 1);
    cr_assert_eq(back.rows, ROWS);
    for (int i = 0; i < ROWS; i++) {
        cr_expect_str_eq(back.row[i].id, row[i].id);
        cr_expect_str_eq(back.row[i].what, row[i].what);
        cr_expect_eq(isnan(back.row[i].estimate), isnan(row[i].estimate));
        cr_expect(isnan(row[i].estimate) ||
                  memcmp(&back.row[i].estimate, &row[i].estimate, 8) == 0);
        cr_expect_eq(back.row[i].n, row[i].n);
        cr_expect_eq(back.row[i].gate, row[i].gate);
    }
    results_free(&back);
}

Test(results, that_are_the_same_are_the_same_bytes)
{
    static results_row_t row[ROWS];
    results_t r;
    char one[128], two[128];
    size_t a, b;
    error_t e = {0};
    make(&r, row);
    fixture_path(one, sizeof one, "v.h5");
    fixture_path(two, sizeof two, "w.h5");
    cr_assert_eq(results_write(&r, one, 0, &e), 0);
    /* What a buffer holds behind the end of a text is not part of it. */
    memset(row[0].needs + 1, 'x', 100);
    cr_assert_eq(results_write(&r, two, 0, &e), 0);
    unsigned char *x = fixture_bytes(one, &a), *y = fixture_bytes(two, &b);
    cr_expect(a == b && memcmp(x, y, a) == 0);
    free(x);
    free(y);
}

Test(results, are_not_written_over_a_file_unless_asked)
{
    static results_row_t row[ROWS];
    results_t r;
    char path[128];
    error_t e = {0};
    make(&r, row);
    fixture_path(path, sizeof path, "v.h5");
    cr_assert_eq(results_write(&r, path, 0, &e), 0);
    cr_expect_eq(results_write(&r, path, 0, &e), ERROR_EXISTS);
    cr_expect_eq(results_write(&r, path, 1, &e), 0);
}

Test(results, of_none_are_none)
{
    results_t r = {.rows = 0}, back;
    char path[128];
    error_t e = {0};
    fixture_path(path, sizeof path, "v.h5");
    cr_assert_eq(results_write(&r, path, 0, &e), 0, "%s", e.text);
    cr_assert_eq(results_read(&back, path, &e), 0, "%s", e.text);
    cr_expect_eq(back.rows, 0);
    results_free(&back);
}

Test(results, are_not_read_from_another_file)
{
    results_t back;
    char path[128];
    error_t e = {0};
    cr_expect_eq(results_read(&back, "/nonexistent/v.h5", &e), ERROR_FILE_OPEN);
    results_free(&back);
    fixture_path(path, sizeof path, "v.h5");
    fixture_write(path, "not HDF5", 8);
    cr_expect_eq(results_read(&back, path, &e), ERROR_DATASET_FOREIGN);
    results_free(&back);
    fixture_path(path, sizeof path, "d.h5");
    cr_assert_eq(fixture_dataset(path, 3, 1, &e), 0, "%s", e.text);
    cr_expect_eq(results_read(&back, path, &e), ERROR_DATASET_FOREIGN);
    results_free(&back);
}

Test(results, that_were_cut_are_an_error)
{
    static results_row_t row[ROWS];
    results_t r, back;
    char path[128];
    size_t size;
    error_t e = {0};
    make(&r, row);
    fixture_path(path, sizeof path, "v.h5");
    cr_assert_eq(results_write(&r, path, 0, &e), 0);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t cut = 0; cut < size; cut += 1 + size / 97) {
        fixture_write(path, bytes, cut);
        cr_expect_lt(results_read(&back, path, &e), 0, "cut at %zu of %zu", cut, size);
        results_free(&back);
    }
    free(bytes);
}
