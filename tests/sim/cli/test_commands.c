/* SPDX-License-Identifier: Apache-2.0 */
/* The commands as a user meets them: exit codes, what is said where, and nothing left behind. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/folder.h"

#define OUTPUT_SIZE 65536

/* What one command line printed, and its exit code. */
typedef struct outcome_t {
    int code;
    char out[OUTPUT_SIZE];
    char err[OUTPUT_SIZE];
} outcome_t;

static const char *build_folder(void)
{
    const char *build = getenv("BUILD");
    return build != NULL ? build : "build/release";
}

static void fill(char *text, size_t size, char sign, const char *by)
{
    for (char *at = strchr(text, sign); at != NULL; at = strchr(text, sign)) {
        char rest[1024];
        (void)snprintf(rest, sizeof rest, "%s", at + 1);
        (void)snprintf(at, size - (size_t)(at - text), "%s%s", by, rest);
    }
}

/* A line of the shell; @ in it is the test's own folder, % the build's. */
static int shell(const char *text)
{
    char line[2048];
    (void)snprintf(line, sizeof line, "%s", text);
    fill(line, sizeof line, '@', folder_of_test());
    fill(line, sizeof line, '%', build_folder());
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Runs `thecasim ARGUMENTS`, with the same signs. */
static void run(outcome_t *o, const char *arguments)
{
    char line[1024];
    (void)snprintf(line, sizeof line, "%%/thecasim %s >@/out 2>@/err", arguments);
    o->code = shell(line);
    folder_read("out", o->out, OUTPUT_SIZE);
    folder_read("err", o->err, OUTPUT_SIZE);
}

static bool exists(const char *name)
{
    char path[256];
    (void)folder_path(path, sizeof path, name);
    return access(path, F_OK) == 0;
}

static void write_file(const char *name, const char *text)
{
    char path[256];
    (void)folder_path(path, sizeof path, name);
    FILE *f = fopen(path, "wb");
    cr_assert_neq(f, NULL);
    cr_assert_geq(fputs(text, f), 0);
    cr_assert_eq(fclose(f), 0);
}

#define SMALL                                                                                      \
    "run configs/baclofen-maintenance.yaml --set study.patients=3 --set study.horizon='2 day' "    \
    "--set events=[] "

Test(commands, help_and_version_go_to_stdout)
{
    static const char *const lines[] = {
        "--help",         "--version",     "run --help",       "check --help",  "replay --help",
        "summary --help", "verify --help", "reference --help", "export --help", "report --help"};
    static outcome_t o;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        run(&o, lines[i]);
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
    static outcome_t o;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        run(&o, lines[i]);
        cr_assert_eq(o.code, 2, "'%s': exit %d", lines[i], o.code);
        cr_assert_str_empty(o.out);
        cr_assert_gt(strlen(o.err), 20);
    }
}

Test(commands, a_body_that_cannot_be_built_is_refused_before_anything_is_written)
{
    static const char *const sets[] = {"body.csf.dispersion_thoracic=0.018 cm2/h",
                                       "body.csf.leak=50 mL/h"};
    static outcome_t o;
    for (size_t i = 0; i < 2; i++) {
        char line[256];
        (void)snprintf(line, sizeof line, "check configs/baclofen-maintenance.yaml --set '%s'",
                       sets[i]);
        run(&o, line);
        cr_assert_eq(o.code, 2, "%s: exit %d", line, o.code);
        cr_assert_str_empty(o.out);
        cr_assert_neq(strstr(o.err, "no body can be built"), NULL, "%s", o.err);
        (void)snprintf(line, sizeof line,
                       "run configs/baclofen-maintenance.yaml -o @/x.h5 --set '%s'", sets[i]);
        run(&o, line);
        cr_assert_eq(o.code, 2, "%s: exit %d", line, o.code);
        cr_assert_not(exists("x.h5"));
        cr_assert_not(exists("x.h5.journal"));
    }
}

