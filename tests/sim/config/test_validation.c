/* SPDX-License-Identifier: Apache-2.0 */
/* Validations: read whole, and refused with the place and the cure. */
#include "config/validation.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/folder.h"

static const validation_statistic_t known[] = {{"refill_ratio_mean", "1"},
                                               {"battery_life_median", "year"}};

#define HEAD "validation: {name: v, title: A validation}\n"
#define STUDY                                                                                      \
    "      study: {name: s, patients: 50, horizon: 90 day, arms: [a, b]}\n"                        \
    "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                  \
    "      therapy: {dose: 300 ug/day}\n"                                                          \
    "      catheter: {tip: T10}\n"
#define RUNS "runs:\n  - name: one\n    # of 73\n    quick: 4\n    config:\n" STUDY
#define ROW(of, estimator, unit, interval)                                                         \
    "observed:\n  - id: R.1\n    what: a ratio\n    of: " of "\n    estimator: " estimator         \
    "\n    unit: " unit "\n    value: 0.9\n    interval: " interval                                \
    "\n    rule: published\n    role: fitted\n    gate: true\n    source: A journal\n"
#define GOOD_ROW ROW("[one.b]", "refill_ratio_mean", "\"1\"", "[0.8, 1]")

/* Reads `text` as a file; what is said goes to out[size]. */
static int load(validation_t *v, const char *text, int quick, char *out, size_t size)
{
    char path[FOLDER_SIZE + 16];
    const validation_options_t options = {quick, known, sizeof known / sizeof known[0]};
    diagnostic_t d;
    error_t e = {0};
    FILE *file = fopen(folder_path(path, sizeof path, "v.yaml"), "w");
    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    (void)fclose(file);
    diagnostic_init(&d);
    const int code = validation_load(v, path, &options, &d, &e);
    FILE *stream = fmemopen(out, size, "w");
    (void)diagnostic_print(&d, stream);
    (void)fclose(stream);
    diagnostic_free(&d);
    return code;
}

/* The text is refused at line:column, with these words. */
static void refused(const char *text, const char *place, const char *words)
{
    static char out[8192];
    validation_t v;
    memset(out, 0, sizeof out);
    cr_expect_eq(load(&v, text, 0, out, sizeof out), ERROR_CONFIG, "accepted:\n%s", text);
    cr_expect_not_null(strstr(out, place), "no %s in:\n%s", place, out);
    cr_expect_not_null(strstr(out, words), "no \"%s\" in:\n%s", words, out);
    validation_free(&v);
}

Test(validation, is_read_whole)
{
    static char out[8192];
    validation_t v;
    cr_assert_eq(load(&v, HEAD RUNS GOOD_ROW, 0, out, sizeof out), 0, "%s", out);
    cr_expect_str_eq(v.name, "v");
    cr_assert_eq(v.runs, 1);
    cr_expect_eq(v.run[0].study.patients, 50);
    cr_expect_not_null(v.run[0].study.warnings);
    cr_assert_eq(v.rows, 1);
    cr_expect_str_eq(v.row[0].id, "R.1");
    cr_expect_eq(v.row[0].of.count, 1);
    cr_expect_eq(v.row[0].of.source[0].run, 0);
    cr_expect_eq(v.row[0].of.source[0].arm, 1);
    cr_expect_eq(v.row[0].against.count, 0);
    cr_expect_float_eq(v.row[0].low, 0.8, 0.0);
    cr_expect_eq(v.row[0].role, VALIDATION_FITTED);
    cr_expect_eq(v.row[0].gate, 1);
    cr_expect_str_empty(v.row[0].needs);
    validation_free(&v);
    validation_free(&v);
}

Test(validation, quick_takes_the_small_pool_in_every_arm)
{
    static char out[8192];
    validation_t v;
    cr_assert_eq(load(&v, HEAD RUNS GOOD_ROW, 1, out, sizeof out), 0, "%s", out);
    cr_expect_eq(v.run[0].study.patients, 4);
    cr_expect_eq(study_arm(&v.run[0].study, 1)->patients, 4);
    validation_free(&v);
}

Test(validation, refuses_a_parameter_of_a_model_in_a_run)
{
    refused(HEAD RUNS "      pump: {head: {ripple: 0.3}}\n" GOOD_ROW,
            ":11:21:", "pump.head.ripple: is a parameter of a model");
    refused(HEAD RUNS "      body: {model: none, csf: {cells: 60}}\n" GOOD_ROW,
            ":11:33:", "body.csf.cells: is a parameter of a model");
}

Test(validation, refuses_it_in_the_settings_of_an_arm_too)
{
    static const char *const text =
        HEAD "runs:\n  - name: one\n    # of 73\n    quick: 4\n    config:\n"
             "      study:\n        name: s\n        patients: 50\n        horizon: 90 day\n       "
             " arms: [a, "
             "{name: b, set: {\"drugs[0].kinetics.loss\": 1 1/h}}]\n"
             "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
             "      therapy: {dose: 300 ug/day}\n      catheter: {tip: T10}\n" GOOD_ROW;
    refused(text, ":11:", "drugs[].kinetics.loss: is a parameter of a model");
}

