/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a core's hardware as bytes, both ways. */
#include "regress/call_code.h"

#include <stdbool.h>
#include <string.h>

/* ---- writing --------------------------------------------------------------------------------------------- */

static uint64_t zigzag(int64_t value)
{
    return (uint64_t)value << 1u ^ (value < 0 ? UINT64_MAX : 0u);
}

static uint8_t *put(uint8_t *at, uint64_t value)
{
    while (value > 0x7Fu) {
        *at++ = (uint8_t)(value | 0x80u);
        value >>= 7u;
    }
    *at++ = (uint8_t)value;
    return at;
}

size_t call_code_put(call_code_t *c, const recorder_call_t *call, uint8_t head[CALL_CODE_HEAD_MAX])
{
    const uint64_t value[] = {zigzag(call->result), zigzag((int64_t)(call->clock_ms - c->clock_ms)),
                              call->in[0],          call->in[1],
                              call->out[0],         call->out[1]};
    uint8_t *at = head + 2;
    head[0] = (uint8_t)call->id;
    head[1] = 0u;
    for (uint32_t i = 0; i < sizeof value / sizeof value[0]; i++) {
        if (value[i] != 0u) {
            head[1] |= (uint8_t)(1u << i);
            at = put(at, value[i]);
        }
    }
    if (call->bytes != NULL) {
        head[1] |= CALL_CODE_BYTES;
        at = put(at, call->length);
    }
    c->clock_ms = call->clock_ms;
    return (size_t)(at - head);
}

size_t call_code_put_text(uint8_t kind, size_t length, uint8_t head[CALL_CODE_HEAD_MAX])
{
    head[0] = kind;
    return (size_t)(put(head + 1, length) - head);
}

/* ---- reading --------------------------------------------------------------------------------------------- */

/* Bytes that are left, and whether there were enough. */
typedef struct rest_t {
    const uint8_t *at, *end;
    bool whole;
} rest_t;

static uint64_t get(rest_t *r)
{
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 64u; shift += 7u) {
        if (r->at == r->end) {
            break;
        }
        const uint8_t byte = *r->at++;
        value |= (uint64_t)(byte & 0x7Fu) << shift;
        if (byte < 0x80u) {
            return value;
        }
    }
    r->whole = false;
    return 0;
}

static uint64_t get_if(rest_t *r, bool present)
{
    return present ? get(r) : 0u;
}

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1u ^ ((value & 1u) != 0u ? UINT64_MAX : 0u));
}

static void get_bytes(rest_t *r, recorder_call_t *call)
{
    const uint64_t length = get(r);
    if (!r->whole || length > CALL_CODE_BYTES_MAX || length > (uint64_t)(r->end - r->at)) {
        r->whole = false;
        return;
    }
    call->bytes = r->at;
    call->length = (uint32_t)length;
    r->at += length;
}

static void get_call(call_code_t *c, rest_t *r, recorder_call_t *call)
{
    const uint8_t has = *r->at++;
    call->result = (int32_t)unzigzag(get_if(r, (has & CALL_CODE_RESULT) != 0u));
    call->clock_ms = c->clock_ms + (uint64_t)unzigzag(get_if(r, (has & CALL_CODE_CLOCK) != 0u));
    call->in[0] = get_if(r, (has & CALL_CODE_IN0) != 0u);
    call->in[1] = get_if(r, (has & CALL_CODE_IN1) != 0u);
    call->out[0] = get_if(r, (has & CALL_CODE_OUT0) != 0u);
    call->out[1] = get_if(r, (has & CALL_CODE_OUT1) != 0u);
    if ((has & CALL_CODE_BYTES) != 0u) {
        get_bytes(r, call);
    }
}

size_t call_code_get(call_code_t *c, const uint8_t *bytes, size_t size, recorder_call_t *call)
{
    rest_t r = {bytes + 1, bytes + size, size >= 2u};
    memset(call, 0, sizeof *call);
    if (!r.whole) {
        return 0;
    }
    if (bytes[0] == CALL_CODE_LIFE || bytes[0] == CALL_CODE_END) {
        call->in[0] = bytes[0];
        get_bytes(&r, call);
    } else if (bytes[0] <= (uint8_t)RECORDER_LAST) {
        call->id = (recorder_call_id_t)bytes[0];
        get_call(c, &r, call);
    } else {
        r.whole = false;
    }
    if (!r.whole) {
        return 0;
    }
    if (call->id != 0) {
        c->clock_ms = call->clock_ms;
    }
    return (size_t)(r.at - bytes);
}