Test(commands, check_warns_of_a_patient_at_whom_a_run_would_stop)
{
    static outcome_t o;
    run(&o, "check configs/baclofen-maintenance.yaml --set 'body.csf.dispersion_thoracic=8 cm2/h'");
    cr_assert_eq(o.code, 0);
    cr_assert_neq(strstr(o.err, "warning: patient 1 of arm reference cannot be built"), NULL, "%s",
                  o.err);
    cr_assert_eq(strstr(o.out, ": sound:"), NULL, "%s", o.out);
}

Test(commands, a_config_with_errors_writes_nothing)
{
    static outcome_t o;
    write_file("bad.yaml", "study: {name: x, patients: 0}\nnonsense: 1\n");
    run(&o, "run @/bad.yaml -o @/x.h5");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "bad.yaml:2:1: error:"), NULL, "%s", o.err);
    cr_assert_not(exists("x.h5"));
    cr_assert_not(exists("x.h5.journal"));
}

Test(commands, run_then_summary_then_replay)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_not(exists("a.h5.journal"));
    run(&o, "summary @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "imulated"), NULL, "a summary must say that it is simulated");
    run(&o, "replay @/a.h5 --patient 2 -o @/trace.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "identical to the dataset"), NULL, "%s", o.out);
    cr_assert(exists("trace.h5"));
    run(&o, "replay @/a.h5 --patient 4");
    cr_assert_eq(o.code, 1);
}

Test(commands, a_summary_tells_where_a_cohort_would_lie)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    run(&o, "summary @/a.h5 --cohort 60");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "A cohort of 60 in arm"), NULL, "%s", o.out);
    run(&o, "summary @/a.h5 --cohort 60 --json");
    cr_assert_neq(strstr(o.out, "\"cohort_of\": 60"), NULL, "%s", o.out);
    run(&o, "summary @/a.h5 --json");
    cr_assert_eq(strstr(o.out, "cohort_of"), NULL);
}

Test(commands, observations_are_held_against_a_dataset)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    write_file("levels.csv", "patient,day,value,lloq\np,0,90,20\np,1,,20\nq,1,140,20\n");
    run(&o, "summary @/a.h5 --vpc @/levels.csv");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "3 samples of 2 observed patients"), NULL, "%s", o.out);
    run(&o, "summary @/a.h5 --vpc @/levels.csv --field plasma_ng_per_ml --json");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "\"field\": \"plasma_ng_per_ml\""), NULL, "%s", o.out);
    write_file("levels.csv", "patient,day,value\np,0,9O\n");
    run(&o, "summary @/a.h5 --vpc @/levels.csv");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "levels.csv:2: value is '9O'"), NULL, "%s", o.err);
    run(&o, "summary @/a.h5 --vpc @/levels.csv --field plasma");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "no number of table daily is called 'plasma'"), NULL, "%s", o.err);
    run(&o, "summary @/a.h5 --vpc @/levels.csv --arm third");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "has no arm 'third'; its arms are 0 reference"), NULL, "%s", o.err);
}

Test(commands, every_pulse_can_be_printed)
{
    static outcome_t o;
    int lines = 0;
    run(&o, SMALL "--set therapy.dose='30 ug/day' -o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "replay @/a.h5 --patient 1 --pulses");
    for (const char *at = o.out; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    /* 60 uL a day at 0.25 uL a pulse for two days, one line for the names. */
    cr_assert(lines >= 480 && lines <= 482, "%d lines", lines);
}

Test(commands, what_exists_is_kept_unless_forced)
{
    static outcome_t o;
    write_file("a.h5", "mine");
    run(&o, SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "--force"), NULL);
    run(&o, SMALL "--force -o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
}

Test(commands, an_export_is_a_folder_that_is_kept_unless_forced)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "export @/a.h5 --format csv -o @/csv");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "simulated"), NULL, "%s", o.out);
    cr_assert(exists("csv/daily.csv"));
    run(&o, "export @/a.h5 --format csv -o @/csv");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "--force"), NULL, "%s", o.err);
    run(&o, "export @/a.h5 --format csv -o @/csv --force");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "export @/absent.h5 --format csv -o @/none");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "absent.h5"), NULL, "%s", o.err);
    cr_assert_not(exists("none"));
    cr_assert_not(exists("none.part"));
}

