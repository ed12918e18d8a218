/* SPDX-License-Identifier: Apache-2.0 */
/* Calls as bytes: what comes back is what went in, and of half an item nothing comes. */
#include "regress/call_code.h"

#include <criterion/criterion.h>
#include <string.h>

#define CALLS 2000

static uint64_t of_any_size(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    const uint64_t bits = *seed >> 33 & 63u;
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*seed >> 11 | *seed << 53) >> bits;
}

static recorder_call_t draw_call(uint64_t *seed, const uint8_t *bytes)
{
    recorder_call_t c = {.id = (recorder_call_id_t)(1u + of_any_size(seed) % RECORDER_LAST)};
    c.result = (int32_t)(uint32_t)of_any_size(seed);
    c.clock_ms = of_any_size(seed);
    for (int i = 0; i < 2; i++) {
        c.in[i] = of_any_size(seed);
        c.out[i] = of_any_size(seed);
    }
    c.length = of_any_size(seed) % 3u == 0u ? (uint32_t)(of_any_size(seed) % 300u) : 0u;
    c.bytes = of_any_size(seed) % 2u == 0u || c.length > 0u ? bytes : NULL;
    return c;
}

static size_t encode(call_code_t *code, const recorder_call_t *c, uint8_t *to)
{
    const size_t head = call_code_put(code, c, to);
    cr_assert_leq(head, CALL_CODE_HEAD_MAX);
    if (c->length > 0u) {
        memcpy(to + head, c->bytes, c->length);
    }
    return head + c->length;
}

static void expect_equal(const recorder_call_t *a, const recorder_call_t *b)
{
    cr_expect_eq(a->id, b->id);
    cr_expect_eq(a->result, b->result);
    cr_expect_eq(a->clock_ms, b->clock_ms);
    cr_expect_arr_eq(a->in, b->in, sizeof a->in);
    cr_expect_arr_eq(a->out, b->out, sizeof a->out);
    cr_expect_eq(a->length, b->length);
    cr_expect_eq(a->bytes == NULL, b->bytes == NULL);
    cr_expect(a->length == 0u || memcmp(a->bytes, b->bytes, a->length) == 0);
}

Test(call_code, a_call_comes_back_as_it_was_and_half_of_one_not_at_all)
{
    static uint8_t bytes[300], coded[CALL_CODE_HEAD_MAX + sizeof bytes];
    call_code_t there = {0}, back = {0};
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 7u);
    }
    for (int i = 0; i < CALLS; i++) {
        recorder_call_t got;
        const recorder_call_t call = draw_call(&seed, bytes);
        const size_t size = encode(&there, &call, coded);
        for (size_t part = 0; part < size; part++) {
            call_code_t as_was = back;
            cr_assert_eq(call_code_get(&as_was, coded, part, &got), 0u);
        }
        cr_assert_eq(call_code_get(&back, coded, size, &got), size);
        expect_equal(&got, &call);
    }
}

Test(call_code, texts_are_told_from_calls)
{
    uint8_t coded[CALL_CODE_HEAD_MAX + 8];
    call_code_t code = {0};
    recorder_call_t got;
    const size_t head = call_code_put_text(CALL_CODE_END, 3u, coded);
    memcpy(coded + head, "abc", 3u);
    cr_expect_eq(call_code_get(&code, coded, head + 3u, &got), head + 3u);
    cr_expect_eq((int)got.id, 0);
    cr_expect_eq(got.in[0], CALL_CODE_END);
    cr_expect_eq(got.length, 3u);
    cr_expect_arr_eq(got.bytes, "abc", 3u);
}

Test(call_code, what_is_no_item_is_not_taken)
{
    const uint8_t unknown[] = {RECORDER_LAST + 1, 0u, 0u};
    const uint8_t endless[] = {1u,    0x04u, 0xFFu, 0xFFu, 0xFFu, 0xFFu, 0xFFu,
                               0xFFu, 0xFFu, 0xFFu, 0xFFu, 0xFFu, 0xFFu, 0x01u};
    const uint8_t huge[] = {1u, 0x40u, 0xFFu, 0xFFu, 0xFFu, 0x7Fu, 0u};
    call_code_t code = {0};
    recorder_call_t got;
    cr_expect_eq(call_code_get(&code, unknown, sizeof unknown, &got), 0u);
    cr_expect_eq(call_code_get(&code, endless, sizeof endless, &got), 0u);
    cr_expect_eq(call_code_get(&code, huge, sizeof huge, &got), 0u);
}
