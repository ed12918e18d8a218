/* SPDX-License-Identifier: Apache-2.0 */
/* The fake hardware. Its tag is a toy: these tests are about the core's use of it, not about cryptography. */
#include "fake_hal.h"

#include <stdio.h>
#include <string.h>

void fake_put(uint8_t *bytes, uint64_t value, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> 8u * i);
    }
}

uint64_t fake_get(const uint8_t *bytes, uint32_t size)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << 8u * i;
    }
    return value;
}

uint64_t fake_random(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

void fake_blame(fake_hal_t *f, const char *what)
{
    if (f->violation[0] == '\0') {
        snprintf(f->violation, sizeof f->violation, "%s at %llu ms", what,
                 (unsigned long long)f->now_ms);
    }
}

static uint32_t begun(const fake_hal_t *f)
{
    if (!f->running) {
        return f->done_at_stop;
    }
    const uint64_t n = (f->now_ms - f->start_ms) / f->period_ms + 1u;
    return n < f->count ? (uint32_t)n : f->count;
}

uint64_t fake_pulses(const fake_hal_t *f)
{
    return f->pulses + (f->running ? begun(f) : 0u);
}

void fake_stall(fake_hal_t *f, bool stalled)
{
    f->missed += f->stalled ? begun(f) - f->stood_at : 0u;
    f->stood_at = begun(f);
    f->stalled = stalled;
}

static void finish(fake_hal_t *f)
{
    f->done_at_stop = begun(f);
    f->running = false;
    f->pulses += f->done_at_stop;
    f->last_pulse_ms = f->start_ms + (uint64_t)(f->done_at_stop - 1u) * f->period_ms;
    if (f->on_train != NULL) {
        f->on_train(f->on_train_context, f->start_ms, f->period_ms, f->done_at_stop);
    }
}

static void settle(fake_hal_t *f)
{
    if (f->running && f->now_ms >= f->end_ms) {
        finish(f);
    }
}

/* Counts the call; FAILED where it is one of those that are to fail. */
static int32_t answer(fake_hal_t *f)
{
    const uint64_t n = f->calls++;
    return n - f->fail_from < f->fail_count ? DOSING_HAL_FAILED : DOSING_HAL_OK;
}

static int32_t clock_ms(void *context, uint64_t *ms)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    *ms = result == DOSING_HAL_OK ? f->now_ms - f->origin_ms : UINT64_MAX;
    return result;
}

static uint64_t second_now(const fake_hal_t *f)
{
    return f->second_ms + (f->now_ms - f->second_main_ms) * f->second_permille / 1000u;
}

void fake_second(fake_hal_t *f, uint64_t permille, uint64_t jump_ms)
{
    f->second_ms = second_now(f);
    f->now_ms += jump_ms;
    f->second_main_ms = f->now_ms;
    f->second_permille = permille;
}

static int32_t second_clock_ms(void *context, uint64_t *ms)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    *ms = result == DOSING_HAL_OK ? second_now(f) : UINT64_MAX;
    return f->second_fails ? DOSING_HAL_FAILED : result;
}

static int32_t reset_cause(void *context, uint32_t *cause)
{
    *cause = ((const fake_hal_t *)context)->cause;
    return answer(context);
}

static int32_t factory_read(void *context, dosing_factory_t *factory)
{
    fake_hal_t *f = context;
    *factory = f->factory;
    const int32_t result = answer(f);
    return f->factory_fails ? DOSING_HAL_FAILED : result;
}

static int32_t motor_arm(void *context, uint32_t count, uint32_t period_ms)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    settle(f);
    if (f->running) {
        fake_blame(f, "armed while a train runs");
        return DOSING_HAL_BUSY;
    }
    if (f->arm_fails || (result != DOSING_HAL_OK && !f->fail_acting)) {
        return DOSING_HAL_FAILED;
    }
    f->armed = true;
    f->armed_count = count;
    f->armed_period_ms = period_ms;
    return result;
}

