/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-STORE: a store of which a copy is lost, and one that fails, decays, or is not there. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_stream.h"
#include "kept_pump.h"

#define YEAR_MS UINT64_C(31557600000)

/* A bit of each unit that is written between two addresses of a sector changes. */
static void rot_sector(uint32_t sector)
{
    fake_flash_t *f = &kept_pump.hal.flash;
    f->bytes[sector * f->geometry.sector_bytes + 40u] ^= 0x10u;
}

static void erase_all(uint8_t with)
{
    memset(kept_pump.hal.flash.bytes, with, sizeof kept_pump.hal.flash.bytes);
}

/* ---- copies ------------------------------------------------------------------------------------------------------------ */

/* REQ-STORE-04: of the two copies of each order, either alone gives the same. */
Test(store, one_copy_lost_changes_nothing_and_is_told)
{
    for (uint32_t which = 0; which < 2u; which++) {
        kept_start();
        cr_assert_eq(fake_simple(&kept_pump, 500000u, 600000u), DOSING_OK);
        const dosing_medium_t *m = &kept_state()->medium;
        rot_sector(which == 0u ? m->home : m->spare);
        kept_reset();
        cr_expect_eq(kept_dose(), 600000u, "copy %u", which);
        cr_expect_eq(kept_alarms(), DOSING_ALARM_RESET | DOSING_ALARM_COPY, "copy %u", which);
        cr_expect_eq(kept_clear(DOSING_ALARM_COPY), DOSING_OK);
        kept_run(26u * KEPT_HOUR_MS);
        cr_expect_eq(kept_alarms(), DOSING_ALARM_RESET);
    }
}

/* REQ-STORE-05: an earlier programme is never taken for the latest. */
Test(store, both_copies_lost_stops_dosing_until_a_clinician_acts)
{
    for (uint32_t hours = 0; hours < 40u; hours += 13u) {
        kept_start();
        cr_assert_eq(fake_simple(&kept_pump, 500000u, 600000u), DOSING_OK);
        kept_run(hours * KEPT_HOUR_MS);
        for (uint32_t sector = 0; sector < 4u; sector++) {
            fake_flash_t *f = &kept_pump.hal.flash;
            const uint32_t at = sector * f->geometry.sector_bytes;
            if (fake_get(f->bytes + at + 12u, 4u) == kept_state()->medium.edition) {
                rot_sector(sector);
            }
        }
        kept_reset();
        const uint64_t before = fake_pulses(&kept_pump.hal);
        cr_expect_eq(kept_alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST, "after %u h", hours);
        kept_run(5u * KEPT_HOUR_MS);
        cr_expect_gt(kept_pump.hal.tones_critical, 0u);
        kept_reset();
        cr_expect_eq(kept_alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST,
                     "a reset does not end it");
        cr_expect_eq(fake_simple(&kept_pump, 500000u, 150000u), DOSING_OK);
        cr_expect_eq(fake_refill(&kept_pump, 18000000u), DOSING_OK);
        kept_run(2u * KEPT_HOUR_MS);
        cr_expect_eq(fake_pulses(&kept_pump.hal), before, "not acknowledged yet");
        cr_expect_eq(kept_clear(DOSING_ALARM_LOST), DOSING_OK);
        kept_run(2u * KEPT_HOUR_MS);
        cr_expect_geq(fake_pulses(&kept_pump.hal), before + 98u);
        kept_reset();
        cr_expect_eq(kept_dose(), 150000u);
        cr_expect_eq(kept_alarms() & ~DOSING_ALARM_COPY, DOSING_ALARM_RESET);
    }
}

/* REQ-STORE-05 */
Test(store, that_was_wiped_or_overwritten_is_lost_and_an_erased_one_is_new)
{
    static const uint8_t with[] = {0x00u, 0x55u, 0xFFu};
    for (uint32_t i = 0; i < sizeof with; i++) {
        kept_start();
        erase_all(with[i]);
        kept_reset();
        cr_expect_eq(kept_alarms() & DOSING_ALARM_LOST, with[i] != 0xFFu ? DOSING_ALARM_LOST : 0u,
                     "all %02x", with[i]);
        const uint64_t before = fake_pulses(&kept_pump.hal);
        kept_run(5u * KEPT_HOUR_MS);
        cr_expect_eq(fake_pulses(&kept_pump.hal), before);
    }
}

/* REQ-STORE-05: of another pump, or by another version of the core. */
Test(store, of_another_device_is_lost)
{
    kept_start();
    kept_pump.hal.factory.device_id++;
    fake_seal_factory(&kept_pump.hal);
    kept_reset();
    cr_expect_eq(kept_alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST);
    cr_expect_eq(kept_dose(), 0u);
}

