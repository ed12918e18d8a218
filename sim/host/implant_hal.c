/* SPDX-License-Identifier: Apache-2.0 */
/* The HAL over the device models: what the dosing core sees of an implant_t.
 *
 * A core may be anybody's: an argument outside its range is answered with DOSING_HAL_RANGE and is never an error of
 * the simulator. A train in range that the pump must not run is one: the watch raises it. */
#include "host/implant_hal.h"

#include "device/pump_drive.h"
#include "dosing_frame.h"
#include "host/implant.h"

#include <math.h>
#include <string.h>

/* A processor that is down does nothing any more, whatever its core still tries. */
static bool is_down(const implant_t *im)
{
    return im->power.dark;
}

static int32_t clock_ms(void *context, uint64_t *ms)
{
    const implant_t *im = context;
    *ms = (uint64_t)oscillator_core_ms(&im->pump.oscillator, im->pump.now_ms);
    return DOSING_HAL_OK;
}

static int32_t second_clock_ms(void *context, uint64_t *ms)
{
    const implant_t *im = context;
    *ms = (uint64_t)oscillator_second_ms(&im->pump.oscillator, im->pump.now_ms);
    return DOSING_HAL_OK;
}

static int32_t reset_cause(void *context, uint32_t *cause)
{
    const implant_t *im = context;
    *cause = im->power.cause;
    return DOSING_HAL_OK;
}

static int32_t factory_read(void *context, dosing_factory_t *factory)
{
    const implant_t *im = context;
    *factory = im->factory;
    return DOSING_HAL_OK;
}

static bool train_in_range(uint32_t count, uint32_t period_ms)
{
    return count >= 1 && count <= DOSING_TRAIN_PULSES_MAX && period_ms >= 1 &&
           (uint64_t)count * period_ms <= DOSING_TRAIN_MS_MAX;
}

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    implant_t *im = context;
    if (is_down(im)) {
        return DOSING_HAL_FAILED;
    }
    if (pump_drive_running(&im->pump)) {
        return DOSING_HAL_BUSY;
    }
    if (!train_in_range(count, period_ms)) {
        return DOSING_HAL_RANGE;
    }
    im->arm.count = count;
    im->arm.period_ms = period_ms;
    im->arm.until_ms = im->pump.now_ms + DOSING_ARM_MS;
    return DOSING_HAL_OK;
}

/* The arm serves one start, whatever becomes of it. */
static bool take_arm(implant_t *im, uint32_t count, uint32_t period_ms)
{
    bool armed = im->arm.count == count && im->arm.period_ms == period_ms &&
                 im->pump.now_ms <= im->arm.until_ms && count > 0;
    im->arm.count = 0;
    return armed;
}

/* The motor hardware counts the ticks of the core's clock, so a train ends in the millisecond in which that
 * clock has reached its end, and the next may begin there: no time is lost or won over the years. */
static double real_period_ms(const implant_t *im, uint32_t count, uint32_t period_ms)
{
    int64_t core_end_ms = oscillator_core_ms(&im->pump.oscillator, im->pump.now_ms) +
                          (int64_t)count * (int64_t)period_ms;
    int64_t lasts_ms = oscillator_sim_ms(&im->pump.oscillator, core_end_ms) - im->pump.now_ms;
    double real_ms = (double)lasts_ms / count;
    return real_ms * count > (double)lasts_ms ? nextafter(real_ms, 0.0) : real_ms;
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    implant_t *im = context;
    bool armed = take_arm(im, count, period_ms);
    if (is_down(im)) {
        return DOSING_HAL_FAILED;
    }
    if (pump_drive_running(&im->pump)) {
        return DOSING_HAL_BUSY;
    }
    if (!train_in_range(count, period_ms)) {
        return DOSING_HAL_RANGE;
    }
    if (!armed) {
        return DOSING_HAL_NOT_ARMED;
    }
    if (im->latched || oscillator_stands(&im->pump.oscillator, OSCILLATOR_MAIN) ||
        !implant_reset_carries(im, BATTERY_PULSE)) {
        return DOSING_HAL_FAILED;
    }
    double real_ms = real_period_ms(im, count, period_ms);
    if (im->failure.code == 0 &&
        watch_train(&im->watch, im->pump.now_ms, count, real_ms, &im->failure) == 0) {
        int64_t begun = pump_drive_pulses_begun(&im->pump, im->pump.now_ms);
        if (pump_drive_start(&im->pump, count, real_ms, &im->failure) == 0) {
            im->commanded = begun;
            im->train_count = count;
        }
    }
    return im->failure.code == 0 ? DOSING_HAL_OK : DOSING_HAL_FAILED;
}

