/* SPDX-License-Identifier: Apache-2.0 */
/* Drawn scenarios: the same for a seed, and of every kind. */
#include "regress/search.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/folder.h"

/* A suite of so many scenarios as text; freed by the caller. */
static char *drawn(uint64_t seed, size_t scenarios)
{
    char path[256];
    suite_t like = {.cpu_ms = 1000};
    error_t e = {0};
    char *text = calloc(1, 1 << 20);
    folder_path(path, sizeof path, "search.yaml");
    cr_assert_eq(search_write(&like, seed, 0, scenarios, path, &e), 0, "%s", e.text);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file);
    cr_assert_geq(fread(text, 1, (1 << 20) - 1, file), 1);
    (void)fclose(file);
    return text;
}

static void expect_all(const char *text, const char *prefix, const char *const names[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char wanted[64];
        (void)snprintf(wanted, sizeof wanted, "%s%s", prefix, names[i]);
        cr_expect_not_null(strstr(text, wanted), "none has \"%s\"", wanted);
    }
}

#define EXPECT_ALL(text, prefix, ...)                                                              \
    do {                                                                                           \
        static const char *const names_[] = {__VA_ARGS__};                                         \
        expect_all(text, prefix, names_, sizeof names_ / sizeof names_[0]);                        \
    } while (0)

Test(search, a_seed_is_a_suite)
{
    char *one = drawn(1, 20), *again = drawn(1, 20), *other = drawn(2, 20);
    cr_expect_str_eq(one, again);
    cr_expect_str_neq(one, other);
    free(one);
    free(again);
    free(other);
}

Test(search, orders_frames_faults_and_what_is_wrong_are_all_drawn)
{
    char *text = drawn(1, 400);
    EXPECT_ALL(text, "order: ", "bolus", "refill", "therapy", "set_time", "exposure", "fault",
               "request", "frame", "image", "clear_alarms", "read_logs", "stop");
    EXPECT_ALL(text, "fault: ", "motor_seized", "call_fails", "call_lies", "store_torn",
               "store_rot", "store_worn", "store_flip", "pump_reset", "memory_flip");
    EXPECT_ALL(text, "call: ", "train_start", "store_write", "nonce", "authenticate",
               "temperature_mdegc");
    static const char *const wrong[] = {
#define WRONG(symbol, name) name,
#include "config/wrong.def"
#undef WRONG
    };
    expect_all(text, "wrong: ", wrong, sizeof wrong / sizeof wrong[0]);
    EXPECT_ALL(text, "session: ", "own", "opened", "left", "none");
    free(text);
}
