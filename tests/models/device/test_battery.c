/* SPDX-License-Identifier: Apache-2.0 */
/* The battery: charge by events, voltages over plateau and knee, loads, leak, life against flow. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "device/battery.h"
#include "tests/models/device/defaults.h"

#define DAY_MS 86400000LL
#define SEED 41

static battery_t of(const battery_param_t *p)
{
    battery_t b;
    error_t e = {0};
    cr_assert_eq(battery_init(&b, p, &e), 0, "%s", e.text);
    return b;
}

static battery_t fresh(void)
{
    return of(&default_battery);
}

Test(battery, a_new_cell_has_its_open_voltage)
{
    battery_t b = fresh();
    cr_assert_float_eq(battery_open_v(&b), 3.2, 0.0);
    cr_assert_float_eq(battery_idle_v(&b), 3.2 - 12e-6 * 40.0, 1e-15);
    cr_assert_float_eq(battery_loaded_v(&b), 3.2 - 4e-3 * 40.0, 1e-15);
}

Test(battery, each_load_draws_its_current)
{
    battery_t b = fresh();
    cr_expect_float_eq(battery_load_v(&b, BATTERY_AWAKE), 3.2 - 2e-3 * 40.0, 1e-15);
    cr_expect_float_eq(battery_load_v(&b, BATTERY_PULSE), battery_loaded_v(&b), 0.0);
    cr_expect_float_eq(battery_load_v(&b, BATTERY_TONE), 3.2 - 7e-3 * 40.0, 1e-15);
    cr_expect_float_eq(battery_load_v(&b, BATTERY_FRAME), 3.2 - 5e-3 * 40.0, 1e-15);
}

/* 12 uA for a day is 0.288 mA h; 1000 wakes of 20 uC and 1200 pulses of 400 uC are 0.5 C, 0.13889 mA h; 10 tones of
 * 5 mC and 50 frames of 1 mC are 0.1 C. */
Test(battery, charge_is_the_sum_of_what_was_done)
{
    battery_t b = fresh();
    battery_drain(&b, DAY_MS, 1000, 1200);
    cr_assert_float_eq(battery_used_mah(&b), 0.288 + 0.5 / 3.6, 1e-14);
    cr_assert_float_eq(battery_depth(&b), (0.288 + 0.5 / 3.6) / 1400.0, 1e-17);
    for (int i = 0; i < 50; i++) {
        battery_drain_frame(&b);
        if (i % 5 == 0) {
            battery_drain_tone(&b);
        }
    }
    cr_assert_float_eq(battery_used_mah(&b), 0.288 + 0.6 / 3.6, 1e-14);
}

Test(battery, the_same_bits_however_time_is_cut)
{
    battery_t whole = fresh();
    battery_t cut = fresh();
    battery_set_leak_ua(&whole, 3.7);
    battery_set_leak_ua(&cut, 3.7);
    battery_drain(&whole, 100 * DAY_MS, 86400, 120000);
    for (int i = 0; i < 43200; i++) {
        battery_drain(&cut, 200000, 2, i < 33600 ? 3 : 2);
    }
    cr_assert_eq(cut.pulses, whole.pulses);
    cr_assert_eq(memcmp(&whole, &cut, sizeof whole), 0);
}

Test(battery, a_leak_takes_its_charge_and_lowers_every_voltage)
{
    battery_t b = fresh();
    battery_drain(&b, DAY_MS, 0, 0);
    battery_set_leak_ua(&b, 1000.0);
    cr_expect_float_eq(battery_open_v(&b) - battery_load_v(&b, BATTERY_TONE), 8e-3 * 40.0, 1e-12);
    battery_drain(&b, DAY_MS / 2, 0, 0);
    battery_set_leak_ua(&b, 0.0);
    battery_drain(&b, DAY_MS / 2, 0, 0);
    cr_expect_float_eq(battery_used_mah(&b), 2.0 * 0.288 + 12.0, 1e-12);
}

/* As a worn motor tells it: in all, by the end of each day. */
Test(battery, what_a_short_has_lost_is_told_by_days)
{
    battery_t b = fresh();
    cr_expect_not(battery_drain(&b, DAY_MS - 1, 0, 0));
    cr_expect(battery_drain(&b, 5001, 0, 0));
    cr_expect_eq(battery_into_day_ms(&b), 5000);
    cr_expect_not(battery_drain(&b, 5000, 0, 0));
    const double before_mah = battery_used_mah(&b);
    battery_set_lost_uc(&b, 3.6e6);
    battery_set_lost_uc(&b, 7.2e6);
    cr_expect_float_eq(battery_used_mah(&b), before_mah + 2.0, 1e-12);
}

