/* SPDX-License-Identifier: Apache-2.0 */
/* The HAL's table in trouble: each call as it is, unless it is upset, and the store as bad as it is. */
#include "host/implant_trouble_hal.h"

#include "host/implant.h"
#include "host/implant_hal.h"
#include "host/implant_reset.h"

#include <math.h>

static const dosing_hal_t *sound(void)
{
    return implant_hal_table();
}

/* What upsets this call; NULL: nothing does. */
static const implant_upset_t *upset(implant_t *im, recorder_call_id_t call)
{
    implant_upset_t *u = &im->trouble.upset[call];
    if (u->calls == 0u || im->power.dark || im->pump.now_ms >= u->until_ms) {
        return NULL;
    }
    if (u->after > 0u) {
        u->after--;
        return NULL;
    }
    u->calls--;
    return u;
}

static bool fails(const implant_upset_t *u)
{
    return u != NULL && u->result != DOSING_HAL_OK;
}

static uint32_t told(const implant_upset_t *u)
{
    return (uint32_t)llround(u->value);
}

/* One byte of many comes inverted; none where there are not so many. */
static void invert(const implant_upset_t *u, void *bytes, size_t length)
{
    if (told(u) < length) {
        ((uint8_t *)bytes)[told(u)] ^= 0xFFu;
    }
}

/* ---- calls that read ------------------------------------------------------------------------------------------------- */

/* `type name(context, *out)` that answers one number. */
#define READS(name, id, type, as)                                                                  \
    static int32_t name(void *context, type *out)                                                  \
    {                                                                                              \
        const implant_upset_t *u = upset(context, id);                                             \
        if (fails(u)) {                                                                            \
            return u->result;                                                                      \
        }                                                                                          \
        const int32_t result = sound()->name(context, out);                                        \
        if (u != NULL) {                                                                           \
            *out = as;                                                                             \
        }                                                                                          \
        return result;                                                                             \
    }
READS(clock_ms, RECORDER_CLOCK, uint64_t, (uint64_t)llround(u->value))
READS(second_clock_ms, RECORDER_SECOND_CLOCK, uint64_t, (uint64_t)llround(u->value))
READS(reset_cause, RECORDER_RESET_CAUSE, uint32_t, told(u))
READS(step_confirm, RECORDER_STEP_CONFIRM, uint32_t, told(u))
READS(rotor_index, RECORDER_ROTOR_INDEX, uint32_t, told(u))
READS(battery_idle_mv, RECORDER_BATTERY_IDLE, uint32_t, told(u))
READS(battery_loaded_mv, RECORDER_BATTERY_LOADED, uint32_t, told(u))
READS(temperature_mdegc, RECORDER_TEMPERATURE, int32_t, (int32_t)llround(u->value))
#undef READS

static int32_t train_status(void *context, uint32_t *count_done, uint32_t *running)
{
    const implant_upset_t *u = upset(context, RECORDER_TRAIN_STATUS);
    if (fails(u)) {
        return u->result;
    }
    const int32_t result = sound()->train_status(context, count_done, running);
    if (u != NULL) {
        *count_done = told(u);
    }
    return result;
}

static int32_t factory_read(void *context, dosing_factory_t *factory)
{
    const implant_upset_t *u = upset(context, RECORDER_FACTORY_READ);
    if (fails(u)) {
        return u->result;
    }
    const int32_t result = sound()->factory_read(context, factory);
    if (u != NULL) {
        invert(u, factory, sizeof *factory);
    }
    return result;
}

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    const implant_upset_t *u = upset(context, RECORDER_STORE_GEOMETRY);
    if (fails(u)) {
        return u->result;
    }
    const int32_t result = sound()->store_geometry(context, geometry);
    if (u != NULL) {
        geometry->sectors = told(u);
    }
    return result;
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    const implant_upset_t *u = upset(context, RECORDER_STORE_READ);
    if (fails(u)) {
        return u->result;
    }
    const int32_t result = sound()->store_read(context, address, bytes, length);
    if (u != NULL && result == DOSING_HAL_OK) {
        invert(u, bytes, length);
    }
    return result;
}

static int32_t nonce(void *context, uint8_t *bytes, uint32_t length)
{
    const implant_upset_t *u = upset(context, RECORDER_NONCE);
    if (fails(u)) {
        return u->result;
    }
    const int32_t result = sound()->nonce(context, bytes, length);
    for (uint32_t i = 0; u != NULL && result == DOSING_HAL_OK && i < length; i++) {
        bytes[i] = (uint8_t)told(u);
    }
    return result;
}

