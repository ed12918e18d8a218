/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim validate` as a user meets it: verdicts, exit codes, the file of rows, and nothing left behind. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/folder.h"

static char out[65536], err[65536];

/* Twenty pumps for 400 days, of which no event can end any; `interval` is of the share that none did. */
static void write_validation(const char *interval, const char *more)
{
    char path[256];
    (void)folder_path(path, sizeof path, "v.yaml");
    FILE *f = fopen(path, "w");
    cr_assert_not_null(f);
    fprintf(
        f,
        "validation: {name: v, title: A validation}\n"
        "runs:\n  - name: one\n    quick: 12\n    config:\n"
        "      study: {name: s, patients: 20, horizon: 400 day}\n"
        "      drugs: [{name: baclofen, concentration: 2000 ug/mL}]\n"
        "      pump: {fill: 20 mL}\n      therapy: {dose: 96 ug/day}\n      catheter: {tip: T10}\n"
        "      body: {model: none}\n"
        "observed:\n  - id: R.1\n    what: pumps free of an event\n    of: [one]\n"
        "    estimator: pump_event_free_lowest\n    unit: \"1\"\n    value: %.*s\n    interval: "
        "[%s]\n"
        "    rule: published\n    role: emergent\n    gate: false\n    source: A journal\n%s",
        (int)strcspn(interval, ","), interval, interval, more);
    (void)fclose(f);
}

/* Runs `thecasim ARGUMENTS` in the test's folder; returns its exit code. */
static int run(const char *arguments)
{
    char line[2048], root[1024];
    const char *build = getenv("BUILD");
    cr_assert_not_null(getcwd(root, sizeof root));
    (void)snprintf(line, sizeof line, "cd '%s' && '%.900s/%.60s/thecasim' %.400s >out 2>err",
                   folder_of_test(), root, build != NULL ? build : "build/release", arguments);
    const int status = system(line);
    folder_read("out", out, sizeof out);
    folder_read("err", err, sizeof err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

TestSuite(validate, .timeout = 120);

Test(validate, passes_where_the_row_is_inside)
{
    write_validation("1, 1.5", "");
    cr_expect_eq(run("validate v.yaml -o rows.h5"), 0, "%s%s", out, err);
    cr_expect_not_null(strstr(out, "R.1     inside"), "%s", out);
    cr_expect_not_null(strstr(out, "1 of 1 counted rows are inside"), "%s", out);
    cr_expect_not_null(strstr(out, "A full run: it passes."), "%s", out);
}

Test(validate, fails_where_too_few_are_inside_or_a_row_lies_outside)
{
    write_validation("0.3, 0.5", "");
    cr_expect_eq(run("validate v.yaml"), 1, "%s%s", out, err);
    cr_expect_not_null(strstr(out, "R.1     outside"), "%s", out);
    cr_expect_eq(run("validate v.yaml --quick"), 1, "%s%s", out, err);
    cr_expect_not_null(strstr(out, "A quick run, of small pools: it fails."), "%s", out);
}

Test(validate, with_too_few_fails_but_for_a_quick_run)
{
    write_validation("0.99, 1", "");
    cr_expect_eq(run("validate v.yaml"), 1, "%s%s", out, err);
    cr_expect_not_null(strstr(out, "R.1     too few"), "%s", out);
    cr_expect_eq(run("validate v.yaml --quick"), 0, "%s%s", out, err);
}

Test(validate, runs_nothing_for_a_row_that_needs_something_and_counts_it)
{
    write_validation("0.99, 1", "    needs: a wonder\n");
    cr_expect_eq(run("validate v.yaml"), 1, "%s%s", out, err);
    cr_expect_not_null(strstr(out, "not computed: needs a wonder"), "%s", out);
    cr_expect_null(strstr(err, "trajectories"), "%s", err);
}

Test(validate, prints_written_rows_again_and_keeps_what_is_there)
{
    static char first[sizeof out];
    write_validation("1, 1.5", "");
    cr_assert_eq(run("validate v.yaml -q -o rows.h5"), 0, "%s%s", out, err);
    memcpy(first, out, sizeof out);
    cr_expect_eq(run("validate --read rows.h5"), 0, "%s", err);
    cr_expect_str_eq(out, first);
    cr_expect_eq(run("validate --read rows.h5 --markdown"), 0, "%s", err);
    cr_expect_not_null(strstr(out, "| R.1 | pumps free of an event |"), "%s", out);
    cr_expect_eq(run("validate v.yaml -q -o rows.h5"), 1);
    cr_expect_not_null(strstr(err, "--force"), "%s", err);
}

Test(validate, leaves_datasets_only_where_they_are_kept)
{
    char empty[256];
    (void)folder_path(empty, sizeof empty, "empty");
    cr_assert_eq(mkdir(empty, 0700), 0);
    cr_assert_eq(setenv("TMPDIR", empty, 1), 0);
    write_validation("1, 1.5", "");
    cr_assert_eq(run("validate v.yaml -q"), 0, "%s%s", out, err);
    cr_expect_eq(rmdir(empty), 0, "something is left in %s", empty);
    cr_assert_eq(run("validate v.yaml -q --keep ."), 0, "%s%s", out, err);
    cr_expect_eq(run("verify v-one.h5"), 0, "%s%s", out, err);
}

Test(validate, refuses_what_is_not_there_and_what_is_wrong)
{
    cr_expect_eq(run("validate no-such"), 2);
    cr_expect_not_null(strstr(err, "there is no validation 'no-such'"), "%s", err);
    cr_expect_eq(run("validate --read nothing.h5"), 1, "%s", err);
    write_validation("1, 1.5", "    gaet: true\n");
    cr_expect_eq(run("validate v.yaml"), 2, "%s", err);
    cr_expect_not_null(
        strstr(err, "v.yaml:24:5: error: observed[0].gaet: unknown key; did you mean gate?"), "%s",
        err);
}

Test(validate, refuses_one_validation_given_twice)
{
    write_validation("1, 1.5", "");
    cr_expect_eq(run("validate v.yaml ./v.yaml --quick"), 2, "%s%s", out, err);
    cr_expect_not_null(strstr(err, "v.yaml and ./v.yaml are both validation 'v'"), "%s", err);
    cr_expect_str_empty(out);
}
