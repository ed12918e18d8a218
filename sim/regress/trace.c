/* SPDX-License-Identifier: Apache-2.0 */
/* Entries and HAL calls folded into sums. */
#include "regress/trace.h"

#include <stdlib.h>
#include <string.h>

/* 2^64 over the golden ratio, odd: R. P. Brent's and D. E. Knuth's multiplier of Fibonacci hashing. */
#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15)

trace_family_t trace_family_of(recorder_call_id_t id)
{
    switch (id) {
    case RECORDER_MOTOR_ARM:
    case RECORDER_TRAIN_START:
    case RECORDER_TRAIN_STOP:
        return TRACE_MOTOR;
    case RECORDER_TONE:
        return TRACE_SOUND;
    case RECORDER_STORE_WRITE:
    case RECORDER_STORE_ERASE:
        return TRACE_STORE;
    case RECORDER_TRANSMIT:
    case RECORDER_NONCE:
    case RECORDER_AUTHENTICATE:
    case RECORDER_PAIR:
    case RECORDER_CORE_RECEIVE:
        return TRACE_RADIO;
    case RECORDER_CLOCK:
    case RECORDER_SECOND_CLOCK:
    case RECORDER_RESET_CAUSE:
    case RECORDER_FACTORY_READ:
    case RECORDER_TRAIN_STATUS:
    case RECORDER_STEP_CONFIRM:
    case RECORDER_ROTOR_INDEX:
    case RECORDER_BATTERY_IDLE:
    case RECORDER_BATTERY_LOADED:
    case RECORDER_TEMPERATURE:
    case RECORDER_STORE_GEOMETRY:
    case RECORDER_STORE_READ:
    case RECORDER_WATCHDOG:
    case RECORDER_CORE_INIT:
    case RECORDER_CORE_WAKE:
    case RECORDER_CORE_RETURN:
    default:
        return TRACE_READING;
    }
}

const char *trace_family_name(trace_family_t family)
{
    static const char *const name[TRACE_FAMILIES] = {"motor", "sound", "store", "radio", "reading"};
    return name[family];
}

void trace_init(trace_t *t)
{
    memset(t, 0, sizeof *t);
}

void trace_free(trace_t *t)
{
    free(t->mark);
    trace_init(t);
}

/* ---- folding --------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * MULTIPLIER;
    return sum ^ sum >> 29u;
}

static uint64_t mix_bytes(uint64_t sum, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t at = 0; at < length; at += 8u) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, length - at < 8u ? length - at : 8u);
        sum = mix(sum, word);
    }
    return sum;
}

static uint64_t mix_call(uint64_t sum, const recorder_call_t *call)
{
    sum = mix(sum, (uint64_t)call->id << 32u | (uint32_t)call->result);
    sum = mix(sum, call->clock_ms);
    sum = mix(sum, call->in[0]);
    sum = mix(sum, call->in[1]);
    sum = mix(sum, call->out[0]);
    sum = mix(sum, call->out[1]);
    sum = mix(sum, call->length);
    return call->bytes != NULL ? mix_bytes(sum, call->bytes, call->length) : sum;
}

static void set_mark(trace_t *t)
{
    if (t->marks == t->capacity) {
        const size_t capacity = 2 * t->capacity + 64;
        trace_mark_t *mark = realloc(t->mark, capacity * sizeof *mark);
        if (mark == NULL) {
            t->lost = true;
            return;
        }
        t->mark = mark;
        t->capacity = capacity;
    }
    t->mark[t->marks++] = (trace_mark_t){t->calls, (int64_t)t->clock_ms, t->sum};
}

void trace_fold(trace_t *t, const recorder_call_t *call)
{
    const trace_family_t family = trace_family_of(call->id);
    t->sum = mix_call(t->sum, call);
    t->family[family].sum = mix_call(t->family[family].sum, call);
    t->family[family].calls++;
    t->clock_ms = call->clock_ms;
    if (++t->calls % TRACE_MARK_CALLS == 0) {
        set_mark(t);
    }
}

int trace_end(trace_t *t, error_t *e)
{
    set_mark(t);
    return t->lost ? ERROR_RAISE(e, ERROR_MEMORY, "out of memory for the marks of a trace") : 0;
}

int64_t trace_differ(const trace_t *a, const trace_t *b)
{
    const size_t common = a->marks < b->marks ? a->marks : b->marks;
    for (size_t i = 0; i < common; i++) {
        if (a->mark[i].calls != b->mark[i].calls || a->mark[i].sum != b->mark[i].sum) {
            return i == 0 ? 0 : a->mark[i - 1].calls;
        }
    }
    return a->marks == b->marks ? -1 : (common == 0 ? 0 : a->mark[common - 1].calls);
}
