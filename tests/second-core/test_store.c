/* SPDX-License-Identifier: Apache-2.0 */
/* What the second core keeps: over resets, and over power lost in any operation of its store. */
#include <criterion/criterion.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "stand.h"

#define NL_PER_PULSE 250u
#define SECTOR 8192u

static fake_pump_t pump;
static jmp_buf power;

static void on_cut(void *context)
{
    (void)context;
    longjmp(power, 1);
}

Test(second_store, a_reset_goes_on_with_the_same_programme_and_tells)
{
    stand_simple(&pump, 300000u);
    stand_run(&pump, 3u * STAND_DAY_MS + 1234567u);
    const uint64_t before = fake_pulses(&pump.hal);
    stand_reset(&pump, 5000u, 0u);
    stand_run(&pump, STAND_HOUR_MS);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_RESET);
    cr_expect_eq(pump.hal.tones_advisory, 1u);
    stand_run(&pump, 23u * STAND_HOUR_MS);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 2400.0, 2.0);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u), 300000u);
    cr_assert_eq(stand_clear(&pump), DOSING_OK);
    cr_expect_eq(stand_alarms(&pump), 0u);
}

/* The lease counts as given: never fewer than were given, and two hours more at most. */
static void account_is_safe(uint64_t true_pulses, uint64_t filled_nl, const char *when)
{
    const uint64_t commanded = fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u);
    const uint64_t left_nl = fake_report(&pump, DOSING_REPORT_AT_VOLUME_NL, 4u);
    cr_assert_geq(commanded, true_pulses, "%s: %llu of %llu", when, (unsigned long long)commanded,
                  (unsigned long long)true_pulses);
    cr_assert_leq(left_nl, filled_nl - true_pulses * NL_PER_PULSE, "%s", when);
}

Test(second_store, a_lease_counts_as_given_and_is_short)
{
    stand_simple(&pump, 300000u);
    for (uint32_t n = 1; n <= 20u; n++) {
        stand_run(&pump, 5u * STAND_HOUR_MS + n * 777777u);
        stand_reset(&pump, 1000u, 0u);
        account_is_safe(fake_pulses(&pump.hal), 20000000u, "after a reset");
        cr_expect_leq(fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u),
                      fake_pulses(&pump.hal) + 220u * n);
    }
}

Test(second_store, lockout_of_patient_boluses_outlives_a_reset)
{
    uint8_t image[DOSING_PROGRAMME_BYTES];
    stand_simple(&pump, 100000u);
    fake_programme(image, STAND_NG_PER_ML, 100000u);
    stand_put_patient(image, 2u, 1u, 1u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_OK);
    stand_run(&pump, 60000u);
    stand_reset(&pump, 1000u, 0u);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_REFUSED_LOCKOUT);
    stand_run(&pump, 3u * STAND_HOUR_MS);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_REFUSED_COUNT);
    stand_run(&pump, STAND_DAY_MS);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_OK);
}

/* ---- power cuts ------------------------------------------------------------------------------------------------------ */

/* Two programmes, a refill, a bolus, and days between. What is in force is told by the dose. */
static void live(void)
{
    stand_run(&pump, 1000u);
    (void)fake_refill(&pump, 19000000u);
    (void)fake_simple(&pump, STAND_NG_PER_ML, 100000u);
    stand_run(&pump, STAND_DAY_MS + STAND_HOUR_MS);
    (void)fake_bolus(&pump, 20000u, 1800000u);
    stand_run(&pump, 3u * STAND_HOUR_MS);
    (void)fake_simple(&pump, STAND_NG_PER_ML, 400000u);
    stand_run(&pump, STAND_DAY_MS);
}

static uint64_t operations_of_a_life(void)
{
    stand_new(&pump);
    live();
    return pump.hal.flash.operations;
}

static void cut_at(uint64_t operation)
{
    stand_new(&pump);
    pump.hal.flash.cut_at = operation;
    pump.hal.flash.on_cut = on_cut;
    pump.hal.flash.seed = operation;
    if (setjmp(power) == 0) {
        live();
        cr_assert_fail("operation %llu was never reached", (unsigned long long)operation);
    }
    pump.hal.flash.cut_at = FAKE_FLASH_NEVER;
}

