/* SPDX-License-Identifier: Apache-2.0 */
/* What the second core will not do, and what it tells. */
#include <criterion/criterion.h>
#include <string.h>

#include "stand.h"

#define NL_PER_PULSE 250u
#define SEEDS 25u

static fake_pump_t pump;

static uint64_t pulses_in(uint64_t ms)
{
    const uint64_t before = fake_pulses(&pump.hal);
    stand_run(&pump, ms);
    return fake_pulses(&pump.hal) - before;
}

/* ---- limits ---------------------------------------------------------------------------------------------------------- */

static dosing_status_t commit_limited(uint64_t dose, uint32_t limit_nl)
{
    uint8_t image[DOSING_PROGRAMME_BYTES];
    fake_programme(image, STAND_NG_PER_ML, dose);
    fake_put(image + DOSING_PROGRAMME_AT_VOLUME_24H, limit_nl, 4u);
    return fake_commit(&pump, image);
}

/* Programmes, boluses and resets as they come, all under one limit. */
static void live(uint64_t *seed, uint32_t limit_nl)
{
    for (int step = 0; step < 40; step++) {
        switch (fake_random(seed) % 5u) {
        case 0:
            (void)commit_limited(24000u + fake_random(seed) % 900000u, limit_nl);
            break;
        case 1:
            (void)fake_bolus(&pump, 1u + fake_random(seed) % 200000u,
                             (uint32_t)(1000u + fake_random(seed) % (4u * STAND_HOUR_MS)));
            break;
        case 2:
            stand_reset(&pump, 1u + fake_random(seed) % 60000u, fake_random(seed) % 100000u);
            break;
        case 3:
            cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
            break;
        default:
            break;
        }
        stand_run(&pump, fake_random(seed) % (8u * STAND_HOUR_MS));
    }
}

Test(second_safety, no_24_hours_hold_more_than_the_limit_over_any_resets)
{
    uint64_t most = 0;
    for (uint64_t n = 1; n <= SEEDS; n++) {
        uint64_t seed = n;
        const uint32_t limit_nl = 400000u + (uint32_t)(fake_random(&seed) % 1500000u);
        stand_new(&pump);
        stand_listen(&pump);
        stand_run(&pump, 1000u);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
        cr_assert_eq(commit_limited(150000u, limit_nl), DOSING_OK);
        live(&seed, limit_nl);
        for (uint32_t first = 0, i = 0; i < stand_begun; i++) {
            while (stand_begun_ms[first] + STAND_DAY_MS <= stand_begun_ms[i]) {
                first++;
            }
            const uint64_t nl = (uint64_t)(i - first + 1u) * NL_PER_PULSE;
            cr_assert_leq(nl, limit_nl, "seed %llu: %llu nl of %u", (unsigned long long)n,
                          (unsigned long long)nl, limit_nl);
            most = 100u * nl / limit_nl > most ? 100u * nl / limit_nl : most;
        }
        cr_expect_str_empty(pump.hal.violation, "seed %llu: %s", (unsigned long long)n,
                            pump.hal.violation);
    }
    cr_expect_gt(most, 90u, "the limits were never tried: at most %llu %%",
                 (unsigned long long)most);
}

Test(second_safety, a_programme_that_could_exceed_a_limit_is_refused)
{
    uint8_t image[DOSING_PROGRAMME_BYTES];
    stand_simple(&pump, 100000u);
    cr_expect_eq(commit_limited(300000u, 600000u), DOSING_REFUSED_LIMIT);
    cr_expect_eq(commit_limited(300000u, 640000u), DOSING_OK);
    fake_programme(image, STAND_NG_PER_ML, 300000u);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, 300000u, 8u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_LIMIT);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, 320000u, 8u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_OK);
    cr_expect_eq(fake_simple(&pump, STAND_NG_PER_ML, 23999u), DOSING_REFUSED_RATE);
    cr_expect_eq(fake_simple(&pump, STAND_NG_PER_ML, 12000001u), DOSING_REFUSED_RATE);
}

