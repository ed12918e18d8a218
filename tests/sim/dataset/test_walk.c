/* SPDX-License-Identifier: Apache-2.0 */
/* Columns walked along give what was written, in any order, and say when a row is not there. */
#include "dataset/walk.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "tests/sim/dataset/fixture.h"

#define SCALE 5000 /* rows of a record: more than a block of the walk in all */

static reader_t *many_rows(void)
{
    char path[256];
    reader_t *r = NULL;
    error_t e = {0};
    fixture_path(path, sizeof path, "a.h5");
    cr_assert_eq(fixture_dataset(path, 4, SCALE, &e), 0, "%s", e.text);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    return r;
}

Test(walk, gives_every_row_of_two_columns_forwards_and_backwards)
{
    static const enum fields_id field[] = {FIELD_REFILLS_TIME_MS, FIELD_REFILLS_FILLED_ML};
    reader_t *r = many_rows();
    const size_t rows = reader_rows(r, TABLE_REFILLS);
    double *whole[2] = {NULL, NULL};
    walk_t w;
    error_t e = {0};
    cr_assert_gt(rows, 2 * SCALE);
    cr_assert_eq(walk_begin(&w, r, field, 2, &e), 0, "%s", e.text);
    for (size_t c = 0; c < 2; c++) {
        cr_assert_eq(reader_column_f64(r, field[c], &whole[c], &e), 0, "%s", e.text);
    }
    for (size_t i = 0; i < 2 * rows; i++) {
        const size_t row = i < rows ? i : 2 * rows - 1 - i;
        cr_assert(walk_at(&w, 0, row) == whole[0][row], "row %zu", row);
        cr_assert(walk_at(&w, 1, row) == whole[1][row], "row %zu", row);
    }
    cr_expect_eq(w.failed, 0);
    walk_end(&w);
    free(whole[0]);
    free(whole[1]);
    reader_close(&r);
}

Test(walk, fails_once_and_for_all_at_a_row_that_is_not_there)
{
    static const enum fields_id field[] = {FIELD_REFILLS_FILLED_ML};
    reader_t *r = many_rows();
    walk_t w;
    error_t e = {0};
    cr_assert_eq(walk_begin(&w, r, field, 1, &e), 0, "%s", e.text);
    cr_expect(!isnan(walk_at(&w, 0, reader_rows(r, TABLE_REFILLS) - 1)));
    cr_expect(isnan(walk_at(&w, 0, reader_rows(r, TABLE_REFILLS))));
    cr_expect_eq(w.failed, ERROR_ARGUMENT);
    cr_expect(isnan(walk_at(&w, 0, 0)));
    walk_end(&w);
    reader_close(&r);
}
