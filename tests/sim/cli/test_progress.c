/* SPDX-License-Identifier: Apache-2.0 */
/* Progress as it is shown: bar, rate and time left of work that has come so far. */
#include <criterion/criterion.h>
#include <string.h>

#include "cli/progress.h"

static void expect_line(progress_state_t s, const char *expected)
{
    char line[PROGRESS_LINE_SIZE];
    s.things = "patients";
    progress_line(&s, line);
    cr_expect_str_eq(line, expected);
}

Test(progress, tells_rate_and_time_left)
{
    expect_line((progress_state_t){.done = 50, .total = 200, .spent_s = 4.0},
                "[#######.....................] 50 of 200 patients, 12.5 a second, 12 s left");
}

Test(progress, tells_minutes_from_90_seconds_on_and_hours_from_90_minutes_on)
{
    expect_line((progress_state_t){.done = 1, .total = 90, .spent_s = 1.0},
                "[............................] 1 of 90 patients, 1.0 a second, 89 s left");
    expect_line((progress_state_t){.done = 1, .total = 91, .spent_s = 1.0},
                "[............................] 1 of 91 patients, 1.0 a second, 2 min left");
    expect_line((progress_state_t){.done = 10, .total = 108010, .spent_s = 1.0},
                "[............................] 10 of 108010 patients, 10.0 a second, 3.0 h left");
}

/* 90 were there before: ten in two seconds, not a hundred. */
Test(progress, does_not_count_what_was_resumed_as_done_now)
{
    const progress_state_t s = {.done = 100, .total = 200, .resumed = 90, .spent_s = 2.0};
    cr_expect_float_eq(progress_rate(&s), 5.0, 1e-12);
    cr_expect_float_eq(progress_left_s(&s), 20.0, 1e-12);
    expect_line(s, "[##############..............] 100 of 200 patients, 5.0 a second, 20 s left");
}

Test(progress, says_nothing_of_a_rate_that_it_does_not_know_yet)
{
    expect_line((progress_state_t){.done = 5, .total = 10, .spent_s = 0.4},
                "[##############..............] 5 of 10 patients");
    expect_line((progress_state_t){.done = 5, .total = 10, .resumed = 5, .spent_s = 9.0},
                "[##############..............] 5 of 10 patients");
    expect_line((progress_state_t){.done = 0, .total = 0, .spent_s = 9.0},
                "[############################] 0 of 0 patients");
}

Test(progress, is_full_at_the_end_with_nothing_left)
{
    expect_line((progress_state_t){.done = 8, .total = 8, .spent_s = 2.0},
                "[############################] 8 of 8 patients, 4.0 a second, 0 s left");
}

/* The longest numbers there are, and a name of any length. */
Test(progress, stays_within_its_line)
{
    char line[PROGRESS_LINE_SIZE];
    char things[300];
    memset(things, 'x', sizeof things - 1);
    things[sizeof things - 1] = '\0';
    const progress_state_t s = {
        .things = things, .done = INT64_MAX / 64, .total = INT64_MAX / 64, .spent_s = 1e9};
    progress_line(&s, line);
    cr_expect_eq(strlen(line), PROGRESS_LINE_SIZE - 1);
}

/* The first update of a run that goes on with 40 patients is the 41st. */
Test(progress, takes_what_was_there_at_the_first_update_for_resumed)
{
    progress_t p;
    progress_start(&p, "patients");
    progress_update(&p, 41, 80);
    cr_expect_eq(p.state.resumed, 40);
    progress_update(&p, 60, 80);
    cr_expect_eq(p.state.resumed, 40);
    cr_expect_geq(progress_end(&p), 0.0);
}
