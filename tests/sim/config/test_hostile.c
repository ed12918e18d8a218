/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged files: cut at every byte, bytes changed at random. The reader answers; it never crashes or hangs. */
#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/config/fixture.h"

#define MUTANTS 1500

/* A hang ends in SIGALRM, which fails the test. */
static void bound_time(void)
{
    alarm(60);
}

static const char studied[] =
    "# a study with every kind of value\n"
    "study: {name: x, patients: 3, horizon: 9 day, title: \"\xC3\xA4 text\",\n"
    "  arms: [one, {name: two, set: {therapy.dose: 200 ug/day, 'drugs[0].kinetics.loss': 1 1/h}},\n"
    "    {name: three, set: {clinic.policy: titration, events: [{when: implant + 2 h, patient: 3,\n"
    "      order: refill, volume: 9 mL}]}}]}\n"
    "drugs:\n"
    "  - name: baclofen\n"
    "    concentration: 500 ug/mL\n"
    "pump: {kind: peristaltic, fill: 20 mL, head: {ripple: 0.2}}\n"
    "record: {lumbar: L3/4}\n"
    "therapy: {mode: simple, dose: 300 ug/day}\n"
    "catheter: {tip: T10, primed: true}\n"
    "events:\n"
    "  - {at: 1 day, order: refill, volume: 18 mL}\n"
    "  - {at: 1 day, fraction: 0.5, order: refill, volume: 18 mL}\n"
    "  - {at: 2 day, order: bolus, amount: 50 ug, over: 10 min}\n";

/* Parses a damaged text; whatever the reader says, it must be a study or errors with places. */
static void expect_answer(const char *text, size_t length, const char *replay)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    int status = fixture_parse(&s, text, length, NULL, out);
    cr_expect(status == 0 || status == ERROR_CONFIG, "%s: result %d", replay, status);
    cr_expect(status == 0 || strstr(out, "s.yaml:") == out, "%s: no place in %s", replay, out);
    study_free(&s);
}

Test(hostile, cut_at_every_byte)
{
    bound_time();
    for (size_t length = 0; length <= sizeof studied - 1; length++) {
        char replay[64];
        /* A copy of the exact size, so that a sanitizer sees a read past the end. */
        char *text = malloc(length + 1);
        cr_assert_not_null(text);
        memcpy(text, studied, length);
        snprintf(replay, sizeof replay, "first %zu bytes", length);
        expect_answer(text, length, replay);
        free(text);
    }
}

static uint64_t next(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Changes, deletes or doubles 1 to 4 bytes; half of the new bytes are YAML's own signs. */
static size_t mutate(char *text, size_t length, uint64_t seed)
{
    static const char signs[] = "{}[]:,-?&*!|>'\"%@`#\n\t .0";
    uint64_t state = seed;
    for (uint64_t n = 1 + next(&state) % 4; n > 0; n--) {
        size_t at = next(&state) % length;
        uint64_t how = next(&state) % 4;
        char byte = (char)next(&state);
        if (how == 0) {
            memmove(text + at, text + at + 1, length - at - 1);
            length--;
        } else if (how == 1) {
            memmove(text + at + 1, text + at, length - at);
            length++;
        } else {
            text[at] = how == 2 ? byte : signs[next(&state) % (sizeof signs - 1)];
        }
    }
    return length;
}

Test(hostile, bytes_changed_at_random)
{
    bound_time();
    for (uint64_t seed = 1; seed <= MUTANTS; seed++) {
        char text[sizeof studied + 8], replay[64];
        memcpy(text, studied, sizeof studied);
        size_t length = mutate(text, sizeof studied - 1, seed);
        snprintf(replay, sizeof replay, "seed %" PRIu64, seed);
        expect_answer(text, length, replay);
    }
}

/* Text far outside the subset, up to the size limit, in bounded time. */
static void expect_bounded(const char *piece, size_t copies)
{
    size_t n = strlen(piece);
    char *text = malloc(n * copies + 1);
    cr_assert_not_null(text);
    for (size_t i = 0; i < copies; i++)
        memcpy(text + i * n, piece, n);
    expect_answer(text, n * copies, piece);
    free(text);
}

Test(hostile, large_and_repetitive)
{
    bound_time();
    expect_bounded("[", 100000);
    expect_bounded("{a: ", 50000);
    expect_bounded("- ", 100000);
    expect_bounded("- a\n", 100000);
    expect_bounded("a: 1\n", 100000);
    expect_bounded("? ", 50000);
    expect_bounded("\"", 100001);
    expect_bounded("events: [1]\n", 5000);
    expect_bounded("*a ", 100000);
    expect_bounded("&a ", 100000);
}

Test(hostile, half_a_million_bad_events)
{
    bound_time();
    size_t items = 500000;
    char *text = malloc(16 + 2 * items);
    cr_assert_not_null(text);
    strcpy(text, "events: [");
    for (size_t i = 0; i < items; i++)
        memcpy(text + 9 + 2 * i, "1,", 2);
    strcpy(text + 9 + 2 * items, "]\n");
    expect_answer(text, strlen(text), "500000 bad events");
    free(text);
}