Test(validation, refuses_files_that_lie_beside_it)
{
    refused(HEAD RUNS "      pump: {include: mine.yaml}\n" GOOD_ROW,
            ":11:23:", "lies beside the validation");
}

Test(validation, allows_what_people_were_studied)
{
    static char out[8192];
    validation_t v;
    cr_expect_eq(
        load(&v, HEAD RUNS "      population: {age_mean: 44 year}\n" GOOD_ROW, 0, out, sizeof out),
        0, "%s", out);
    validation_free(&v);
}

Test(validation, names_the_nearest_key)
{
    refused(HEAD "runs:\n  - name: one\n    # of 73\n    quik: 4\n    config:\n" STUDY GOOD_ROW,
            ":5:5:", "runs[0].quik: unknown key; did you mean quick?");
    refused(HEAD RUNS GOOD_ROW "    sauce: B\n", ":23:5:", "observed[0].sauce: unknown key");
    refused(HEAD RUNS "obsreved: []\n", ":11:1:", "did you mean observed?");
}

Test(validation, says_what_is_missing)
{
    refused(HEAD RUNS "observed:\n  - id: R.1\n", ":12:5:", "observed[0].source: is required");
    refused(RUNS GOOD_ROW, ":1:1:", "validation: is required");
}

Test(validation, names_the_nearest_statistic_and_its_unit)
{
    refused(HEAD RUNS ROW("[one]", "refil_ratio_mean", "\"1\"", "[0.8, 1]"),
            ":15:16:", "did you mean refill_ratio_mean?");
    refused(HEAD RUNS ROW("[one]", "battery_life_median", "month", "[0.8, 1]"),
            ":16:11:", "battery_life_median is computed in year, not in month");
}

Test(validation, refuses_runs_and_arms_that_are_not_there)
{
    refused(HEAD RUNS ROW("[two]", "refill_ratio_mean", "\"1\"", "[0.8, 1]"),
            ":14:10:", "two is neither a run nor an arm");
    refused(HEAD RUNS ROW("[one.c]", "refill_ratio_mean", "\"1\"", "[0.8, 1]"),
            ":14:10:", "one.c is neither a run nor an arm");
}

Test(validation, lets_a_row_that_says_what_it_needs_name_a_run_to_come)
{
    static char out[8192];
    validation_t v;
    cr_assert_eq(
        load(&v,
             HEAD RUNS ROW("[two]", "refill_ratio_mean", "\"1\"", "[0.8, 1]") "    needs: two\n", 0,
             out, sizeof out),
        0, "%s", out);
    cr_expect_eq(v.row[0].of.count, 0);
    cr_expect_str_eq(v.row[0].needs, "two");
    validation_free(&v);
}

Test(validation, refuses_an_interval_without_its_value)
{
    refused(HEAD RUNS ROW("[one]", "refill_ratio_mean", "\"1\"", "[0.91, 1]"),
            ":18:15:", "does not hold the value 0.9");
    refused(HEAD RUNS ROW("[one]", "refill_ratio_mean", "\"1\"", "[0.8]"),
            ":18:15:", "write two numbers");
    refused(HEAD RUNS ROW("[one]", "refill_ratio_mean", "\"1\"", "[0.8, 1.0x]"),
            ":18:21:", "interval: 1.0x");
}

Test(validation, refuses_rows_and_runs_of_one_name)
{
    refused(HEAD RUNS "  - name: one\n    quick: 1\n    config:\n" STUDY GOOD_ROW,
            ":11:5:", "another run is called one");
}

Test(validation, says_what_is_wrong_with_a_study_in_its_run)
{
    refused(HEAD "runs:\n  - name: one\n    # of 73\n    quick: 4\n    config:\n"
                 "      study: {name: s, patients: 50, horizon: 90 parsec}\n"
                 "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                 "      therapy: {dose: 300 ug/day}\n      catheter: {tip: T10}\n" GOOD_ROW,
            ":7:47:", "run one: study.horizon:");
}

Test(validation, of_the_device_is_sound)
{
    static char out[8192];
    validation_t v;
    diagnostic_t d;
    error_t e = {0};
    diagnostic_init(&d);
    /* Its statistics are analysis/'s to know: without them each is reported, and nothing else. */
    const validation_options_t options = {0, NULL, 0};
    cr_expect_eq(validation_load(&v, "configs/validation/device.yaml", &options, &d, &e),
                 ERROR_CONFIG);
    FILE *stream = fmemopen(out, sizeof out, "w");
    (void)diagnostic_print(&d, stream);
    (void)fclose(stream);
    for (size_t i = 0; i < d.count; i++) {
        cr_expect_not_null(strstr(d.item[i].text, ".estimator: "), "%s", d.item[i].text);
    }
    diagnostic_free(&d);
    validation_free(&v);
}
