/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-BATTERY: charge, voltages, ERI and EOS. */
#include <criterion/criterion.h>

#include "dosing_battery.h"
#include "dosing_crc.h"
#include "life_pump.h"

#define ENDED (DOSING_ALARM_ERI | DOSING_ALARM_EOS)
#define LOOK_MS DOSING_LIFE_LOOK_MS
/* A look is late by a train at most while dosing. */
#define LATE_MS (LOOK_MS + HOUR_MS)

static dosing_life_t *life(void)
{
    return &life_state()->life;
}

/* REQ-BATTERY-01: by the factory's constants: time asleep, wakes, pulses, tones, frames. */
Test(battery, counts_the_charge_of_everything_that_takes_any)
{
    life_start();
    life_run(10u * DAY_MS);
    cr_assert_eq(fake_refill(&life_pump, 1500000u), DOSING_OK); /* low: a tone each day */
    for (int i = 0; i < 1000; i++) {
        (void)fake_raw(&life_pump, life_pump.state, 60u);
    }
    const uint64_t wakes = life_pump.wakes;
    life_run(DAY_MS);
    const dosing_life_t *l = life();
    const uint64_t nc = 12u * (l->seen_ms - 1000u) + UINT64_C(20000) * l->seen_wakes +
                        UINT64_C(400000) * l->seen_pulses + UINT64_C(5000000) * l->seen_tones +
                        UINT64_C(1000000) * l->seen_frames;
    cr_expect_eq(l->used_nc, nc);
    cr_expect_leq(life_pump.hal.now_ms - l->seen_ms, LATE_MS);
    cr_expect(l->seen_wakes > wakes && l->seen_wakes <= life_pump.wakes);
    cr_expect(l->seen_pulses > 12000u && l->seen_pulses <= fake_pulses(&life_pump.hal));
    cr_expect(l->seen_tones >= 1u && l->seen_tones <= life_pump.hal.tones_advisory);
    cr_expect_gt(l->seen_frames, 1000u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_CHARGE_UAH, 4u), nc / 3600000u);
}

/* REQ-BATTERY-01: what is left below a nC is carried: a day of 1001 looks is what one look makes of it. */
Test(battery, carries_what_is_left_of_a_nanocoulomb)
{
    life_start();
    dosing_state_t *s = life_state();
    dosing_life_t begun = *life();
    life()->cell.idle_na = begun.cell.idle_na = 12347u;
    const uint64_t t0 = begun.seen_ms;
    for (uint64_t i = 1; i <= 1001u; i++) {
        dosing_battery_look(s, t0 + i * DAY_MS / 1001u);
    }
    const uint64_t often = life()->used_nc;
    *life() = begun;
    dosing_battery_look(s, t0 + DAY_MS);
    cr_expect_eq(often, life()->used_nc);
}

/* REQ-BATTERY-02: any one reading among others, of any size, and at any place from the first on, is as if it had not been. */
Test(battery, one_reading_that_is_off_changes_nothing)
{
    for (uint32_t at = 0; at < 40u; at++) {
        for (uint32_t off = 0; off < 65536u; off += 13107u) {
            dosing_filter_t f = {0};
            for (uint32_t i = 0; i < 40u; i++) {
                dosing_battery_filter(&f, i == at ? off : 2900u);
                cr_assert(i < 2u || f.value_q8 == 2900u << 8, "reading %u is %u: %u after %u", at,
                          off, f.value_q8, i);
            }
        }
    }
}

/* REQ-BATTERY-02: a step is followed within 5 % in 48 readings, and never overshot; noise is averaged. */
Test(battery, the_filter_follows_and_averages)
{
    dosing_filter_t f = {0};
    uint64_t seed = 4711u;
    for (uint32_t i = 0; i < 200u; i++) {
        dosing_battery_filter(&f, 2900u);
    }
    for (uint32_t i = 0; i < 48u; i++) {
        dosing_battery_filter(&f, 2500u);
        cr_expect_geq(f.value_q8, 2500u << 8);
    }
    cr_expect_leq(f.value_q8 >> 8, 2520u);
    for (uint32_t i = 0; i < 400u; i++) {
        dosing_battery_filter(&f, 2450u + (uint32_t)(fake_random(&seed) % 101u));
    }
    cr_expect(f.value_q8 >> 8 >= 2480u && f.value_q8 >> 8 <= 2520u, "%u", f.value_q8 >> 8);
    f.readings = UINT32_MAX;
    dosing_battery_filter(&f, 2500u);
    cr_expect_eq(f.readings, UINT32_MAX);
}

