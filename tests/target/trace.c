/* SPDX-License-Identifier: Apache-2.0 */
/* The trace. The fake hardware's table and the core's are copied and a few of their entries replaced by ones that tell:
 * callbacks added to either later pass through untold. */
#include "trace.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "dosing_state.h"

#define FRAMES 8u
#define WAKES_PER_CHECK 8u

static dosing_hal_t told_hal;
static dosing_entry_t told_core;
static fake_pump_t *pump;
static uint64_t lines;
static struct {
    uint8_t bytes[DOSING_FRAME_BYTES_MAX];
    uint32_t length;
} frames[FRAMES];
static uint32_t next_frame;

/* FNV-1a. */
static uint32_t hash(uint32_t from, const void *block, size_t size)
{
    const uint8_t *bytes = block;
    for (size_t i = 0; i < size; i++) {
        from = (from ^ bytes[i]) * 0x01000193u;
    }
    return from;
}

void trace_scenario(uint64_t seed)
{
    memset(frames, 0, sizeof frames);
    next_frame = 0u;
    trace_line("scenario", seed, 0u);
}

uint64_t trace_lines(void)
{
    return lines;
}

void trace_line(const char *what, uint64_t a, uint64_t b)
{
    printf("%s %llu %llu\n", what, (unsigned long long)a, (unsigned long long)b);
    lines++;
}

/* The three copies of two pointers in the middle differ in size and value from machine to machine; all around them must
 * be the same to the byte. */
#define HEAD offsetof(dosing_state_t, port)
#define TAIL (HEAD + sizeof((dosing_state_t *)0)->port)

uint8_t *trace_state_byte(fake_pump_t *p, uint32_t index)
{
    const uint32_t i = index % (uint32_t)(HEAD + sizeof(dosing_state_t) - TAIL);
    return p->state + (i < HEAD ? i : i - HEAD + TAIL);
}

static uint32_t state_hash(const fake_pump_t *p)
{
    const uint32_t head = hash(0x811C9DC5u, p->state, HEAD);
    return hash(head, p->state + TAIL, sizeof(dosing_state_t) - TAIL);
}

void trace_sum(fake_pump_t *p)
{
    const fake_hal_t *f = &p->hal;
    trace_line("pulses", fake_pulses(f), f->trains);
    trace_line("tones", f->tones_critical, f->tones_advisory);
    trace_line("state", state_hash(p), f->calls);
    printf("violation %s\n", f->violation);
    lines++;
}

/* ---- hardware ------------------------------------------------------------------------------------------------------ */

static int32_t tell(int32_t result, const char *what, uint64_t a, uint64_t b)
{
    printf("%s %llu %llu = %d\n", what, (unsigned long long)a, (unsigned long long)b, (int)result);
    lines++;
    return result;
}

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    return tell(fake_hal.motor_arm(context, count, period_ms), "arm", count, period_ms);
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    return tell(fake_hal.train_start(context, count, period_ms), "start", count, period_ms);
}

static int32_t train_stop(void *context)
{
    const int32_t result = fake_hal.train_stop(context);
    return tell(result, "stop", pump->hal.now_ms, fake_pulses(&pump->hal));
}

static int32_t tone(void *context, uint32_t kind)
{
    return tell(fake_hal.tone(context, kind), "tone", kind, 0u);
}

static int32_t transmit(void *context, const uint8_t *frame, uint32_t length)
{
    const uint32_t h = hash(0x811C9DC5u, frame, length);
    return tell(fake_hal.transmit(context, frame, length), "send", length, h);
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    const uint32_t h = hash(length, bytes, length);
    return tell(fake_hal.store_write(context, address, bytes, length), "write", address, h);
}

static int32_t store_erase(void *context, uint32_t sector)
{
    return tell(fake_hal.store_erase(context, sector), "erase", sector, 0u);
}

static int32_t pair(void *context, uint8_t role, const uint8_t *nonce)
{
    return tell(fake_hal.pair(context, role, nonce), "pair", role, fake_get(nonce, 8u));
}

/* ---- core ---------------------------------------------------------------------------------------------------------- */

static void tell_call(const char *what, dosing_status_t status, uint64_t next_ms)
{
    printf("%s %llu = %d %llu %llu\n", what, (unsigned long long)pump->hal.now_ms, (int)status,
           (unsigned long long)next_ms, (unsigned long long)pump->hal.calls);
    lines++;
}

static dosing_status_t wake(dosing_state_t *state, uint64_t *next_wake_ms)
{
    const dosing_status_t status = dosing_entry()->wake(state, next_wake_ms);
    tell_call("wake", status, *next_wake_ms);
    if (pump->wakes % WAKES_PER_CHECK == 0u) {
        trace_line("state", state_hash(pump), 0u);
    }
    return status;
}

static void keep(const uint8_t *frame, uint32_t length)
{
    if (length <= DOSING_FRAME_BYTES_MAX) {
        memcpy(frames[next_frame % FRAMES].bytes, frame, length);
        frames[next_frame % FRAMES].length = length;
        next_frame++;
    }
}

static dosing_status_t receive(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                               uint64_t *next_wake_ms)
{
    const uint32_t h = hash(0x811C9DC5u, frame, length);
    trace_line("frame", length > DOSING_FRAME_AT_TYPE ? frame[DOSING_FRAME_AT_TYPE] : 0u, h);
    keep(frame, length);
    const dosing_status_t status = dosing_entry()->receive(state, frame, length, next_wake_ms);
    tell_call("taken", status, *next_wake_ms);
    trace_line("state", state_hash(pump), 0u);
    return status;
}

uint32_t trace_frame(uint32_t back, uint8_t *frame)
{
    const uint32_t i = (next_frame - 1u - back % FRAMES) % FRAMES;
    memcpy(frame, frames[i].bytes, frames[i].length);
    return frames[i].length;
}

void trace_adopt(fake_pump_t *p)
{
    told_core = *dosing_entry();
    told_core.wake = wake;
    told_core.receive = receive;
    p->core = &told_core;
}

void trace_start(fake_pump_t *p)
{
    told_hal = fake_hal;
    told_hal.motor_arm = motor_arm;
    told_hal.train_start = train_start;
    told_hal.train_stop = train_stop;
    told_hal.tone = tone;
    told_hal.transmit = transmit;
    told_hal.store_write = store_write;
    told_hal.store_erase = store_erase;
    told_hal.pair = pair;
    pump = p;
    p->hal.table = &told_hal;
    fake_pump_start(p);
    trace_adopt(p);
    tell_call("init", p->status, p->next_ms);
    trace_line("state", state_hash(p), 0u);
}
