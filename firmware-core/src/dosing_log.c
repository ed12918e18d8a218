/* SPDX-License-Identifier: Apache-2.0 */
/* Logs: noted, written, found again, read. */
#include "dosing_log.h"

#include "dosing_codec.h"
#include "dosing_crc.h"
#include "dosing_keep.h"

#define SECTORS 2u /* of one log */

static void seal(dosing_state_t *state)
{
    dosing_crc_seal(&state->log, sizeof state->log);
}

static bool holds(const dosing_state_t *state)
{
    return dosing_crc_holds(&state->log, sizeof state->log);
}

static void count_failed(dosing_log_t *log)
{
    log->failed += log->failed < UINT32_MAX ? 1u : 0u;
}

/* Into the queue. Pre: the block holds; it is to be sealed. */
static void add(dosing_state_t *state, uint32_t code, uint64_t a, uint32_t b)
{
    dosing_log_t *log = &state->log;
    if (log->queued < DOSING_LOG_QUEUE) {
        log->queue[log->queued] = (dosing_note_t){state->run.guard_ms, a, b, code};
        log->queued++;
    } else {
        count_failed(log);
    }
}

void dosing_log_note(dosing_state_t *state, uint32_t code, uint64_t a, uint32_t b)
{
    if (state->lease.device == 0u || !holds(state)) {
        return; /* what flipped is found by the next look at it: it is not sealed over */
    }
    add(state, code, a, b);
    seal(state);
}

/* ---- places -------------------------------------------------------------------------------------------------------- */

/* Bytes of a slot: a record in whole write units. */
static uint32_t slot_bytes(const dosing_medium_t *m)
{
    return (DOSING_RECORD_BYTES + m->write_bytes - 1u) / m->write_bytes * m->write_bytes;
}

static uint32_t slots_of(const dosing_medium_t *m)
{
    return m->sector_bytes / slot_bytes(m);
}

static uint32_t sector_of(const dosing_medium_t *m, uint32_t log, uint32_t slot)
{
    return dosing_store_ring(m) + log * SECTORS + slot / slots_of(m);
}

static uint32_t address_of(const dosing_medium_t *m, uint32_t log, uint32_t slot)
{
    return sector_of(m, log, slot) * m->sector_bytes + slot % slots_of(m) * slot_bytes(m);
}

static uint32_t next_slot(const dosing_medium_t *m, uint32_t slot)
{
    return slot + 1u < SECTORS * slots_of(m) ? slot + 1u : 0u;
}

/* The record of a slot; false where there is none. */
static bool look(dosing_state_t *state, uint32_t log, uint32_t slot, uint8_t *bytes)
{
    return dosing_store_read(state, address_of(&state->medium, log, slot), bytes,
                             DOSING_RECORD_BYTES) &&
           dosing_codec_u32(bytes + DOSING_RECORD_AT_NUMBER) != 0u &&
           dosing_codec_u32(bytes + DOSING_RECORD_AT_CRC) ==
               dosing_crc(bytes, DOSING_RECORD_AT_CRC);
}

/* ---- written ------------------------------------------------------------------------------------------------------- */

/* At the start of a sector the older records there make room. */
static bool make_room(dosing_state_t *state, uint32_t which)
{
    dosing_medium_t *m = &state->medium;
    const uint32_t slot = state->log.slot[which];
    return slot % slots_of(m) != 0u || dosing_store_clear(state, sector_of(m, which, slot));
}

static void write(dosing_state_t *state, const dosing_note_t *note)
{
    dosing_medium_t *m = &state->medium;
    dosing_log_t *log = &state->log;
    uint8_t bytes[DOSING_STORE_UNIT_MAX] = {0}; /* a slot is under 32 and a unit, or one unit */
    const uint32_t which = note->code < DOSING_LOG_FAULT ? DOSING_LOG_EVENTS : DOSING_LOG_FAULTS;
    const uint32_t number = log->next[which];
    log->next[which] += number < UINT32_MAX ? 1u : 0u;
    if (!make_room(state, which)) {
        count_failed(log);
        return;
    }
    dosing_codec_put_u32(bytes + DOSING_RECORD_AT_NUMBER, number);
    dosing_codec_put_u32(bytes + DOSING_RECORD_AT_CODE, note->code); /* 16 bits, and 16 of zeros */
    dosing_codec_put_u64(bytes + DOSING_RECORD_AT_MS, note->core_ms);
    dosing_codec_put_u64(bytes + DOSING_RECORD_AT_A, note->a);
    dosing_codec_put_u32(bytes + DOSING_RECORD_AT_B, note->b);
    dosing_codec_put_u32(bytes + DOSING_RECORD_AT_CRC, dosing_crc(bytes, DOSING_RECORD_AT_CRC));
    const uint32_t at = address_of(m, which, log->slot[which]);
    log->slot[which] = next_slot(m, log->slot[which]);
    if (!dosing_store_write(state, at, bytes, slot_bytes(m))) {
        count_failed(log);
    }
}

