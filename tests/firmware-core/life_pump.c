/* SPDX-License-Identifier: Apache-2.0 */
/* A pump that ages on the desk. */
#include "life_pump.h"

#include <criterion/criterion.h>

#include "dosing_crc.h"
#include "dosing_keep.h"
#include "reset_pump.h"

fake_pump_t life_pump;

dosing_state_t *life_state(void)
{
    return (dosing_state_t *)(void *)life_pump.state;
}

void life_build(void)
{
    fake_seal_factory(&life_pump.hal);
    fake_pump_start(&life_pump);
    cr_assert_eq(life_pump.status, DOSING_OK);
    cr_assert_eq(fake_refill(&life_pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&life_pump, 500000u, 150000u), DOSING_OK);
}

void life_start(void)
{
    fake_init(&life_pump.hal);
    life_build();
}

void life_run(uint64_t ms)
{
    fake_pump_run(&life_pump, life_pump.hal.now_ms + ms);
}

void life_run_days(uint32_t days)
{
    for (uint32_t left = days; left > 0u;) {
        const uint32_t now = left < 20u ? left : 20u;
        life_run(now * DAY_MS);
        cr_assert_eq(fake_refill(&life_pump, 20000000u), DOSING_OK);
        left -= now;
    }
}

uint32_t life_alarms(void)
{
    return (uint32_t)fake_report(&life_pump, DOSING_REPORT_AT_ALARMS, 4u);
}

uint64_t life_device(uint32_t at, uint32_t size)
{
    const dosing_status_t status = fake_send(&life_pump, DOSING_FRAME_DEVICE, NULL, 0u);
    return status == DOSING_OK
               ? fake_get(life_pump.hal.reply + DOSING_FRAME_HEADER_BYTES + at, size)
               : UINT64_MAX;
}

dosing_status_t life_acknowledge(uint32_t alarms)
{
    uint8_t bits[4];
    fake_put(bits, alarms, 4u);
    return fake_send(&life_pump, DOSING_FRAME_ALARM_CLEAR, bits, 4u);
}

void life_seal(void)
{
    dosing_state_seal_hot(life_state());
    dosing_crc_seal(&life_state()->life, sizeof life_state()->life);
}

void life_keep(void)
{
    life_seal();
    dosing_keep_life(life_state());
}

void life_reset(uint32_t cause)
{
    reset_pump(&life_pump, cause);
}