static void rest_is_sound(uint64_t operation)
{
    char when[64];
    (void)snprintf(when, sizeof when, "cut at operation %llu", (unsigned long long)operation);
    stand_reset(&pump, 1000u, 0u);
    cr_assert_eq(pump.status, DOSING_OK, "%s", when);
    stand_run(&pump, 1000u);
    const uint32_t alarms = stand_alarms(&pump);
    cr_assert_eq(alarms & ~(DOSING_ALARM_RESET | DOSING_ALARM_COPY), 0u, "%s: alarms %x", when,
                 alarms);
    const uint64_t dose = fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u);
    cr_assert(dose == 0u || dose == 100000u || dose == 400000u, "%s: %llu ng/day", when,
              (unsigned long long)dose);
    if (fake_report(&pump, DOSING_REPORT_AT_VOLUME_NL, 4u) != 0u) {
        account_is_safe(fake_pulses(&pump.hal), 19000000u, when);
    }
    const uint64_t before = fake_pulses(&pump.hal);
    stand_run(&pump, STAND_DAY_MS);
    cr_assert_float_eq((double)(fake_pulses(&pump.hal) - before), (double)dose / 125.0, 2.0, "%s",
                       when);
    cr_assert_str_empty(pump.hal.flash.violation, "%s: %s", when, pump.hal.flash.violation);
}

Test(second_store, power_lost_in_any_operation_leaves_one_programme_or_the_other)
{
    const uint64_t operations = operations_of_a_life();
    cr_assert_gt(operations, 200u);
    for (uint64_t operation = 0; operation < operations; operation++) {
        cut_at(operation);
        rest_is_sound(operation);
    }
}

/* Once more in the start that follows, or soon after it. */
Test(second_store, power_lost_again_leaves_one_programme_or_the_other)
{
    const uint64_t operations = operations_of_a_life();
    for (uint64_t operation = 0; operation < operations; operation += 5u) {
        for (uint64_t more = 1; more <= 6u; more++) {
            cut_at(operation);
            pump.hal.flash.cut_at = operation + more;
            if (setjmp(power) == 0) {
                stand_reset(&pump, 1000u, 0u);
                stand_run(&pump, 6u * STAND_HOUR_MS);
            }
            pump.hal.flash.cut_at = FAKE_FLASH_NEVER;
            rest_is_sound(operation);
        }
    }
}

/* ---- damage ----------------------------------------------------------------------------------------------------------- */

static void spoil(uint32_t sector)
{
    pump.hal.flash.bytes[sector * SECTOR + 1000u] ^= 4u;
}

/* Either sector of a pair, whichever pair holds the latest. */
Test(second_store, one_copy_lost_changes_nothing_and_is_told)
{
    for (uint32_t which = 0; which < 2u; which++) {
        stand_simple(&pump, 300000u);
        stand_run(&pump, STAND_HOUR_MS);
        spoil(which);
        spoil(2u + which);
        stand_reset(&pump, 1000u, 0u);
        stand_run(&pump, 1000u);
        cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_COPY | DOSING_ALARM_RESET);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u), 300000u);
    }
}