/* REQ-STORE-05: reads that fail at the start; once they work again the programme is as it was. */
Test(store, that_cannot_be_read_is_lost_until_it_can_be)
{
    kept_start();
    kept_pump.hal.flash.unread = (fake_fault_t){0u, UINT64_MAX};
    kept_reset();
    cr_expect_eq(kept_alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST);
    kept_run(30u * KEPT_HOUR_MS);
    kept_pump.hal.flash.unread.count = 0u;
    kept_pump.hal.flash.no_geometry = true;
    kept_reset();
    cr_expect_eq(kept_alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST);
    cr_expect_eq(fake_simple(&kept_pump, 500000u, 600000u), DOSING_ERROR_STORE);
    kept_pump.hal.flash.no_geometry = false;
    kept_reset();
    cr_expect_eq(kept_dose(), 150000u);
    cr_expect_eq(kept_alarms(), DOSING_ALARM_RESET);
}

/* REQ-STORE-06: any byte of the ring's sectors rots: the programme is the one in force, or dosing is off and tells. */
Test(store, any_byte_that_rots_leaves_the_programme_or_is_lost)
{
    static fake_pump_t sound;
    kept_start();
    cr_assert_eq(fake_simple(&kept_pump, 500000u, 600000u), DOSING_OK);
    kept_run(3u * KEPT_HOUR_MS);
    sound = kept_pump;
    const uint32_t end = 4u * sound.hal.flash.geometry.sector_bytes;
    for (uint32_t at = 0; at < end; at += at % 8192u < 700u || at % 8192u > 7600u ? 1u : 997u) {
        kept_pump.hal = sound.hal;
        kept_pump.hal.flash.bytes[at] ^= (uint8_t)(1u << at % 8u);
        kept_reset();
        cr_assert_eq(kept_dose(), 600000u, "byte %u", at);
        cr_assert_eq(kept_alarms() & DOSING_ALARM_LOST, 0u, "byte %u", at);
    }
}

/* Puts right the CRC of every checkpoint, so that what it says is believed. */
static void make_good(fake_flash_t *f)
{
    for (uint32_t sector = 0; sector < 4u; sector++) {
        uint8_t *at = f->bytes + sector * f->geometry.sector_bytes;
        const uint32_t covered = DOSING_STREAM_HEAD_BYTES + (uint32_t)fake_get(at + 20, 4u);
        if (fake_get(at, 4u) == DOSING_STREAM_MAGIC && covered + 4u < f->geometry.sector_bytes) {
            fake_put(at + covered, dosing_crc(at, covered), 4u);
        }
    }
}

/* REQ-STORE-14: a checkpoint that is whole and says nonsense: what it gives stays within the factory's limits, or it is lost. */
Test(store, nonsense_that_is_whole_gives_nothing_beyond_the_factorys_limits, .timeout = 120)
{
    static const uint64_t values[] = {UINT64_MAX, UINT64_C(0x8000000080000000), 0u, 0x7FFFu};
    static fake_pump_t sound;
    kept_start();
    cr_assert_eq(fake_simple(&kept_pump, 250000u, 150000u),
                 DOSING_OK); /* so that the ring holds two fluids */
    kept_run(12u * KEPT_HOUR_MS);
    sound = kept_pump;
    const uint32_t home = kept_state()->medium.home * 8192u;
    const uint32_t length = (uint32_t)fake_get(sound.hal.flash.bytes + home + 20u, 4u);
    for (uint32_t at = 8u; at < DOSING_STREAM_HEAD_BYTES + length; at += 4u) {
        for (uint32_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            kept_pump.hal = sound.hal;
            for (uint32_t sector = 0; sector < 4u;
                 sector++) { /* all the same: there is no other copy */
                fake_put(kept_pump.hal.flash.bytes + sector * 8192u + at, values[i],
                         i % 2u == 0u ? 8u : 4u);
            }
            make_good(&kept_pump.hal.flash);
            kept_reset();
            const uint64_t before = fake_pulses(&kept_pump.hal);
            kept_run(23u * KEPT_HOUR_MS);
            cr_assert_leq(fake_pulses(&kept_pump.hal) - before, 48000u, "word at %u is %llx", at,
                          (unsigned long long)values[i]);
            cr_assert_str_empty(kept_pump.hal.violation, "word at %u: %s", at,
                                kept_pump.hal.violation);
        }
    }
}

/* ---- a store that fails ------------------------------------------------------------------------------------------------ */