/* What was accepted is never cut, right at its limit. */
Test(second_safety, a_programme_at_its_limit_is_given_whole)
{
    stand_simple(&pump, 100000u);
    cr_expect_eq(commit_limited(300000u, 625749u), DOSING_REFUSED_LIMIT);
    cr_assert_eq(commit_limited(300000u, 625750u), DOSING_OK); /* 25 h and 3 pulses */
    for (int day = 0; day < 20; day++) {
        const uint64_t pulses = pulses_in(STAND_DAY_MS);
        cr_expect_float_eq((double)pulses, 2400.0, 1.01, "day %d: %llu", day,
                           (unsigned long long)pulses);
    }
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u);
}

Test(second_safety, a_late_wake_is_made_up_for_by_one_pulse_at_most)
{
    stand_simple(&pump, 300000u); /* 36 s a pulse */
    stand_run(&pump, STAND_HOUR_MS);
    const uint64_t before = fake_pulses(&pump.hal);
    const uint64_t due_ms = pump.next_ms;
    pump.hal.now_ms = due_ms + 10u * STAND_HOUR_MS;
    fake_pump_run(&pump, due_ms + 11u * STAND_HOUR_MS);
    const uint64_t given = fake_pulses(&pump.hal) - before;
    cr_expect(given >= 100u && given <= 203u, "%llu pulses", (unsigned long long)given);
    const uint64_t lost_ms = fake_report(&pump, DOSING_REPORT_AT_LOST_MS, 4u);
    cr_expect_float_eq((double)lost_ms, 10.0 * (double)STAND_HOUR_MS, 73000.0);
}

/* ---- alarms ---------------------------------------------------------------------------------------------------------- */

Test(second_safety, low_is_told_within_a_pulse_and_at_empty_the_stroke_is_the_last)
{
    stand_simple(&pump, 300000u);
    cr_assert_eq(fake_refill(&pump, 2100000u),
                 DOSING_OK); /* 400 pulses above low, 4400 above empty */
    const uint64_t filled = fake_pulses(&pump.hal);
    stand_run(&pump, 399u * 36000u);
    cr_expect_eq(stand_alarms(&pump), 0u);
    cr_expect_eq(pump.hal.tones_advisory, 0u);
    stand_run(&pump, 3u * 36000u);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_LOW);
    cr_expect_eq(pump.hal.tones_advisory, 1u);
    stand_run(&pump, 3u * STAND_DAY_MS);
    cr_expect_eq(fake_pulses(&pump.hal) - filled, 4400u);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_LOW | DOSING_ALARM_EMPTY);
    cr_expect_gt(pump.hal.tones_critical, 20u, "it comes back hourly");
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_expect_eq(stand_alarms(&pump), 0u);
    const uint64_t pulses = pulses_in(STAND_DAY_MS);
    cr_expect_float_eq((double)pulses, 2400.0, 1.01);
}

Test(second_safety, a_rotor_that_stands_is_told_dosing_goes_on_and_recovery_is_seen)
{
    stand_simple(&pump, 300000u);
    stand_run(&pump, STAND_DAY_MS);
    fake_stall(&pump.hal, true);
    const uint64_t since_ms = pump.hal.now_ms;
    const uint64_t pulses = pulses_in(3u * STAND_HOUR_MS);
    cr_expect_float_eq((double)pulses, 300.0, 1.01);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_STALL);
    cr_expect_geq(pump.hal.tones_critical, 1u);
    const uint64_t first_ms = fake_report(&pump, DOSING_REPORT_AT_STALL_MS, 8u);
    cr_expect_float_eq((double)first_ms, (double)since_ms, 60000.0,
                       "first missed at %llu, not %llu", (unsigned long long)first_ms,
                       (unsigned long long)since_ms);
    fake_stall(&pump.hal, false);
    stand_run(&pump, 3u * STAND_HOUR_MS);
    cr_expect_eq(stand_alarms(&pump), 0u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_STALLS, 4u), 1u);
}

Test(second_safety, two_days_without_a_pulse_are_told_and_a_pulse_ends_it)
{
    stand_simple(&pump, 300000u);
    stand_run(&pump, STAND_HOUR_MS);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    stand_run(&pump, 2u * STAND_DAY_MS - STAND_HOUR_MS);
    cr_expect_eq(stand_alarms(&pump), 0u);
    stand_run(&pump, 2u * STAND_HOUR_MS);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_STOPPED);
    cr_assert_eq(fake_simple(&pump, STAND_NG_PER_ML, 300000u), DOSING_OK);
    stand_run(&pump, STAND_HOUR_MS);
    cr_expect_eq(stand_alarms(&pump), 0u);
}

