/* SPDX-License-Identifier: Apache-2.0 */
/* Uncertain parameters as a user meets them: a study of draws from check to replay, and what is said where it is wrong. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/cli/user.h"

#define STUDY "configs/baclofen-uncertainty.yaml"
#define SMALL " --set study.patients=2 --set 'study.horizon=3 day' --set events=[] "

static user_t u;

static void says(const char *text, const char *words)
{
    cr_expect_not_null(strstr(text, words), "no \"%s\" in:\n%s", words, text);
}

static int same(const char *a, const char *b)
{
    char line[256];
    (void)snprintf(line, sizeof line, "cmp @/%s @/%s", a, b);
    return user_shell(line) == 0;
}

Test(draws, a_study_of_draws_is_checked_run_verified_replayed_and_exported)
{
    static char csv[USER_OUTPUT_SIZE];
    cr_assert_eq(user_run(&u, "check " STUDY SMALL "--set study.parameter_draws=5"), 0, "%s",
                 u.err);
    says(u.out, "  draws    5 of 27 uncertain parameters, beside their central values\n");
    says(u.out, "for 0 patient-years");
    cr_assert_eq(user_run(&u, "run " STUDY SMALL "--set study.parameter_draws=5 -o @/a.h5"), 0,
                 "%s", u.err);
    says(u.out, "2 patients of baclofen-uncertainty in each of 2 arms, in 5 draws of 27 uncertain "
                "parameters and with their central values, 3 days each");
    says(u.err, "24 trajectories");
    cr_assert_eq(user_run(&u, "verify @/a.h5"), 0, "%s%s", u.out, u.err);
    says(u.out, "sound: 24 records");
    cr_assert_eq(user_run(&u, "replay @/a.h5 --patient 2 --arm high --replicate 5"), 0, "%s",
                 u.err);
    says(u.out, "identical to the dataset, bit for bit");
    cr_assert_eq(user_run(&u, "replay @/a.h5 --patient 2 --replicate 6"), 1);
    says(u.err, "has 2 patients, 2 arms and 5 draws; patient 2 of arm 0, replicate 6, is none");
    cr_assert_eq(user_run(&u, "export @/a.h5 --format csv -o @/csv"), 0, "%s", u.err);
    (void)user_read("csv/uncertain.csv", csv, sizeof csv);
    says(csv, "\n0,body.csf.dispersion_lumbar,cm2/h,log_normal,45,760,0.001,5000\n");
    (void)user_read("csv/draws.csv", csv, sizeof csv);
    says(csv, "replicate,parameter,value\n0,0,188\n");
    says(csv, "\n5,26,");
    cr_expect_null(strstr(csv, "\n6,0,"));
}

Test(draws, shards_of_draws_merge_to_the_bytes_of_one_run)
{
    cr_assert_eq(user_run(&u, "run " STUDY SMALL "--jobs 1 -o @/whole.h5"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, "run " STUDY SMALL "--jobs 2 --shard 1/2 -o @/1.h5"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, "run " STUDY SMALL "--jobs 2 --shard 2/2 -o @/2.h5"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, "merge @/1.h5 @/2.h5 -o @/merged.h5"), 0, "%s", u.err);
    cr_expect(same("whole.h5", "merged.h5"));
}

/* The trace of a replicate names its draws as the dataset does. */
Test(draws, a_trace_of_a_replicate_is_sound)
{
    cr_assert_eq(user_run(&u, "replay " STUDY SMALL "--patient 1 --replicate 3 -o @/t.h5"), 0, "%s",
                 u.err);
    cr_assert_eq(user_run(&u, "verify @/t.h5"), 0, "%s%s", u.out, u.err);
}

Test(draws, draws_of_nothing_are_refused_with_the_mend)
{
    cr_assert_eq(user_run(&u, "check configs/baclofen-maintenance.yaml --set "
                              "study.parameter_draws=20"),
                 2);
    says(u.err, "--set study.parameter_draws=20: error: study.parameter_draws: nothing is there to "
                "draw; list what the study does not know under uncertain");
    cr_assert_eq(user_run(&u, "check configs/baclofen-maintenance.yaml --set "
                              "study.parameter_draws=20 --set 'uncertain=[{key: "
                              "body.response.ec50, low: 40 ng/mL, high: 150 ng/mL}]'"),
                 0, "%s", u.err);
}

