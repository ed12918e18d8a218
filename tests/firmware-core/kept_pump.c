/* SPDX-License-Identifier: Apache-2.0 */
/* Starts, runs and resets the one pump of the tests of reset and store. */
#include "kept_pump.h"

#include <criterion/criterion.h>

#include "reset_pump.h"

fake_pump_t kept_pump;

dosing_state_t *kept_state(void)
{
    return (dosing_state_t *)(void *)kept_pump.state;
}

void kept_run(uint64_t ms)
{
    fake_pump_run(&kept_pump, kept_pump.hal.now_ms + ms);
}

void kept_start(void)
{
    fake_init(&kept_pump.hal);
    fake_pump_start(&kept_pump);
    kept_run(1000u);
    cr_assert_eq(fake_refill(&kept_pump, 18000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&kept_pump, 500000u, 150000u), DOSING_OK);
    kept_run(5u * KEPT_HOUR_MS);
}

void kept_reset(void)
{
    reset_pump(&kept_pump, DOSING_RESET_UNKNOWN);
}

uint32_t kept_alarms(void)
{
    return (uint32_t)fake_report(&kept_pump, DOSING_REPORT_AT_ALARMS, 4u);
}

uint64_t kept_dose(void)
{
    return fake_report(&kept_pump, DOSING_REPORT_AT_DOSE, 8u);
}

dosing_status_t kept_clear(uint32_t which)
{
    uint8_t bytes[4];
    fake_put(bytes, which, 4u);
    return fake_send(&kept_pump, DOSING_FRAME_ALARM_CLEAR, bytes, 4u);
}

void kept_break_store(bool broken)
{
    kept_pump.hal.flash.stuck = broken ? UINT64_MAX : 0u;
}
