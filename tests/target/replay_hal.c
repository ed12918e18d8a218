/* SPDX-License-Identifier: Apache-2.0 */
/* Hardware that answers as a recording says. */
#include "tests/target/replay_hal.h"

#include <string.h>

#include "dosing_frame.h"

static const recorder_call_t *ask_words(recorder_call_id_t id, uint64_t in0, uint64_t in1)
{
    const recorder_call_t asked = {.id = id, .in = {in0, in1}};
    return replay_ask(&asked);
}

static int32_t command(recorder_call_id_t id, uint64_t in0, uint64_t in1)
{
    return ask_words(id, in0, in1)->result;
}

static int32_t send(recorder_call_id_t id, uint64_t in0, uint64_t in1, const uint8_t *bytes,
                    uint32_t length)
{
    const recorder_call_t asked = {.id = id, .in = {in0, in1}, .bytes = bytes, .length = length};
    return replay_ask(&asked)->result;
}

/* A word is filled in by every call that did not fail. */
static int32_t read_word(recorder_call_id_t id, uint32_t *word)
{
    const recorder_call_t *taped = ask_words(id, 0u, 0u);
    if (taped->result == DOSING_HAL_OK) {
        *word = (uint32_t)taped->out[0];
    }
    return taped->result;
}

static int32_t read_long(recorder_call_id_t id, uint64_t *ms)
{
    const recorder_call_t *taped = ask_words(id, 0u, 0u);
    if (taped->result == DOSING_HAL_OK) {
        *ms = taped->out[0];
    }
    return taped->result;
}

static int32_t read_bytes(recorder_call_id_t id, uint64_t in0, uint64_t in1, void *bytes,
                          size_t size)
{
    const recorder_call_t *taped = ask_words(id, in0, in1);
    if (taped->bytes != NULL) {
        memcpy(bytes, taped->bytes, taped->length < size ? taped->length : size);
    }
    return taped->result;
}

static int32_t clock_ms(void *context, uint64_t *ms)
{
    (void)context;
    return read_long(RECORDER_CLOCK, ms);
}

static int32_t second_clock_ms(void *context, uint64_t *ms)
{
    (void)context;
    return read_long(RECORDER_SECOND_CLOCK, ms);
}

static int32_t reset_cause(void *context, uint32_t *cause)
{
    (void)context;
    return read_word(RECORDER_RESET_CAUSE, cause);
}

static int32_t factory_read(void *context, dosing_factory_t *factory)
{
    (void)context;
    return read_bytes(RECORDER_FACTORY_READ, 0u, 0u, factory, sizeof *factory);
}

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    (void)context;
    return command(RECORDER_MOTOR_ARM, count, period_ms);
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    (void)context;
    return command(RECORDER_TRAIN_START, count, period_ms);
}

static int32_t train_stop(void *context)
{
    (void)context;
    return command(RECORDER_TRAIN_STOP, 0u, 0u);
}

static int32_t train_status(void *context, uint32_t *count_done, uint32_t *running)
{
    const recorder_call_t *taped = ask_words(RECORDER_TRAIN_STATUS, 0u, 0u);
    (void)context;
    if (taped->result == DOSING_HAL_OK) {
        *count_done = (uint32_t)taped->out[0];
        *running = (uint32_t)taped->out[1];
    }
    return taped->result;
}

static int32_t step_confirm(void *context, uint32_t *confirmed)
{
    (void)context;
    return read_word(RECORDER_STEP_CONFIRM, confirmed);
}

static int32_t rotor_index(void *context, uint32_t *passages)
{
    (void)context;
    return read_word(RECORDER_ROTOR_INDEX, passages);
}

static int32_t battery_idle_mv(void *context, uint32_t *mv)
{
    (void)context;
    return read_word(RECORDER_BATTERY_IDLE, mv);
}

static int32_t battery_loaded_mv(void *context, uint32_t *mv)
{
    (void)context;
    return read_word(RECORDER_BATTERY_LOADED, mv);
}

static int32_t temperature_mdegc(void *context, int32_t *mdegc)
{
    const recorder_call_t *taped = ask_words(RECORDER_TEMPERATURE, 0u, 0u);
    (void)context;
    if (taped->result == DOSING_HAL_OK) {
        *mdegc = (int32_t)(int64_t)taped->out[0];
    }
    return taped->result;
}

static int32_t tone(void *context, uint32_t kind)
{
    (void)context;
    return command(RECORDER_TONE, kind, 0u);
}

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    (void)context;
    return read_bytes(RECORDER_STORE_GEOMETRY, 0u, 0u, geometry, sizeof *geometry);
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    (void)context;
    return read_bytes(RECORDER_STORE_READ, address, length, bytes, length);
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    (void)context;
    return send(RECORDER_STORE_WRITE, address, length, bytes, length);
}

static int32_t store_erase(void *context, uint32_t sector)
{
    (void)context;
    return command(RECORDER_STORE_ERASE, sector, 0u);
}

static int32_t transmit(void *context, const uint8_t *bytes, uint32_t length)
{
    (void)context;
    return send(RECORDER_TRANSMIT, length, 0u, bytes, length);
}

static int32_t nonce(void *context, uint8_t *bytes, uint32_t length)
{
    (void)context;
    return read_bytes(RECORDER_NONCE, length, 0u, bytes, length);
}

static int32_t authenticate(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag)
{
    const recorder_call_t asked = {
        .id = RECORDER_AUTHENTICATE, .in = {role, length}, .bytes = bytes, .length = length};
    const recorder_call_t *taped = replay_ask(&asked);
    (void)context;
    for (uint32_t i = 0; taped->result == DOSING_HAL_OK && i < DOSING_FRAME_TAG_BYTES; i++) {
        tag[i] = (uint8_t)(taped->out[i / 8u] >> 8u * (i % 8u));
    }
    return taped->result;
}

static int32_t watchdog(void *context)
{
    (void)context;
    return command(RECORDER_WATCHDOG, 0u, 0u);
}

static int32_t pair(void *context, uint8_t role, const uint8_t *bytes)
{
    (void)context;
    return send(RECORDER_PAIR, role, 0u, bytes, DOSING_NONCE_BYTES);
}

const dosing_hal_t *replay_hal(void)
{
    static const dosing_hal_t table = {
        sizeof(dosing_hal_t),
        0u,
        clock_ms,
        second_clock_ms,
        reset_cause,
        factory_read,
        motor_arm,
        train_start,
        train_stop,
        train_status,
        step_confirm,
        rotor_index,
        battery_idle_mv,
        battery_loaded_mv,
        temperature_mdegc,
        tone,
        store_geometry,
        store_read,
        store_write,
        store_erase,
        transmit,
        nonce,
        authenticate,
        watchdog,
        pair,
    };
    return &table;
}
