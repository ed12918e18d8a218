/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim summary` as a user meets it: cohorts, observations, two datasets, warnings, and files that are none. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/sim/cli/user.h"

Test(summary, a_summary_tells_where_a_cohort_would_lie)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    user_run(&o, "summary @/a.h5 --cohort 60");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "A cohort of 60 in arm"), NULL, "%s", o.out);
    user_run(&o, "summary @/a.h5 --cohort 60 --json");
    cr_assert_neq(strstr(o.out, "\"cohort_of\": 60"), NULL, "%s", o.out);
    user_run(&o, "summary @/a.h5 --json");
    cr_assert_eq(strstr(o.out, "cohort_of"), NULL);
}

Test(summary, observations_are_held_against_a_dataset)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    user_write("levels.csv", "patient,day,value,lloq\np,0,90,20\np,1,,20\nq,1,140,20\n");
    user_run(&o, "summary @/a.h5 --vpc @/levels.csv");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "3 samples of 2 observed patients"), NULL, "%s", o.out);
    user_run(&o, "summary @/a.h5 --vpc @/levels.csv --field plasma_ng_per_ml --json");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "\"field\": \"plasma_ng_per_ml\""), NULL, "%s", o.out);
    user_write("levels.csv", "patient,day,value\np,0,9O\n");
    user_run(&o, "summary @/a.h5 --vpc @/levels.csv");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "levels.csv:2: value is '9O'"), NULL, "%s", o.err);
    user_run(&o, "summary @/a.h5 --vpc @/levels.csv --field plasma");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "no number of table daily is called 'plasma'"), NULL, "%s", o.err);
    user_run(&o, "summary @/a.h5 --vpc @/levels.csv --arm third");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "has no arm 'third'; its arms are 0 reference"), NULL, "%s", o.err);
}

Test(summary, two_datasets_are_compared_only_if_their_patients_are_the_same)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    user_run(&o, USER_SMALL "-o @/b.h5 --set therapy.dose='200 ug/day'");
    user_run(&o, USER_SMALL "-o @/c.h5 --seed 5");
    user_run(&o, "summary @/a.h5 @/b.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "-100.0"), NULL, "%s", o.out);
    user_run(&o, "summary @/a.h5 @/c.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "seeds 20261122 and 5"), NULL, "%s", o.err);
}

Test(summary, a_foreign_file_is_named_as_such)
{
    static user_t o;
    user_write("letter.h5", "Dear reader");
    user_run(&o, "summary @/letter.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "letter.h5"), NULL);
    cr_assert_neq(strstr(o.err, "FOREIGN"), NULL, "%s", o.err);
}

Test(summary, a_truncated_dataset_is_refused_by_name)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_eq(user_shell("truncate -s 40000 @/a.h5"), 0);
    user_run(&o, "summary @/a.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "TRUNCATED"), NULL, "%s", o.err);
}

/* 90 days of 0.6 mL without a refill. */
#define DRY "--set events=[] --set study.patients=1 "
#define DRY_TEXT "study.horizon: at 0.6 mL/day the reservoir runs dry on day 33.3"

Test(summary, what_a_study_was_warned_of_stays_with_its_dataset)
{
    static user_t o;
    user_run(&o, "run configs/baclofen-maintenance.yaml " DRY "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.err, DRY_TEXT), NULL, "%s", o.err);
    user_run(&o, "summary @/a.h5");
    cr_assert_neq(strstr(o.out, "\nwarning     " DRY_TEXT), NULL, "%s", o.out);
    user_run(&o, "summary --json @/a.h5");
    cr_assert_neq(strstr(o.out, "\"warnings\": [\n      \"" DRY_TEXT), NULL, "%s", o.out);
    user_run(&o, "replay @/a.h5 --patient 1 -o @/trace.h5");
    user_run(&o, "summary @/trace.h5");
    cr_assert_neq(strstr(o.out, "\nwarning     " DRY_TEXT), NULL, "%s", o.out);
    cr_assert_eq(user_shell("cp configs/baclofen-maintenance.yaml @/moved.yaml"), 0);
    user_run(&o, "run @/moved.yaml " DRY "-o @/b.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_eq(user_shell("cmp @/a.h5 @/b.h5"), 0, "where the study lay changed the dataset");
}

/* A default that is doubtful is said as a value in the resolved config, and no longer doubted there. */
Test(summary, a_trace_of_a_dataset_has_the_warnings_of_the_dataset)
{
    static user_t o;
    user_run(&o, USER_SMALL "--set 'drugs=[{name: morphine, concentration: 500 ug/mL}]' -o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "replay @/a.h5 --patient 1 -o @/trace.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "summary @/trace.h5");
    cr_assert_neq(strstr(o.out, "morphine moves and is cleared as baclofen does"), NULL, "%s",
                  o.out);
}

Test(summary, a_study_without_doubts_has_no_warnings)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_str_eq(strstr(o.err, "warning") == NULL ? "" : o.err, "");
    user_run(&o, "summary @/a.h5");
    cr_assert_eq(strstr(o.out, "\nwarning"), NULL, "%s", o.out);
    user_run(&o, "summary --json @/a.h5");
    cr_assert_neq(strstr(o.out, "\"warnings\": []"), NULL, "%s", o.out);
}