static int32_t authenticate(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag)
{
    const implant_upset_t *u = upset(context, RECORDER_AUTHENTICATE);
    if (fails(u)) {
        return u->result;
    }
    const int32_t result = sound()->authenticate(context, role, bytes, length, tag);
    if (u != NULL && result == DOSING_HAL_OK) {
        invert(u, tag, SEAL_TAG_BYTES);
    }
    return result;
}

/* ---- calls that act ---------------------------------------------------------------------------------------------------- */

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    const implant_upset_t *u = upset(context, RECORDER_MOTOR_ARM);
    return u != NULL ? u->result : sound()->motor_arm(context, count, period_ms);
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    implant_t *im = context;
    const implant_upset_t *u = upset(im, RECORDER_TRAIN_START);
    if (u == NULL) {
        return sound()->train_start(context, count, period_ms);
    }
    im->arm.count = 0; /* the arm drops whatever becomes of the start */
    return u->result;
}

static int32_t train_stop(void *context)
{
    const implant_upset_t *u = upset(context, RECORDER_TRAIN_STOP);
    return u != NULL ? u->result : sound()->train_stop(context);
}

static int32_t tone(void *context, uint32_t kind)
{
    const implant_upset_t *u = upset(context, RECORDER_TONE);
    return u != NULL ? u->result : sound()->tone(context, kind);
}

static int32_t transmit(void *context, const uint8_t *frame, uint32_t length)
{
    const implant_upset_t *u = upset(context, RECORDER_TRANSMIT);
    return u != NULL ? u->result : sound()->transmit(context, frame, length);
}

static int32_t watchdog(void *context)
{
    const implant_upset_t *u = upset(context, RECORDER_WATCHDOG);
    return u != NULL ? u->result : sound()->watchdog(context);
}

static int32_t pair(void *context, uint8_t role, const uint8_t *challenge)
{
    const implant_upset_t *u = upset(context, RECORDER_PAIR);
    return u != NULL ? u->result : sound()->pair(context, role, challenge);
}

/* ---- the store --------------------------------------------------------------------------------------------------------- */

static bool is_worn(const implant_t *im, uint32_t sector)
{
    return sector < IMPLANT_STORE_SECTORS && (im->trouble.worn >> sector & 1u) != 0u;
}

/* As many whole units as the share is, and then no power. */
static int32_t tear(implant_t *im, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    const double units = floor(im->trouble.tear.share * (length / IMPLANT_STORE_WRITE_BYTES));
    const uint32_t whole = (uint32_t)units * IMPLANT_STORE_WRITE_BYTES;
    im->trouble.tear.due = false;
    if (whole > 0u) {
        (void)sound()->store_write(im, address, bytes, whole);
    }
    implant_reset_collapse(im);
    return DOSING_HAL_FAILED;
}

static void rot(implant_t *im, uint32_t address, uint32_t length)
{
    const double bits = (double)length * 8.0;
    const uint32_t bit = (uint32_t)(draw_uniform(&im->trouble.rot.draw) * bits);
    im->trouble.rot.writes--;
    im->store[address + bit / 8u] ^= (uint8_t)(1u << bit % 8u);
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    implant_t *im = context;
    const implant_upset_t *u = upset(im, RECORDER_STORE_WRITE);
    if (u != NULL) {
        return u->result;
    }
    if (is_worn(im, address / IMPLANT_STORE_SECTOR_BYTES)) {
        return DOSING_HAL_FAILED;
    }
    if (im->trouble.tear.due && !im->power.dark && im->trouble.tear.after == 0u) {
        return tear(im, address, bytes, length);
    }
    const int32_t result = sound()->store_write(im, address, bytes, length);
    if (result == DOSING_HAL_OK) {
        im->trouble.tear.after -= im->trouble.tear.after > 0u;
        if (im->trouble.rot.after == 0u && im->trouble.rot.writes > 0u) {
            rot(im, address, length);
        }
        im->trouble.rot.after -= im->trouble.rot.after > 0u;
    }
    return result;
}

static int32_t store_erase(void *context, uint32_t sector)
{
    const implant_upset_t *u = upset(context, RECORDER_STORE_ERASE);
    if (u != NULL) {
        return u->result;
    }
    return is_worn(context, sector) ? DOSING_HAL_FAILED : sound()->store_erase(context, sector);
}

static const dosing_hal_t table = {
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

const dosing_hal_t *implant_trouble_hal_table(void)
{
    return &table;
}
