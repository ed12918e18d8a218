/* SPDX-License-Identifier: Apache-2.0 */
/* The implant's clocks and their faults, as the core finds them out. */
#include "host/implant_clock.h"
#include "host/implant_hal.h"
#include "tests/sim/host/aged.h"

#include "dosing_frame.h"

#include <criterion/criterion.h>

static aged_t a;

static void begin(void)
{
    aged_default(&a);
    aged_start(&a);
    aged_live(&a, 3 * AGED_DAY_MS + 1234567);
}

static void end(void)
{
    aged_free(&a);
}

TestSuite(implant_clock, .init = begin, .fini = end);

static int64_t pulses_in(int64_t ms)
{
    const int64_t before = implant_pulses_commanded(&a.implant);
    aged_live(&a, ms);
    return implant_pulses_commanded(&a.implant) - before;
}

Test(implant_clock, sound_clocks_raise_nothing)
{
    cr_expect_float_eq((double)pulses_in(10 * AGED_DAY_MS), 12000.0, 2.0);
    cr_expect_eq(aged_report(&a).alarms, 0);
}

/* Without a frame: the second oscillator wakes the core, which sees that the main one stands. */
Test(implant_clock, a_main_clock_that_stops_is_told_and_nothing_is_given)
{
    implant_clock_stop(&a.implant, OSCILLATOR_MAIN);
    cr_expect_leq(pulses_in(3 * AGED_HOUR_MS), 1, "the stroke under way");
    cr_expect_gt(a.tones, 0, "nobody was told");
    cr_expect(aged_report(&a).alarms & DOSING_ALARM_CLOCK);
    cr_expect_eq(pulses_in(AGED_DAY_MS), 0);
    cr_expect_eq(implant_hal_table()->motor_arm(&a.implant, 2, 1000), DOSING_HAL_OK);
    cr_expect_eq(implant_hal_table()->train_start(&a.implant, 2, 1000), DOSING_HAL_FAILED);
    implant_clock_run(&a.implant, OSCILLATOR_MAIN);
    cr_expect_float_eq((double)pulses_in(AGED_DAY_MS), 1200.0, 60.0);
}

Test(implant_clock, a_main_clock_that_jumps_ahead_is_told_and_gives_no_day_twice)
{
    implant_clock_jump(&a.implant, OSCILLATOR_MAIN, 5 * AGED_DAY_MS);
    const int64_t given = pulses_in(5 * AGED_DAY_MS);
    cr_expect(aged_report(&a).alarms & DOSING_ALARM_CLOCK);
    cr_expect_gt(a.tones, 0);
    cr_expect(given <= 5 * 1200 + 60, "%lld pulses", (long long)given);
    cr_expect_gt(given, 5 * 1200 - 120);
}

/* Its alarm would be days away by the main clock alone. */
Test(implant_clock, a_main_clock_that_jumps_back_is_found_out_by_the_second)
{
    implant_clock_jump(&a.implant, OSCILLATOR_MAIN, -2 * AGED_DAY_MS);
    const int64_t given = pulses_in(AGED_DAY_MS);
    cr_expect(aged_report(&a).alarms & DOSING_ALARM_CLOCK);
    cr_expect_leq(given, 1200 + 60);
}

Test(implant_clock, a_second_clock_that_jumps_is_told)
{
    implant_clock_jump(&a.implant, OSCILLATOR_SECOND, AGED_DAY_MS);
    aged_live(&a, 2 * AGED_HOUR_MS);
    cr_expect(aged_report(&a).alarms & DOSING_ALARM_CLOCK);
}

/* A second clock that stands is dead, and not followed: the daily self-test tells of it. */
Test(implant_clock, a_second_clock_that_stops_is_told_and_therapy_goes_on)
{
    implant_clock_stop(&a.implant, OSCILLATOR_SECOND);
    cr_expect_float_eq((double)pulses_in(3 * AGED_DAY_MS), 3600.0, 60.0);
    cr_expect(aged_report(&a).alarms & (DOSING_ALARM_CLOCK | DOSING_ALARM_SELFTEST));
}

Test(implant_clock, a_reset_by_loss_of_power_begins_both_anew_without_an_alarm_of_clocks)
{
    error_t e = {0};
    cr_assert_eq(implant_reset(&a.implant, DOSING_RESET_BROWN_OUT, &e), 0, "%s", e.text);
    cr_expect_geq(pulses_in(10 * AGED_DAY_MS), 12000 - 60);
    cr_expect_eq(aged_report(&a).alarms & DOSING_ALARM_CLOCK, 0);
}