/* REQ-STORE-07 */
Test(store, that_takes_nothing_refuses_a_commit_and_the_running_programme_goes_on)
{
    kept_start();
    kept_break_store(true);
    const uint64_t before = fake_pulses(&kept_pump.hal);
    cr_expect_eq(fake_simple(&kept_pump, 500000u, 600000u), DOSING_ERROR_STORE);
    cr_expect_eq(fake_refill(&kept_pump, 10000000u), DOSING_ERROR_STORE);
    cr_expect_eq(kept_dose(), 150000u);
    cr_expect_eq(kept_alarms(), DOSING_ALARM_STORE);
    cr_expect_gt(kept_pump.hal.tones_critical, 0u);
    cr_expect_gt(fake_report(&kept_pump, DOSING_REPORT_AT_VOLUME_NL, 4u), 17000000u);
    kept_break_store(false);
    kept_run(2u * KEPT_HOUR_MS);
    cr_expect_geq(fake_pulses(&kept_pump.hal), before + 97u);
    cr_expect_eq(kept_alarms(), 0u, "the cause is over");
    kept_reset();
    cr_expect_eq(kept_dose(), 150000u, "what was refused is not found by a reset");
}

/* REQ-STORE-08: the lease and the train under way are given, and nothing beyond. */
Test(store, that_takes_nothing_gives_what_is_leased_and_no_more)
{
    kept_start();
    kept_break_store(true);
    const uint64_t bound = kept_state()->lease.bound;
    kept_run(3u * KEPT_HOUR_MS);
    cr_expect_leq(fake_pulses(&kept_pump.hal), bound);
    cr_expect_eq(kept_alarms(), DOSING_ALARM_STORE);
    const uint64_t before = fake_pulses(&kept_pump.hal);
    kept_break_store(false);
    kept_run(60000u + KEPT_HOUR_MS);
    cr_expect_geq(fake_pulses(&kept_pump.hal), before + 49u, "it is tried again each minute");
    cr_expect_eq(kept_alarms(), 0u);
}

/* REQ-STORE-08: not at each wake, whose time a train that runs does not book: each try erases and writes. */
Test(store, that_takes_nothing_is_tried_once_a_minute_beside_a_train)
{
    kept_start();
    kept_run(1000u);
    cr_assert_eq(kept_state()->run.running, 1u);
    cr_assert_geq(kept_state()->run.due_ms, kept_pump.hal.now_ms + 20u * 60000u);
    kept_break_store(true);
    cr_expect_eq(fake_refill(&kept_pump, 10000000u), DOSING_ERROR_STORE);
    const uint64_t before = kept_pump.hal.flash.operations;
    kept_run(60000u);
    const uint64_t minute = kept_pump.hal.flash.operations - before;
    cr_expect_gt(minute, 0u);
    kept_run(15u * 60000u);
    cr_expect_leq(kept_pump.hal.flash.operations - before, 17u * minute);
}

/* REQ-STORE-09 */
Test(store, that_takes_nothing_does_not_hold_a_stop_up)
{
    kept_start();
    kept_break_store(true);
    cr_expect_eq(fake_send(&kept_pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_ERROR_STORE);
    const uint64_t before = fake_pulses(&kept_pump.hal);
    kept_run(30u * KEPT_HOUR_MS);
    cr_expect_eq(fake_pulses(&kept_pump.hal), before);
    cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_MODE, 1u), DOSING_MODE_STOPPED);
    kept_break_store(false);
    kept_run(120000u);
    kept_reset();
    cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_MODE, 1u), DOSING_MODE_STOPPED,
                 "it is kept once that is possible");
}

/* REQ-STORE-10: single operations that fail, or lie, in every place of a morning: nobody notices but the count. */
Test(store, single_faults_cost_nothing)
{
    for (uint32_t kind = 0; kind < 4u; kind++) {
        for (uint64_t n = 0; n < 400u; n++) {
            fake_init(&kept_pump.hal);
            fake_flash_t *f = &kept_pump.hal.flash;
            fake_fault_t *faults[] = {&f->fail, &f->rot, &f->residue, &f->unread};
            *faults[kind] = (fake_fault_t){n * (kind == 3u ? 17u : 1u), 1u};
            fake_pump_start(&kept_pump);
            kept_run(1000u);
            cr_assert_eq(fake_refill(&kept_pump, 18000000u), DOSING_OK);
            cr_assert_eq(fake_simple(&kept_pump, 500000u, 150000u), DOSING_OK);
            kept_run(KEPT_HOUR_MS);
            cr_assert_eq(fake_simple(&kept_pump, 500000u, 300000u), DOSING_OK, "fault %u at %llu",
                         kind, (unsigned long long)n);
            kept_run(50u * KEPT_HOUR_MS);
            cr_assert_eq(kept_alarms() & ~(DOSING_ALARM_COPY | DOSING_ALARM_LOST), 0u,
                         "fault %u at %llu", kind, (unsigned long long)n);
            const uint64_t truth = fake_pulses(&kept_pump.hal);
            kept_reset();
            cr_assert_eq(kept_dose(), 300000u, "fault %u at %llu", kind, (unsigned long long)n);
            cr_assert_geq(fake_report(&kept_pump, DOSING_REPORT_AT_COMMANDED, 8u), truth);
            cr_assert_str_empty(f->violation, "fault %u at %llu: %s", kind, (unsigned long long)n,
                                f->violation);
        }
    }
}

