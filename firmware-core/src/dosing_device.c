/* SPDX-License-Identifier: Apache-2.0 */
/* What is not therapy, as bytes. */
#include "dosing_device.h"

#include "dosing_battery.h"
#include "dosing_codec.h"
#include "dosing_crc.h"

/* INT32_MIN, colder than anything: not measured. */
static uint32_t temperature(const dosing_state_t *state)
{
    const dosing_port_t port = dosing_state_port(state);
    int32_t mdegc = 0;
    const bool measured = port.hal->temperature_mdegc(port.context, &mdegc) == DOSING_HAL_OK;
    return (uint32_t)(measured ? mdegc : INT32_MIN); /* two's complement on the wire */
}

static void put_cell(const dosing_life_t *life, uint8_t *bytes)
{
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_IDLE_MV, life->idle_mv.value_q8 >> 8);
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_LOADED_MV, life->loaded_mv.value_q8 >> 8);
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_CHARGE_UAH, dosing_battery_used_uah(life));
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_ERI_DAYS, dosing_battery_days_left(life));
}

/* What resets have left unknown is in the fault log, reset by reset; the sum is not kept. */
static void put_store(const dosing_state_t *state, uint8_t *bytes)
{
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_STORE_SEQ, state->medium.seq);
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_STORE_BAD, state->medium.bad);
    for (uint32_t log = 0; log < DOSING_LOGS; log++) {
        dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_LOG_NEXT + 4u * log, state->log.next[log]);
    }
}

dosing_status_t dosing_device_report(const dosing_state_t *state, uint8_t *bytes)
{
    const dosing_life_t *life = &state->life;
    if (!dosing_crc_holds(life, sizeof *life)) {
        return DOSING_ERROR_STATE;
    }
    for (uint32_t i = 0; i < DOSING_DEVICE_BYTES; i++) {
        bytes[i] = 0u;
    }
    put_cell(life, bytes);
    const uint64_t days = life->age_ms / DOSING_LIFE_DAY_MS;
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_AGE_DAYS,
                         days < UINT32_MAX ? (uint32_t)days : UINT32_MAX);
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_RESETS, life->starts - 1u); /* this one counts */
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_MISSED, state->run.missed);
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_CLOCK_PPM, state->run.clock_ppm);
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_TEMPERATURE, temperature(state));
    dosing_codec_put_u32(bytes + DOSING_DEVICE_AT_SELFTEST, life->selftest);
    put_store(state, bytes);
    return DOSING_OK;
}
