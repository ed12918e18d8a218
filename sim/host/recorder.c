/* SPDX-License-Identifier: Apache-2.0 */
/* A HAL that forwards every call and tells a sink about it. */
#include "host/recorder.h"

#include <stddef.h>

#include "host/seal.h"
#include "host/session.h"

static uint64_t clock_of(const recorder_t *r)
{
    uint64_t ms = 0;
    return r->clock->clock_ms(r->inner_context, &ms) == DOSING_HAL_OK ? ms : 0u;
}

/* Begins a record: the clock is read before the call, so that a train's start has the time it starts at. */
static recorder_call_t begin(const recorder_t *r, recorder_call_id_t id, uint64_t in0, uint64_t in1)
{
    return (recorder_call_t){.id = id, .clock_ms = clock_of(r), .in = {in0, in1}};
}

static int32_t tell(const recorder_t *r, recorder_call_t *call, int32_t result)
{
    call->result = result;
    r->sink(r->sink_context, call);
    return result;
}

static void give(recorder_call_t *call, uint64_t out0, uint64_t out1)
{
    call->out[0] = out0;
    call->out[1] = out1;
}

/* Bytes that the call was to fill: nothing where it failed. */
static void give_bytes(recorder_call_t *call, int32_t result, const uint8_t *bytes, uint32_t length)
{
    call->bytes = result == DOSING_HAL_OK ? bytes : NULL;
    call->length = result == DOSING_HAL_OK ? length : 0u;
}

static int32_t clock_ms(void *context, uint64_t *ms)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_CLOCK, 0u, 0u);
    const int32_t result = r->inner->clock_ms(r->inner_context, ms);
    if (result == DOSING_HAL_OK) {
        give(&call, *ms, 0u);
    }
    return tell(r, &call, result);
}

static int32_t second_clock_ms(void *context, uint64_t *ms)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_SECOND_CLOCK, 0u, 0u);
    const int32_t result = r->inner->second_clock_ms(r->inner_context, ms);
    if (result == DOSING_HAL_OK) {
        give(&call, *ms, 0u);
    }
    return tell(r, &call, result);
}

static int32_t reset_cause(void *context, uint32_t *cause)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_RESET_CAUSE, 0u, 0u);
    const int32_t result = r->inner->reset_cause(r->inner_context, cause);
    if (result == DOSING_HAL_OK) {
        give(&call, *cause, 0u);
    }
    return tell(r, &call, result);
}

static int32_t factory_read(void *context, dosing_factory_t *factory)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_FACTORY_READ, 0u, 0u);
    const int32_t result = r->inner->factory_read(r->inner_context, factory);
    if (result == DOSING_HAL_OK) {
        give(&call, factory->device_id, factory->pulse_volume_pl);
    }
    give_bytes(&call, result, (const uint8_t *)factory, sizeof *factory);
    return tell(r, &call, result);
}

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_MOTOR_ARM, count, period_ms);
    const int32_t result = r->inner->motor_arm(r->inner_context, count, period_ms);
    return tell(r, &call, result);
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_TRAIN_START, count, period_ms);
    const int32_t result = r->inner->train_start(r->inner_context, count, period_ms);
    return tell(r, &call, result);
}

static int32_t train_stop(void *context)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_TRAIN_STOP, 0u, 0u);
    const int32_t result = r->inner->train_stop(r->inner_context);
    return tell(r, &call, result);
}

static int32_t train_status(void *context, uint32_t *count_done, uint32_t *running)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_TRAIN_STATUS, 0u, 0u);
    const int32_t result = r->inner->train_status(r->inner_context, count_done, running);
    if (result == DOSING_HAL_OK) {
        give(&call, *count_done, *running);
    }
    return tell(r, &call, result);
}

static int32_t step_confirm(void *context, uint32_t *confirmed)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_STEP_CONFIRM, 0u, 0u);
    const int32_t result = r->inner->step_confirm(r->inner_context, confirmed);
    if (result == DOSING_HAL_OK) {
        give(&call, *confirmed, 0u);
    }
    return tell(r, &call, result);
}

static int32_t rotor_index(void *context, uint32_t *passages)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_ROTOR_INDEX, 0u, 0u);
    const int32_t result = r->inner->rotor_index(r->inner_context, passages);
    if (result == DOSING_HAL_OK) {
        give(&call, *passages, 0u);
    }
    return tell(r, &call, result);
}

static int32_t battery_idle_mv(void *context, uint32_t *mv)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_BATTERY_IDLE, 0u, 0u);
    const int32_t result = r->inner->battery_idle_mv(r->inner_context, mv);
    if (result == DOSING_HAL_OK) {
        give(&call, *mv, 0u);
    }
    return tell(r, &call, result);
}

static int32_t battery_loaded_mv(void *context, uint32_t *mv)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_BATTERY_LOADED, 0u, 0u);
    const int32_t result = r->inner->battery_loaded_mv(r->inner_context, mv);
    if (result == DOSING_HAL_OK) {
        give(&call, *mv, 0u);
    }
    return tell(r, &call, result);
}

static int32_t temperature_mdegc(void *context, int32_t *mdegc)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_TEMPERATURE, 0u, 0u);
    const int32_t result = r->inner->temperature_mdegc(r->inner_context, mdegc);
    if (result == DOSING_HAL_OK) {
        give(&call, (uint64_t)*mdegc, 0u);
    }
    return tell(r, &call, result);
}

