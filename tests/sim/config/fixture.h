/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the config reader share: the least study, and reading a text for its messages. */
#ifndef TESTS_CONFIG_FIXTURE_H
#define TESTS_CONFIG_FIXTURE_H

#include <stddef.h>

#include "config/study.h"

/* Four lines that are a study; a test adds sections from line 5 on. */
#define FIXTURE_LEAST                                                                              \
    "study: {name: least, patients: 2, horizon: 90 day}\n"                                         \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "therapy: {dose: 300 ug/day}\n"                                                                \
    "catheter: {tip: T10}\n"

#define FIXTURE_OUTPUT_SIZE 65536

/* Parses `text` under the name "s.yaml" with one override (NULL for none) into *s. Returns the parser's
 * result; out[FIXTURE_OUTPUT_SIZE] receives the printed diagnostics. The caller frees *s. */
int fixture_parse(study_t *s, const char *text, size_t length, const char *set, char *out);

/* The same for a file, with study_load. */
int fixture_load(study_t *s, const char *path, const char *set, char *out);

/* Asserts that the text is refused and that the printed diagnostics contain `expected`. */
void fixture_refused(const char *text, const char *set, const char *expected);

/* Asserts that the text is accepted, and gives the study. */
void fixture_accepted(study_t *s, const char *text, const char *set);

/* The whole of a file below the project's root, NUL-terminated; freed by the caller. */
char *fixture_file(const char *path);

#endif