Test(battery, disconnected_gives_nothing_and_ages_no_more)
{
    battery_t b = fresh();
    battery_set_leak_ua(&b, 10.0);
    battery_drain(&b, 100 * DAY_MS, 0, 0);
    const double used_mah = battery_used_mah(&b), film_ohm = battery_film_resistance(&b);
    battery_disconnect(&b);
    cr_expect_not(battery_drain(&b, 1000 * DAY_MS, 0, 0));
    cr_expect_eq(battery_used_mah(&b), used_mah);
    cr_expect_eq(battery_film_resistance(&b), film_ohm);
}

Test(battery, the_count_of_a_leak_stands_before_it_overflows)
{
    battery_t b = fresh();
    error_t e = {0};
    battery_set_leak_ua(&b, 1e9);
    cr_expect_eq(b.leak_na, 100000000);
    double last_mah = 0.0;
    for (int year = 0; year < 100; year++) {
        battery_drain(&b, 365 * DAY_MS, 0, 0);
        cr_assert_gt(battery_used_mah(&b), last_mah, "year %d", year);
        last_mah = battery_used_mah(&b);
    }
    cr_expect_eq(b.leaked_na_ms, INT64_C(1) << 62);
    cr_expect_eq(battery_verify(&b, &e), 0, "%s", e.text);
    cr_expect_gt(battery_depth(&b), 100.0);
}

Test(battery, voltage_falls_over_plateau_and_knee_and_then_is_gone)
{
    const struct {
        double depth, open_v;
    } row[] = {{0.0, 3.2}, {0.45, 3.0}, {0.9, 2.8}, {0.95, 2.6}, {0.975, 2.5}, {1.0, 2.4}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        cr_expect_float_eq(battery_curve_v(&default_battery, row[i].depth), row[i].open_v, 1e-12,
                           "at %g", row[i].depth);
    }
    battery_t b = fresh();
    b.pulses = 12600000;
    cr_expect_float_eq(battery_depth(&b), 1.0, 1e-12);
    b.pulses = 12610000;
    cr_expect_float_eq(battery_open_v(&b), 0.0, 0.0);
    cr_expect_float_eq(battery_loaded_v(&b), 0.0, 0.0);
    cr_expect_not(battery_carries(&b, BATTERY_ASLEEP));
}

Test(battery, brown_out_begins_where_the_load_takes_the_voltage_below_the_threshold)
{
    battery_t b = fresh();
    const double most_ohm = (3.2 - 1.8) / 7e-3 - 40.0;
    battery_set_film_ohm(&b, most_ohm - 1e-6);
    cr_expect(battery_carries(&b, BATTERY_TONE));
    battery_set_film_ohm(&b, most_ohm + 1e-6);
    cr_expect_not(battery_carries(&b, BATTERY_TONE));
    cr_expect(battery_carries(&b, BATTERY_FRAME));
    cr_expect(battery_carries(&b, BATTERY_PULSE));
    battery_set_film_ohm(&b, 0.0);
    cr_expect(battery_carries(&b, BATTERY_TONE));
}

/* Closed form: the core ends a pump at its count of capacity less a reserve, or at its cap of 84 months (2556 days). 0.25 uL a pulse, trains
 * of an hour or 64 pulses, whichever is shorter. */
#define COUNTED 0.98 /* of the capacity: sim/host's factory block */

static double life_years(double ml_per_day)
{
    const battery_param_t *p = &default_battery;
    const double pulses = ml_per_day / 0.25e-3;
    const double wakes = fmax(24.0, pulses / 64.0);
    const double uc = p->sleep_ua * 86400.0 + p->pulse_uc * pulses + p->wake_uc * wakes;
    return COUNTED * p->capacity_mah * 3.6e6 / uc / 365.25;
}

