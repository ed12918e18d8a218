/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed: ten different errors to the letter, order of place, and the limit of twenty. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/config/fixture.h"

Test(diagnostic, ten_errors_in_one_file_are_all_placed)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    char *text = fixture_file("tests/sim/config/ten-errors.yaml");
    char *expected = fixture_file("tests/sim/config/ten-errors.expected");
    study_t s;
    cr_expect_eq(fixture_parse(&s, text, strlen(text), NULL, out), ERROR_CONFIG);
    cr_expect_str_eq(out, expected, "printed:\n%s", out);
    free(text);
    free(expected);
}

Test(diagnostic, prints_twenty_and_counts_the_rest)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    char text[4096] = FIXTURE_LEAST "pump:\n";
    study_t s;
    for (int i = 0; i < 25; i++)
        sprintf(text + strlen(text), "  qqqqqqq%d: 1\n", i);
    cr_expect_eq(fixture_parse(&s, text, strlen(text), "study.horizon=9 day", out), ERROR_CONFIG);
    cr_expect(strstr(out, "qqqqqqq19: unknown") != NULL, "%s", out);
    cr_expect(strstr(out, "qqqqqqq20: unknown") == NULL, "%s", out);
    cr_expect(strstr(out, "\nand 5 more\n") != NULL, "%s", out);
}

static void add(diagnostic_t *d, int source, int line, int column, const char *text)
{
    diagnostic_add(d, DIAGNOSTIC_ERROR, (diagnostic_place_t){source, line, column}, NULL, 0, "%s",
                   text);
}

static void expect_printed(const diagnostic_t *d, const char *expected)
{
    char out[4096] = "";
    FILE *stream = fmemopen(out, sizeof out, "w");
    cr_assert_not_null(stream);
    cr_expect_eq(diagnostic_print(d, stream), 0);
    fclose(stream);
    cr_expect_str_eq(out, expected);
}

Test(diagnostic, sorts_by_place_and_drops_repeats)
{
    diagnostic_t d;
    diagnostic_init(&d);
    diagnostic_file(&d, "f.yaml");
    add(&d, 0, 3, 1, "third");
    add(&d, 0, 1, 9, "second");
    add(&d, 0, 1, 2, "first");
    add(&d, 0, 1, 2, "first");
    expect_printed(&d, "f.yaml:1:2: error: first\nf.yaml:1:9: error: second\n"
                       "f.yaml:3:1: error: third\n");
    cr_expect_eq(d.errors, 3);
    diagnostic_free(&d);
}

Test(diagnostic, caret_stands_under_its_character)
{
    diagnostic_t d;
    static const char line[] = "a:\t\xC3\xA4 x";
    diagnostic_init(&d);
    diagnostic_file(&d, "f.yaml");
    diagnostic_add(&d, DIAGNOSTIC_WARNING, (diagnostic_place_t){0, 1, 6}, line, sizeof line - 1,
                   "w");
    expect_printed(&d, "f.yaml:1:6: warning: w\na:\t\xC3\xA4 x\n  \t  ^\n");
    diagnostic_free(&d);
}

Test(diagnostic, long_line_is_cut_between_characters_and_has_no_false_caret)
{
    diagnostic_t d;
    char line[400];
    memset(line, 'x', sizeof line);
    for (size_t i = 0; i + 1 < sizeof line; i += 2)
        memcpy(line + i, "\xC3\xA4", 2);
    diagnostic_init(&d);
    diagnostic_add(&d, DIAGNOSTIC_ERROR, (diagnostic_place_t){0, 1, 150}, line, sizeof line, "w");
    cr_expect_eq(strlen(d.item[0].line) % 2, 0);
    char out[4096] = "";
    FILE *stream = fmemopen(out, sizeof out, "w");
    cr_expect_eq(diagnostic_print(&d, stream), 0);
    fclose(stream);
    cr_expect(strchr(out, '^') == NULL, "%s", out);
    diagnostic_free(&d);
}

Test(diagnostic, warnings_alone_are_listed_once_and_without_their_places)
{
    diagnostic_t d;
    diagnostic_init(&d);
    diagnostic_file(&d, "folder/f.yaml");
    char *none = diagnostic_warnings(&d);
    cr_expect_str_eq(none, "");
    free(none);
    add(&d, 0, 1, 1, "an error");
    for (int line = 3; line > 0; line--)
        diagnostic_add(&d, DIAGNOSTIC_WARNING, (diagnostic_place_t){0, line, 1}, "b: 1", 4,
                       line == 2 ? "b: second" : "a: first");
    char *text = diagnostic_warnings(&d);
    cr_expect_str_eq(text, "a: first\nb: second\n");
    free(text);
    diagnostic_free(&d);
}

Test(diagnostic, warnings_beyond_what_is_kept_are_counted)
{
    diagnostic_t d;
    diagnostic_init(&d);
    for (int line = 1; line <= DIAGNOSTIC_STORED_MAX + 3; line++)
        diagnostic_add(&d, DIAGNOSTIC_WARNING, (diagnostic_place_t){0, line, 1}, NULL, 0, "w%d",
                       line);
    char *text = diagnostic_warnings(&d);
    cr_expect(strstr(text, "\nand 3 more\n") != NULL, "%s", text);
    free(text);
    diagnostic_free(&d);
}

Test(diagnostic, a_study_keeps_its_warnings_however_it_was_written)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char other[] = "catheter:\n  tip: T10\n"
                                "therapy:\n  dose: 0.3 mg/day # as before\n"
                                "drugs:\n  - concentration: 0.5 mg/mL\n    name: baclofen\n"
                                "study:\n  horizon: 90 day\n  patients: 2\n  name: least\n";
    study_t a, b, c;
    cr_assert_eq(fixture_parse(&a, FIXTURE_LEAST, strlen(FIXTURE_LEAST), NULL, out), 0, "%s", out);
    cr_assert_eq(fixture_parse(&b, other, strlen(other), NULL, out), 0, "%s", out);
    cr_assert_eq(
        fixture_parse(&c, FIXTURE_LEAST, strlen(FIXTURE_LEAST), "study.horizon=9 day", out), 0,
        "%s", out);
    cr_expect(strncmp(a.warnings, "study.horizon: at 0.6 mL/day the reservoir runs dry", 51u) == 0,
              "%s", a.warnings);
    cr_expect_str_eq(a.warnings, b.warnings);
    cr_expect_str_eq(c.warnings, "");
    study_free(&a);
    study_free(&b);
    study_free(&c);
}

Test(diagnostic, missing_file_is_an_error_of_its_own)
{
    diagnostic_t d;
    study_t s;
    error_t e = {0};
    diagnostic_init(&d);
    cr_expect_eq(study_load(&s, "tests/sim/config/none.yaml", NULL, 0, &d, &e), ERROR_FILE_OPEN);
    cr_expect(strstr(e.text, "none.yaml: No such file") != NULL, "%s", e.text);
    cr_expect_eq(d.errors, 0);
    cr_expect_eq(study_load(&s, "tests/sim/config", NULL, 0, &d, &e), ERROR_FILE_READ);
    study_free(&s);
    diagnostic_free(&d);
}
