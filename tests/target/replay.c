/* SPDX-License-Identifier: Apache-2.0 */
/* Leads the core that is linked in through the lives of a recording: it gets the entries and the answers that another build of it
 * got, and has to ask for the same. Stops at the first request that differs.
 *
 * usage: replay RECORDING. The recording is made by `thecasim regress SUITE.yaml --record RECORDING`. Exit 0: nothing differs; 1: a
 * request does; 2: no recording. */
#include "tests/target/replay_hal.h"
#include "tests/target/tape.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dosing_core.h"
#include "regress/call_text.h"

/* Longer than any frame that is received whole. */
#define FRAME_BYTES_MAX CALL_CODE_BYTES_MAX

static struct {
    tape_t tape;
    jmp_buf dark; /* out of the core, where its power was lost */
} replay;

static alignas(64) uint8_t state[DOSING_STATE_BYTES_MAX];
static uint8_t frame[FRAME_BYTES_MAX];

/* ---- the first difference -------------------------------------------------------------------------------- */

/* Whether the bytes of a call are the core's, and not an answer. */
static bool gives_bytes(recorder_call_id_t id)
{
    return id == RECORDER_STORE_WRITE || id == RECORDER_TRANSMIT || id == RECORDER_AUTHENTICATE ||
           id == RECORDER_PAIR;
}

static uint32_t first_byte(const recorder_call_t *a, const recorder_call_t *b)
{
    uint32_t i = 0;
    while (i < a->length && i < b->length && a->bytes[i] == b->bytes[i]) {
        i++;
    }
    return i;
}

static bool is_return(const recorder_call_t *call)
{
    return call->id == RECORDER_CORE_RETURN;
}

/* Whether `asked` is what is on the tape. Its clock is no request, and is not looked at. */
static bool equal(const recorder_call_t *asked, const recorder_call_t *taped)
{
    if (asked->id != taped->id || memcmp(asked->in, taped->in, sizeof asked->in) != 0) {
        return false;
    }
    if (is_return(asked)) {
        return asked->result == taped->result && asked->out[0] == taped->out[0];
    }
    return !gives_bytes(asked->id) ||
           (asked->length == taped->length && first_byte(asked, taped) == asked->length);
}

static void say(const char *whose, const recorder_call_t *call)
{
    char text[CALL_TEXT_SIZE];
    if (is_return(call)) {
        call_text_put(call, text);
    } else {
        call_text_request(call, text);
    }
    printf("    %-9s %s\n", whose, text);
}

/* The two sides; exits, for there is no way on. */
static void differ(const recorder_call_t *asked, const recorder_call_t *taped)
{
    char when[CALL_TEXT_TIME_SIZE];
    call_text_time((int64_t)taped->clock_ms, when);
    printf("differs: %s, after %lld calls, the pump's clock at %s\n", replay.tape.life,
           (long long)replay.tape.calls, when);
    say("recorded", taped);
    say("here", asked);
    if (asked->id == taped->id && gives_bytes(asked->id) && asked->length == taped->length) {
        const uint32_t i = first_byte(asked, taped);
        if (i < asked->length) {
            printf("    byte %u of %u: recorded %02x, here %02x\n", (unsigned)i,
                   (unsigned)asked->length, taped->bytes[i], asked->bytes[i]);
        }
    }
    exit(1);
}

/* ---- request by request ---------------------------------------------------------------------------------- */

/* The recorded call that this request is; where a life or the tape goes on with a start or ends, the power was lost here. */
const recorder_call_t *replay_ask(const recorder_call_t *asked)
{
    const recorder_call_t *taped = tape_next(&replay.tape);
    if (taped == NULL || taped->id == RECORDER_CORE_INIT) {
        longjmp(replay.dark, 1);
    }
    if (!equal(asked, taped)) {
        differ(asked, taped);
    }
    tape_take(&replay.tape);
    return taped;
}

/* ---- entry by entry ---------------------------------------------------------------------------------------- */

static dosing_status_t enter(const recorder_call_t *entry, uint64_t *next_ms)
{
    const dosing_entry_t *core = dosing_entry();
    dosing_state_t *s = (dosing_state_t *)(void *)state;
    if (entry->id == RECORDER_CORE_INIT) {
        memset(state, 0, sizeof state);
        *next_ms = 0u;
        return core->init(s, replay_hal(), NULL);
    }
    if (entry->id == RECORDER_CORE_WAKE) {
        return core->wake(s, next_ms);
    }
    return core->receive(s, frame, entry->length, next_ms);
}

/* One entry and all that the core asks in it, up to its return or the loss of its power. */
static void follow(const recorder_call_t *entry)
{
    uint64_t next_ms = DOSING_NEVER_MS;
    const recorder_call_t call = *entry;
    if (call.bytes != NULL) {
        memcpy(frame, call.bytes, call.length); /* the tape moves on while the core has it */
    }
    tape_take(&replay.tape);
    if (setjmp(replay.dark) == 0) {
        const int32_t status = (int32_t)enter(&call, &next_ms);
        const recorder_call_t returned = {
            .id = RECORDER_CORE_RETURN, .result = status, .in = {call.id}, .out = {next_ms}};
        (void)replay_ask(&returned);
    }
}

static bool is_entry(recorder_call_id_t id)
{
    return id == RECORDER_CORE_INIT || id == RECORDER_CORE_WAKE || id == RECORDER_CORE_RECEIVE;
}

/* All lives. Returns what is wrong with the recording; NULL: nothing. */
static const char *follow_all(void)
{
    while (tape_life(&replay.tape)) {
        const recorder_call_t *call;
        while ((call = tape_next(&replay.tape)) != NULL) {
            if (!is_entry(call->id)) {
                return "a call without an entry into the core";
            }
            follow(call);
        }
        (void)fflush(stdout);
    }
    return tape_wrong(&replay.tape);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: replay RECORDING\n", stderr);
        return 2;
    }
    const char *wrong = dosing_entry()->state_size > sizeof state
                            ? "the core's state is larger than DOSING_STATE_BYTES_MAX"
                            : tape_open(&replay.tape, argv[1]);
    wrong = wrong != NULL ? wrong : follow_all();
    tape_close(&replay.tape);
    if (wrong != NULL) {
        printf("no recording: %s: %s\n", argv[1], wrong);
        return 2;
    }
    printf("nothing differs: %s\n", replay.tape.life);
    return 0;
}
