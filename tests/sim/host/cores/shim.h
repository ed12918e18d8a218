/* SPDX-License-Identifier: Apache-2.0 */
/* For test cores that are the real one with something of their own between it and its hardware.
 *
 * SHIM_ID is what the core calls itself. The including file defines shim_change(shim_t *), which may replace members of
 * shim->hal, each called with the shim as context; whatever it leaves is passed on as it is. */
#ifndef TESTS_CORES_SHIM_H
#define TESTS_CORES_SHIM_H

#define dosing_entry real_entry
#include "firmware-core/src/dosing_core.c"
#undef dosing_entry

#include <stdbool.h>

const dosing_entry_t *dosing_entry(void);

typedef struct shim_t {
    dosing_state_t core; /* first: the two have one address */
    dosing_hal_t hal;    /* what the core sees */
    dosing_hal_t port;   /* what is behind */
    void *context;
    uint64_t count; /* for whoever changes something */
} shim_t;

static void shim_change(shim_t *shim);

static int32_t shim_clock(void *c, uint64_t *ms)
{
    shim_t *s = c;
    return s->port.clock_ms(s->context, ms);
}
static int32_t shim_second(void *c, uint64_t *ms)
{
    shim_t *s = c;
    return s->port.second_clock_ms(s->context, ms);
}
static int32_t shim_cause(void *c, uint32_t *cause)
{
    shim_t *s = c;
    return s->port.reset_cause(s->context, cause);
}
static int32_t shim_factory(void *c, dosing_factory_t *factory)
{
    shim_t *s = c;
    return s->port.factory_read(s->context, factory);
}
static int32_t shim_arm(void *c, uint32_t count, uint32_t period_ms)
{
    shim_t *s = c;
    return s->port.motor_arm(s->context, count, period_ms);
}
static int32_t shim_start(void *c, uint32_t count, uint32_t period_ms)
{
    shim_t *s = c;
    return s->port.train_start(s->context, count, period_ms);
}
static int32_t shim_stop(void *c)
{
    shim_t *s = c;
    return s->port.train_stop(s->context);
}
static int32_t shim_status(void *c, uint32_t *done, uint32_t *running)
{
    shim_t *s = c;
    return s->port.train_status(s->context, done, running);
}
static int32_t shim_confirm(void *c, uint32_t *confirmed)
{
    shim_t *s = c;
    return s->port.step_confirm(s->context, confirmed);
}
static int32_t shim_index(void *c, uint32_t *passages)
{
    shim_t *s = c;
    return s->port.rotor_index(s->context, passages);
}
static int32_t shim_idle(void *c, uint32_t *mv)
{
    shim_t *s = c;
    return s->port.battery_idle_mv(s->context, mv);
}
static int32_t shim_loaded(void *c, uint32_t *mv)
{
    shim_t *s = c;
    return s->port.battery_loaded_mv(s->context, mv);
}
static int32_t shim_temperature(void *c, int32_t *mdegc)
{
    shim_t *s = c;
    return s->port.temperature_mdegc(s->context, mdegc);
}
static int32_t shim_tone(void *c, uint32_t tone)
{
    shim_t *s = c;
    return s->port.tone(s->context, tone);
}
static int32_t shim_geometry(void *c, dosing_store_geometry_t *geometry)
{
    shim_t *s = c;
    return s->port.store_geometry(s->context, geometry);
}
static int32_t shim_read(void *c, uint32_t address, uint8_t *bytes, uint32_t length)
{
    shim_t *s = c;
    return s->port.store_read(s->context, address, bytes, length);
}
static int32_t shim_write(void *c, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    shim_t *s = c;
    return s->port.store_write(s->context, address, bytes, length);
}
static int32_t shim_erase(void *c, uint32_t sector)
{
    shim_t *s = c;
    return s->port.store_erase(s->context, sector);
}
static int32_t shim_transmit(void *c, const uint8_t *frame, uint32_t length)
{
    shim_t *s = c;
    return s->port.transmit(s->context, frame, length);
}
static int32_t shim_nonce(void *c, uint8_t *bytes, uint32_t length)
{
    shim_t *s = c;
    return s->port.nonce(s->context, bytes, length);
}
static int32_t shim_authenticate(void *c, uint8_t role, const uint8_t *bytes, uint32_t length,
                                 uint8_t *tag)
{
    shim_t *s = c;
    return s->port.authenticate(s->context, role, bytes, length, tag);
}
static int32_t shim_watchdog(void *c)
{
    shim_t *s = c;
    return s->port.watchdog(s->context);
}
static int32_t shim_pair(void *c, uint8_t role, const uint8_t *nonce)
{
    shim_t *s = c;
    return s->port.pair(s->context, role, nonce);
}

static dosing_status_t shim_init(dosing_state_t *state, const dosing_hal_t *hal, void *context)
{
    shim_t *s = (shim_t *)(void *)state;
    s->port = *hal;
    s->context = context;
    s->hal = (dosing_hal_t){sizeof(dosing_hal_t),
                            0u,
                            shim_clock,
                            shim_second,
                            shim_cause,
                            shim_factory,
                            shim_arm,
                            shim_start,
                            shim_stop,
                            shim_status,
                            shim_confirm,
                            shim_index,
                            shim_idle,
                            shim_loaded,
                            shim_temperature,
                            shim_tone,
                            shim_geometry,
                            shim_read,
                            shim_write,
                            shim_erase,
                            shim_transmit,
                            shim_nonce,
                            shim_authenticate,
                            shim_watchdog,
                            shim_pair};
    shim_change(s);
    return init(state, &s->hal, s);
}

const dosing_entry_t *dosing_entry(void)
{
    static const dosing_entry_t entry = {.abi_major = DOSING_ABI_MAJOR,
                                         .abi_minor = DOSING_ABI_MINOR,
                                         .table_size = sizeof(dosing_entry_t),
                                         .state_size = sizeof(shim_t),
                                         .state_align = _Alignof(shim_t),
                                         .core_id = SHIM_ID,
                                         .init = shim_init,
                                         .wake = wake,
                                         .receive = receive};
    return &entry;
}

#endif