/* A child of this test inherits the limit. */
Test(commands, an_export_to_a_full_disk_leaves_nothing)
{
    static outcome_t o;
    struct rlimit before, limit;
    run(&o, SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 1500;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    run(&o, "export @/a.h5 --format csv -o @/csv");
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "free some space"), NULL, "%s", o.err);
    cr_assert_not(exists("csv"));
    cr_assert_not(exists("csv.part"));
}

Test(commands, a_foreign_file_is_named_as_such)
{
    static outcome_t o;
    write_file("letter.h5", "Dear reader");
    run(&o, "summary @/letter.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "letter.h5"), NULL);
    cr_assert_neq(strstr(o.err, "FOREIGN"), NULL, "%s", o.err);
}

Test(commands, a_truncated_dataset_is_refused_by_name)
{
    static outcome_t o;
    char line[512];
    run(&o, SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    (void)snprintf(line, sizeof line, "truncate -s 40000 %s/a.h5", folder_of_test());
    cr_assert_eq(system(line), 0);
    run(&o, "summary @/a.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "TRUNCATED"), NULL, "%s", o.err);
}

/* A child of this test inherits the limit, so every write beyond it fails as on a full disk. */
Test(commands, a_full_disk_leaves_nothing_under_the_final_name)
{
    static const rlim_t sizes[] = {1000, 4096, 20000, 60000};
    static outcome_t o;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct rlimit before, limit;
        cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
        limit = before;
        limit.rlim_cur = sizes[i];
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        run(&o, SMALL "-o @/full.h5 --force");
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
        cr_assert_eq(o.code, 1, "limit %ju: exit %d", (uintmax_t)sizes[i], o.code);
        cr_assert_not(exists("full.h5"), "limit %ju", (uintmax_t)sizes[i]);
        cr_assert_not(exists("full.h5.part"), "limit %ju", (uintmax_t)sizes[i]);
    }
}

Test(commands, the_same_core_loaded_gives_the_same_bytes)
{
    static outcome_t o;
    run(&o, SMALL "-o @/built-in.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, SMALL "-o @/loaded.h5 --core %/dosing_core.so");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_eq(shell("cmp @/built-in.h5 @/loaded.h5"), 0,
                 "the same core, loaded, wrote other bytes");
    run(&o, "replay @/built-in.h5 --patient 1 --core %/dosing_core.so");
    cr_assert_neq(strstr(o.out, "identical to the dataset"), NULL, "%s", o.out);
    cr_assert_str_empty(o.err);
}

#define NEVER "--core %/tests/sim/host/cores/never.so "
#define NEVER_ID "test core that never doses"

Test(commands, another_core_is_the_one_that_doses)
{
    static outcome_t o;
    run(&o, SMALL NEVER "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "summary --json @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "\"core_id\": \"" NEVER_ID "\""), NULL, "%s", o.out);
    cr_assert_neq(strstr(o.out, "\"pulses_commanded\": 0,"), NULL, "%s", o.out);
    cr_assert_neq(strstr(o.out, "\"volume_delivered_ml\": {\n        \"n\": 3,\n        "
                                "\"patients\": 3,\n        \"mean\": 0.0,"),
                  NULL, "%s", o.out);
    run(&o, "replay @/a.h5 --patient 1 --pulses " NEVER);
    cr_assert_str_eq(o.out, "pulse,time_ms,volume_ul\n");
    cr_assert_str_empty(o.err);
    run(&o, "replay @/a.h5 --patient 1");
    cr_assert_neq(strstr(o.err, "made with core " NEVER_ID), NULL, "%s", o.err);
    cr_assert_neq(strstr(o.out, "differs from the dataset"), NULL, "%s", o.out);
}

Test(commands, a_core_of_another_abi_is_refused_by_name_and_nothing_is_written)
{
    static outcome_t o;
    run(&o, SMALL "--core %/tests/sim/host/cores/abi2.so -o @/a.h5");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "abi2.so: built for ABI 2, this program speaks ABI 1"), NULL, "%s",
                  o.err);
    run(&o, SMALL "--core @/absent.so -o @/a.h5");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "absent.so"), NULL, "%s", o.err);
    cr_assert_eq(shell("ls -A @ | grep -vxE 'out|err'"), 1, "something was written");
}

