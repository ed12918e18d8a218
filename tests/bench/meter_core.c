/* SPDX-License-Identifier: Apache-2.0 */
/* The dosing core between its caller and its hardware, both metered. */
#include "tests/bench/meter.h"

#include <stdio.h>
#include <stdlib.h>

static const dosing_entry_t *inner;
static dosing_entry_t metered;
static const dosing_hal_t *hardware; /* all pumps of a study have the same */

/* ---- the hardware: name, parameters and arguments; the compiler holds them to the table ------------------- */

#define CALL(name, parameters, arguments)                                                          \
    static int32_t name parameters                                                                 \
    {                                                                                              \
        const meter_part_t before = meter_change(METER_HOST);                                      \
        const int32_t result = hardware->name arguments;                                           \
        (void)meter_change(before);                                                                \
        return result;                                                                             \
    }

CALL(clock_ms, (void *c, uint64_t *ms), (c, ms))
CALL(second_clock_ms, (void *c, uint64_t *ms), (c, ms))
CALL(reset_cause, (void *c, uint32_t *cause), (c, cause))
CALL(factory_read, (void *c, dosing_factory_t *factory), (c, factory))
CALL(motor_arm, (void *c, uint32_t count, uint32_t period_ms), (c, count, period_ms))
CALL(train_start, (void *c, uint32_t count, uint32_t period_ms), (c, count, period_ms))
CALL(train_stop, (void *c), (c))
CALL(train_status, (void *c, uint32_t *done, uint32_t *running), (c, done, running))
CALL(step_confirm, (void *c, uint32_t *confirmed), (c, confirmed))
CALL(rotor_index, (void *c, uint32_t *passages), (c, passages))
CALL(battery_idle_mv, (void *c, uint32_t *mv), (c, mv))
CALL(battery_loaded_mv, (void *c, uint32_t *mv), (c, mv))
CALL(temperature_mdegc, (void *c, int32_t *mdegc), (c, mdegc))
CALL(tone, (void *c, uint32_t kind), (c, kind))
CALL(store_geometry, (void *c, dosing_store_geometry_t *geometry), (c, geometry))
CALL(store_read, (void *c, uint32_t address, uint8_t *bytes, uint32_t length),
     (c, address, bytes, length))
CALL(store_write, (void *c, uint32_t address, const uint8_t *bytes, uint32_t length),
     (c, address, bytes, length))
CALL(store_erase, (void *c, uint32_t sector), (c, sector))
CALL(transmit, (void *c, const uint8_t *frame, uint32_t length), (c, frame, length))
CALL(nonce, (void *c, uint8_t *bytes, uint32_t length), (c, bytes, length))
CALL(authenticate, (void *c, uint8_t role, const uint8_t *bytes, uint32_t length, uint8_t *tag),
     (c, role, bytes, length, tag))
CALL(watchdog, (void *c), (c))
CALL(pair, (void *c, uint8_t role, const uint8_t *of_both), (c, role, of_both))

static const dosing_hal_t metered_hardware = {
    .table_size = sizeof(dosing_hal_t),
    .clock_ms = clock_ms,
    .second_clock_ms = second_clock_ms,
    .reset_cause = reset_cause,
    .factory_read = factory_read,
    .motor_arm = motor_arm,
    .train_start = train_start,
    .train_stop = train_stop,
    .train_status = train_status,
    .step_confirm = step_confirm,
    .rotor_index = rotor_index,
    .battery_idle_mv = battery_idle_mv,
    .battery_loaded_mv = battery_loaded_mv,
    .temperature_mdegc = temperature_mdegc,
    .tone = tone,
    .store_geometry = store_geometry,
    .store_read = store_read,
    .store_write = store_write,
    .store_erase = store_erase,
    .transmit = transmit,
    .nonce = nonce,
    .authenticate = authenticate,
    .watchdog = watchdog,
    .pair = pair,
};

/* ---- the core ------------------------------------------------------------------------------------------------ */

static dosing_status_t metered_init(dosing_state_t *state, const dosing_hal_t *hal, void *context)
{
    if (hardware != NULL && hardware != hal) {
        fprintf(stderr, "bench: pumps with different hardware cannot be metered together\n");
        exit(1);
    }
    hardware = hal;
    const meter_part_t before = meter_change(METER_WAKE);
    const dosing_status_t status = inner->init(state, &metered_hardware, context);
    (void)meter_change(before);
    return status;
}

static dosing_status_t metered_wake(dosing_state_t *state, uint64_t *next_ms)
{
    const meter_part_t before = meter_change(METER_WAKE);
    const dosing_status_t status = inner->wake(state, next_ms);
    (void)meter_change(before);
    meter_count_wake();
    return status;
}

core_t meter_core(core_t core)
{
    inner = core.entry;
    metered = *inner;
    metered.init = metered_init;
    metered.wake = metered_wake;
    core.entry = &metered;
    return core;
}
