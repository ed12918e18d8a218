/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim run` as a user meets it: what is refused, other cores, a full disk, what is resumed, and nothing left behind. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/cli/user.h"

Test(run, a_config_with_errors_writes_nothing)
{
    static user_t o;
    user_write("bad.yaml", "study: {name: x, patients: 0}\nnonsense: 1\n");
    user_run(&o, "run @/bad.yaml -o @/x.h5");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "bad.yaml:2:1: error:"), NULL, "%s", o.err);
    cr_assert_not(user_has("x.h5"));
    cr_assert_not(user_has("x.h5.journal"));
}

Test(run, what_exists_is_kept_unless_forced)
{
    static user_t o;
    user_write("a.h5", "mine");
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "--force"), NULL);
    user_run(&o, USER_SMALL "--force -o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
}

Test(run, a_full_disk_leaves_nothing_under_the_final_name)
{
    static const size_t sizes[] = {1000, 4096, 20000, 60000};
    static user_t o;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        user_run_limited(&o, sizes[i], USER_SMALL "-o @/full.h5 --force");
        cr_assert_eq(o.code, 1, "limit %zu: exit %d", sizes[i], o.code);
        cr_assert_not(user_has("full.h5"), "limit %zu", sizes[i]);
        cr_assert_not(user_has("full.h5.part"), "limit %zu", sizes[i]);
    }
}

Test(run, the_same_core_loaded_gives_the_same_bytes)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/built-in.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, USER_SMALL "-o @/loaded.h5 --core %/dosing_core.so");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_eq(user_shell("cmp @/built-in.h5 @/loaded.h5"), 0,
                 "the same core, loaded, wrote other bytes");
    user_run(&o, "replay @/built-in.h5 --patient 1 --core %/dosing_core.so");
    cr_assert_neq(strstr(o.out, "identical to the dataset"), NULL, "%s", o.out);
    cr_assert_str_empty(o.err);
}

#define NEVER "--core %/tests/sim/host/cores/never.so "
#define NEVER_ID "test core that never doses"

Test(run, another_core_is_the_one_that_doses)
{
    static user_t o;
    user_run(&o, USER_SMALL NEVER "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "summary --json @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "\"core_id\": \"" NEVER_ID "\""), NULL, "%s", o.out);
    cr_assert_neq(strstr(o.out, "\"pulses_commanded\": 0,"), NULL, "%s", o.out);
    cr_assert_neq(strstr(o.out, "\"volume_delivered_ml\": {\n        \"n\": 3,\n        "
                                "\"patients\": 3,\n        \"mean\": 0.0,"),
                  NULL, "%s", o.out);
    user_run(&o, "replay @/a.h5 --patient 1 --pulses " NEVER);
    cr_assert_str_eq(o.out, "pulse,time_ms,volume_ul\n");
    cr_assert_str_empty(o.err);
    user_run(&o, "replay @/a.h5 --patient 1");
    cr_assert_neq(strstr(o.err, "made with core " NEVER_ID), NULL, "%s", o.err);
    cr_assert_neq(strstr(o.out, "differs from the dataset"), NULL, "%s", o.out);
}

Test(run, a_core_of_another_abi_is_refused_by_name_and_nothing_is_written)
{
    static user_t o;
    user_run(&o, USER_SMALL "--core %/tests/sim/host/cores/abi2.so -o @/a.h5");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "abi2.so: built for ABI 2, this program speaks ABI 1"), NULL, "%s",
                  o.err);
    user_run(&o, USER_SMALL "--core @/absent.so -o @/a.h5");
    cr_assert_eq(o.code, 2);
    cr_assert_neq(strstr(o.err, "absent.so"), NULL, "%s", o.err);
    cr_assert_eq(user_shell("ls -A @ | grep -vxE 'out|err'"), 1, "something was written");
}

/* Leaves @/a.h5.journal and no @/a.h5, as an interruption does. */
static void run_on_a_full_disk(user_t *o, const char *core)
{
    char line[512];
    (void)snprintf(line, sizeof line, USER_SMALL "-o @/a.h5 %s", core);
    cr_assert_eq(user_run_limited(o, 20000, line), 1, "%s", o->err);
    cr_assert(user_has("a.h5.journal") && !user_has("a.h5"));
}

Test(run, what_one_core_began_no_other_resumes)
{
    static user_t o;
    run_on_a_full_disk(&o, "");
    user_run(&o, USER_SMALL "-o @/a.h5 --resume " NEVER);
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "made with another dosing core; this run's core is " NEVER_ID),
                  NULL, "%s", o.err);
    cr_assert_not(user_has("a.h5"));
    user_run(&o, USER_SMALL "-o @/a.h5 --resume --seed 5");
    cr_assert_neq(strstr(o.err, "another study, seed"), NULL, "%s", o.err);
    user_run(&o, USER_SMALL "-o @/a.h5 --resume --core %/dosing_core.so");
    cr_assert_eq(o.code, 0, "%s", o.err);
}

/* The second is the first with a byte more at its end, which a loader does not look at. */
Test(run, two_cores_that_give_the_same_id_are_told_apart)
{
    static user_t o;
    cr_assert_eq(
        user_shell("cp %/tests/sim/host/cores/never.so @/one.so && cp @/one.so @/two.so && "
                   "echo >>@/two.so"),
        0);
    run_on_a_full_disk(&o, "--core @/one.so");
    user_run(&o, USER_SMALL "-o @/a.h5 --resume --core @/two.so");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "made with another dosing core; this run's core is " NEVER_ID),
                  NULL, "%s", o.err);
    user_run(&o, USER_SMALL "-o @/a.h5 --resume --core @/one.so");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "replay @/a.h5 --patient 1 --core @/one.so");
    cr_assert_str_empty(o.err);
    user_run(&o, "replay @/a.h5 --patient 1 --core @/two.so");
    cr_assert_neq(strstr(o.err, "made with core " NEVER_ID), NULL, "%s", o.err);
}

Test(run, a_seed_that_would_be_lost_among_too_many_sets_is_refused)
{
    static user_t o;
    char line[3000] = "run configs/baclofen-maintenance.yaml --seed 5 -o @/a.h5";
    for (size_t i = 0, used = strlen(line); i < 64; i++) {
        used += (size_t)snprintf(line + used, sizeof line - used, " --set study.patients=3");
    }
    cr_assert_eq(user_run(&o, line), 2, "%s", o.err);
    cr_assert_neq(strstr(o.err, "--seed is a --set too, and there are 64"), NULL, "%s", o.err);
    cr_assert_not(user_has("a.h5"));
}