/* 90 days of 0.6 mL without a refill. */
#define DRY "--set events=[] --set study.patients=1 "
#define DRY_TEXT "study.horizon: at 0.6 mL/day the reservoir runs dry on day 33.3"

Test(commands, what_a_study_was_warned_of_stays_with_its_dataset)
{
    static outcome_t o;
    run(&o, "run configs/baclofen-maintenance.yaml " DRY "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.err, DRY_TEXT), NULL, "%s", o.err);
    run(&o, "summary @/a.h5");
    cr_assert_neq(strstr(o.out, "\nwarning     " DRY_TEXT), NULL, "%s", o.out);
    run(&o, "summary --json @/a.h5");
    cr_assert_neq(strstr(o.out, "\"warnings\": [\n      \"" DRY_TEXT), NULL, "%s", o.out);
    run(&o, "replay @/a.h5 --patient 1 -o @/trace.h5");
    run(&o, "summary @/trace.h5");
    cr_assert_neq(strstr(o.out, "\nwarning     " DRY_TEXT), NULL, "%s", o.out);
    cr_assert_eq(shell("cp configs/baclofen-maintenance.yaml @/moved.yaml"), 0);
    run(&o, "run @/moved.yaml " DRY "-o @/b.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_eq(shell("cmp @/a.h5 @/b.h5"), 0, "where the study lay changed the dataset");
}

/* A default that is doubtful is said as a value in the resolved config, and no longer doubted there. */
Test(commands, a_trace_of_a_dataset_has_the_warnings_of_the_dataset)
{
    static outcome_t o;
    run(&o, SMALL "--set 'drugs=[{name: morphine, concentration: 500 ug/mL}]' -o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "replay @/a.h5 --patient 1 -o @/trace.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "summary @/trace.h5");
    cr_assert_neq(strstr(o.out, "morphine moves and is cleared as baclofen does"), NULL, "%s",
                  o.out);
}

Test(commands, a_study_without_doubts_has_no_warnings)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    cr_assert_str_eq(strstr(o.err, "warning") == NULL ? "" : o.err, "");
    run(&o, "summary @/a.h5");
    cr_assert_eq(strstr(o.out, "\nwarning"), NULL, "%s", o.out);
    run(&o, "summary --json @/a.h5");
    cr_assert_neq(strstr(o.out, "\"warnings\": []"), NULL, "%s", o.out);
}

/* Leaves @/a.h5.journal and no @/a.h5, as an interruption does. */
static void run_on_a_full_disk(outcome_t *o, const char *core)
{
    struct rlimit before, limit;
    char line[512];
    (void)snprintf(line, sizeof line, SMALL "-o @/a.h5 %s", core);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 20000;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    run(o, line);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_assert_eq(o->code, 1, "%s", o->err);
    cr_assert(exists("a.h5.journal") && !exists("a.h5"));
}

Test(commands, what_one_core_began_no_other_resumes)
{
    static outcome_t o;
    run_on_a_full_disk(&o, "");
    run(&o, SMALL "-o @/a.h5 --resume " NEVER);
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "made with another dosing core; this run's core is " NEVER_ID),
                  NULL, "%s", o.err);
    cr_assert_not(exists("a.h5"));
    run(&o, SMALL "-o @/a.h5 --resume --seed 5");
    cr_assert_neq(strstr(o.err, "another study, seed"), NULL, "%s", o.err);
    run(&o, SMALL "-o @/a.h5 --resume --core %/dosing_core.so");
    cr_assert_eq(o.code, 0, "%s", o.err);
}

