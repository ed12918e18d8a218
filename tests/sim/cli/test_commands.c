/* SPDX-License-Identifier: Apache-2.0 */
/* The commands together, as a user meets them: help, misuse, versions, and a study from run to replay. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/cli/user.h"

Test(commands, help_and_version_go_to_stdout)
{
    static const char *const lines[] = {"--help",
                                        "--version",
                                        "run --help",
                                        "check --help",
                                        "replay --help",
                                        "summary --help",
                                        "verify --help",
                                        "reference --help",
                                        "export --help",
                                        "report --help",
                                        "merge --help",
                                        "validate --help",
                                        "sensitivity --help",
                                        "regress --help",
                                        "witness --help"};
    static user_t o;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        user_run(&o, lines[i]);
        cr_assert_eq(o.code, 0, "%s: exit %d", lines[i], o.code);
        cr_assert_neq(strstr(o.out, "thecasim"), NULL);
        cr_assert_str_empty(o.err);
        if (strstr(lines[i], " --help") != NULL) {
            cr_assert_neq(strstr(o.out, "example:"), NULL, "%s has no example", lines[i]);
        }
    }
}

Test(commands, misuse_is_exit_2_and_says_how_to_go_on)
{
    static const char *const lines[] = {"",
                                        "runn",
                                        "run",
                                        "run a b",
                                        "run --nonsense x.yaml",
                                        "run x.yaml --jobs two",
                                        "run x.yaml --jobs 99999",
                                        "run x.yaml -o",
                                        "replay x.h5",
                                        "replay x.h5 --patient 1 --set study.seed=2",
                                        "run absent.yaml",
                                        "export x.h5 -o y",
                                        "export x.h5 --format csv",
                                        "export x.h5 --format sas -o y",
                                        "export x.h5 --format csv -o y --date today",
                                        "summary a.h5 b.h5 --vpc c.csv",
                                        "summary a.h5 --arm low",
                                        "report",
                                        "report a.h5 b.h5",
                                        "summary a.h5 b.h5 --cohort 20",
                                        "summary a.h5 --cohort 2000000",
                                        "check"};
    static user_t o;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        user_run(&o, lines[i]);
        cr_assert_eq(o.code, 2, "'%s': exit %d", lines[i], o.code);
        cr_assert_str_empty(o.out);
        cr_assert_gt(strlen(o.err), 20);
    }
}

Test(commands, more_threads_than_can_be_meant_are_refused_by_every_command_that_takes_them)
{
    static const struct {
        const char *name, *arguments;
    } row[] = {
        {"run", "configs/baclofen-maintenance.yaml -o @/a.h5"},
        {"validate", "device"},
        {"sensitivity", "configs/pump-bench.yaml --vary 'pump.fill=1..2 mL' --outcome refills"},
        {"regress", "configs/regress/smoke.yaml"},
    };
    static user_t o;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char line[256], said[64];
        (void)snprintf(line, sizeof line, "%s %s --jobs 1025", row[i].name, row[i].arguments);
        (void)snprintf(said, sizeof said, "%s: --jobs 1025: at most 1024 threads", row[i].name);
        cr_expect_eq(user_run(&o, line), 2);
        cr_expect_not_null(strstr(o.err, said), "%s", o.err);
    }
}

/* So any change of its sources makes it another core. */
Test(commands, the_built_in_cores_id_ends_in_the_hash_of_its_sources)
{
    static user_t o;
    char due[64];
    user_run(&o, "--version");
    cr_assert_eq(
        user_shell("LC_ALL=C; export LC_ALL; sha256sum firmware-core/include/*.h "
                   "firmware-core/src/*.[ch] | sha256sum | cut -c 1-16 | tr -d '\n' >@/due"),
        0);
    (void)user_read("due", o.err, sizeof o.err);
    (void)snprintf(due, sizeof due, "thecasim dosing core 0.1.0 %.16s, ABI", o.err);
    cr_assert_eq(strlen(o.err), 16);
    cr_assert_neq(strstr(o.out, due), NULL, "no '%s' in: %s", due, o.out);
}

Test(commands, run_then_summary_then_replay)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_not(user_has("a.h5.journal"));
    user_run(&o, "summary @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "imulated"), NULL, "a summary must say that it is simulated");
    user_run(&o, "replay @/a.h5 --patient 2 -o @/trace.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "identical to the dataset"), NULL, "%s", o.out);
    cr_assert(user_has("trace.h5"));
    user_run(&o, "replay @/a.h5 --patient 4");
    cr_assert_eq(o.code, 1);
}

Test(commands, arms_of_a_study_are_run_summarised_and_replayed)
{
    static user_t o;
    user_run(&o,
             USER_SMALL "--set 'study.arms=[whole, {name: half, set: {therapy.dose: 150 ug/day}}]' "
                        "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "verify @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "summary @/a.h5");
    cr_assert_neq(strstr(o.out, "Arm half (second) less arm whole (first)"), NULL, "%s", o.out);
    cr_assert_neq(strstr(o.out, "-150.0"), NULL, "%s", o.out);
    user_run(&o, "replay @/a.h5 --patient 3 --arm 1");
    cr_assert_neq(strstr(o.out, "identical to the dataset"), NULL, "%s%s", o.out, o.err);
}
