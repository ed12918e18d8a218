/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong configs, each of another kind, and to the letter what is said about them. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/config/fixture.h"

#define FOLDER "tests/sim/config/wrong/"

typedef struct name_t {
    char text[32];
} name_t;

/* Each is FOLDER NAME.yaml, and FOLDER NAME.expected what is printed. */
ParameterizedTestParameters(wrong, is_refused_to_the_letter)
{
    static name_t names[] = {
        {"01-not-yaml"}, {"02-unknown-key"},      {"03-unit"},      {"04-key-twice"},
        {"05-anchor"},   {"06-range-and-number"}, {"07-shape"},     {"08-missing"},
        {"09-rules"},    {"10-included"},         {"11-arms"},      {"12-clinic-and-moment"},
        {"13-death"},    {"14-cohort"},           {"15-uncertain"}, {"16-uncertain-range"}};
    return cr_make_param_array(name_t, names, sizeof names / sizeof names[0]);
}

ParameterizedTest(name_t *name, wrong, is_refused_to_the_letter)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    char path[128], expected_path[128];
    study_t s;
    snprintf(path, sizeof path, FOLDER "%s.yaml", name->text);
    snprintf(expected_path, sizeof expected_path, FOLDER "%s.expected", name->text);
    char *expected = fixture_file(expected_path);
    cr_expect_eq(fixture_load(&s, path, NULL, out), ERROR_CONFIG, "%s is accepted", path);
    cr_expect_str_eq(out, expected, "%s, replay: thecasim check %s\nexpected:\n%s\nprinted:\n%s",
                     path, path, expected, out);
    free(expected);
    study_free(&s);
}
