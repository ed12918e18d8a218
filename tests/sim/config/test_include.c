/* SPDX-License-Identifier: Apache-2.0 */
/* Includes: what is found where, who wins, and where an error of an included file is placed. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/folder.h"
#include "tests/sim/config/fixture.h"

#define FOLDER "tests/sim/config/include/"

static void expect_refused(const char *path, const char *set, const char *expected)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    cr_expect_eq(fixture_load(&s, path, set, out), ERROR_CONFIG, "%s is accepted", path);
    cr_expect(strstr(out, expected) != NULL, "expected:\n%s\nprinted:\n%s", expected, out);
    study_free(&s);
}

static void load(study_t *s, const char *set)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    cr_assert_eq(fixture_load(s, FOLDER "study.yaml", set, out), 0, "%s", out);
}

Test(include, gives_the_keys_of_a_section_and_of_an_item)
{
    study_t s;
    load(&s, NULL);
    cr_expect(s.pump.fill_ml == 15.0);
    cr_expect(s.drug[0].kinetics.loss_per_h == 0.5);
    study_free(&s);
}

Test(include, is_beaten_by_what_stands_beside_it)
{
    study_t s;
    load(&s, NULL);
    cr_expect(s.pump.low_alarm_ml == 1.0);
    cr_expect(s.drug[0].concentration_ug_per_ml == 1000.0);
    study_free(&s);
}

/* ripple: study over part; rollers: device over part; pulse_volume: the part's own. */
Test(include, joins_sections_key_by_key_from_the_outside_in)
{
    study_t s;
    load(&s, NULL);
    cr_expect(s.pump.head.ripple == 0.05);
    cr_expect(s.pump.head.rollers == 4.0);
    cr_expect(s.pump.head.pulse_ul == 0.5);
    study_free(&s);
}

Test(include, is_beaten_by_the_command_line)
{
    study_t s;
    load(&s, "pump.fill=16 mL");
    cr_expect(s.pump.fill_ml == 16.0);
    study_free(&s);
}

Test(include, is_not_in_the_resolved_text)
{
    study_t s, again;
    char *text;
    load(&s, NULL);
    cr_assert_eq(study_resolved(&s, &text, NULL), 0);
    cr_expect(strstr(text, "include") == NULL, "%s", text);
    fixture_accepted(&again, text, NULL);
    cr_expect(again.pump.head.ripple == 0.05);
    free(text);
    study_free(&s);
    study_free(&again);
}

Test(include, of_itself_is_refused)
{
    expect_refused(FOLDER "loop.yaml", NULL,
                   FOLDER "loop-b.yaml:2:10: error: pump.include: loop-a.yaml includes itself");
}

Test(include, goes_three_files_deep)
{
    expect_refused(FOLDER "deep.yaml", NULL,
                   FOLDER "deep-3.yaml:2:10: error: pump.include: deep-4.yaml is more than 3");
}

Test(include, is_for_files_and_their_sections_only)
{
    fixture_refused(FIXTURE_LEAST "pump: {include: device.yaml}\n", NULL,
                    "pump.include: device.yaml cannot be included: this study is not read from");
    fixture_refused("include: device.yaml\n" FIXTURE_LEAST, NULL,
                    "s.yaml:1:1: error: include: nothing is included here");
    expect_refused(FOLDER "study.yaml", "pump.include=device.yaml",
                   "--set pump.include=device.yaml: error: pump.include: nothing is included");
}

/* Writes a study into a folder of its own, where nothing lies beside it. */
static void write_alone(char *path, size_t size, const char *included)
{
    FILE *file = fopen(folder_path(path, size, "study.yaml"), "w");
    cr_assert_not_null(file);
    fprintf(file, FIXTURE_LEAST "pump: {include: %s}\n", included);
    fclose(file);
}