/* A body that no draw but one keeps from being built: check warns of it, and the run stops at it and says how to see it. */
Test(draws, a_replicate_that_cannot_live_is_shown_by_the_command_that_is_named)
{
#define STIFF                                                                                      \
    "configs/baclofen-maintenance.yaml --set 'study.horizon=3 day' --set events=[] --set "         \
    "study.patients=2 --set study.parameter_draws=20 --set 'uncertain=[{key: "                     \
    "body.csf.dispersion_lumbar, low: 0.005 cm2/h, high: 2000 cm2/h}]'"
    static char line[USER_OUTPUT_SIZE];
    cr_assert_eq(user_run(&u, "check " STIFF), 0, "%s", u.err);
    says(u.out, "well formed, but a run would stop");
    says(u.err, "patient 1 of arm reference in replicate ");
    cr_assert_eq(user_run(&u, "run " STIFF " -o @/a.h5"), 1);
    const char *command = strstr(u.err, "to see it alone: thecasim ");
    cr_assert_not_null(command, "%s", u.err);
    (void)snprintf(line, sizeof line, "%s", command + strlen("to see it alone: thecasim "));
    line[strcspn(line, "\n")] = '\0';
    says(line, " --replicate ");
    cr_expect_eq(user_run(&u, line), 1);
    says(u.err, "ERROR_OPERATOR_RANGE");
}

/* ---- sensitivity ---- */

#define TWO                                                                                        \
    "sensitivity configs/pump-bench.yaml --set study.patients=2 --set 'study.horizon=4 day' --set" \
    " 'events=[{at: 3 day, order: refill, volume: 18 mL}]' --outcome least_found_ml --method "     \
    "morris --trajectories 2 --json -o @/s.csv --force "
/* What stands below the line that says which analysis it is. */
static char *results(char *text, size_t size)
{
    char *end = strchr(user_read("s.csv", text, size), '\n');
    cr_assert_not_null(end);
    return end;
}

static void expect_as_asked(const char *list, const char *vary)
{
    static char line[2048], listed[USER_OUTPUT_SIZE], asked[USER_OUTPUT_SIZE];
    (void)snprintf(line, sizeof line, TWO "--set study.parameter_draws=4 --set 'uncertain=[%s]'",
                   list);
    cr_assert_eq(user_run(&u, line), 0, "%s", u.err);
    const char *of_list = results(listed, sizeof listed);
    (void)snprintf(line, sizeof line, TWO "%s", vary);
    cr_assert_eq(user_run(&u, line), 0, "%s", u.err);
    cr_expect_str_eq(of_list, results(asked, sizeof asked));
}

/* As --vary of the same ranges, in the logarithm where the draws are; the draws of the study are not run beside it. */
Test(draws, sensitivity_varies_the_list_of_the_study)
{
    expect_as_asked("{key: pump.fill, low: 16 mL, high: 18 mL}",
                    "--vary-log 'pump.fill=16..18 mL'");
    expect_as_asked("{key: pump.head.ripple, low: 0.1, high: 0.3, shape: normal}, "
                    "{key: pump.fill, low: 16 mL, high: 18 mL, shape: uniform}",
                    "--vary pump.head.ripple=0.1..0.3 --vary 'pump.fill=16..18 mL'");
}

Test(draws, sensitivity_without_inputs_says_where_they_come_from)
{
    cr_assert_eq(user_run(&u, TWO), 2);
    says(u.err, "nothing to vary: --vary 'therapy.dose=100..300 ug/day', once for each input, or a "
                "list `uncertain` in the study");
    cr_assert_eq(user_run(&u, "sensitivity " STUDY " --outcome ashworth_change"), 2);
    says(u.err, "27 inputs, and Sobol's design takes 20: --method morris finds those that matter");
    cr_assert_eq(user_run(&u, "sensitivity --help"), 0);
    says(u.out, "default: the study's list `uncertain`");
}
