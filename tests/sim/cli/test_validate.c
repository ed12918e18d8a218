/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim validate` as a user meets it: verdicts, exit codes, the file of rows, and nothing left behind. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sim/cli/user.h"

static user_t u;

/* Twenty pumps for 400 days, of which no event can end any; `interval` is of the share that none did. */
static void write_validation(const char *interval, const char *more)
{
    char path[256];
    FILE *f = fopen(user_path(path, sizeof path, "v.yaml"), "w");
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

TestSuite(validate, .timeout = 120);

Test(validate, passes_where_the_row_is_inside)
{
    write_validation("1, 1.5", "");
    cr_expect_eq(user_run(&u, "validate @/v.yaml -o @/rows.h5"), 0, "%s%s", u.out, u.err);
    cr_expect_not_null(strstr(u.out, "R.1     inside"), "%s", u.out);
    cr_expect_not_null(strstr(u.out, "1 of 1 counted rows are inside"), "%s", u.out);
    cr_expect_not_null(strstr(u.out, "A full run: it passes."), "%s", u.out);
}

Test(validate, fails_where_too_few_are_inside_or_a_row_lies_outside)
{
    write_validation("0.3, 0.5", "");
    cr_expect_eq(user_run(&u, "validate @/v.yaml"), 1, "%s%s", u.out, u.err);
    cr_expect_not_null(strstr(u.out, "R.1     outside"), "%s", u.out);
    cr_expect_eq(user_run(&u, "validate @/v.yaml --quick"), 1, "%s%s", u.out, u.err);
    cr_expect_not_null(strstr(u.out, "A quick run, of small pools: it fails."), "%s", u.out);
}

Test(validate, with_too_few_fails_but_for_a_quick_run)
{
    write_validation("0.99, 1", "");
    cr_expect_eq(user_run(&u, "validate @/v.yaml"), 1, "%s%s", u.out, u.err);
    cr_expect_not_null(strstr(u.out, "R.1     too few"), "%s", u.out);
    cr_expect_eq(user_run(&u, "validate @/v.yaml --quick"), 0, "%s%s", u.out, u.err);
}

Test(validate, runs_nothing_for_a_row_that_needs_something_and_counts_it)
{
    write_validation("0.99, 1", "    needs: a wonder\n");
    cr_expect_eq(user_run(&u, "validate @/v.yaml"), 1, "%s%s", u.out, u.err);
    cr_expect_not_null(strstr(u.out, "not computed: needs a wonder"), "%s", u.out);
    cr_expect_null(strstr(u.err, "trajectories"), "%s", u.err);
}

Test(validate, prints_written_rows_again_and_keeps_what_is_there)
{
    static char first[sizeof u.out];
    write_validation("1, 1.5", "");
    cr_assert_eq(user_run(&u, "validate @/v.yaml -q -o @/rows.h5"), 0, "%s%s", u.out, u.err);
    memcpy(first, u.out, sizeof u.out);
    cr_expect_eq(user_run(&u, "validate --read @/rows.h5"), 0, "%s", u.err);
    cr_expect_str_eq(u.out, first);
    cr_expect_eq(user_run(&u, "validate --read @/rows.h5 --markdown"), 0, "%s", u.err);
    cr_expect_not_null(strstr(u.out, "| R.1 | pumps free of an event |"), "%s", u.out);
    cr_expect_eq(user_run(&u, "validate @/v.yaml -q -o @/rows.h5"), 1);
    cr_expect_not_null(strstr(u.err, "--force"), "%s", u.err);
}

Test(validate, leaves_datasets_only_where_they_are_kept)
{
    char empty[256];
    cr_assert_eq(mkdir(user_path(empty, sizeof empty, "empty"), 0700), 0);
    cr_assert_eq(setenv("TMPDIR", empty, 1), 0);
    write_validation("1, 1.5", "");
    cr_assert_eq(user_run(&u, "validate @/v.yaml -q"), 0, "%s%s", u.out, u.err);
    cr_expect_eq(rmdir(empty), 0, "something is left in %s", empty);
    cr_assert_eq(user_run(&u, "validate @/v.yaml -q --keep @"), 0, "%s%s", u.out, u.err);
    cr_expect_eq(user_run(&u, "verify @/v-one.h5"), 0, "%s%s", u.out, u.err);
}

Test(validate, refuses_what_is_not_there_and_what_is_wrong)
{
    cr_expect_eq(user_run(&u, "validate no-such"), 2);
    cr_expect_not_null(strstr(u.err, "there is no validation 'no-such'"), "%s", u.err);
    cr_expect_eq(user_run(&u, "validate --read @/nothing.h5"), 1, "%s", u.err);
    write_validation("1, 1.5", "    gaet: true\n");
    cr_expect_eq(user_run(&u, "validate @/v.yaml"), 2, "%s", u.err);
    cr_expect_not_null(
        strstr(u.err, "v.yaml:24:5: error: observed[0].gaet: unknown key; did you mean gate?"),
        "%s", u.err);
}

Test(validate, refuses_one_validation_given_twice)
{
    write_validation("1, 1.5", "");
    cr_expect_eq(user_run(&u, "validate @/v.yaml @/./v.yaml --quick"), 2, "%s%s", u.out, u.err);
    cr_expect_not_null(strstr(u.err, "v.yaml are both validation 'v'"), "%s", u.err);
    cr_expect_str_empty(u.out);
}