static int32_t tone(void *context, uint32_t tone)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_TONE, tone, 0u);
    const int32_t result = r->inner->tone(r->inner_context, tone);
    return tell(r, &call, result);
}

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_STORE_GEOMETRY, 0u, 0u);
    const int32_t result = r->inner->store_geometry(r->inner_context, geometry);
    if (result == DOSING_HAL_OK) {
        give(&call, geometry->sectors, geometry->sector_bytes);
    }
    give_bytes(&call, result, (const uint8_t *)geometry, sizeof *geometry);
    return tell(r, &call, result);
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_STORE_READ, address, length);
    const int32_t result = r->inner->store_read(r->inner_context, address, bytes, length);
    give_bytes(&call, result, bytes, length);
    return tell(r, &call, result);
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_STORE_WRITE, address, length);
    const int32_t result = r->inner->store_write(r->inner_context, address, bytes, length);
    call.bytes = bytes;
    call.length = length;
    return tell(r, &call, result);
}

static int32_t store_erase(void *context, uint32_t sector)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_STORE_ERASE, sector, 0u);
    const int32_t result = r->inner->store_erase(r->inner_context, sector);
    return tell(r, &call, result);
}

static int32_t transmit(void *context, const uint8_t *frame, uint32_t length)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_TRANSMIT, length, 0u);
    const int32_t result = r->inner->transmit(r->inner_context, frame, length);
    call.bytes = frame;
    call.length = length;
    return tell(r, &call, result);
}

static int32_t nonce(void *context, uint8_t *bytes, uint32_t length)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_NONCE, length, 0u);
    const int32_t result = r->inner->nonce(r->inner_context, bytes, length);
    give_bytes(&call, result, bytes, length);
    return tell(r, &call, result);
}

static int32_t authenticate(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_AUTHENTICATE, role, length);
    const int32_t result = r->inner->authenticate(r->inner_context, role, bytes, length, tag);
    call.bytes = bytes;
    call.length = length;
    if (result == DOSING_HAL_OK) {
        give(&call, session_get(tag, 8u), session_get(tag + 8, 8u));
    }
    return tell(r, &call, result);
}

static int32_t watchdog(void *context)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_WATCHDOG, 0u, 0u);
    const int32_t result = r->inner->watchdog(r->inner_context);
    return tell(r, &call, result);
}

/* The member behind ABI 1.0; the inner table is given by this program, and has it. */
static int32_t pair(void *context, uint8_t role, const uint8_t *nonce)
{
    const recorder_t *r = context;
    recorder_call_t call = begin(r, RECORDER_PAIR, role, 0u);
    const int32_t result = r->inner->pair(r->inner_context, role, nonce);
    call.bytes = nonce;
    call.length = SEAL_PAIR_BYTES;
    return tell(r, &call, result);
}

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

/* ---- the core's own entries ----------------------------------------------------------------------------- */

static void enter(const recorder_t *r, recorder_call_id_t id, const recorder_frame_t *frame)
{
    if (r->sink != NULL) {
        recorder_call_t call = begin(r, id, frame != NULL ? frame->length : 0u, 0u);
        if (frame != NULL) {
            give_bytes(&call, DOSING_HAL_OK, frame->bytes, frame->length);
        }
        r->sink(r->sink_context, &call);
    }
}

static dosing_status_t leave(const recorder_t *r, recorder_call_id_t id, dosing_status_t status,
                             uint64_t next_ms)
{
    if (r->sink != NULL) {
        recorder_call_t call = begin(r, RECORDER_CORE_RETURN, id, 0u);
        give(&call, next_ms, 0u);
        (void)tell(r, &call, (int32_t)status);
    }
    return status;
}

dosing_status_t recorder_core_init(recorder_t *r, const dosing_entry_t *entry,
                                   dosing_state_t *state)
{
    enter(r, RECORDER_CORE_INIT, NULL);
    const dosing_status_t status = entry->init(state, recorder_hal(r), recorder_context(r));
    return leave(r, RECORDER_CORE_INIT, status, 0u);
}

dosing_status_t recorder_core_wake(recorder_t *r, const dosing_entry_t *entry,
                                   dosing_state_t *state, uint64_t *next_ms)
{
    enter(r, RECORDER_CORE_WAKE, NULL);
    const dosing_status_t status = entry->wake(state, next_ms);
    return leave(r, RECORDER_CORE_WAKE, status, *next_ms);
}

dosing_status_t recorder_core_receive(recorder_t *r, const dosing_entry_t *entry,
                                      dosing_state_t *state, const recorder_frame_t *frame,
                                      uint64_t *next_ms)
{
    enter(r, RECORDER_CORE_RECEIVE, frame);
    const dosing_status_t status = entry->receive(state, frame->bytes, frame->length, next_ms);
    return leave(r, RECORDER_CORE_RECEIVE, status, *next_ms);
}

void recorder_init(recorder_t *r, const dosing_hal_t *inner, void *inner_context,
                   recorder_sink_t sink, void *sink_context)
{
    *r = (recorder_t){inner, inner_context, inner, sink, sink_context};
}

void recorder_time_by(recorder_t *r, const dosing_hal_t *clock)
{
    r->clock = clock;
}

const dosing_hal_t *recorder_hal(const recorder_t *r)
{
    return r->sink != NULL ? &table : r->inner;
}

void *recorder_context(recorder_t *r)
{
    return r->sink != NULL ? r : r->inner_context;
}