void dosing_log_flush(dosing_state_t *state)
{
    dosing_log_t *log = &state->log;
    if (log->queued == 0u || !dosing_keep_ready(state)) {
        return;
    }
    if (!holds(state)) {
        (void)dosing_state_fail(state);
        return;
    }
    if (state->medium.sectors != 0u) {
        for (uint32_t i = 0; i < log->queued && i < DOSING_LOG_QUEUE; i++) {
            write(state, &log->queue[i]);
        }
    }
    log->queued = 0u;
    seal(state);
    dosing_state_seal_medium(state);
}

void dosing_log_day(dosing_state_t *state)
{
    dosing_log_t *log = &state->log;
    if (state->lease.device == 0u || !holds(state)) {
        return;
    }
    const uint64_t commanded = state->run.commanded - log->day_commanded;
    const uint64_t confirmed = state->run.confirmed - log->day_confirmed;
    const uint32_t refused = state->counters.refused;
    const uint32_t before = log->refused;
    log->day_commanded = state->run.commanded;
    log->day_confirmed = state->run.confirmed;
    log->refused = refused;
    add(state, DOSING_EVENT_DAY, commanded, (uint32_t)confirmed); /* at most 5e6 */
    if (refused != before) {
        add(state, DOSING_EVENT_FRAMES, refused, refused - before);
    }
    seal(state);
}

/* ---- found again --------------------------------------------------------------------------------------------------- */

/* Behind the record with the highest number, and behind what was written there and is no record. */
static void find_place(dosing_state_t *state, uint32_t which)
{
    const dosing_medium_t *m = &state->medium;
    dosing_log_t *log = &state->log;
    uint8_t bytes[DOSING_RECORD_BYTES];
    log->next[which] = 1u;
    log->slot[which] = 0u;
    for (uint32_t slot = 0; slot < SECTORS * slots_of(m); slot++) {
        if (!look(state, which, slot, bytes)) {
            continue;
        }
        const uint32_t number = dosing_codec_u32(bytes + DOSING_RECORD_AT_NUMBER);
        if (number >= log->next[which]) {
            log->next[which] = number < UINT32_MAX ? number + 1u : number;
            log->slot[which] = next_slot(m, slot);
        }
    }
    while (log->slot[which] % slots_of(m) != 0u &&
           !dosing_store_blank(state, address_of(m, which, log->slot[which]), slot_bytes(m))) {
        log->slot[which] = next_slot(m, log->slot[which]);
    }
}

/* Time that the reset has left unknown: none bounds it but a main clock that ran on. */
static uint64_t uncertain_ms(const dosing_state_t *state, const dosing_moment_t *last)
{
    const uint32_t cause = state->therapy.reset_cause;
    const bool ran_on = (cause == DOSING_RESET_WATCHDOG || cause == DOSING_RESET_SOFTWARE) &&
                        state->run.clock_main_ms >= last->main_ms;
    return ran_on ? state->run.clock_main_ms - last->main_ms : UINT64_MAX;
}

void dosing_log_open(dosing_state_t *state, const dosing_moment_t *last)
{
    dosing_log_t *log = &state->log;
    *log = (dosing_log_t){.day_commanded = state->run.commanded,
                          .day_confirmed = state->run.confirmed,
                          .refused = state->counters.refused,
                          .next = {1u, 1u}};
    if (state->medium.sectors != 0u) {
        find_place(state, DOSING_LOG_EVENTS);
        find_place(state, DOSING_LOG_FAULTS);
    }
    seal(state);
    dosing_state_seal_medium(state);
    dosing_log_note(state, DOSING_EVENT_RESET, uncertain_ms(state, last),
                    state->therapy.reset_cause);
}

/* ---- read ---------------------------------------------------------------------------------------------------------- */

/* From the slot that is written next, around to the latest: numbers rise. */
uint32_t dosing_log_read(dosing_state_t *state, uint32_t log, uint32_t first, uint8_t *bytes)
{
    uint32_t count = 0;
    if (log < DOSING_LOGS && dosing_keep_ready(state) && state->medium.sectors != 0u &&
        holds(state)) {
        const uint32_t slots = slots_of(&state->medium);
        for (uint32_t i = 0; i < SECTORS * slots && count < DOSING_LOGGED_MAX; i++) {
            uint8_t *record = bytes + 4u + count * DOSING_RECORD_BYTES;
            const uint32_t slot = (state->log.slot[log] + i) % (SECTORS * slots);
            const bool wanted = look(state, log, slot, record) &&
                                dosing_codec_u32(record + DOSING_RECORD_AT_NUMBER) >= first;
            count += wanted ? 1u : 0u;
        }
        dosing_state_seal_medium(state);
    }
    dosing_codec_put_u32(bytes, count);
    return 4u + count * DOSING_RECORD_BYTES;
}
