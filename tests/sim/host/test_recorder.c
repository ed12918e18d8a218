/* SPDX-License-Identifier: Apache-2.0 */
/* The recorder tells every call between core and hardware, and changes none. */
#include "host/recorder.h"

#include <criterion/criterion.h>

#include "desk.h"

static desk_t desk;

typedef struct tape_t {
    uint64_t calls, trains, last_ms;
    bool backwards;
} tape_t;

static void sink(void *context, const recorder_call_t *call)
{
    tape_t *tape = context;
    tape->calls++;
    tape->trains +=
        call->id == RECORDER_TRAIN_START && call->result == DOSING_HAL_OK ? call->in[0] : 0u;
    tape->backwards |= call->clock_ms < tape->last_ms;
    tape->last_ms = call->clock_ms;
}

Test(recorder, tells_every_call_and_changes_nothing)
{
    tape_t tape = {0};
    const uint64_t bare = desk_course(&desk, core_builtin(), NULL, NULL);
    const uint64_t pulses = desk.pulses;
    cr_expect_eq(desk_course(&desk, core_builtin(), sink, &tape), bare);
    cr_expect_gt(tape.calls, 500u);
    cr_expect_geq(tape.trains, pulses);
    cr_expect_not(tape.backwards);
    cr_expect_str_eq(recorder_name(RECORDER_TRAIN_START), "train_start");
    cr_expect_str_eq(recorder_name(RECORDER_WATCHDOG), "watchdog");
    cr_expect_str_eq(recorder_name(RECORDER_PAIR), "pair");
    cr_expect_str_eq(recorder_name(RECORDER_CORE_RETURN), "core_return");
    cr_expect_str_eq(recorder_name((recorder_call_id_t)(RECORDER_LAST + 1)), "unknown");
}

static void keep_pair(void *context, const recorder_call_t *call)
{
    if (call->id == RECORDER_PAIR) {
        *(recorder_call_t *)context = *call;
    }
}

Test(recorder, tells_a_pairing)
{
    recorder_call_t call = {0};
    seal_key_t key;
    desk_start(&desk, core_builtin(), keep_pair, &call);
    desk_pair(&desk, 5u, &key);
    cr_expect_eq(call.in[0], (uint64_t)DOSING_ROLE_PATIENT);
    cr_expect_eq(call.result, DOSING_HAL_OK);
    cr_expect_eq(call.length, SEAL_PAIR_BYTES);
}

Test(recorder, without_a_sink_is_not_between)
{
    recorder_t r;
    dosing_hal_t inner = {0};
    recorder_init(&r, &inner, &desk, NULL, NULL);
    cr_expect_eq(recorder_hal(&r), &inner);
    cr_expect_eq(recorder_context(&r), (void *)&desk);
}