/* REQ-BATTERY-03: ERI while what is left still lasts for 90 days as days have been; a notice, and dosing goes on. */
Test(battery, eri_comes_when_90_days_are_left_by_the_charge)
{
    fake_init(&life_pump.hal);
    life_pump.hal.factory.battery_uah = 50000u; /* 119 days of some 422 uAh */
    life_build();
    uint32_t days = 0;
    for (; days < 100u && (life()->ended & DOSING_ALARM_ERI) == 0u; days++) {
        life_run_days(1u);
    }
    const double left_days = (50000.0 - (double)life()->used_nc / 3.6e6) / 422.0;
    cr_expect(left_days > 88.0 && left_days < 91.5, "%g days left on day %u", left_days, days);
    cr_expect_eq(life_alarms() & ENDED, DOSING_ALARM_ERI);
    cr_expect_eq(life_pump.hal.tones_critical, 0u);
    const uint64_t before = fake_pulses(&life_pump.hal);
    life_run(DAY_MS);
    cr_expect_geq(fake_pulses(&life_pump.hal) - before, 1199u);
}

/* REQ-BATTERY-03: one day that takes ten times as much does not bring ERI forward; as days go on so, it does. */
Test(battery, one_day_of_much_charge_is_no_eri)
{
    fake_init(&life_pump.hal);
    life_pump.hal.factory.battery_uah = 100000u;
    life_build();
    life_run_days(10u);
    for (int day = 0; day < 8; day++) {
        life_state()->counters.frames += 15000u; /* 15 C, some 4 200 uAh */
        dosing_state_seal(life_state());
        dosing_crc_seal(&life_state()->counters, sizeof life_state()->counters);
        life_run(DAY_MS);
        if (day == 0) {
            cr_expect_eq(life()->ended, 0u);
            life_run(3u * DAY_MS);
            cr_expect_eq(life()->ended, 0u);
        }
    }
    cr_expect_eq(life()->ended, DOSING_ALARM_ERI);
}

/* REQ-BATTERY-04: ERI at the loaded voltage of the factory, filtered; not above it, and not before ten readings. */
Test(battery, eri_comes_at_its_loaded_voltage)
{
    for (uint32_t mv = 2299u; mv <= 2301u; mv++) {
        fake_init(&life_pump.hal);
        life_pump.hal.loaded_mv = mv;
        life_build();
        life_run(4u * DAY_MS);
        cr_expect_eq(life_alarms() & ENDED, 0u, "%u mV: before ten readings", mv);
        life_run(2u * DAY_MS);
        cr_expect_eq(life_alarms() & ENDED, mv <= 2300u ? DOSING_ALARM_ERI : 0u, "%u mV", mv);
    }
}

/* REQ-BATTERY-05: 90 days after ERI dosing stops, with a critical alarm, within a look of its day. */
Test(battery, eos_comes_90_days_after_eri_and_stops_dosing)
{
    fake_init(&life_pump.hal);
    life_pump.hal.loaded_mv = 2290u;
    life_build();
    life_run_days(7u);
    cr_assert_eq(life_alarms() & ENDED, DOSING_ALARM_ERI);
    const uint64_t left = life_device(DOSING_DEVICE_AT_ERI_DAYS, 4u);
    cr_expect(left >= 87u && left <= 89u, "%llu days left", (unsigned long long)left);
    life_run_days(87u);
    const uint64_t since_ms = life_pump.hal.now_ms - 1000u - life()->eri_ms;
    cr_assert_lt(since_ms, 90u * DAY_MS);
    cr_expect_eq(life_alarms() & ENDED, DOSING_ALARM_ERI);
    const uint32_t critical = life_pump.hal.tones_critical;
    life_run(90u * DAY_MS + LATE_MS + HOUR_MS - since_ms);
    cr_expect_eq(life_alarms() & ENDED, ENDED);
    cr_expect_gt(life_pump.hal.tones_critical, critical);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_ERI_DAYS, 4u), 0u);
    const uint64_t before = fake_pulses(&life_pump.hal);
    life_run(3u * DAY_MS);
    cr_expect_eq(fake_pulses(&life_pump.hal), before);
    cr_expect_geq(life_pump.hal.tones_critical, critical + 70u, "hourly");
}

/* REQ-BATTERY-06: the floor, loaded or idle, filtered, at four looks in a row. */
Test(battery, eos_comes_at_the_floor_and_not_for_a_dip)
{
    for (int idle = 0; idle < 2; idle++) {
        life_start();
        life_run(9u * DAY_MS);
        uint32_t *mv = idle != 0 ? &life_pump.hal.idle_mv : &life_pump.hal.loaded_mv;
        *mv = 0u;
        life_run(LATE_MS);
        *mv = 3000u;
        life_run(9u * DAY_MS);
        cr_expect_eq(life()->ended, 0u, "one reading of nothing, idle %d", idle);
        *mv = 2000u;
        while (life()->floor_row == 0u && life_pump.hal.now_ms < 100u * DAY_MS) {
            life_run(HOUR_MS);
        }
        cr_expect_eq(life()->ended & DOSING_ALARM_EOS, 0u, "at once, idle %d", idle);
        *mv = 3300u;
        life_run(5u * DAY_MS);
        cr_expect_eq(life()->ended & DOSING_ALARM_EOS, 0u, "a dip, idle %d", idle);
        cr_expect_eq(life()->floor_row, 0u);
        *mv = 1500u;
        life_run(20u * DAY_MS);
        cr_expect_eq(life_alarms() & ENDED, ENDED, "idle %d", idle);
    }
}

