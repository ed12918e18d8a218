/* SPDX-License-Identifier: Apache-2.0 */
/* Golden traces: which lines differ; and the days that they are made of. */
#define _XOPEN_SOURCE 700
#include "regress/golden.h"

#include "regress/daybook.h"

#include <criterion/criterion.h>
#include <string.h>

static char told[4096];

static bool differ(const char *was, const char *is)
{
    memset(told, 0, sizeof told);
    FILE *out = fmemopen(told, sizeof told - 1, "w");
    const bool answer = golden_differ(was, is, out);
    (void)fclose(out);
    return answer;
}

#define HEAD "# golden trace 1: suite s\n# core a\n"
#define ONE "life one 1 reference lived calls 10 sum 01\n  days 1-3: 24 pulses\n"
#define TWO "life two 1 reference lived calls 10 sum 02\n  day 1: 24 pulses\n  day 2: 20 pulses\n"

Test(golden, equal_texts_differ_in_nothing_whatever_the_core_calls_itself)
{
    cr_expect_not(differ(HEAD ONE TWO, HEAD ONE TWO));
    cr_expect_not(differ(HEAD ONE, "# golden trace 1: suite s\n# core b\n" ONE));
    cr_expect_str_eq(told, "");
}

Test(golden, of_a_life_only_what_differs_is_said)
{
    cr_expect(differ(HEAD ONE TWO,
                     HEAD ONE "life two 1 reference lived calls 10 sum 03\n  day 1: 24 pulses\n"
                              "  day 2: 21 pulses\n"));
    cr_expect_str_eq(told, "- life two 1 reference lived calls 10 sum 02\n-   day 2: 20 pulses\n"
                           "+ life two 1 reference lived calls 10 sum 03\n+   day 2: 21 pulses\n");
}

Test(golden, a_life_more_or_less_is_a_difference)
{
    cr_expect(differ(HEAD ONE, HEAD ONE TWO));
    cr_expect_not_null(strstr(told, "+ life two"));
    cr_expect(differ(HEAD ONE TWO, HEAD ONE));
    cr_expect_not_null(strstr(told, "- life two"));
    cr_expect(differ("", HEAD ONE));
}

static void note(daybook_t *b, recorder_call_id_t id, int32_t result, uint64_t clock_ms)
{
    const recorder_call_t call = {
        .id = id, .result = result, .clock_ms = clock_ms, .in = {30u, 0u}};
    daybook_note(b, &call);
}

Test(daybook, counts_what_succeeded_on_its_day_and_the_rest_on_the_last)
{
    daybook_t b;
    error_t e = {0};
    cr_assert_eq(daybook_init(&b, 2 * 86400000 - 1, &e), 0);
    cr_assert_eq(b.days, 2);
    note(&b, RECORDER_TRAIN_START, 0, 86399999u);
    note(&b, RECORDER_TRAIN_START, -1, 1000u);
    note(&b, RECORDER_TRAIN_START, 0, 86400000u);
    note(&b, RECORDER_TONE, 0, 9u * 86400000u);
    note(&b, RECORDER_STORE_ERASE, 0, 0u);
    note(&b, RECORDER_CORE_RECEIVE, 0, 0u);
    note(&b, RECORDER_CLOCK, 0, 0u);
    cr_expect_eq(b.day[0].pulses, 30);
    cr_expect_eq(b.day[0].writes, 1);
    cr_expect_eq(b.day[0].received, 1);
    cr_expect_eq(b.day[0].sent, 0);
    cr_expect_eq(b.day[1].pulses, 30);
    cr_expect_eq(b.day[1].tones, 1);
    daybook_free(&b);
}