static int32_t train_stop(void *context)
{
    implant_t *im = context;
    im->arm.count = 0;
    pump_drive_stop(&im->pump);
    return DOSING_HAL_OK;
}

static uint32_t train_done(const implant_t *im)
{
    return im->train_count == 0 ? 0 : (uint32_t)pump_drive_train_begun(&im->pump);
}

static int32_t train_status(void *context, uint32_t *count_done, uint32_t *running)
{
    const implant_t *im = context;
    *count_done = train_done(im);
    *running = pump_drive_running(&im->pump) ? 1u : 0u;
    return DOSING_HAL_OK;
}

static int32_t step_confirm(void *context, uint32_t *confirmed)
{
    const implant_t *im = context;
    *confirmed = im->train_count == 0 ? 0 : (uint32_t)pump_drive_train_confirmed(&im->pump);
    return DOSING_HAL_OK;
}

static int32_t rotor_index(void *context, uint32_t *passages)
{
    const implant_t *im = context;
    *passages = (uint32_t)(pump_drive_index(&im->pump) - im->power.index_before);
    return DOSING_HAL_OK;
}

static int32_t battery_idle_mv(void *context, uint32_t *mv)
{
    const implant_t *im = context;
    *mv = (uint32_t)lround(1000.0 * battery_idle_v(&im->pump.battery));
    return DOSING_HAL_OK;
}

static int32_t battery_loaded_mv(void *context, uint32_t *mv)
{
    const implant_t *im = context;
    bool loaded = train_done(im) > 0;
    *mv = (uint32_t)lround(1000.0 * (loaded ? battery_loaded_v(&im->pump.battery)
                                            : battery_idle_v(&im->pump.battery)));
    return DOSING_HAL_OK;
}

static int32_t temperature_mdegc(void *context, int32_t *mdegc)
{
    const implant_t *im = context;
    *mdegc = (int32_t)lround(1000.0 * im->pump.environment.temperature_c);
    return DOSING_HAL_OK;
}

static int32_t tone(void *context, uint32_t kind)
{
    implant_t *im = context;
    if (kind != DOSING_TONE_ADVISORY && kind != DOSING_TONE_CRITICAL) {
        return DOSING_HAL_RANGE;
    }
    if (is_down(im) || !implant_reset_carries(im, BATTERY_TONE)) {
        return DOSING_HAL_FAILED;
    }
    battery_drain_tone(&im->pump.battery);
    if (im->sinks.tone != NULL) {
        im->sinks.tone(im->sinks.context, kind);
    }
    return DOSING_HAL_OK;
}

/* Flash that neither fails nor decays: that is implant_trouble.h's. */
static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    (void)context;
    *geometry = (dosing_store_geometry_t){IMPLANT_STORE_SECTORS, IMPLANT_STORE_SECTOR_BYTES,
                                          IMPLANT_STORE_WRITE_BYTES, IMPLANT_STORE_ERASED};
    return DOSING_HAL_OK;
}

static bool in_store(uint32_t address, uint32_t length)
{
    return length >= 1 && address < IMPLANT_STORE_BYTES && length <= IMPLANT_STORE_BYTES - address;
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    const implant_t *im = context;
    if (!in_store(address, length)) {
        return DOSING_HAL_RANGE;
    }
    memcpy(bytes, im->store + address, length);
    return DOSING_HAL_OK;
}