/* REQ-BATTERY-07: at 84 months, with ERI 90 days before. */
Test(battery, eos_comes_at_84_months_with_eri_90_days_before)
{
    life_start();
    life()->age_ms = life()->day_ms = (2556u - 91u) * DAY_MS;
    life_seal();
    life_run(12u * HOUR_MS);
    cr_expect_eq(life_alarms() & ENDED, 0u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_AGE_DAYS, 4u), 2465u);
    life_run(DAY_MS);
    cr_expect_eq(life_alarms() & ENDED, DOSING_ALARM_ERI);
    life_run_days(89u);
    cr_expect_eq(life_alarms() & ENDED, DOSING_ALARM_ERI);
    life_run(DAY_MS + LATE_MS);
    cr_expect_eq(life_alarms() & ENDED, ENDED);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_AGE_DAYS, 4u), 2556u);
}

/* REQ-BATTERY-08: nothing but another pump ends ERI and EOS. */
Test(battery, eos_is_for_ever)
{
    life_start();
    life()->age_ms = life()->day_ms = 2556u * DAY_MS;
    life_seal();
    life_run(2u * HOUR_MS);
    cr_assert_eq(life_alarms() & ENDED, ENDED);
    const uint64_t before = fake_pulses(&life_pump.hal);
    cr_expect_eq(life_acknowledge(UINT32_MAX), DOSING_OK);
    cr_expect_eq(fake_refill(&life_pump, 20000000u), DOSING_OK);
    (void)fake_simple(&life_pump, 500000u, 150000u);
    cr_expect_eq(fake_bolus(&life_pump, 1000u, 60000u), DOSING_REFUSED_ALARM);
    life_run(2u * DAY_MS);
    cr_expect_eq(life_alarms() & ENDED, ENDED);
    life_reset(DOSING_RESET_POWER_ON);
    cr_assert_eq(fake_refill(&life_pump, 20000000u), DOSING_OK);
    (void)fake_simple(&life_pump, 500000u, 150000u);
    life_run(2u * DAY_MS);
    cr_expect_eq(life_alarms() & ENDED, ENDED);
    cr_expect_eq(fake_pulses(&life_pump.hal), before);
}

/* REQ-BATTERY-09: a cell that cannot be measured, or nonsense, is no sign of its end. */
Test(battery, what_cannot_be_read_ends_nothing)
{
    for (int nonsense = 0; nonsense < 2; nonsense++) {
        life_start();
        life_run(6u * DAY_MS);
        life_pump.hal.battery_fails = nonsense == 0;
        life_pump.hal.idle_mv = nonsense == 0 ? 0u : UINT32_MAX;
        life_pump.hal.loaded_mv = nonsense == 0 ? 0u : 65536u;
        life_run(30u * DAY_MS);
        cr_expect_eq(life_alarms() & ENDED, 0u);
        cr_expect_eq(life_device(DOSING_DEVICE_AT_IDLE_MV, 4u), 3000u);
        cr_expect_eq(life_device(DOSING_DEVICE_AT_LOADED_MV, 4u), 2900u);
    }
}

/* REQ-BATTERY-09: without a pulse the loaded voltage is an old one, and not read again. */
Test(battery, the_loaded_voltage_is_read_after_pulses_only)
{
    life_start();
    life_run(3u * DAY_MS);
    cr_assert_eq(fake_send(&life_pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    life_run(DAY_MS);
    const uint32_t readings = life()->loaded_mv.readings;
    const uint32_t idle = life()->idle_mv.readings;
    life_run(5u * DAY_MS);
    cr_expect_eq(life()->loaded_mv.readings, readings);
    cr_expect_geq(life()->idle_mv.readings, idle + 4u);
}

/* REQ-BATTERY-10: whatever the counters hold, the charge stays full and never begins again. */
Test(battery, the_charge_saturates)
{
    life_start();
    life()->used_nc = UINT64_MAX - 5u;
    life()->age_ms = UINT64_MAX - 5u;
    life()->day_ms = life()->day_nc = 0u;
    life_seal();
    life_run(2u * HOUR_MS);
    cr_expect_eq(life()->used_nc, UINT64_MAX);
    cr_expect_eq(life()->age_ms, UINT64_MAX);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_CHARGE_UAH, 4u), UINT32_MAX);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_AGE_DAYS, 4u), UINT32_MAX);
    cr_expect_eq(life_alarms() & ENDED, ENDED);
}
