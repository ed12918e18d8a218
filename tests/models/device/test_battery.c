/* SPDX-License-Identifier: Apache-2.0 */
/* The battery: charge by events, voltages, life against flow. */
#include <criterion/criterion.h>

#include <string.h>

#include "device/battery.h"
#include "tests/models/device/defaults.h"

#define DAY_MS 86400000LL

static battery_t fresh(void)
{
    battery_t b;
    error_t e = {0};
    cr_assert_eq(battery_init(&b, &default_battery, &e), 0, "%s", e.text);
    return b;
}

Test(battery, a_new_cell_has_its_open_voltage)
{
    battery_t b = fresh();
    cr_assert_float_eq(battery_open_v(&b), 3.2, 0.0);
    cr_assert_float_eq(battery_idle_v(&b), 3.2 - 12e-6 * 40.0, 1e-15);
    cr_assert_float_eq(battery_loaded_v(&b), 3.2 - 4e-3 * 40.0, 1e-15);
}

/* 12 uA for a day is 0.288 mA h; 1000 wakes of 20 uC and 1200 pulses of 400 uC are 0.5 C, 0.13889 mA h. */
Test(battery, charge_is_the_sum_of_sleep_wakes_and_pulses)
{
    battery_t b = fresh();
    battery_drain(&b, DAY_MS, 1000, 1200);
    cr_assert_float_eq(battery_used_mah(&b), 0.288 + 0.5 / 3.6, 1e-14);
    cr_assert_float_eq(battery_depth(&b), (0.288 + 0.5 / 3.6) / 1400.0, 1e-17);
}

Test(battery, the_same_bits_however_time_is_cut)
{
    battery_t whole = fresh();
    battery_t cut = fresh();
    battery_drain(&whole, 100 * DAY_MS, 86400, 120000);
    for (int i = 0; i < 43200; i++) {
        battery_drain(&cut, 200000, 2, i < 33600 ? 3 : 2);
    }
    cr_assert_eq(cut.pulses, whole.pulses);
    cr_assert_eq(memcmp(&whole, &cut, sizeof whole), 0);
}

Test(battery, voltage_falls_to_the_end_voltage_and_then_is_gone)
{
    battery_t b = fresh();
    battery_drain(&b, 0, 0, 12600000);
    cr_assert_float_eq(battery_depth(&b), 1.0, 1e-12);
    b.pulses -= 6300000;
    cr_assert_float_eq(battery_open_v(&b), 2.8, 1e-12);
    b.pulses = 12610000;
    cr_assert_float_eq(battery_open_v(&b), 0.0, 0.0);
    cr_assert_float_eq(battery_loaded_v(&b), 0.0, 0.0);
}

/* Design figures: seven years or more at 0.4 mL a day, about four at 1.5 (0.25 uL a pulse). */
static double life_years(double ml_per_day)
{
    battery_t b = fresh();
    double pulses = ml_per_day / 0.25e-3;
    double wakes = pulses / 16.0;
    battery_drain(&b, 1000 * DAY_MS, (int64_t)(1000 * wakes), (int64_t)(1000 * pulses));
    return 1000.0 / battery_depth(&b) / 365.25;
}

Test(battery, life_depends_on_flow_as_designed)
{
    double slow = life_years(0.4);
    double fast = life_years(1.5);
    cr_assert(slow > 7.0 && slow < 10.0, "%.2f years at 0.4 mL/day", slow);
    cr_assert(fast > 3.5 && fast < 4.5, "%.2f years at 1.5 mL/day", fast);
}

Test(battery, a_cell_that_rises_as_it_empties_is_refused)
{
    battery_t b;
    error_t e = {0};
    battery_param_t p = default_battery;
    p.end_v = 3.3;
    cr_assert_eq(battery_init(&b, &p, &e), ERROR_ARGUMENT);
}

Test(battery, verify_sees_a_count_that_ran_backwards)
{
    battery_t b = fresh();
    error_t e = {0};
    cr_assert_eq(battery_verify(&b, &e), 0, "%s", e.text);
    b.pulses = -1;
    cr_assert_eq(battery_verify(&b, &e), ERROR_INVARIANT);
}
