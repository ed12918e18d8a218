/* SPDX-License-Identifier: Apache-2.0 */
/* Whole lives of a pump by its cell: sound, with a film, and weaker than its maker thinks. What the published letter on cells of
 * high resistance tells comes about by itself: early ERI, EOS less than 90 days later, low-battery resets. */
#include "tests/sim/host/aged.h"

#include "dosing_frame.h"

#include <criterion/criterion.h>
#include <math.h>

#define YEAR_MS (AGED_DAY_MS * 1461 / 4)
#define MONTH_DAYS (365.25 / 12.0)

static aged_t a;

static void begin(void)
{
    aged_default(&a);
}

static void end(void)
{
    aged_free(&a);
}

TestSuite(implant_cell, .init = begin, .fini = end);

/* The day on which an alarm is found first, looked for daily; NaN: not in `years`. */
static double day_of(uint32_t alarm, double years)
{
    while ((double)a.implant.pump.now_ms < years * (double)YEAR_MS) {
        aged_live(&a, AGED_DAY_MS);
        if ((aged_alarms(&a) & alarm) != 0) {
            return (double)(a.implant.pump.now_ms / AGED_DAY_MS);
        }
    }
    return (double)NAN;
}

static void expect_belief(double within)
{
    const double believed = aged_device(&a).charge_mah / a.param.cell.capacity_mah;
    const double truth = battery_depth(&a.implant.pump.battery);
    cr_expect_float_eq(believed, truth, within, "%.4f believed, %.4f true", believed, truth);
}

/* The median of the pumps explanted for their battery is 5.9 years (5.6-6.1): here at the flow of battery.def. */
Test(implant_cell, sound_ends_by_its_count_in_90_days_and_without_a_reset)
{
    a.ml_per_day = 0.8;
    aged_start(&a);
    aged_live(&a, 5 * YEAR_MS);
    expect_belief(2e-3);
    const double eri = day_of(DOSING_ALARM_ERI, 8.0), eos = day_of(DOSING_ALARM_EOS, 8.0);
    cr_expect(eos > 5.6 * 365.25 && eos < 6.1 * 365.25, "%.2f years", eos / 365.25);
    cr_expect_float_eq(eos - eri, 90.0, 1.0, "ERI on day %g, EOS on day %g", eri, eos);
    cr_expect_eq(a.resets, 0);
}

Test(implant_cell, sound_at_a_slow_flow_ends_by_its_age)
{
    a.ml_per_day = 0.1;
    aged_start(&a);
    aged_live(&a, 6 * YEAR_MS);
    const double eos = day_of(DOSING_ALARM_EOS, 8.0);
    cr_expect_float_eq(eos, 2556.0, 2.0);
    cr_expect_eq(a.resets, 0);
    expect_belief(2e-3);
}

static void grow_film(double six_years_ohm)
{
    a.param.pump.battery.film_ohm = six_years_ohm;
    aged_start(&a);
    aged_live(&a, 3 * YEAR_MS);
    cr_expect_eq(aged_alarms(&a) & (DOSING_ALARM_ERI | DOSING_ALARM_RESET), 0);
}

/* The median film of a cell with the fault. */
Test(implant_cell, with_a_film_asks_early_to_be_replaced)
{
    grow_film(a.param.pump.battery.film_fault_ohm);
    const double eri = day_of(DOSING_ALARM_ERI, 7.0);
    cr_expect(eri > 45.0 * MONTH_DAYS && eri < 78.0 * MONTH_DAYS, "month %.1f", eri / MONTH_DAYS);
    cr_expect_lt(battery_depth(&a.implant.pump.battery), 0.6, "most of its charge is left");
    cr_expect_eq(a.resets, 0);
    expect_belief(2e-3);
}

/* A quieter sounder, so that nothing comes before the floor of the motor's voltage. */
Test(implant_cell, with_a_film_ends_less_than_90_days_after_eri)
{
    a.param.pump.battery.tone_ma = 3.0;
    grow_film(a.param.pump.battery.film_fault_ohm);
    const double eri = day_of(DOSING_ALARM_ERI, 7.0), eos = day_of(DOSING_ALARM_EOS, 7.0);
    cr_expect(eos - eri > 20.0 && eos - eri < 88.0, "%g days", eos - eri);
    cr_expect_eq(a.resets, 0);
    const int64_t pulses = implant_pulses_commanded(&a.implant);
    aged_live(&a, 10 * AGED_DAY_MS);
    cr_expect_eq(implant_pulses_commanded(&a.implant), pulses);
}

/* The sounder is the heaviest load: the daily tone of ERI is one day too much, each start's tone is too, and after
 * eight of them the core latches the storm. From then on only the tone resets it, daily after its first: the loop goes on. */
Test(implant_cell, with_a_film_falls_into_a_loop_of_resets_that_the_core_latches)
{
    grow_film(a.param.pump.battery.film_fault_ohm);
    const double eri = day_of(DOSING_ALARM_ERI, 7.0), storm = day_of(DOSING_ALARM_STORM, 7.0);
    cr_expect(storm > eri && storm < eri + 60.0, "ERI on day %g, storm on day %g", eri, storm);
    cr_expect_eq(a.last_cause, DOSING_RESET_BROWN_OUT);
    const int64_t resets = a.resets, pulses = implant_pulses_commanded(&a.implant);
    cr_expect_geq(resets, 8);
    aged_live(&a, 10 * AGED_DAY_MS);
    cr_expect_float_eq((double)(a.resets - resets), 11.0, 1.0, "%lld resets in ten days",
                       (long long)(a.resets - resets));
    cr_expect_eq(implant_pulses_commanded(&a.implant), pulses, "no pulse in a storm");
    cr_expect_eq(a.implant.power.brown_outs, a.resets + (a.implant.power.dark ? 1 : 0));
}

/* Six per cent less charge than the maker's figure, which is all that the core has: it believes the cell fuller than it is, and the
 * voltage corrects it. */
Test(implant_cell, weaker_than_its_kind_is_found_out_by_its_voltage)
{
    a.ml_per_day = 0.8;
    a.param.pump.battery.capacity_mah *= 0.94;
    aged_start(&a);
    aged_live(&a, 4 * YEAR_MS);
    const double eri = day_of(DOSING_ALARM_ERI, 8.0);
    const double believed = aged_device(&a).charge_mah / a.param.cell.capacity_mah;
    const double truth = battery_depth(&a.implant.pump.battery);
    cr_expect(believed < 0.93 && truth > 0.96, "%.4f believed, %.4f true", believed, truth);
    const double eos = day_of(DOSING_ALARM_EOS, 8.0);
    cr_expect(eos - eri < 85.0, "ERI on day %g, EOS on day %g", eri, eos);
    cr_expect_eq(a.resets, 0);
}
