/* SPDX-License-Identifier: Apache-2.0 */
/* Shards of a study and their merge: the same bytes as one run, and no dataset of what does not belong together. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/cli/user.h"

#define STUDY "run configs/baclofen-dose-response.yaml --set study.patients=5 "

static user_t u;

static int same(const char *a, const char *b)
{
    char line[256];
    (void)snprintf(line, sizeof line, "cmp @/%s @/%s", a, b);
    return user_shell(line) == 0;
}

static void run_shards(void)
{
    cr_assert_eq(user_run(&u, STUDY "--shard 1/2 -o @/1.h5"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, STUDY "--shard 2/2 -o @/2.h5"), 0, "%s", u.err);
}

Test(merge, shards_in_any_order_give_the_bytes_of_one_run)
{
    cr_assert_eq(user_run(&u, STUDY "-o @/whole.h5"), 0, "%s", u.err);
    run_shards();
    cr_assert_eq(user_run(&u, "merge @/2.h5 @/1.h5 -o @/merged.h5"), 0, "%s", u.err);
    cr_assert(same("whole.h5", "merged.h5"), "merged shards are other bytes than one run");
    cr_expect_eq(user_run(&u, "merge @/2.h5 @/1.h5 -o @/merged.h5"), 1);
    cr_expect_neq(strstr(u.err, "exists"), NULL, "%s", u.err);
}

Test(merge, more_shards_than_patients_are_a_dataset_too)
{
    char line[256];
    for (int i = 1; i <= 7; i++) {
        (void)snprintf(line, sizeof line, STUDY "--shard %d/7 -o @/%d.h5", i, i);
        cr_assert_eq(user_run(&u, line), 0, "%s", u.err);
    }
    cr_assert_eq(user_run(&u, STUDY "-o @/whole.h5"), 0, "%s", u.err);
    cr_assert_eq(
        user_run(&u, "merge @/1.h5 @/2.h5 @/3.h5 @/4.h5 @/5.h5 @/6.h5 @/7.h5 -o @/merged.h5"), 0,
        "%s", u.err);
    cr_assert(same("whole.h5", "merged.h5"));
}

Test(merge, what_is_missing_or_there_twice_is_named_and_nothing_is_written)
{
    run_shards();
    cr_expect_eq(user_run(&u, "merge @/1.h5 -o @/merged.h5"), 1);
    cr_expect_neq(strstr(u.err, "no part holds patient 2 in arm 0"), NULL, "%s", u.err);
    cr_expect_eq(user_run(&u, "merge @/1.h5 @/2.h5 @/1.h5 -o @/merged.h5"), 1);
    cr_expect_neq(strstr(u.err, "two parts hold patient 1 in arm 0"), NULL, "%s", u.err);
    cr_expect_not(user_has("merged.h5"));
    cr_expect_not(user_has("merged.h5.part"));
}

Test(merge, parts_of_different_studies_are_refused_by_name)
{
    run_shards();
    cr_assert_eq(user_run(&u, STUDY "--seed 3 --shard 2/2 -o @/other.h5"), 0, "%s", u.err);
    cr_expect_eq(user_run(&u, "merge @/1.h5 @/other.h5 -o @/merged.h5"), 1);
    cr_expect_neq(strstr(u.err, "other.h5 are not of one study"), NULL, "%s", u.err);
    cr_assert_eq(user_run(&u, STUDY "--set study.title=other --shard 2/2 -o @/title.h5"), 0, "%s",
                 u.err);
    cr_expect_eq(user_run(&u, "merge @/1.h5 @/title.h5 -o @/merged.h5"), 1);
    cr_expect_neq(strstr(u.err, "title.h5 are not of one study"), NULL, "%s", u.err);
    cr_assert_eq(user_run(&u, STUDY "--core %/tests/sim/host/cores/never.so --shard 2/2 "
                                    "-o @/core.h5"),
                 0, "%s", u.err);
    cr_expect_eq(user_run(&u, "merge @/1.h5 @/core.h5 -o @/merged.h5"), 1);
    cr_expect_neq(strstr(u.err, "core.h5 are not of one study"), NULL, "%s", u.err);
    cr_assert_eq(user_run(&u, "replay @/1.h5 --patient 1 -o @/trace.h5"), 0, "%s", u.err);
    cr_expect_eq(user_run(&u, "merge @/trace.h5 -o @/merged.h5"), 1);
    cr_expect_neq(strstr(u.err, "is a trace"), NULL, "%s", u.err);
    cr_expect_not(user_has("merged.h5"));
}

Test(merge, an_engine_says_which_shard_this_is)
{
    static const char *const second_of_2[] = {
        ("SLURM_ARRAY_TASK_ID=15 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=5 "
         "SLURM_ARRAY_TASK_COUNT=2"),
        "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "PMI_RANK=1 PMI_SIZE=2",
        "SLURM_PROCID=1 SLURM_NTASKS=2"};
    run_shards();
    for (size_t i = 0; i < sizeof second_of_2 / sizeof second_of_2[0]; i++) {
        cr_assert_eq(user_run_in(&u, second_of_2[i], STUDY "--shard auto --force -o @/auto.h5"), 0,
                     "%s", u.err);
        cr_expect(same("auto.h5", "2.h5"), "%s is not the second of two", second_of_2[i]);
    }
    cr_expect_eq(user_run(&u, STUDY "--shard auto -o @/none.h5"), 2);
    cr_expect_neq(strstr(u.err, "give it as 2/8"), NULL, "%s", u.err);
}

Test(merge, a_shard_that_there_is_not_is_misuse)
{
    static const char *const wrong[] = {"0/2", "3/2", "1/0", "-1/2", "1", "1/2x", "a/b", ""};
    char line[256];
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        (void)snprintf(line, sizeof line, STUDY "--shard '%s' -o @/none.h5", wrong[i]);
        cr_expect_eq(user_run(&u, line), 2, "--shard '%s'", wrong[i]);
        cr_expect_neq(strstr(u.err, "1 <= I <= N"), NULL, "%s", u.err);
    }
    cr_expect_not(user_has("none.h5"));
    cr_expect_eq(user_run(&u, "merge @/1.h5"), 2);
}

/* A full disk leaves the journal of what was done. */
Test(merge, what_one_shard_began_no_other_resumes)
{
    cr_assert_eq(user_run_limited(&u, 51200, STUDY "--shard 1/2 -o @/1.h5"), 1, "%s", u.err);
    cr_assert(user_has("1.h5.journal") && !user_has("1.h5"));
    cr_expect_eq(user_run(&u, STUDY "--shard 2/2 -o @/1.h5 --resume"), 1);
    cr_expect_neq(strstr(u.err, "who is not of this shard"), NULL, "%s", u.err);
    cr_assert_eq(user_run(&u, STUDY "--shard 1/2 -o @/1.h5 --resume"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, STUDY "--shard 2/2 -o @/2.h5"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, STUDY "-o @/whole.h5"), 0, "%s", u.err);
    cr_assert_eq(user_run(&u, "merge @/1.h5 @/2.h5 -o @/merged.h5"), 0, "%s", u.err);
    cr_assert(same("whole.h5", "merged.h5"));
}