/* The published figures: seven years or more at 0.4 mL a day, a median of 5.9 (5.6-6.1), about four at 1.5. */
Test(battery, life_depends_on_flow_as_published)
{
    static const double flow[] = {0.048, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6,
                                  0.8,   1.0, 1.5, 2.0, 3.0, 6.0, 24.0};
    double before = (double)INFINITY;
    printf("  mL/day   years to the end of the count   years to the end of service\n");
    for (size_t i = 0; i < sizeof flow / sizeof flow[0]; i++) {
        const double years = life_years(flow[i]);
        printf("  %6.3f   %6.2f   %5.2f\n", flow[i], years, fmin(years, 2556.0 / 365.25));
        cr_expect_lt(years, before);
        before = years;
    }
    cr_expect_gt(life_years(0.4), 7.0, "%.2f years at 0.4 mL/day", life_years(0.4));
    cr_expect(life_years(0.8) > 5.6 && life_years(0.8) < 6.1, "%.2f at 0.8", life_years(0.8));
    cr_expect(life_years(1.5) > 3.7 && life_years(1.5) < 4.3, "%.2f at 1.5", life_years(1.5));
}

/* The oracle above against the counts. */
Test(battery, the_counts_agree_with_the_closed_form)
{
    battery_t b = fresh();
    battery_drain(&b, 1000 * DAY_MS, 24 * 1000, 1200 * 1000);
    cr_expect_float_eq(COUNTED * 1000.0 / battery_depth(&b) / 365.25, life_years(0.3), 1e-9);
}

Test(battery, a_curve_that_rises_is_refused)
{
    battery_t b;
    error_t e = {0};
    battery_param_t p = default_battery;
    p.end_v = 3.3;
    cr_expect_eq(battery_init(&b, &p, &e), ERROR_ARGUMENT);
    p = default_battery;
    p.knee_v = 2.3;
    cr_expect_eq(battery_init(&b, &p, &e), ERROR_ARGUMENT);
    p = default_battery;
    p.knee_v = 3.3;
    cr_expect_eq(battery_init(&b, &p, &e), ERROR_ARGUMENT);
    p = default_battery;
    p.knee_depth = 1.0;
    cr_expect_eq(battery_init(&b, &p, &e), ERROR_ARGUMENT);
    p.knee_depth = nan("");
    cr_expect_eq(battery_init(&b, &p, &e), ERROR_ARGUMENT);
}

Test(battery, verify_sees_a_count_that_ran_backwards)
{
    battery_t b = fresh();
    error_t e = {0};
    cr_assert_eq(battery_verify(&b, &e), 0, "%s", e.text);
    int64_t *const count[] = {&b.slept_ms, &b.wakes,   &b.pulses,      &b.tones,
                              &b.frames,   &b.leak_na, &b.leaked_na_ms};
    for (size_t i = 0; i < sizeof count / sizeof count[0]; i++) {
        *count[i] = -1;
        cr_expect_eq(battery_verify(&b, &e), ERROR_INVARIANT, "count %zu", i);
        *count[i] = 0;
    }
    b.film_ohm = -1.0;
    cr_expect_eq(battery_verify(&b, &e), ERROR_INVARIANT);
}

/* At thresholds about the voltage itself, to the last bit, from new to overdrawn, under every load. */
Test(battery, what_it_gives_is_what_the_voltage_says)
{
    battery_t b = fresh();
    draw_t d;
    int64_t gave = 0, asked = 0;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 1);
    while (battery_depth(&b) < 1.02) {
        battery_drain(&b, (int64_t)draw_exponential(&d, 1e7), 10,
                      (int64_t)draw_exponential(&d, 2e3));
        for (int load = 0; load < (int)BATTERY_LOADS; load++) {
            const double v = battery_load_v(&b, (battery_load_t)load);
            const double near_v = v + 1e-9 * (draw_uniform(&d) - 0.5);
            const double volts[] = {v,      nextafter(v, 9.0), nextafter(v, 0.0),
                                    near_v, v - 0.1,           v + 0.1};
            for (size_t i = 0; i < sizeof volts / sizeof volts[0]; i++) {
                const bool gives = battery_gives(&b, (battery_load_t)load, volts[i]);
                cr_assert_eq(gives, v >= volts[i], "%.17g V for %.17g V at a depth of %g (seed %d)",
                             v, volts[i], battery_depth(&b), SEED);
                gave += gives;
                asked++;
            }
        }
    }
    cr_assert(asked > 100000 && gave > asked / 4 && gave < 3 * asked / 4, "%lld of %lld",
              (long long)gave, (long long)asked);
}
