/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim replay` as a user meets it: every pulse, and in which arm. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/sim/cli/user.h"

Test(replay, every_pulse_can_be_printed)
{
    static user_t o;
    int lines = 0;
    user_run(&o, USER_SMALL "--set therapy.dose='30 ug/day' -o @/a.h5");
    cr_assert_eq(o.code, 0, "%s", o.err);
    user_run(&o, "replay @/a.h5 --patient 1 --pulses");
    for (const char *at = o.out; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    /* 60 uL a day at 0.25 uL a pulse for two days, one line for the names. */
    cr_assert(lines >= 480 && lines <= 482, "%d lines", lines);
}

Test(replay, an_arm_is_replayed_by_name_or_number_and_an_unknown_one_is_told_which_there_are)
{
    static user_t by_name, by_number;
    static const char *const none[] = {"third", "2", "-1", "01", "''", "whol"};
    user_run(&by_name,
             USER_SMALL "--set 'study.arms=[whole, {name: half, set: {therapy.dose: 150 ug/day}}]' "
                        "-o @/a.h5");
    cr_assert_eq(by_name.code, 0, "%s", by_name.err);
    user_run(&by_name, "replay @/a.h5 --patient 3 --arm half --pulses");
    user_run(&by_number, "replay @/a.h5 --patient 3 --arm 1 --pulses");
    cr_assert_eq(by_name.code, 0, "%s", by_name.err);
    cr_assert_str_eq(by_name.out, by_number.out);
    user_run(&by_number, "replay @/a.h5 --patient 3 --pulses");
    cr_assert_str_neq(by_name.out, by_number.out);
    user_run(&by_name, "replay @/a.h5 --patient 3 --arm whole --pulses");
    cr_assert_str_eq(by_name.out, by_number.out);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "replay @/a.h5 --patient 3 --arm=%s", none[i]);
        user_run(&by_name, line);
        cr_assert_eq(by_name.code, 2, "%s: exit %d", line, by_name.code);
        cr_assert_neq(strstr(by_name.err, "its arms are 0 whole, 1 half\n"), NULL, "%s: %s", line,
                      by_name.err);
        cr_assert_str_empty(by_name.out);
    }
}