/* The second is the first with a byte more at its end, which a loader does not look at. */
Test(commands, two_cores_that_give_the_same_id_are_told_apart)
{
    static outcome_t o;
    cr_assert_eq(shell("cp %/tests/sim/host/cores/never.so @/one.so && cp @/one.so @/two.so && "
                       "echo >>@/two.so"),
                 0);
    run_on_a_full_disk(&o, "--core @/one.so");
    run(&o, SMALL "-o @/a.h5 --resume --core @/two.so");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "made with another dosing core; this run's core is " NEVER_ID),
                  NULL, "%s", o.err);
    run(&o, SMALL "-o @/a.h5 --resume --core @/one.so");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "replay @/a.h5 --patient 1 --core @/one.so");
    cr_assert_str_empty(o.err);
    run(&o, "replay @/a.h5 --patient 1 --core @/two.so");
    cr_assert_neq(strstr(o.err, "made with core " NEVER_ID), NULL, "%s", o.err);
}

/* So any change of its sources makes it another core. */
Test(commands, the_built_in_cores_id_ends_in_the_hash_of_its_sources)
{
    static outcome_t o;
    char due[64];
    run(&o, "--version");
    cr_assert_eq(shell("LC_ALL=C; export LC_ALL; sha256sum firmware-core/include/*.h "
                       "firmware-core/src/*.[ch] | sha256sum | cut -c 1-16 | tr -d '\n' >@/due"),
                 0);
    folder_read("due", o.err, OUTPUT_SIZE);
    (void)snprintf(due, sizeof due, "thecasim dosing core 0.1.0 %.16s, ABI", o.err);
    cr_assert_eq(strlen(o.err), 16);
    cr_assert_neq(strstr(o.out, due), NULL, "no '%s' in: %s", due, o.out);
}

Test(commands, a_dataset_that_a_run_wrote_is_sound)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "verify @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "sound: 3 records"), NULL, "%s", o.out);
}

Test(commands, the_hash_of_a_study_is_that_of_its_values_whoever_ran_it)
{
    static outcome_t one, two, other;
    run(&one, SMALL "-o @/one.h5 --jobs 1");
    run(&two, SMALL "-o @/two.h5 --jobs 2");
    run(&other, SMALL "-o @/other.h5 --seed 5");
    run(&one, "verify --hash @/one.h5");
    run(&two, "verify --hash @/two.h5");
    run(&other, "verify --hash @/other.h5");
    cr_assert_eq(one.code, 0, "%s", one.err);
    cr_assert_neq(strstr(one.out, "  total\n"), NULL, "%s", one.out);
    cr_assert_str_eq(one.out, two.out);
    cr_assert_str_neq(one.out, other.out);
}

