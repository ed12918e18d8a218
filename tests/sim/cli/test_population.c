/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim population` as a user meets it: people drawn, described, frozen, and taken by studies. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/cli/user.h"

#define STUDY "configs/baclofen-maintenance.yaml "
#define SMALL STUDY "--set study.horizon='2 day' --set events=[] "

static user_t u;

/* ---- describing ---- */

static const json_t *field_of(const json_t *root, const char *name)
{
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(root, "fields"), i, field)
    {
        if (strcmp(json_string_value(json_object_get(field, "name")), name) == 0) {
            return field;
        }
    }
    cr_assert_fail("no field %s", name);
    return NULL;
}

static double number(const json_t *object, const char *key)
{
    cr_assert(json_is_number(json_object_get(object, key)), "no number %s", key);
    return json_number_value(json_object_get(object, key));
}

Test(population, is_described_in_tables)
{
    static const char *const words[] = {
        "Simulated",
        "300 people drawn for arm reference of baclofen-maintenance",
        "97.5 %",
        "age_years               year",
        "bmi_volume_correlation",
        "male",
        "multiple_sclerosis",
        "Monte Carlo, chance between the people drawn; Wilson's score",
        "sent back by CSF volume of the canal",
        "drugs[0].clearance      L/h",
        "\u2588"};
    cr_assert_eq(user_run(&u, "population " STUDY "--people 300"), 0, "%s", u.err);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        cr_expect_not_null(strstr(u.out, words[i]), "no '%s' in:\n%s", words[i], u.out);
    }
    cr_expect_null(strstr(u.out, "hundredths"));
    cr_assert_eq(user_run(&u, "population " STUDY "--people 300 --correlations"), 0, "%s", u.err);
    cr_expect_not_null(strstr(u.out, "hundredths"), "%s", u.out);
}

/* What the study imposes is what the numbers show: truncated at the ends, a log-normal's median and CV, the imposed correlations. */
Test(population, numbers_are_those_that_the_study_imposes)
{
    json_error_t wrong;
    size_t i;
    json_t *pair, *share;
    double shares = 0.0;
    cr_assert_eq(user_run(&u, "population " STUDY "--people 4000 --json"), 0, "%s", u.err);
    json_t *root = json_loads(u.out, 0, &wrong);
    cr_assert_not_null(root, "%s", wrong.text);
    cr_expect_eq(number(root, "people"), 4000);
    const json_t *loss = field_of(root, "drug0_loss_per_h");
    cr_expect_float_eq(number(loss, "p50"), 0.351, 0.02, "%g", number(loss, "p50"));
    cr_expect_float_eq(number(loss, "cv"), 0.6, 0.06, "%g", number(loss, "cv"));
    cr_expect_str_eq(json_string_value(json_object_get(loss, "unit")), "1/h");
    cr_expect_eq(number(loss, "central"), 0.351);
    const double z = log(number(loss, "p97_5") / number(loss, "p50")) / sqrt(log(1.36));
    cr_expect_float_eq(z, 1.96, 0.12, "%g", z);
    cr_expect_geq(number(field_of(root, "age_years"), "low"), 18.0);
    cr_expect_leq(number(field_of(root, "age_years"), "high"), 80.0);
    cr_expect_eq(json_object_get(field_of(root, "csf_production_ml_per_h"), "varies"),
                 json_false());
    cr_assert_eq(json_array_size(json_object_get(root, "correlations")), 4);
    json_array_foreach(json_object_get(root, "correlations"), i, pair)
    {
        cr_expect_float_eq(number(pair, "achieved"), number(pair, "imposed"), 0.06, "%s: %g",
                           json_string_value(json_object_get(pair, "setting")),
                           number(pair, "achieved"));
    }
    json_array_foreach(json_object_get(root, "shares"), i, share)
    {
        shares += strcmp(json_string_value(json_object_get(share, "field")), "diagnosis") == 0
                      ? number(share, "share")
                      : 0.0;
    }
    cr_expect_float_eq(shares, 1.0, 1e-12);
    cr_expect_geq(number(root, "attempts"), 4000);
    json_decref(root);
}

/* Drawn on one thread or two, described as drawn or as frozen: the same words. */
Test(population, is_the_same_on_any_threads_and_from_its_file)
{
    static char out[USER_OUTPUT_SIZE];
    cr_assert_eq(user_run(&u, "population " STUDY "--people 1500 --jobs 1"), 0, "%s", u.err);
    strcpy(out, u.out);
    cr_assert_eq(user_run(&u, "population " STUDY "--people 1500 --jobs 2 -o @/c.h5"), 0, "%s",
                 u.err);
    cr_expect_str_eq(u.out, out);
    cr_assert_eq(user_run(&u, "population @/c.h5"), 0, "%s", u.err);
    cr_expect_str_eq(u.out, out);
    cr_assert_eq(user_run(&u, "population " STUDY "--people 1500 --seed 7"), 0, "%s", u.err);
    cr_expect_str_neq(u.out, out);
}

Test(population, of_an_arm_is_that_of_its_settings)
{
    cr_assert_eq(user_run(&u, "population " STUDY "--set 'study.arms=[young, {name: old, set: "
                              "{population.age_mean: 75 year}}]' --arm old --people 300 --json"),
                 0, "%s", u.err);
    json_t *root = json_loads(u.out, 0, NULL);
    cr_assert_not_null(root);
    cr_expect_gt(number(field_of(root, "age_years"), "mean"), 60.0);
    cr_expect_str_eq(json_string_value(json_object_get(root, "arm")), "old");
    json_decref(root);
}

/* ---- freezing and taking ---- */

static void freeze(const char *name, const char *how)
{
    char line[512];
    (void)snprintf(line, sizeof line, "population %s -o @/%s", how, name);
    cr_assert_eq(user_run(&u, line), 0, "%s", u.err);
}

/* The hashes of the values of a study that is run with so much more said. */
static void values(const char *more, char hashes[USER_OUTPUT_SIZE])
{
    char line[512];
    (void)snprintf(line, sizeof line, "run " SMALL "--set study.patients=5 %s -o @/v.h5 --force",
                   more);
    cr_assert_eq(user_run(&u, line), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, "verify @/v.h5"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, "verify --hash @/v.h5"), 0, "%s", u.err);
    memcpy(hashes, u.out, USER_OUTPUT_SIZE);
}

Test(population, frozen_gives_the_values_of_the_study_that_it_was_frozen_from)
{
    static char drawn[USER_OUTPUT_SIZE], taken[USER_OUTPUT_SIZE];
    freeze("c.h5", STUDY "--people 9");
    values("", drawn);
    values("--set population.cohort=@/c.h5 --jobs 2", taken);
    cr_expect_str_eq(taken, drawn);
    /* ... whatever is said of the population since, here as a default that changed would. */
    values("--set population.cohort=@/c.h5 --set 'population.age_mean=70 year' --set "
           "population.loss_cv=0.1 --set population.unit_error_sd=0.1 --set 'body.response.ec50=50 "
           "ng/mL' --set catheter.tip=T4",
           taken);
    cr_expect_str_eq(taken, drawn);
    values("--set 'population.age_mean=70 year'", taken);
    cr_expect_str_neq(taken, drawn);
}

Test(population, frozen_is_sound_and_its_hash_is_printed)
{
    char *hash;
    freeze("c.h5", STUDY "--people 9");
    hash = strstr(u.out, "hash ");
    cr_assert_not_null(hash);
    char digits[65];
    (void)snprintf(digits, sizeof digits, "%.64s", hash + 5);
    cr_assert_eq(user_run(&u, "verify @/c.h5"), 0, "%s", u.err);
    cr_expect_not_null(strstr(u.out, "sound: 9 people"), "%s", u.out);
    cr_assert_eq(user_run(&u, "verify @/c.h5 --hash"), 0, "%s", u.err);
    cr_expect_eq(strncmp(u.out, digits, 64), 0, "%s", u.out);
}

Test(population, is_found_beside_the_study_and_in_the_folder_of_configs)
{
    cr_assert_eq(user_shell("mkdir @/here @/there"), 0);
    user_write("here/s.yaml", "study: {name: s, patients: 5, horizon: 1 day}\n"
                              "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                              "therapy: {dose: 300 ug/day}\n"
                              "catheter: {tip: T10}\n"
                              "population: {cohort: c.h5}\n");
    freeze("there/c.h5", STUDY "--people 9");
    cr_expect_eq(user_run(&u, "check @/here/s.yaml"), 2);
    cr_expect_not_null(strstr(u.err, "is not found beside this file"), "%s", u.err);
    cr_expect_eq(user_run_in(&u, "THECASIM_CONFIGS=@/there", "check @/here/s.yaml"), 0, "%s",
                 u.err);
    cr_assert_eq(user_shell("cp @/there/c.h5 @/here/"), 0);
    cr_expect_eq(user_run(&u, "check @/here/s.yaml"), 0, "%s", u.err);
}

/* ---- other people ---- */

/* Two cohorts of the same name. */
static void two_cohorts(void)
{
    cr_assert_eq(user_shell("mkdir @/one @/two"), 0);
    freeze("one/c.h5", STUDY "--people 9");
    freeze("two/c.h5", STUDY "--people 9 --seed 5");
}

Test(population, a_replay_takes_the_same_people_and_refuses_others)
{
    two_cohorts();
    cr_assert_eq(user_run(&u, "run " SMALL
                              "--set study.patients=5 --set population.cohort=@/one/c.h5 -o "
                              "@/one/s.h5"),
                 0, "%s", u.err);
    cr_assert_eq(user_run(&u, "replay @/one/s.h5 --patient 4"), 0, "%s", u.err);
    cr_expect_not_null(strstr(u.out, "identical to the dataset"), "%s", u.out);
    cr_assert_eq(user_shell("mv @/one/s.h5 @/two/"), 0);
    cr_expect_eq(user_run(&u, "replay @/two/s.h5 --patient 4"), 1);
    cr_expect_not_null(strstr(u.err, "holds other people than those asked for"), "%s", u.err);
    cr_assert_eq(user_shell("rm @/two/c.h5"), 0);
    cr_expect_eq(user_run(&u, "replay @/two/s.h5 --patient 4"), 1);
    cr_expect_not_null(strstr(u.err, "is not found"), "%s", u.err);
}

/* Wherever the cohorts lay: the same bytes, which name no folder, and a replay beside them. */
Test(population, of_an_arm_goes_by_its_name_without_its_folder)
{
    char arms[USER_OUTPUT_SIZE], hash[65];
    two_cohorts();
    cr_assert_eq(user_run(&u, "verify @/one/c.h5 --hash"), 0, "%s", u.err);
    (void)snprintf(hash, sizeof hash, "%.64s", u.out);
    cr_assert_eq(user_shell("mkdir @/far && cp @/one/c.h5 @/far/"), 0);
    for (int far = 0; far < 2; far++) {
        (void)snprintf(
            arms, sizeof arms,
            "run " SMALL "--set study.patients=2 --set 'study.arms=[drawn, {name: a, "
            "set: {population.cohort: \"@/%s/c.h5\", population.cohort_hash: \"%s\"}}, "
            "{name: b, set: {population: {cohort: \"@/%s/c.h5\", cohort_hash: \"%s\"}}}]' "
            "-o @/%s/arms.h5",
            far ? "far" : "one", hash, far ? "far" : "one", hash, far ? "far" : "one");
        cr_assert_eq(user_run(&u, arms), 0, "%s", u.err);
    }
    cr_expect_eq(user_shell("cmp @/one/arms.h5 @/far/arms.h5"), 0);
    cr_expect_eq(user_run(&u, "replay @/far/arms.h5 --patient 2 --arm b"), 0, "%s", u.err);
}

Test(population, shards_of_other_people_do_not_merge)
{
    two_cohorts();
    cr_assert_eq(user_run(&u,
                          "run " SMALL "--set study.patients=4 --set population.cohort=@/one/c.h5 "
                          "--shard 1/2 -o @/1.h5"),
                 0, "%s", u.err);
    cr_assert_eq(user_run(&u,
                          "run " SMALL "--set study.patients=4 --set population.cohort=@/two/c.h5 "
                          "--shard 2/2 -o @/2.h5"),
                 0, "%s", u.err);
    cr_expect_eq(user_run(&u, "merge @/1.h5 @/2.h5 -o @/all.h5"), 1);
    cr_expect(!user_has("all.h5"));
    cr_assert_eq(user_run(&u,
                          "run " SMALL "--set study.patients=4 --set population.cohort=@/one/c.h5 "
                          "--shard 2/2 -o @/2.h5 --force"),
                 0, "%s", u.err);
    cr_expect_eq(user_run(&u, "merge @/1.h5 @/2.h5 -o @/all.h5"), 0, "%s", u.err);
}

Test(population, what_some_people_began_no_others_resume)
{
    two_cohorts();
    /* A disk that is full when the dataset is assembled leaves the journal. */
    cr_assert_eq(user_run_limited(&u, 40000,
                                  "run " SMALL "--set study.patients=9 --set "
                                  "population.cohort=@/one/c.h5 -o @/s.h5"),
                 1);
    cr_assert(user_has("s.h5.journal"), "%s", u.err);
    cr_expect_eq(user_run(&u, "run " SMALL "--set study.patients=9 --set "
                              "population.cohort=@/two/c.h5 -o @/s.h5 --resume"),
                 1);
    cr_expect_eq(user_run(&u, "run " SMALL "--set study.patients=9 --set "
                              "population.cohort=@/one/c.h5 -o @/s.h5 --resume"),
                 0, "%s", u.err);
}

/* ---- what goes wrong ---- */

Test(population, is_not_written_over_and_a_full_disk_leaves_nothing)
{
    freeze("c.h5", STUDY "--people 9");
    cr_expect_eq(user_run(&u, "population " STUDY "--people 8 -o @/c.h5"), 1);
    cr_expect_not_null(strstr(u.err, "--force"), "%s", u.err);
    cr_assert_eq(user_run(&u, "population " STUDY "--people 8 -o @/c.h5 --force"), 0, "%s", u.err);
    cr_expect_eq(user_run_limited(&u, 20000, "population " STUDY "--people 3000 -o @/full.h5"), 1);
    cr_expect_not_null(strstr(u.err, "FILE_WRITE"), "%s", u.err);
    cr_expect(!user_has("full.h5") && !user_has("full.h5.part"));
    cr_expect_eq(user_run(&u, "population @/c.h5"), 0, "%s", u.err);
}

static void refused(const char *arguments, int code, const char *words)
{
    cr_expect_eq(user_run(&u, arguments), code, "%s: %d\n%s", arguments, u.code, u.err);
    cr_expect_not_null(strstr(u.err, words), "no '%s' in:\n%s", words, u.err);
}

Test(population, wrong_files_and_wrong_words_say_how_to_go_on)
{
    freeze("c.h5", STUDY "--people 9");
    cr_assert_eq(user_run(&u, USER_SMALL "-o @/d.h5"), 0, "%s", u.err);
    user_write("letter.h5", "Dear reader");
    refused("population @/nobody.yaml", 2, "No such file");
    refused("population @/nobody.h5", 1, "No such file");
    refused("population @/letter.h5", 1, "is not HDF5");
    refused("population @/d.h5", 1, "not a frozen cohort");
    refused("population @/c.h5 --people 4", 2, "is frozen already");
    refused("population " STUDY "--people 1000001", 2, "study.patients");
    refused("population " STUDY "--people none", 2, "whole number");
    refused("population " STUDY "--people 0", 2, "below the limit 1");
    refused("population @/c.h5 --people 0", 2, "is frozen already");
    refused("population " STUDY "--arm nobody", 2, "has no arm 'nobody'");
    refused("population " STUDY "-o @/nowhere/c.h5", 1, "cannot open");
    refused("summary @/c.h5", 1, "people who have not lived");
    refused("population configs/pump-bench.yaml --people 3", 0, "live without a body");
    refused("run " STUDY "--set study.patients=10 --set population.cohort=@/c.h5 -o @/s.h5", 2,
            "freeze more");
    refused("run " STUDY "--set population.cohort=@/nobody.h5 -o @/s.h5", 2, "is not found");
    refused("run " STUDY "--set population.cohort=@/letter.h5 -o @/s.h5", 1, "is not HDF5");
    refused("run " STUDY "--set population.cohort=@/d.h5 -o @/s.h5", 1, "not a frozen cohort");
    refused("run configs/morphine-patient-bolus.yaml --set study.patients=2 --set "
            "population.cohort=@/c.h5 -o @/s.h5",
            2, "the first baclofen");
    cr_expect(!user_has("s.h5") && !user_has("s.h5.journal"));
}

/* A sensitivity analysis of what is frozen would find that nothing matters. */
Test(population, what_frozen_people_bring_is_not_varied)
{
    freeze("c.h5", STUDY "--people 9");
    refused("sensitivity " SMALL "--set study.patients=2 --set population.cohort=@/c.h5 --vary "
            "population.loss_cv=0.1..0.9 --outcome lumbar_ng_per_ml -o @/s.csv",
            2, "bring population.loss_cv with them");
    refused("sensitivity " SMALL "--set study.patients=2 --set population.cohort=@/c.h5 --vary "
            "'drugs[0].kinetics.loss=0.1..0.9 1/h' --outcome lumbar_ng_per_ml -o @/s.csv",
            2, "bring drugs[0].kinetics.loss with them");
    cr_expect_eq(user_run(&u, "sensitivity " SMALL
                              "--set study.patients=2 --set population.cohort=@/c.h5 --set "
                              "population.mortality.model=gompertz --vary "
                              "'population.mortality.rate=0.1..0.9 1/year' --outcome "
                              "lumbar_ng_per_ml --method morris --trajectories 2 -o @/m.csv"),
                 0, "when they die is not in the file: %s", u.err);
    cr_expect_eq(user_run(&u, "sensitivity " SMALL
                              "--set study.patients=2 --set population.cohort=@/c.h5 --vary "
                              "'therapy.dose=100..300 ug/day' --outcome lumbar_ng_per_ml --method "
                              "morris --trajectories 2 -o @/s.csv"),
                 0, "%s", u.err);
}

/* A suite lives few patients of many scenarios; its people are drawn. */
Test(population, of_a_suite_is_drawn)
{
    freeze("c.h5", STUDY "--people 9");
    user_write("suite.yaml", "suite: {name: s, title: t, cpu: 2000 ms}\n"
                             "scenarios:\n"
                             "  - name: one\n"
                             "    config:\n"
                             "      study: {name: one, patients: 1, horizon: 1 day}\n"
                             "      drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                             "      therapy: {dose: 300 ug/day}\n"
                             "      catheter: {tip: T10}\n"
                             "      population: {cohort: c.h5}\n");
    refused("regress @/suite.yaml --candidate %/dosing_core.so", 2, "here people are drawn");
}
