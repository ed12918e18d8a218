/* SPDX-License-Identifier: Apache-2.0 */
/* The motor: trains to positions, stops, counts as the core sees them. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/motor.h"
#include "tests/models/device/defaults.h"

static motor_t motor_new(void)
{
    motor_t m;
    error_t e = {0};
    cr_assert_eq(motor_init(&m, &default_pump_head, &e), 0, "%s", e.text);
    return m;
}

static void start(motor_t *m, int64_t start_ms, int64_t count, double period_ms)
{
    error_t e = {0};
    cr_assert_eq(motor_train_start(m, start_ms, count, period_ms, &e), 0, "%s", e.text);
    cr_assert_eq(motor_verify(m, &e), 0, "%s", e.text);
}

static void check_at(const motor_t *m, int64_t t_ms, int64_t whole, double fraction)
{
    motor_position_t p = motor_position_at(m, t_ms);
    cr_assert_eq(p.whole, whole, "at %lld ms: %lld pulses", (long long)t_ms, (long long)p.whole);
    cr_assert_float_eq(p.fraction, fraction, 1e-15, "at %lld ms: fraction %.17g", (long long)t_ms,
                       p.fraction);
}

Test(motor, pulse_turns_evenly_over_its_period)
{
    motor_t m = motor_new();
    start(&m, 1000, 4, 100.0);
    check_at(&m, 900, 0, 0.0);
    check_at(&m, 1000, 0, 0.0);
    check_at(&m, 1025, 0, 0.25);
    check_at(&m, 1100, 1, 0.0);
    check_at(&m, 1399, 3, 0.99);
    check_at(&m, 1400, 4, 0.0);
    check_at(&m, 9999, 4, 0.0);
}

Test(motor, next_train_continues_from_the_last)
{
    motor_t m = motor_new();
    start(&m, 0, 3, 10.0);
    start(&m, 30, 2, 20.0);
    check_at(&m, 30, 3, 0.0);
    check_at(&m, 40, 3, 0.5);
    check_at(&m, 70, 5, 0.0);
}

Test(motor, train_with_a_broken_period_ends_at_the_millisecond_after_its_last_pulse)
{
    motor_t m = motor_new();
    start(&m, 0, 3, 33.4);
    cr_assert_eq(motor_train_end_ms(&m), 101);
    cr_assert(motor_running(&m, 100));
    cr_assert_not(motor_running(&m, 101));
    check_at(&m, 101, 3, 0.0);
}

Test(motor, coil_pulses_come_at_the_beginning_of_their_periods)
{
    motor_t m = motor_new();
    start(&m, 1000, 3, 100.0);
    cr_assert_eq(motor_train_begun(&m, 999), 0);
    cr_assert_eq(motor_train_begun(&m, 1000), 1);
    cr_assert_eq(motor_train_begun(&m, 1099), 1);
    cr_assert_eq(motor_train_begun(&m, 1100), 2);
    cr_assert_eq(motor_train_begun(&m, 5000), 3);
    start(&m, 5000, 2, 100.0);
    cr_assert_eq(motor_steps_confirmed(&m, 5000), 4);
    cr_assert_eq(motor_steps_confirmed(&m, 5100), 5);
}

Test(motor, stop_drops_the_pulses_not_begun_and_completes_the_one_that_has)
{
    motor_t m = motor_new();
    start(&m, 0, 10, 100.0);
    motor_train_stop(&m, 250);
    cr_assert_eq(motor_train_begun(&m, 250), 3);
    check_at(&m, 250, 3, 0.0);
    check_at(&m, 2000, 3, 0.0);
    cr_assert_not(motor_running(&m, 250));
    start(&m, 251, 1, 10.0);
    check_at(&m, 261, 4, 0.0);
}

Test(motor, stop_after_the_end_changes_nothing)
{
    motor_t m = motor_new();
    start(&m, 0, 2, 100.0);
    motor_train_stop(&m, 300);
    check_at(&m, 300, 2, 0.0);
    cr_assert_eq(motor_train_end_ms(&m), 200);
}

Test(motor, train_over_a_running_train_is_refused_and_changes_nothing)
{
    motor_t m = motor_new();
    error_t e = {0};
    start(&m, 0, 2, 100.0);
    cr_assert_eq(motor_train_start(&m, 199, 1, 10.0, &e), ERROR_ARGUMENT);
    check_at(&m, 200, 2, 0.0);
}

Test(motor, senseless_trains_are_refused)
{
    motor_t m = motor_new();
    error_t e = {0};
    cr_assert_eq(motor_train_start(&m, 0, 0, 100.0, &e), ERROR_ARGUMENT, "no pulses");
    cr_assert_eq(motor_train_start(&m, 0, -1, 100.0, &e), ERROR_ARGUMENT, "negative count");
    cr_assert_eq(motor_train_start(&m, 0, 1, 0.0, &e), ERROR_ARGUMENT, "no period");
    cr_assert_eq(motor_train_start(&m, 0, 1, (double)NAN, &e), ERROR_ARGUMENT, "period NaN");
    cr_assert_eq(motor_train_start(&m, 0, INT64_MAX, 1e9, &e), ERROR_ARGUMENT, "overflow");
}

Test(motor, rotor_passes_its_index_once_a_revolution)
{
    motor_t m = motor_new();
    start(&m, 0, 481, 10.0);
    cr_assert_eq(motor_rotor_index(&m, 2399), 0);
    cr_assert_eq(motor_rotor_index(&m, 2400), 1);
    cr_assert_eq(motor_rotor_index(&m, 4810), 2);
}

/* Ten years of the highest rate, 67 pulses a minute: the fraction is as sharp as on the first day. */
Test(motor, ten_years_cost_no_precision)
{
    motor_t m = motor_new();
    m.before = 352000000;
    start(&m, 315576000000, 60, 900.0);
    check_at(&m, 315576000000 + 900 * 7 + 225, 352000007, 0.25);
    check_at(&m, 315576000000 + 54000, 352000060, 0.0);
}

Test(motor, position_never_goes_back)
{
    motor_t m = motor_new();
    start(&m, 0, 64, 17.3);
    motor_position_t last = motor_position_at(&m, 0);
    for (int64_t t = 1; t < 1200; t++) {
        motor_position_t p = motor_position_at(&m, t);
        cr_assert_geq(motor_pulses_between(last, p), 0.0, "at %d ms", (int)t);
        cr_assert(p.fraction >= 0.0 && p.fraction < 1.0, "at %d ms", (int)t);
        last = p;
    }
}

Test(motor, broken_revolution_is_refused)
{
    motor_t m;
    error_t e = {0};
    pump_head_param_t p = default_pump_head;
    p.pulses_per_revolution = 240.5;
    cr_assert_eq(motor_init(&m, &p, &e), ERROR_ARGUMENT);
}

Test(motor, verify_sees_a_negative_count)
{
    motor_t m = motor_new();
    error_t e = {0};
    m.before = -1;
    cr_assert_eq(motor_verify(&m, &e), ERROR_INVARIANT);
}