/* The pair of the earlier programme is whole all the while: it is not taken for the latest. */
Test(second_store, both_copies_lost_stop_dosing_until_a_clinician_acts)
{
    stand_simple(&pump, 300000u);
    cr_assert_eq(fake_simple(&pump, STAND_NG_PER_ML, 400000u), DOSING_OK);
    stand_run(&pump, STAND_HOUR_MS);
    const uint32_t pair =
        memcmp(pump.hal.flash.bytes + 4u, pump.hal.flash.bytes + 2u * SECTOR + 4u, 4u) > 0
            ? 0u
            : 2u; /* generations below 256 here */
    spoil(pair);
    spoil(pair + 1u);
    stand_reset(&pump, 1000u, 0u);
    const uint64_t before = fake_pulses(&pump.hal);
    stand_run(&pump, STAND_DAY_MS);
    cr_expect_eq(stand_alarms(&pump) & DOSING_ALARM_LOST, DOSING_ALARM_LOST);
    cr_expect_eq(fake_pulses(&pump.hal), before);
    cr_expect_gt(pump.hal.tones_critical, 20u);
    cr_assert_eq(stand_clear(&pump), DOSING_OK);
    stand_run(&pump, STAND_HOUR_MS);
    cr_expect_eq(fake_pulses(&pump.hal), before, "an acknowledgement alone gives nothing");
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, STAND_NG_PER_ML, 300000u), DOSING_OK);
    stand_run(&pump, STAND_HOUR_MS);
    cr_expect_gt(fake_pulses(&pump.hal), before);
}

/* ---- a store that fails ------------------------------------------------------------------------------------------------ */

Test(second_store, without_a_lease_nothing_is_given_and_it_goes_on_once_it_can)
{
    stand_simple(&pump, 300000u);
    stand_run(&pump, STAND_HOUR_MS);
    pump.hal.flash.stuck = UINT64_MAX;
    stand_run(&pump, 6u * STAND_HOUR_MS);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_STORE);
    stand_run(&pump, STAND_DAY_MS);
    cr_expect_eq(fake_pulses(&pump.hal), before);
    cr_expect_eq(fake_simple(&pump, STAND_NG_PER_ML, 200000u), DOSING_ERROR_STORE);
    pump.hal.flash.stuck = 0u;
    stand_run(&pump, STAND_HOUR_MS);
    cr_expect_gt(fake_pulses(&pump.hal), before + 90u);
    cr_expect_eq(stand_alarms(&pump), 0u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u), 300000u);
}

Test(second_store, a_device_without_one_works_and_waits_for_a_commit_after_a_reset)
{
    memset(&pump, 0, sizeof pump);
    fake_init(&pump.hal);
    pump.hal.flash.geometry = (dosing_store_geometry_t){0};
    stand_start(&pump);
    cr_assert_eq(pump.status, DOSING_OK);
    stand_run(&pump, 1000u);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, STAND_NG_PER_ML, 300000u), DOSING_OK);
    stand_run(&pump, STAND_DAY_MS);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_expect_float_eq((double)before, 2400.0, 2.0);
    stand_reset(&pump, 1000u, 0u);
    stand_run(&pump, STAND_DAY_MS);
    cr_expect_eq(fake_pulses(&pump.hal), before);
}

Test(second_store, any_unit_up_to_64_bytes_will_do)
{
    static const uint32_t units[] = {1u, 3u, 8u, 48u, 64u};
    for (uint32_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        memset(&pump, 0, sizeof pump);
        fake_init(&pump.hal);
        fake_flash_init(&pump.hal.flash, 8u, 192u * units[i] * ((8192u / 192u) / units[i] + 1u),
                        units[i], 0u);
        stand_start(&pump);
        cr_assert_eq(pump.status, DOSING_OK, "units of %u", units[i]);
        stand_run(&pump, 1000u);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
        cr_assert_eq(fake_simple(&pump, STAND_NG_PER_ML, 300000u), DOSING_OK);
        stand_run(&pump, 5u * STAND_DAY_MS);
        stand_reset(&pump, 1000u, 0u);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u), 300000u, "units of %u",
                     units[i]);
        cr_expect_str_empty(pump.hal.flash.violation, "%s", pump.hal.flash.violation);
    }
}

Test(second_store, years_wear_no_sector_out)
{
    stand_simple(&pump, 300000u);
    for (int day = 0; day < 365; day++) {
        stand_run(&pump, STAND_DAY_MS);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    }
    for (uint32_t sector = 0; sector < 8u; sector++) {
        cr_expect_leq(pump.hal.flash.erases[sector], 2u * 365u, "sector %u: %u in a year", sector,
                      pump.hal.flash.erases[sector]);
    }
}
