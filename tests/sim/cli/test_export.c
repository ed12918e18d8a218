/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim export` as a user meets it: a folder that is there whole, or not at all. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/sim/cli/user.h"

Test(export, an_export_is_a_folder_that_is_kept_unless_forced)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "export @/a.h5 --format csv -o @/csv");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_neq(strstr(o.out, "simulated"), NULL, "%s", o.out);
    cr_assert(user_has("csv/daily.csv"));
    user_run(&o, "export @/a.h5 --format csv -o @/csv");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "--force"), NULL, "%s", o.err);
    user_run(&o, "export @/a.h5 --format csv -o @/csv --force");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "export @/absent.h5 --format csv -o @/none");
    cr_assert_eq(o.code, 1);
    cr_assert_neq(strstr(o.err, "absent.h5"), NULL, "%s", o.err);
    cr_assert_not(user_has("none"));
    cr_assert_not(user_has("none.part"));
}

Test(export, an_export_to_a_full_disk_leaves_nothing)
{
    static user_t o;
    user_run(&o, USER_SMALL "-o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    cr_assert_eq(user_run_limited(&o, 1500, "export @/a.h5 --format csv -o @/csv"), 1);
    cr_assert_neq(strstr(o.err, "free some space"), NULL, "%s", o.err);
    cr_assert_not(user_has("csv"));
    cr_assert_not(user_has("csv.part"));
}