Test(commands, a_trace_verifies_and_a_letter_does_not)
{
    static outcome_t o;
    run(&o, "replay configs/baclofen-maintenance.yaml --set study.horizon='1 day' --set events=[] "
            "--patient 2 -o @/t.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "verify @/t.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    write_file("letter.h5", "Dear reader");
    run(&o, "verify @/letter.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "FOREIGN"), NULL, "%s", o.err);
}

Test(commands, two_datasets_are_compared_only_if_their_patients_are_the_same)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    run(&o, SMALL "-o @/b.h5 --set therapy.dose='200 ug/day'");
    run(&o, SMALL "-o @/c.h5 --seed 5");
    run(&o, "summary @/a.h5 @/b.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "-100.0"), NULL, "%s", o.out);
    run(&o, "summary @/a.h5 @/c.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "seeds 20261122 and 5"), NULL, "%s", o.err);
}

Test(commands, arms_of_a_study_are_run_summarised_and_replayed)
{
    static outcome_t o;
    run(&o, SMALL "--set 'study.arms=[whole, {name: half, set: {therapy.dose: 150 ug/day}}]' "
                  "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "verify @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    run(&o, "summary @/a.h5");
    cr_assert_neq(strstr(o.out, "Arm half (second) less arm whole (first)"), NULL, "%s", o.out);
    cr_assert_neq(strstr(o.out, "-150.0"), NULL, "%s", o.out);
    run(&o, "replay @/a.h5 --patient 3 --arm 1");
    cr_assert_neq(strstr(o.out, "identical to the dataset"), NULL, "%s%s", o.out, o.err);
}

Test(commands, an_arm_is_replayed_by_name_or_number_and_an_unknown_one_is_told_which_there_are)
{
    static outcome_t by_name, by_number;
    static const char *const none[] = {"third", "2", "-1", "01", "''", "whol"};
    run(&by_name, SMALL "--set 'study.arms=[whole, {name: half, set: {therapy.dose: 150 ug/day}}]' "
                        "-o @/a.h5");
    cr_assert_eq(by_name.code, 0, "%s", by_name.err);
    run(&by_name, "replay @/a.h5 --patient 3 --arm half --pulses");
    run(&by_number, "replay @/a.h5 --patient 3 --arm 1 --pulses");
    cr_assert_eq(by_name.code, 0, "%s", by_name.err);
    cr_assert_str_eq(by_name.out, by_number.out);
    run(&by_number, "replay @/a.h5 --patient 3 --pulses");
    cr_assert_str_neq(by_name.out, by_number.out);
    run(&by_name, "replay @/a.h5 --patient 3 --arm whole --pulses");
    cr_assert_str_eq(by_name.out, by_number.out);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "replay @/a.h5 --patient 3 --arm=%s", none[i]);
        run(&by_name, line);
        cr_assert_eq(by_name.code, 2, "%s: exit %d", line, by_name.code);
        cr_assert_neq(strstr(by_name.err, "its arms are 0 whole, 1 half\n"), NULL, "%s: %s", line,
                      by_name.err);
        cr_assert_str_empty(by_name.out);
    }
}

/* Makes the score of every patient at the end one that no rater can give. */
static void spoil(const char *name)
{
    char path[256];
    double score[3] = {9.0, 9.0, 9.0};
    (void)folder_path(path, sizeof path, name);
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t column = H5Dopen2(file, "/patients/ashworth_after_latent", H5P_DEFAULT);
    cr_assert_geq(H5Dwrite(column, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, score), 0);
    (void)H5Dclose(column);
    (void)H5Fclose(file);
}

Test(commands, a_dataset_with_a_problem_is_named_and_fails)
{
    static outcome_t o;
    run(&o, SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    spoil("a.h5");
    run(&o, "verify @/a.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "patients/ashworth_after_latent: 3 of 3 values outside 0 to 6"),
                  NULL, "%s", o.err);
    cr_assert_neq(strstr(o.err, "1 problem\n"), NULL, "%s", o.err);
    cr_assert_str_empty(o.out);
}

Test(commands, more_threads_than_can_be_meant_are_refused_by_every_command_that_takes_them)
{
    static outcome_t o;
    run(&o, "run configs/baclofen-maintenance.yaml -o @/a.h5 --jobs 1025");
    cr_expect_eq(o.code, 2);
    cr_expect_not_null(strstr(o.err, "run: --jobs 1025: at most 1024 threads"), "%s", o.err);
    run(&o, "validate device --jobs 1025");
    cr_expect_eq(o.code, 2);
    cr_expect_not_null(strstr(o.err, "validate: --jobs 1025: at most 1024 threads"), "%s", o.err);
}