Test(second_safety, a_pump_that_was_never_filled_is_silent)
{
    stand_new(&pump);
    stand_run(&pump, 10u * STAND_DAY_MS);
    cr_expect_eq(fake_pulses(&pump.hal), 0u);
    cr_expect_eq(stand_alarms(&pump), 0u);
    cr_expect_eq(pump.hal.tones_critical + pump.hal.tones_advisory, 0u);
}

Test(second_safety, an_acknowledged_alarm_is_silent_and_holds_until_its_cause_ends)
{
    stand_simple(&pump, 24000u);
    cr_assert_eq(fake_refill(&pump, 1990000u), DOSING_OK);
    stand_run(&pump, 60000u);
    cr_expect_eq(pump.hal.tones_advisory, 1u);
    cr_assert_eq(stand_clear(&pump), DOSING_OK);
    stand_run(&pump, 5u * STAND_DAY_MS);
    cr_expect_eq(pump.hal.tones_advisory, 1u);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_LOW);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_UNSEEN, 4u), 0u);
}

/* ---- the cell -------------------------------------------------------------------------------------------------------- */

Test(second_safety, eri_comes_at_its_voltage_and_eos_90_days_later)
{
    stand_simple(&pump, 24000u);
    pump.hal.loaded_mv = 2250u;
    stand_run(&pump, 30u * STAND_DAY_MS);
    cr_expect_eq(stand_alarms(&pump), DOSING_ALARM_ERI);
    cr_expect_gt(pulses_in(60u * STAND_DAY_MS), 11000u);
    stand_run(&pump, 60u * STAND_DAY_MS);
    cr_expect_eq(stand_alarms(&pump) & DOSING_ALARM_EOS, DOSING_ALARM_EOS);
    cr_expect_eq(pulses_in(STAND_DAY_MS), 0u);
    cr_assert_eq(stand_clear(&pump), DOSING_OK);
    stand_reset(&pump, 1000u, 0u);
    stand_run(&pump, STAND_HOUR_MS);
    cr_expect_eq(stand_alarms(&pump) & DOSING_ALARM_EOS, DOSING_ALARM_EOS);
}

Test(second_safety, a_cell_at_its_floor_ends_service_and_one_reading_does_not)
{
    stand_simple(&pump, 24000u);
    stand_run(&pump, 10u * STAND_DAY_MS - 3600000u);
    pump.hal.idle_mv = 1000u;
    stand_run(&pump, STAND_DAY_MS);
    pump.hal.idle_mv = 3000u;
    stand_run(&pump, 10u * STAND_DAY_MS);
    cr_expect_eq(stand_alarms(&pump), 0u);
    pump.hal.idle_mv = 2000u;
    stand_run(&pump, 60u * STAND_DAY_MS);
    cr_expect_eq(stand_alarms(&pump) & DOSING_ALARM_EOS, DOSING_ALARM_EOS);
}

/* ---- hardware that fails ---------------------------------------------------------------------------------------------- */

/* Any one call, and any five in a row. */
static void fail_each(uint64_t count)
{
    for (uint64_t from = 0; from < 400u; from++) {
        stand_simple(&pump, 300000u);
        stand_run(&pump, STAND_HOUR_MS);
        const uint64_t before = fake_pulses(&pump.hal);
        pump.hal.fail_from = pump.hal.calls + from;
        pump.hal.fail_count = count;
        stand_run(&pump, 6u * STAND_HOUR_MS);
        (void)fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u);
        stand_run(&pump, 6u * STAND_HOUR_MS);
        const uint64_t given = fake_pulses(&pump.hal) - before;
        cr_assert(given >= 1080u && given <= 1202u, "from call %llu: %llu pulses",
                  (unsigned long long)from, (unsigned long long)given);
        cr_assert_str_empty(pump.hal.violation, "from call %llu: %s", (unsigned long long)from,
                            pump.hal.violation);
    }
}

Test(second_safety, calls_that_fail_neither_overdose_nor_end_therapy)
{
    fail_each(1u);
    fail_each(5u);
}
