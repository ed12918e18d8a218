/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that come again are the list written out, and are refused by the place where they are written. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/sim/config/fixture.h"

#define EVENTS(text) FIXTURE_LEAST "events:\n" text
#define DAY_MS INT64_C(86400000)

/* Both texts give the same resolved study. */
static void same(const char *brief, const char *written_out)
{
    study_t a, b;
    char *x, *y;
    fixture_accepted(&a, brief, NULL);
    fixture_accepted(&b, written_out, NULL);
    cr_assert_eq(study_resolved(&a, &x, NULL), 0);
    cr_assert_eq(study_resolved(&b, &y, NULL), 0);
    cr_expect_str_eq(x, y);
    cr_assert_eq(a.n_events, b.n_events);
    cr_expect_eq(memcmp(a.event, b.event, (size_t)a.n_events * sizeof *a.event), 0);
    free(x);
    free(y);
    study_free(&a);
    study_free(&b);
}

Test(repeat, is_the_list_written_out)
{
    same(EVENTS("  - {at: 20 day, every: 30 day, times: 3, order: refill, volume: 20 mL}\n"
                "  - {at: 50 day, order: bolus, amount: 50 ug}\n"),
         EVENTS("  - {at: 20 day, order: refill, volume: 20 mL}\n"
                "  - {at: 50 day, order: refill, volume: 20 mL}\n"
                "  - {at: 80 day, order: refill, volume: 20 mL}\n"
                "  - {at: 50 day, order: bolus, amount: 50 ug}\n"));
}

Test(repeat, goes_on_until_the_horizon_which_it_may_meet)
{
    study_t s;
    fixture_accepted(&s, EVENTS("  - {at: 30 day, every: 30 day, order: refill, volume: 20 mL}\n"),
                     NULL);
    cr_assert_eq(s.n_events, 3);
    cr_expect_eq(s.event[2].at_ms, 90 * DAY_MS);
    cr_expect_eq(s.event[2].every_ms, 0);
    study_free(&s);
    fixture_accepted(&s, EVENTS("  - {at: 30 day, every: 30 day, order: refill, volume: 20 mL}\n"),
                     "study.horizon=89.975 day");
    cr_expect_eq(s.n_events, 2);
    study_free(&s);
}

Test(repeat, counts_from_the_implant_too)
{
    study_t s;
    fixture_accepted(&s,
                     "study: {name: least, patients: 2, horizon: 90 day}\n"
                     "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                     "clinic: {policy: titration}\ncatheter: {tip: T10}\n"
                     "events:\n  - {when: implant + 1 day, every: 40 day, order: bolus, amount: 5 "
                     "ug}\n",
                     NULL);
    cr_assert_eq(s.n_events, 3);
    cr_expect_eq(s.event[2].when.offset_ms, 81 * DAY_MS);
    cr_expect_eq(s.event[2].at_ms, 0);
    study_free(&s);
}

Test(repeat, each_is_judged_at_its_own_moment)
{
    /* The second would be the first one's reservoir running dry: 20 mL at 0.6 mL/day last 33 days. */
    study_t s;
    fixture_accepted(&s, EVENTS("  - {at: 10 day, every: 40 day, order: refill, volume: 20 mL}\n"),
                     NULL);
    cr_expect_not_null(strstr(s.warnings, "the reservoir runs dry on day 43.3"), "%s", s.warnings);
    study_free(&s);
}

Test(repeat, the_last_lies_within_the_horizon)
{
    fixture_refused(
        EVENTS("  - {at: 30 day, every: 30 day, times: 4, order: refill, volume: 20 mL}\n"), NULL,
        "s.yaml:6:40: error: events[0].times: the last of 4, on day 120, is after study.horizon, "
        "day 90");
}

Test(repeat, times_needs_every)
{
    fixture_refused(EVENTS("  - {at: 30 day, times: 4, order: refill, volume: 20 mL}\n"), NULL,
                    "s.yaml:6:18: error: events[0].times: applies only where `every` is given");
}

Test(repeat, is_bounded)
{
    fixture_refused(EVENTS("  - {at: 0 day, every: 20 min, order: bolus, amount: 1 ug}\n"), NULL,
                    "s.yaml:6:3: error: events: with those that come again there are more than "
                    "4096");
    fixture_refused(EVENTS("  - {at: 0 day, every: 0 day, order: bolus, amount: 1 ug}\n"), NULL,
                    "s.yaml:6:24: error: events[0].every: ");
}

Test(repeat, what_is_wrong_is_said_once)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char text[] =
        EVENTS("  - {at: 10 day, every: 10 day, order: bolus, amount: 1200 ug}\n");
    study_t s;
    cr_assert_eq(fixture_parse(&s, text, sizeof text - 1, NULL, out), ERROR_CONFIG);
    const char *first = strstr(out, "events[0].amount: with the therapy in force the day");
    cr_assert_not_null(first, "%s", out);
    cr_expect_null(strstr(first + 1, "events[0].amount: with the therapy in force the day"), "%s",
                   out);
    study_free(&s);
}