/* Without a way out of the loop, so that many bytes are looked at together. */
static bool is_erased(const uint8_t *bytes, uint32_t length)
{
    uint8_t all = IMPLANT_STORE_ERASED;
    for (uint32_t i = 0; i < length; i++) {
        all &= bytes[i];
    }
    return all == IMPLANT_STORE_ERASED;
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    const implant_t *im = context;
    if (is_down(im)) {
        return DOSING_HAL_FAILED;
    }
    if (!in_store(address, length) || address % IMPLANT_STORE_WRITE_BYTES != 0 ||
        length % IMPLANT_STORE_WRITE_BYTES != 0 ||
        length > IMPLANT_STORE_SECTOR_BYTES - address % IMPLANT_STORE_SECTOR_BYTES) {
        return DOSING_HAL_RANGE;
    }
    if (!is_erased(im->store + address, length)) {
        return DOSING_HAL_FAILED;
    }
    memcpy(im->store + address, bytes, length);
    return DOSING_HAL_OK;
}

static int32_t store_erase(void *context, uint32_t sector)
{
    const implant_t *im = context;
    if (sector >= IMPLANT_STORE_SECTORS) {
        return DOSING_HAL_RANGE;
    }
    if (is_down(im)) {
        return DOSING_HAL_FAILED;
    }
    memset(im->store + sector * IMPLANT_STORE_SECTOR_BYTES, IMPLANT_STORE_ERASED,
           IMPLANT_STORE_SECTOR_BYTES);
    return DOSING_HAL_OK;
}

static int32_t transmit(void *context, const uint8_t *frame, uint32_t length)
{
    implant_t *im = context;
    if (length < 1 || length > DOSING_FRAME_BYTES_MAX) {
        return DOSING_HAL_RANGE;
    }
    if (im->reply == NULL || is_down(im)) {
        return DOSING_HAL_FAILED; /* nobody listens */
    }
    memcpy(im->reply, frame, length);
    im->reply_length = length;
    return DOSING_HAL_OK;
}

/* Made whole and cut to the length asked for: BLAKE2b itself gives no fewer than 16 bytes. */
static int32_t nonce(void *context, uint8_t *bytes, uint32_t length)
{
    implant_t *im = context;
    uint8_t whole[DOSING_NONCE_MAX];
    if (length < 1 || length > sizeof whole) {
        return DOSING_HAL_RANGE;
    }
    if (seal_nonce(implant_key(im), im->nonces++, whole, sizeof whole, &im->failure) != 0) {
        return DOSING_HAL_FAILED;
    }
    memcpy(bytes, whole, length);
    return DOSING_HAL_OK;
}

/* It holds keys for the clinician and the emergency from the factory on, and for the patient once it is paired. */
static int32_t authenticate(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag)
{
    implant_t *im = context;
    if (role < 1u || role > IMPLANT_ROLES || (role == DOSING_ROLE_PATIENT && !im->paired)) {
        return DOSING_HAL_RANGE;
    }
    return seal_tag(&im->key[role - 1u], bytes, length, tag, &im->failure) == 0 ? DOSING_HAL_OK
                                                                                : DOSING_HAL_FAILED;
}

/* The crypto engine makes the patient's key out of the clinician's; the one before is gone with it. */
static int32_t pair(void *context, uint8_t role, const uint8_t *nonce)
{
    implant_t *im = context;
    if (role != DOSING_ROLE_PATIENT) {
        return DOSING_HAL_RANGE;
    }
    if (seal_key_pair(&im->key[role - 1u], implant_key(im), role, nonce, &im->failure) != 0) {
        return DOSING_HAL_FAILED;
    }
    im->paired = true;
    return DOSING_HAL_OK;
}

static int32_t watchdog(void *context)
{
    (void)context;
    return DOSING_HAL_OK;
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

const dosing_hal_t *implant_hal_table(void)
{
    return &table;
}
