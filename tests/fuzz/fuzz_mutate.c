/* SPDX-License-Identifier: Apache-2.0 */
/* A tape is taken apart, one record of it changed, and put together again. */
#include "fuzz_mutate.h"

#include <string.h>

#include "fuzz_tape.h"
#include "tests/firmware-core/fake_hal.h"

#define RECORDS_MAX 256u

typedef struct parts_t {
    uint32_t count;
    tape_record_t records[RECORDS_MAX];
} parts_t;

static void take_apart(parts_t *parts, const uint8_t *tape, size_t size)
{
    size_t at = 1u;
    parts->count = 0u;
    while (parts->count < RECORDS_MAX &&
           tape_next(tape, size, &at, &parts->records[parts->count])) {
        parts->count++;
    }
}

static void insert(parts_t *parts, uint32_t at, tape_record_t record)
{
    if (parts->count < RECORDS_MAX) {
        memmove(&parts->records[at + 1u], &parts->records[at], (parts->count - at) * sizeof record);
        parts->records[at] = record;
        parts->count++;
    }
}

static void remove_at(parts_t *parts, uint32_t at)
{
    parts->count--;
    memmove(&parts->records[at], &parts->records[at + 1u],
            (parts->count - at) * sizeof parts->records[0]);
}

/* Changes the record's bytes in `body`, which it then borrows. */
static void change(uint64_t *seed, tape_record_t *record, uint8_t *body, mutate_bytes_t *bytes)
{
    if (record->length > TAPE_BODY_MAX) {
        return;
    }
    memcpy(body, record->body, record->length);
    if (fake_random(seed) % 4u != 0u) {
        tape_tune(seed, record, body);
    } else if (record->length > 0u) {
        record->length = (uint16_t)bytes(body, record->length, TAPE_BODY_MAX);
    }
    record->body = body;
}

static void change_parts(uint64_t *seed, parts_t *parts, uint8_t options, mutate_bytes_t *bytes)
{
    static uint8_t body[TAPE_BODY_MAX];
    const uint32_t at = parts->count > 0u ? (uint32_t)(fake_random(seed) % parts->count) : 0u;
    switch (parts->count > 0u ? fake_random(seed) % 8u : 0u) {
    case 0:
    case 1:
        insert(parts, (uint32_t)(fake_random(seed) % (parts->count + 1u)),
               tape_invent(seed, options, body));
        break;
    case 2:
        remove_at(parts, at);
        break;
    case 3:
        insert(parts, (uint32_t)(fake_random(seed) % (parts->count + 1u)), parts->records[at]);
        break;
    case 4:
        parts->records[at] = tape_invent(seed, options, body);
        break;
    default:
        change(seed, &parts->records[at], body, bytes);
        break;
    }
}

size_t mutate_tape(uint64_t *seed, uint8_t *tape, size_t size, size_t room, mutate_bytes_t *bytes)
{
    static uint8_t result[TAPE_BYTES_MAX];
    static parts_t parts;
    if (size == 0u && room > 0u) {
        tape[0] = 0u;
        size = 1u;
    }
    room = room < sizeof result ? room : sizeof result;
    if (room == 0u || size > room || fake_random(seed) % 20u == 0u) {
        return bytes(tape, size, room);
    }
    take_apart(&parts, tape, size);
    if (fake_random(seed) % 16u == 0u) {
        tape[0] = (uint8_t)fake_random(seed);
    } else {
        change_parts(seed, &parts, tape[0], bytes);
    }
    result[0] = tape[0];
    size_t end = 1u;
    for (uint32_t i = 0; i < parts.count; i++) {
        end = tape_put(result, end, room, &parts.records[i]);
    }
    memcpy(tape, result, end);
    return end;
}