static int32_t train_start(void *context, uint32_t count, uint32_t period_ms)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    const bool armed = f->armed && f->armed_count == count && f->armed_period_ms == period_ms;
    f->armed = false;
    settle(f);
    if (f->running) {
        fake_blame(f, "started while a train runs");
        return DOSING_HAL_BUSY;
    }
    if (!armed) {
        fake_blame(f, "started unarmed");
        return DOSING_HAL_NOT_ARMED;
    }
    if (count < 1u || count > DOSING_TRAIN_PULSES_MAX || period_ms < 1u ||
        (uint64_t)count * period_ms > DOSING_TRAIN_MS_MAX) {
        fake_blame(f, "train outside its range");
        return DOSING_HAL_RANGE;
    }
    if (period_ms < f->factory.gap_ms ||
        (f->pulses > 0u && f->now_ms < f->last_pulse_ms + f->factory.gap_ms)) {
        fake_blame(f, "pulses closer than the gap");
    }
    if (f->start_fails || (result != DOSING_HAL_OK && !f->fail_acting)) {
        return DOSING_HAL_FAILED;
    }
    f->running = true;
    f->start_ms = f->now_ms;
    f->end_ms = f->now_ms + (uint64_t)count * period_ms;
    f->count = count;
    f->period_ms = period_ms;
    f->trains++;
    f->stood_at = 0u;
    f->missed = 0u;
    return result;
}

static int32_t train_stop(void *context)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    settle(f);
    if (result != DOSING_HAL_OK && !f->fail_acting) {
        return result;
    }
    f->armed = false;
    if (f->running) {
        finish(f);
    }
    return result;
}

static int32_t train_status(void *context, uint32_t *count_done, uint32_t *running)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    settle(f);
    *count_done = result == DOSING_HAL_OK ? begun(f) : UINT32_MAX;
    *running = result == DOSING_HAL_OK && f->running ? 1u : 0u;
    return result;
}

static int32_t step_confirm(void *context, uint32_t *confirmed)
{
    fake_hal_t *f = context;
    *confirmed = begun(f) - f->missed - (f->stalled ? begun(f) - f->stood_at : 0u);
    const int32_t result = answer(f);
    return f->confirm_fails ? DOSING_HAL_FAILED : result;
}

static int32_t rotor_index(void *context, uint32_t *passages)
{
    (void)context;
    *passages = 3000u;
    return DOSING_HAL_OK;
}

static int32_t idle_mv(void *context, uint32_t *mv)
{
    fake_hal_t *f = context;
    *mv = f->idle_mv;
    const int32_t result = answer(f);
    return f->battery_fails ? DOSING_HAL_FAILED : result;
}

static int32_t loaded_mv(void *context, uint32_t *mv)
{
    fake_hal_t *f = context;
    *mv = f->loaded_mv;
    const int32_t result = answer(f);
    return f->battery_fails ? DOSING_HAL_FAILED : result;
}

static int32_t temperature(void *context, int32_t *mdegc)
{
    fake_hal_t *f = context;
    *mdegc = 37000;
    const int32_t result = answer(f);
    return f->temperature_fails ? DOSING_HAL_FAILED : result;
}

static int32_t tone(void *context, uint32_t kind)
{
    fake_hal_t *f = context;
    *(kind == DOSING_TONE_CRITICAL ? &f->tones_critical : &f->tones_advisory) += 1u;
    return answer(f);
}

static int32_t store_geometry(void *context, dosing_store_geometry_t *geometry)
{
    return fake_flash_geometry(&((fake_hal_t *)context)->flash, geometry);
}

static int32_t store_read(void *context, uint32_t address, uint8_t *bytes, uint32_t length)
{
    return fake_flash_read(&((fake_hal_t *)context)->flash, address, bytes, length);
}

static int32_t store_write(void *context, uint32_t address, const uint8_t *bytes, uint32_t length)
{
    return fake_flash_write(&((fake_hal_t *)context)->flash, address, bytes, length);
}

