/* SPDX-License-Identifier: Apache-2.0 */
/* Regression suites: what is read, and what is refused with its place. */
#define _XOPEN_SOURCE 700
#include "config/suite.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/folder.h"

#define HEAD "suite: {name: s, title: A suite}\n"
#define CONFIG                                                                                     \
    "    config:\n      study: {name: t, patients: 3, horizon: 2 day}\n"                           \
    "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                  \
    "      therapy: {dose: 100 ug/day}\n      catheter: {tip: T10}\n"
#define ONE "scenarios:\n  - name: one\n"

static char told[8192];

/* Reads a suite given as text; what is said of it is in `told`. */
static int load(suite_t *s, const char *text)
{
    char path[256];
    diagnostic_t d;
    error_t e = {0};
    FILE *file = fopen(folder_path(path, sizeof path, "suite.yaml"), "w");
    cr_assert_not_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    diagnostic_init(&d);
    const int code = suite_load(s, path, &d, &e);
    FILE *out = fmemopen(told, sizeof told, "w");
    (void)diagnostic_print(&d, out);
    (void)fclose(out);
    diagnostic_free(&d);
    return code;
}

static void expect_refused(const char *text, const char *words)
{
    suite_t s;
    cr_expect_eq(load(&s, text), ERROR_CONFIG, "%s", text);
    cr_expect_not_null(strstr(told, words), "%s\nis not in\n%s", words, told);
    suite_free(&s);
}

Test(suite, a_scenario_is_a_study_with_a_name_and_all_of_one_patient_is_judged)
{
    suite_t s;
    cr_assert_eq(load(&s, HEAD ONE CONFIG), 0, "%s", told);
    cr_expect_eq(s.scenarios, 1);
    cr_expect_eq(s.cpu_ms, 60000);
    cr_expect_eq(s.scenario[0].study.patients, 3);
    cr_expect_eq(s.tolerance.volume, 0.0);
    cr_expect(s.scenario[0].level[SUITE_TRACE] && s.scenario[0].level[SUITE_PATIENT]);
    cr_expect_not(s.scenario[0].level[SUITE_POPULATION]);
    suite_free(&s);
}

Test(suite, levels_covers_and_tolerances_are_taken)
{
    suite_t s;
    cr_assert_eq(load(&s, "suite: {name: s, title: A suite, cpu: 2 s}\n"
                          "tolerance: {volume: 0.01, event: 30 s, exposure: 0.02, tone: 0.5}\n" ONE
                          "    what: One\n    levels: [device]\n"
                          "    covers: [REQ-MODE-01, REQ-RATE-02]\n" CONFIG),
                 0, "%s", told);
    cr_expect_eq(s.cpu_ms, 2000);
    cr_expect_eq(s.tolerance.event_ms, 30000);
    cr_expect_eq(s.tolerance.tone, 0.5);
    cr_expect(s.scenario[0].level[SUITE_DEVICE] && !s.scenario[0].level[SUITE_TRACE]);
    cr_expect_eq(s.scenario[0].covers, 2);
    cr_expect_str_eq(s.scenario[0].requirement[1], "REQ-RATE-02");
    suite_free(&s);
}

Test(suite, what_is_wrong_is_said_with_its_place_and_how_to_mend_it)
{
    expect_refused(HEAD, "scenarios: is required");
    expect_refused(HEAD "scenarios: []\n", "scenarios: write a list");
    expect_refused(HEAD ONE, "scenarios[0].config: is required");
    expect_refused(HEAD ONE "    config: 3\n", "write the keys of a study below it");
    expect_refused(HEAD ONE "    levels: [deep]\n" CONFIG, "deep is none of trace, device");
    expect_refused(HEAD ONE "    covers: [MODE]\n" CONFIG, "MODE is no requirement");
    expect_refused(HEAD ONE "    level: 3\n" CONFIG, "did you mean levels?");
    expect_refused("suite: {name: s}\n" ONE CONFIG, "suite.title: is required");
    expect_refused(HEAD "tolerance: {volume: 2}\n" ONE CONFIG, "tolerance.volume");
    expect_refused(HEAD ONE CONFIG "  - name: one\n" CONFIG, "another scenario is called one");
    expect_refused(HEAD ONE "    config:\n      study: {name: t, patients: 0}\n",
                   "scenario one: study.patients");
}