/* REQ-STORE-10: a sector that takes nothing is gone around, for years. */
Test(store, a_stuck_sector_is_gone_around)
{
    for (uint32_t sector = 0; sector < 4u; sector++) {
        kept_start();
        kept_pump.hal.flash.stuck = UINT64_C(1) << sector;
        for (int i = 0; i < 20; i++) {
            cr_assert_eq(fake_simple(&kept_pump, 500000u, 150000u + 1000u * (uint64_t)i), DOSING_OK,
                         "sector %u", sector);
            kept_run(10u * KEPT_HOUR_MS);
            kept_reset();
            cr_assert_eq(kept_dose(), 150000u + 1000u * (uint64_t)i, "sector %u", sector);
        }
        cr_expect_str_empty(kept_pump.hal.flash.violation, "%s", kept_pump.hal.flash.violation);
    }
}

/* REQ-STORE-11 */
Test(store, geometries_that_cannot_be_used_start_nothing)
{
    static const dosing_store_geometry_t bad[] = {
        {7u, 8192u, 8u, 0xFFu},    {8u, 8192u, 0u, 0xFFu}, {8u, 8190u, 65u, 0xFFu},
        {8u, 8191u, 8u, 0xFFu},    {8u, 8192u, 8u, 0x01u}, {8u, 4096u, 8u, 0xFFu},
        {8u, 512u, 8u, 0xFFu},     {8u, 0u, 8u, 0xFFu},    {0x80000u, 8192u, 8u, 0xFFu},
        {1u, 0x100000u, 8u, 0x00u}};
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fake_init(&kept_pump.hal);
        kept_pump.hal.flash.geometry = bad[i];
        fake_pump_start(&kept_pump);
        cr_expect_eq(kept_pump.status, DOSING_ERROR_STORE, "geometry %u", i);
    }
}

/* REQ-STORE-12 */
Test(store, a_device_without_one_keeps_nothing)
{
    fake_init(&kept_pump.hal);
    fake_flash_init(&kept_pump.hal.flash, 0u, 0u, 0u, 0xFFu);
    fake_pump_start(&kept_pump);
    cr_assert_eq(fake_refill(&kept_pump, 18000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&kept_pump, 500000u, 150000u), DOSING_OK);
    kept_run(5u * KEPT_HOUR_MS);
    cr_expect_geq(fake_pulses(&kept_pump.hal), 249u);
    cr_expect_eq(kept_alarms(), 0u);
    kept_reset();
    cr_expect_eq(kept_dose(), 0u);
    cr_expect_eq(kept_alarms(), DOSING_ALARM_LOW | DOSING_ALARM_EMPTY);
    cr_expect_eq(kept_pump.hal.flash.operations, 0u);
}

/* REQ-STORE-13: seven years at 2 mL/day, a refill each week, a new programme each month: printed, and bounded. */
Test(store, wear_over_seven_years_is_bounded, .timeout = 120)
{
    uint32_t most = 0, log = 0;
    fake_init(&kept_pump.hal);
    kept_pump.hal.factory.rate_max_nl_per_day = 12000000u;
    kept_pump.hal.factory.battery_uah = 5000000u; /* lasts for seven years at this rate */
    fake_seal_factory(&kept_pump.hal);
    fake_pump_start(&kept_pump);
    for (uint32_t day = 0; day < 7u * 365u; day++) {
        if (day % 7u == 0u) {
            cr_assert_eq(fake_refill(&kept_pump, 18000000u), DOSING_OK);
        }
        if (day % 30u == 0u) {
            cr_assert_eq(fake_simple(&kept_pump, 500000u, 1000000u), DOSING_OK);
        }
        kept_run(KEPT_DAY_MS);
    }
    for (uint32_t sector = 0; sector < 8u; sector++) {
        uint32_t *max = sector < 4u ? &most : &log;
        *max =
            kept_pump.hal.flash.erases[sector] > *max ? kept_pump.hal.flash.erases[sector] : *max;
    }
    printf(
        "seven years at 2 mL/day, 8 sectors of 8192 bytes: at most %u erases of a sector, %u of a "
        "log's\n",
        most, log);
    cr_expect_lt(most, 1000u);
    cr_expect_lt(log, 100u);
    cr_expect_eq(kept_alarms() & ~(DOSING_ALARM_LOW | DOSING_ALARM_ERI), 0u);
}
