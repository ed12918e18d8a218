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

#define TWO_AXES                                                                                   \
    "    each:\n      mode: {simple: {}, stopped: {therapy.mode: stopped}}\n"                      \
    "      phase: {early: {\"events[0].at\": 1 h}, late: {\"events[0].at\": 30 h}}\n"
#define RESET "      events: [{at: 2 h, order: fault, fault: pump_reset, severity: 3}]\n"

/* Suites compare cores on the study's own values. */
Test(suite, a_scenario_has_no_draws)
{
    expect_refused(
        HEAD ONE "    config:\n      study: {name: t, patients: 3, horizon: 2 day, "
                 "parameter_draws: 2}\n"
                 "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                 "      therapy: {dose: 100 ug/day}\n      catheter: {tip: T10}\n"
                 "      uncertain: [{key: body.response.ec50, low: 40 ng/mL, high: 150 "
                 "ng/mL}]\n",
        "suite.yaml:5:70: error: scenario one: study.parameter_draws: only a study in a file of "
        "its own has draws; remove it");
}

Test(suite, a_matrix_is_every_combination_of_its_settings)
{
    static const char *const name[] = {"one-simple-early", "one-simple-late", "one-stopped-early",
                                       "one-stopped-late"};
    suite_t s;
    cr_assert_eq(load(&s, HEAD ONE "    covers: [REQ-RESET-01]\n" TWO_AXES CONFIG RESET), 0, "%s",
                 told);
    cr_assert_eq(s.scenarios, 4);
    for (size_t i = 0; i < 4; i++) {
        const suite_scenario_t *one = &s.scenario[i];
        cr_expect_str_eq(one->name, name[i]);
        cr_expect_eq(one->covers, 1);
        cr_expect_eq(one->study.therapy.mode, i < 2 ? ORDER_MODE_SIMPLE : ORDER_MODE_STOPPED);
        cr_expect_eq(one->study.event[0].at_ms, (i % 2 == 0 ? 1 : 30) * INT64_C(3600000));
    }
    suite_free(&s);
}

Test(suite, a_scenario_that_is_another_studys_changes_a_part_of_it)
{
    suite_t s;
    char path[256];
    FILE *file = fopen(folder_path(path, sizeof path, "whole.yaml"), "w");
    cr_assert_not_null(file);
    (void)fputs("study: {name: whole, patients: 9, horizon: 2 day}\n"
                "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                "therapy: {dose: 100 ug/day}\ncatheter: {tip: T10}\n",
                file);
    (void)fclose(file);
    cr_assert_eq(load(&s, HEAD ONE "    each: {size: {few: {}, more: {study.patients: 4}}}\n"
                                   "    config: {include: whole.yaml, study: {patients: 2}}\n"),
                 0, "%s", told);
    cr_assert_eq(s.scenarios, 2);
    cr_expect_str_eq(s.scenario[0].study.name, "whole");
    cr_expect_eq(s.scenario[0].study.patients, 2);
    cr_expect_eq(s.scenario[1].study.patients, 4);
    cr_expect_eq(s.scenario[1].study.horizon_ms, INT64_C(172800000));
    suite_free(&s);
}

#define RESET_BY(severity)                                                                         \
    "      events: [{at: 6 h, order: fault, fault: pump_reset, severity: " #severity "}]\n"

Test(suite, an_upgrade_needs_a_reset_by_software_in_every_arm)
{
    static const char none[] = "scenarios[0].upgrade: events of one have no reset by software";
    suite_t s;
    cr_expect_eq(load(&s, HEAD ONE "    upgrade: true\n" CONFIG RESET_BY(4)), 0, "%s", told);
    suite_free(&s);
    expect_refused(HEAD ONE "    upgrade: true\n" CONFIG, none);
    expect_refused(HEAD ONE "    upgrade: true\n" CONFIG RESET_BY(3), none);
    expect_refused(HEAD ONE
                   "    each: {by: {four: {study.arms: [{name: a}, {name: b, set: "
                   "{\"events[0].severity\": 3}}]}}}\n    upgrade: true\n" CONFIG RESET_BY(4),
                   "scenarios[0].upgrade: events of one-four have no reset by software");
}

Test(suite, what_is_wrong_with_a_matrix_is_said_once)
{
    expect_refused(HEAD ONE "    each: {mode: {}}\n" CONFIG,
                   "scenarios[0].each: write up to 6 axes");
    expect_refused(HEAD ONE "    each: {mode: {a: 3}}\n" CONFIG, "scenarios[0].each: write up to");
    expect_refused(HEAD ONE "    each: {mode: {a: {}, b: {\"events[3].at\": 1 h}}}\n" CONFIG,
                   "events[3].at: there is no such place in the study");
    expect_refused(HEAD ONE "    each: {mode: {a: {}, a b: {}}}\n" CONFIG, "one-a b");
    expect_refused(HEAD ONE
                   "    each: {mode: {a: {therapy.dose: 5 m}, b: {therapy.dose: 5 m}}}\n" CONFIG,
                   "scenario one-a: therapy.dose");
    cr_expect_null(strstr(told, "scenario one-b"));
    expect_refused(HEAD ONE "    config: {include: nowhere.yaml}\n", "nowhere.yaml is not found");
}

Test(suite, a_matrix_is_not_larger_than_a_suite)
{
    char text[4096] = HEAD ONE "    each:\n", axis[640] = "{", line[16];
    for (int i = 0; i < 65; i++) {
        (void)snprintf(line, sizeof line, "%sv%d: {}", i > 0 ? ", " : "", i);
        strcat(axis, line);
    }
    for (int k = 0; k < 2; k++) {
        (void)snprintf(line, sizeof line, "      k%d: ", k);
        strcat(strcat(strcat(text, line), axis), "}\n");
    }
    expect_refused(strcat(text, CONFIG), "scenarios[0].each: stands for more than the 4096");
}

Test(suite, the_first_patients_of_each_scenario_are_all_that_is_left)
{
    suite_t s;
    cr_assert_eq(load(&s, HEAD ONE CONFIG "  - name: two\n    patient: 3\n" CONFIG), 0, "%s", told);
    suite_first(&s, 2);
    cr_expect_eq(s.scenario[0].study.patients, 2);
    cr_expect_eq(s.scenario[1].study.patients, 3, "who alone is lived is there still");
    suite_first(&s, 5);
    cr_expect_eq(s.scenario[0].study.patients, 2);
    suite_free(&s);
}
