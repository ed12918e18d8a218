/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-CLOCK: two clocks that disagree, by pace, by a jump, by standing still. */
#include <criterion/criterion.h>

#include "dosing_clock.h"
#include "fake_hal.h"

#define MINUTE_MS UINT64_C(60000)
#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)
#define PULSES_PER_HOUR 50.0 /* 0.3 mL/day at 0.25 uL */

static fake_pump_t pump;

static void start(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 10u * HOUR_MS);
}

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

static uint32_t clock_alarm(void)
{
    return (uint32_t)fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_CLOCK;
}

/* REQ-CLOCK-01: 4 % either way, and small jumps, are no disagreement; dosing goes by the main clock. */
Test(clock, that_strays_by_less_than_five_per_cent_is_none)
{
    for (uint64_t permille = 960u; permille <= 1040u; permille += 40u) {
        start();
        fake_second(&pump.hal, permille, 0u);
        const uint64_t before = fake_pulses(&pump.hal);
        run(10u * DAY_MS);
        cr_expect_eq(clock_alarm(), 0u, "%llu", (unsigned long long)permille);
        cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 240.0 * PULSES_PER_HOUR, 1.5);
    }
}

/* REQ-CLOCK-02: a main clock that runs at twice its pace gives for one check too much, and from then on what is right by the
 * slower. Both the hour and the rate are by the main clock, so that the excess is half of the first hour's pulses. */
Test(clock, a_main_clock_that_runs_fast_gives_one_checks_excess_at_most)
{
    start();
    fake_second(&pump.hal, 500u, 0u);
    const uint64_t before = fake_pulses(&pump.hal);
    double most = 0.0;
    for (int i = 0; i < 1200; i++) {
        run(10u * MINUTE_MS);
        const double real_h = (i + 1) / 12.0; /* by the second oscillator */
        const double ahead = (double)(fake_pulses(&pump.hal) - before) - real_h * PULSES_PER_HOUR;
        most = ahead > most ? ahead : most;
    }
    cr_expect_leq(most, PULSES_PER_HOUR + 2.0, "%g pulses ahead of the slower clock", most);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 100.0 * PULSES_PER_HOUR, 52.0,
                       "%llu", (unsigned long long)(fake_pulses(&pump.hal) - before));
    cr_expect(clock_alarm());
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u);
    cr_expect_str_empty(pump.hal.violation);
}

/* REQ-CLOCK-03: a jump of the main clock, of any length, ages nothing: neither a burst, nor a limit of 24 h forgotten. */
Test(clock, a_jump_of_the_main_clock_ages_nothing)
{
    static const uint64_t jumps_ms[] = {HOUR_MS, 25u * HOUR_MS, 1000u * DAY_MS};
    for (size_t i = 0; i < sizeof jumps_ms / sizeof jumps_ms[0]; i++) {
        start();
        cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
        const uint64_t core_ms = fake_report(&pump, DOSING_REPORT_AT_CLOCK_MS, 8u);
        fake_second(&pump.hal, 1000u, jumps_ms[i]);
        (void)clock_alarm(); /* nothing is due in a stopped pump: the frame finds it out */
        run(10u * MINUTE_MS);
        cr_expect(clock_alarm(), "jump %zu is not told", i);
        const uint64_t after_ms = fake_report(&pump, DOSING_REPORT_AT_CLOCK_MS, 8u);
        cr_expect(after_ms >= core_ms && after_ms <= core_ms + 11u * MINUTE_MS,
                  "jump %zu: the core's time went on by %llu ms", i,
                  (unsigned long long)(after_ms - core_ms));
        cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
        const uint64_t before = fake_pulses(&pump.hal);
        run(10u * HOUR_MS);
        cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 10.0 * PULSES_PER_HOUR, 2.0);
    }
}

/* REQ-CLOCK-04: a main clock that stands is found out by the next frame, which wants a wake at once. */
Test(clock, a_main_clock_that_stands_is_found_out_by_the_next_frame)
{
    start();
    pump.hal.second_ms += 3u * HOUR_MS; /* time went on; the main clock did not */
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
    cr_expect_leq(pump.next_ms, pump.hal.now_ms, "no wake is wanted");
    run(1u);
    cr_expect(clock_alarm());
    const uint64_t before = fake_pulses(&pump.hal);
    run(10u * HOUR_MS);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 10.0 * PULSES_PER_HOUR, 2.0);
}

/* REQ-CLOCK-05: therapy does not hang on the second oscillator: dead or mute, dosing goes on by the main clock. */
Test(clock, a_dead_second_oscillator_does_not_end_therapy)
{
    for (int mute = 0; mute < 2; mute++) {
        start();
        fake_second(&pump.hal, mute != 0 ? 1000u : 0u, 0u);
        pump.hal.second_fails = mute != 0;
        const uint64_t before = fake_pulses(&pump.hal);
        run(10u * HOUR_MS);
        cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 10.0 * PULSES_PER_HOUR, 1.5);
        cr_expect_eq(clock_alarm(), mute != 0 ? 0u : DOSING_ALARM_CLOCK);
    }
}

/* REQ-CLOCK-05: one that was mute, from the start or for hours, is held against the main clock only from then on. */
Test(clock, a_second_oscillator_that_answers_again_raises_no_alarm)
{
    fake_init(&pump.hal);
    pump.hal.second_ms = 1000u * DAY_MS; /* its own origin */
    pump.hal.second_fails = true;
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    for (int i = 0; i < 2; i++) {
        pump.hal.second_fails = true;
        run(10u * HOUR_MS);
        pump.hal.second_fails = false;
        run(10u * HOUR_MS);
        cr_expect_eq(clock_alarm(), 0u, "time %d", i);
    }
    fake_second(&pump.hal, 1000u, 5u * HOUR_MS);
    run(2u * HOUR_MS);
    cr_expect(clock_alarm(), "it is not held against the main clock any more");
}

/* REQ-CLOCK-06: the alarm is a clinician's to end, and a disagreement that is over does not come back. */
Test(clock, its_alarm_ends_by_being_acknowledged)
{
    uint8_t bits[4];
    start();
    fake_second(&pump.hal, 1000u, 5u * HOUR_MS);
    run(2u * HOUR_MS);
    cr_expect(clock_alarm());
    fake_put(bits, DOSING_ALARM_CLOCK, 4u);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_ALARM_CLEAR, bits, 4u), DOSING_OK);
    run(5u * HOUR_MS);
    cr_expect_eq(clock_alarm(), 0u);
}