/* Each study lacks one file; what that file might have given is no error, nor a warning, of its own. */
Test(include, of_a_missing_file_is_the_only_thing_said_about_what_it_lacks)
{
    static const char *const text[] = {
        "pump: {include: none.yaml, fill: 30 mL, low_alarm: 25 mL}\n",
        "pump: {include: none.yaml, fill: 30 mL, reservoir: {residual: 1 mL}}\n",
        "pump: {include: none.yaml, flow: 1 mL/day}\n",
        "clinic: {include: none.yaml, refill_margin: 3 day}\n",
        "catheter: {include: none.yaml}\n",
    };
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        static char out[FIXTURE_OUTPUT_SIZE];
        char path[FOLDER_SIZE + 16];
        study_t s;
        FILE *file = fopen(folder_path(path, sizeof path, "study.yaml"), "w");
        cr_assert_not_null(file);
        fprintf(file,
                "study: {name: x, patients: 1, horizon: 9 day, arms: [a, {name: b, set: "
                "{record.lumbar: L3/4}}]}\n"
                "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                "therapy: {dose: 300 ug/day}\n%s%s",
                strncmp(text[i], "catheter", 8) == 0 ? "" : "catheter: {tip: T10}\n", text[i]);
        fclose(file);
        cr_expect_eq(fixture_load(&s, path, NULL, out), ERROR_CONFIG);
        const char *first = strstr(out, ": error: "),
                   *found = strstr(out, "none.yaml is not found");
        cr_expect(first != NULL && found != NULL && strstr(first + 1, ": error: ") == NULL &&
                      strstr(out, "warning") == NULL,
                  "%s\n%s", text[i], out);
        study_free(&s);
    }
}

Test(include, is_looked_for_in_the_folders_named_by_the_environment)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    char path[FOLDER_SIZE + 16];
    study_t s;
    write_alone(path, sizeof path, "device.yaml");
    unsetenv("THECASIM_CONFIGS");
    expect_refused(path, NULL,
                   "study.yaml:5:17: error: pump.include: device.yaml is not found beside this");
    setenv("THECASIM_CONFIGS", "/nowhere::" FOLDER, 1);
    cr_assert_eq(fixture_load(&s, path, NULL, out), 0, "%s", out);
    cr_expect(s.pump.fill_ml == 15.0);
    study_free(&s);
}

Test(include, must_be_a_readable_file_of_keys)
{
    static const struct {
        const char *included, *expected;
    } wrong[] = {{"[a, b]", "pump.include: write the path of one file"},
                 {"\"\"", "pump.include: write the path of one file"},
                 {"/", "pump.include: /: Is a directory"},
                 {"/dev/null", "/dev/null:1:1: error: an included file holds the keys"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char path[FOLDER_SIZE + 16];
        write_alone(path, sizeof path, wrong[i].included);
        expect_refused(path, NULL, wrong[i].expected);
    }
}

Test(include, shipped_sections_are_sound)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    cr_assert_eq(fixture_load(&s, "configs/baclofen-dose-response.yaml", NULL, out), 0, "%s", out);
    cr_expect_str_eq(out, "");
    cr_expect(study_arm(&s, 2)->therapy.dose_ug_per_day == 600.0);
    cr_expect_eq(study_arm(&s, 2)->n_events, 3);
    study_free(&s);
}

Test(include, shipped_clinic_is_sound)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    char path[FOLDER_SIZE + 16];
    study_t s;
    FILE *file = fopen(folder_path(path, sizeof path, "study.yaml"), "w");
    cr_assert_not_null(file);
    fputs("study: {name: x, patients: 1, horizon: 9 day}\ndrugs: [{include: drugs/baclofen.yaml}]\n"
          "catheter: {tip: T10}\nclinic: {include: clinics/weekly.yaml, goal: 1.8}\n",
          file);
    fclose(file);
    setenv("THECASIM_CONFIGS", "configs", 1);
    cr_assert_eq(fixture_load(&s, path, NULL, out), 0, "%s", out);
    cr_expect_str_eq(out, "");
    cr_expect(s.clinic.goal == 1.8 && s.clinic.screening_bolus_3_ug == 100.0);
    study_free(&s);
}
