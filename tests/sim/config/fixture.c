/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a text and captures what the reader says about it. */
#include "tests/sim/config/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

static void capture(const diagnostic_t *d, char *out)
{
    out[0] = '\0';
    FILE *stream = fmemopen(out, FIXTURE_OUTPUT_SIZE, "w");
    cr_assert_not_null(stream);
    cr_expect_eq(diagnostic_print(d, stream), 0);
    fclose(stream);
}

static void expect_consistent(int status, const diagnostic_t *d, const error_t *e)
{
    cr_expect((status == ERROR_CONFIG) == (d->errors > 0), "result %d with %zu errors", status,
              d->errors);
    cr_expect(status == e->code, "result %d, error record says %d", status, e->code);
}

int fixture_parse(study_t *s, const char *text, size_t length, const char *set, char *out)
{
    diagnostic_t d;
    error_t e = {0};
    study_override_t override = {set};
    study_source_t source = {
        .name = "s.yaml", .text = text, .length = length, .set = &override, .n_set = set != NULL};
    diagnostic_init(&d);
    int status = study_parse(s, &source, &d, &e);
    capture(&d, out);
    expect_consistent(status, &d, &e);
    diagnostic_free(&d);
    return status;
}

int fixture_load(study_t *s, const char *path, const char *set, char *out)
{
    diagnostic_t d;
    error_t e = {0};
    study_override_t override = {set};
    diagnostic_init(&d);
    int status = study_load(s, path, &override, set != NULL, &d, &e);
    capture(&d, out);
    expect_consistent(status, &d, &e);
    diagnostic_free(&d);
    return status;
}

void fixture_refused(const char *text, const char *set, const char *expected)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    int status = fixture_parse(&s, text, strlen(text), set, out);
    cr_expect_eq(status, ERROR_CONFIG, "accepted, but expected:\n%s\nwith --set %s of\n%s",
                 expected, set != NULL ? set : "(none)", text);
    cr_expect(strstr(out, expected) != NULL, "expected:\n%s\nprinted:\n%s\nof:\n%s", expected, out,
              text);
    study_free(&s);
}

void fixture_accepted(study_t *s, const char *text, const char *set)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    int status = fixture_parse(s, text, strlen(text), set, out);
    cr_assert_eq(status, 0, "refused:\n%s\nwith --set %s of\n%s", out, set != NULL ? set : "(none)",
                 text);
}

char *fixture_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s cannot be opened; run the tests from the project's root", path);
    char *text = calloc(1, 65536);
    cr_assert_not_null(text);
    size_t n = fread(text, 1, 65535, file);
    cr_assert(n > 0 && feof(file), "%s is empty or too long for this test", path);
    fclose(file);
    return text;
}
