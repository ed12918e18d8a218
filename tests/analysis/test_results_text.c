/* SPDX-License-Identifier: Apache-2.0 */
/* A validation on the page: counted from its rows, as text and as Markdown. */
#include "validation/results_text.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static results_row_t rows[3];
static results_t results = {"thecasim 9", "core-1", 0, rows, 3};

static void put(int i, const char *id, const char *role, const char *verdict, double estimate)
{
    results_row_t *row = &rows[i];
    (void)snprintf(row->study, sizeof row->study, "device");
    (void)snprintf(row->id, sizeof row->id, "%s", id);
    (void)snprintf(row->what, sizeof row->what, "left | right");
    (void)snprintf(row->unit, sizeof row->unit, "year");
    (void)snprintf(row->role, sizeof row->role, "%s", role);
    (void)snprintf(row->verdict, sizeof row->verdict, "%s", verdict);
    (void)snprintf(row->needs, sizeof row->needs, "%s", isnan(estimate) ? "a table" : "");
    row->estimate = estimate;
    row->half_width = 0.125;
    row->n = 77;
}

static void make(void)
{
    put(0, "A.1", "fitted", "inside", 5.75);
    put(1, "A.2", "emergent", "out of reach", (double)NAN);
    put(2, "A.3", "imposed", "outside", 1.0);
    rows[2].gate = 1;
}

static char *printed(int (*print)(const results_t *, FILE *, error_t *))
{
    char *text = NULL;
    size_t size = 0;
    error_t e = {0};
    FILE *out = open_memstream(&text, &size);
    cr_assert_eq(print(&results, out, &e), 0, "%s", e.text);
    (void)fclose(out);
    return text;
}

static void says(const char *text, const char *what)
{
    cr_expect_not_null(strstr(text, what), "no \"%s\" in:\n%s", what, text);
}

Test(results_text, sum_is_that_of_the_rows)
{
    make();
    verdict_sum_t sum;
    cr_assert_eq(results_text_sum(&results, &sum, NULL), 0);
    cr_expect_eq(sum.rows[VERDICT_FITTED][VERDICT_INSIDE], 1);
    cr_expect_eq(sum.rows[VERDICT_EMERGENT][VERDICT_OUT_OF_REACH], 1);
    cr_expect_eq(sum.rows[VERDICT_IMPOSED][VERDICT_OUTSIDE], 1);
    cr_expect_eq(sum.counted, 2);
    cr_expect_eq(sum.gates_outside, 1);
}

Test(results_text, refuses_a_role_or_verdict_that_is_none)
{
    verdict_sum_t sum;
    error_t e = {0};
    make();
    put(1, "A.2", "decisive", "inside", 1.0);
    cr_expect_eq(results_text_sum(&results, &sum, &e), ERROR_DATASET_FOREIGN);
    cr_expect_not_null(strstr(e.text, "row A.2: role 'decisive' is unknown"), "%s", e.text);
    put(1, "A.2", "fitted", "near", 1.0);
    cr_expect_eq(results_text_print(&results, stdout, &e), ERROR_DATASET_FOREIGN);
    cr_expect_not_null(strstr(e.text, "verdict 'near' is unknown"), "%s", e.text);
}

Test(results_text, tells_estimates_and_what_is_missing)
{
    make();
    char *text = printed(results_text_print);
    says(text, "Simulated by a computer model");
    says(text, "Validation device");
    says(text, "5.75");
    says(text, "not computed: needs a table");
    says(text, "1 of 2 counted rows are inside");
    says(text, "A full run: it fails.");
    free(text);
}

Test(results_text, in_markdown_keeps_a_bar_in_its_cell)
{
    make();
    char *text = printed(results_text_markdown);
    says(text, "| A.1 | left \\| right | year |");
    says(text, "5.75 +- 0.125, n 77");
    says(text, "| needs a table |");
    says(text, "with thecasim 9, core core-1.");
    free(text);
}

Test(results_text, on_a_full_disk_is_an_error)
{
    error_t e = {0};
    FILE *full = fopen("/dev/full", "w");
    cr_assert_not_null(full);
    make();
    cr_expect_eq(results_text_print(&results, full, &e), ERROR_FILE_WRITE);
    (void)fclose(full);
}