static int32_t store_erase(void *context, uint32_t sector)
{
    return fake_flash_erase(&((fake_hal_t *)context)->flash, sector);
}

static int32_t transmit(void *context, const uint8_t *frame, uint32_t length)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    if (result == DOSING_HAL_OK) {
        memcpy(f->reply, frame, length);
        f->reply_length = length;
        f->replies++;
    }
    return result;
}

static int32_t nonce(void *context, uint8_t *bytes, uint32_t length)
{
    fake_hal_t *f = context;
    for (uint32_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)(fake_random(&f->nonce) >> 32);
    }
    return answer(f);
}

void fake_tag(const fake_hal_t *f, uint8_t role, const uint8_t *bytes, uint32_t length,
              uint8_t *tag)
{
    uint64_t a = UINT64_C(0xCBF29CE484222325) ^ role;
    a ^= role == DOSING_ROLE_PATIENT ? f->patient_key : 0u;
    for (uint32_t i = 0; i < length; i++) {
        a = (a ^ bytes[i]) * UINT64_C(0x100000001B3);
    }
    fake_put(tag, fake_random(&a), 8u);
    fake_put(tag + 8, fake_random(&a), 8u);
}

static int32_t authenticate(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag)
{
    fake_tag(context, role, bytes, length, tag);
    return answer(context);
}

static int32_t pair(void *context, uint8_t role, const uint8_t *nonce)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    if (role != DOSING_ROLE_PATIENT) {
        return DOSING_HAL_RANGE;
    }
    if (result == DOSING_HAL_OK || f->fail_acting) {
        f->patient_key = (fake_get(nonce, 8u) ^ fake_get(nonce + 8, 8u)) << 8u | 1u;
    }
    return result;
}

static int32_t watchdog(void *context)
{
    fake_hal_t *f = context;
    const int32_t result = answer(f);
    return f->watchdog_fails ? DOSING_HAL_FAILED : result;
}

const dosing_hal_t fake_hal = {sizeof(dosing_hal_t),
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
                               idle_mv,
                               loaded_mv,
                               temperature,
                               tone,
                               store_geometry,
                               store_read,
                               store_write,
                               store_erase,
                               transmit,
                               nonce,
                               authenticate,
                               watchdog,
                               pair};

uint32_t fake_crc(const uint8_t *bytes, uint32_t length)
{
    uint32_t crc = 0xFFFFFFFFu;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

void fake_seal_factory(fake_hal_t *f)
{
    uint8_t bytes[sizeof f->factory - 4u];
    memcpy(bytes, &f->factory, sizeof bytes); /* the host of these tests is little-endian */
    f->factory.crc = fake_crc(bytes, sizeof bytes);
}

void fake_init(fake_hal_t *f)
{
    memset(f, 0, sizeof *f);
    f->now_ms = 1000u;
    f->second_permille = 1000u;
    f->second_main_ms = 1000u;
    f->cause = DOSING_RESET_POWER_ON;
    fake_flash_init(&f->flash, 8u, 8192u, 8u, 0xFFu);
    f->idle_mv = 3000u;
    f->loaded_mv = 2900u;
    f->factory = (dosing_factory_t){.magic = DOSING_FACTORY_MAGIC,
                                    .version = DOSING_FACTORY_VERSION,
                                    .device_id = 4711u,
                                    .pulse_volume_pl = 250000u,
                                    .capacity_nl = 20000000u,
                                    .tubing_nl = 140000u,
                                    .rate_min_nl_per_day = 48000u,
                                    .rate_max_nl_per_day = 24000000u,
                                    .volume_24h_max_nl = 12000000u,
                                    .gap_ms = 500u,
                                    .battery_uah = 1400000u,
                                    .idle_na = 12000u,
                                    .wake_nc = 20000u,
                                    .pulse_nc = 400000u,
                                    .tone_nc = 5000000u,
                                    .frame_nc = 1000000u,
                                    .eri_mv = 2300u,
                                    .floor_mv = 2200u};
    fake_seal_factory(f);
}
