/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that the motor misses: fields, faults, weak supply, wear; and that no shortcut changes one of them. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/environment.h"
#include "device/motor.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

enum { SEED = 31 };

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

static motor_t fitted(const motor_param_t *motor, const wear_param_t *wear)
{
    motor_t m;
    error_t e = {0};
    draw_t steps;
    draw_init(&steps, SEED, DRAW_TEST, 0, 0, 0);
    motor_fit_t fit = {motor, wear, &steps, 0};
    cr_assert_eq(motor_init(&m, &default_pump_head, &e), 0, "%s", e.text);
    cr_assert_eq(motor_fit(&m, &default_pump_head, &fit, &e), 0, "%s", e.text);
    return m;
}

static motor_t real_motor(void)
{
    return fitted(&default_motor, &default_wear);
}

static const environment_t scanner = {37.0, 101.325, 0.98, 1.5};
static const environment_t away = {37.0, 101.325, 0.98, 0.0};

Test(motor_steps, a_sound_motor_takes_every_step)
{
    motor_t m = real_motor();
    for (int hour = 0; hour < 24 * 100; hour++) {
        start(&m, hour * INT64_C(3600000), 50, 72000.0);
    }
    cr_assert_eq(m.rest, TORQUE_ALL);
    cr_assert_eq(motor_steps_confirmed(&m, m.end_ms), motor_pulses_begun(&m, m.end_ms));
    cr_assert_eq(motor_pulses_begun(&m, m.end_ms), 24 * 100 * 50);
}

/* Pulse 2 falls into the field; 3 has the wrong polarity for a rotor that still waits for 2; 4 turns it. */
Test(motor_steps, a_missed_step_costs_the_next_pulse_too)
{
    motor_t m = real_motor();
    start(&m, 0, 10, 100.0);
    motor_expose(&m, 150, &scanner, NULL);
    motor_expose(&m, 250, &away, NULL);
    check_at(&m, 250, 2, 0.0);
    check_at(&m, 350, 2, 0.0);
    check_at(&m, 450, 2, 0.5);
    check_at(&m, 1000, 8, 0.0);
    cr_assert_eq(motor_train_begun(&m, 350), 4);
    cr_assert_eq(motor_train_confirmed(&m, 350), 2);
    cr_assert_eq(motor_train_confirmed(&m, 1000), 8);
    cr_assert_eq(motor_train_begun(&m, 1000), 10);
}

Test(motor_steps, pulses_are_told_one_by_one_with_what_they_turned)
{
    static const int64_t steps[] = {0, 0, 0, 0, 0, 1, 2};
    motor_t m = real_motor();
    motor_expose(&m, 0, &scanner, NULL);
    motor_expose(&m, 0, &away, NULL);
    m.torque.locked_until_ms =
        250; /* three pulses fall into it, and the fourth has the wrong polarity */
    start(&m, 0, 7, 100.0);
    for (int64_t i = 0; i < 7; i++) {
        cr_assert_eq(motor_train_steps(&m, i), steps[i], "%d", (int)i);
    }
}

Test(motor_steps, two_missed_steps_in_a_row_cost_no_third)
{
    motor_t m = real_motor();
    start(&m, 0, 10, 100.0);
    motor_expose(&m, 150, &scanner, NULL);
    motor_expose(&m, 350, &away, NULL);
    check_at(&m, 1000, 8, 0.0);
}

Test(motor_steps, the_next_train_knows_which_polarity_is_due)
{
    motor_t m = real_motor();
    start(&m, 0, 3, 100.0);
    motor_expose(&m, 150, &scanner, NULL);
    motor_expose(&m, 290, &away, NULL);
    start(&m, 300, 4, 100.0);
    check_at(&m, 399, 2, 0.0);
    check_at(&m, 700, 5, 0.0);
}

Test(motor_steps, the_step_under_way_when_a_field_comes_is_completed)
{
    motor_t m = real_motor();
    start(&m, 0, 10, 100.0);
    motor_expose(&m, 150, &scanner, NULL);
    check_at(&m, 175, 1, 0.75);
    check_at(&m, 200, 2, 0.0);
    check_at(&m, 999, 2, 0.0);
    motor_train_stop(&m, 500);
    check_at(&m, 500, 2, 0.0);
    cr_assert_eq(motor_train_begun(&m, 500), 6);
}

Test(motor_steps, no_step_is_taken_in_a_field_and_while_the_gears_bind_afterwards)
{
    motor_t m = real_motor();
    draw_t binding, again;
    draw_init(&binding, SEED, DRAW_TEST, 0, 0, 1);
    again = binding;
    const int64_t binds_ms = (int64_t)ceil(torque_binding_ms(&default_motor, &again));
    motor_expose(&m, 1000, &scanner, &binding);
    motor_expose(&m, 1800000, &away, &binding);
    start(&m, 1800000, 1000000, 1000.0);
    const int64_t free_ms = 1800000 + binds_ms;
    cr_assert_eq(motor_steps_confirmed(&m, free_ms - 1), 0);
    cr_assert_leq(motor_steps_confirmed(&m, free_ms + 3000), 4);
    cr_assert_geq(motor_steps_confirmed(&m, free_ms + 3000), 2);
}

Test(motor_steps, a_weak_field_does_nothing)
{
    motor_t m = real_motor();
    environment_t weak = away;
    weak.field_tesla = default_motor.field_stall_tesla;
    motor_expose(&m, 0, &weak, NULL);
    start(&m, 0, 10, 100.0);
    check_at(&m, 1000, 10, 0.0);
}

Test(motor_steps, a_seized_motor_stands_until_it_is_freed)
{
    motor_t m = real_motor();
    start(&m, 0, 5, 100.0);
    motor_impose(&m, 500, MOTOR_SEIZED, 1.0);
    start(&m, 500, 5, 100.0);
    check_at(&m, 1000, 5, 0.0);
    cr_assert_eq(motor_train_confirmed(&m, 1000), 0);
    cr_assert_float_eq(motor_turned_ms(&m, 1000), 400.0, 0.0);
    motor_impose(&m, 1000, MOTOR_SEIZED, 0.0);
    start(&m, 1000, 5, 100.0);
    cr_assert_eq(motor_train_confirmed(&m, 1500), 4, "the first has the wrong polarity");
    cr_assert_float_eq(motor_turned_ms(&m, 1500), 1400.0, 0.0);
}

Test(motor_steps, a_supply_below_the_regulator_weakens_it)
{
    motor_t m = real_motor();
    motor_set_supply(&m, 0, 3.0);
    cr_assert_float_eq(motor_margin(&m, 0), 1.0, 1e-9);
    motor_set_supply(&m, 0, 1.65);
    cr_assert_float_eq(motor_margin(&m, 0), 0.5, 1e-9);
    motor_set_supply(&m, 0, 0.8);
    start(&m, 0, 10, 100.0);
    check_at(&m, 1000, 0, 0.0);
    motor_set_supply(&m, 1000, 2.2);
    start(&m, 1000, 10, 100.0);
    check_at(&m, 2000, 10, 0.0);
}

Test(motor_steps, an_occluded_catheter_costs_torque)
{
    motor_t m = real_motor();
    motor_set_load(&m, 0, 400.0);
    cr_assert_float_eq(motor_margin(&m, 0), 1.0 / 0.7 - 1.0, 1e-9);
}

Test(motor_steps, each_imposed_fault_stalls_it_and_is_taken_away_again)
{
    static const double severity[MOTOR_FAULTS] = {1.0, 0.9, 1.0, 1.0, 1.0};
    for (int fault = 0; fault < MOTOR_FAULTS; fault++) {
        motor_t m = real_motor();
        motor_impose(&m, 0, (motor_fault_t)fault, severity[fault]);
        start(&m, 0, 50, 1000.0);
        cr_assert_lt(motor_train_confirmed(&m, 50000), 50, "fault %d", fault);
        motor_impose(&m, 50000, (motor_fault_t)fault, 0.0);
        start(&m, 50000, 50, 1000.0);
        cr_assert_geq(motor_train_confirmed(&m, 100000), 49, "fault %d", fault);
    }
}

Test(motor_steps, shaft_wear_is_imposed_to_a_margin)
{
    motor_t m = real_motor();
    motor_wear_shaft_to(&m, 0, 0.25);
    cr_assert_float_eq(motor_margin(&m, 0), 0.25, 1e-12);
    motor_wear_shaft_to(&m, 0, 3.0);
    cr_assert_float_eq(motor_margin(&m, 0), 1.0, 1e-9);
}

Test(motor_steps, a_short_tells_what_it_takes)
{
    motor_t m = real_motor();
    cr_assert_eq(motor_short_share(&m, 0), 0.0);
    motor_impose(&m, 0, MOTOR_SHORT, 0.5);
    double share = motor_short_share(&m, 3600000);
    cr_assert(share >= 0.4 && share <= 0.5, "%g", share);
    cr_assert_float_eq(motor_leak_uc(&m, 3600000), 0.5 * 100.0 * 3600.0, 1e-6);
}

/* One look ahead proves days of steps; a load, a fault or a fluid that comes meanwhile must not be proved with them. */
Test(motor_steps, what_was_proved_does_not_outlive_what_it_was_proved_of)
{
    wear_param_t w = default_wear;
    w.shaft_rate = 1.0;
    w.permeation_exponent = 3.0;
    for (int change = 0; change < 3; change++) {
        motor_t m = fitted(&default_motor, &w);
        start(&m, 0, 50, 1000.0);
        cr_assert_eq(m.rest, TORQUE_ALL, "change %d", change);
        if (change == 0) {
            motor_set_load(&m, 50000, 1e4);
        } else if (change == 1) {
            motor_impose(&m, 50000, MOTOR_SHAFT_WEAR, 2.0);
        } else {
            motor_set_index(&m, 50000, 20.0);
        }
        start(&m, 5 * INT64_C(86400000), 50, 1000.0);
        cr_assert_eq(motor_train_confirmed(&m, m.end_ms), 0, "change %d", change);
    }
}

/* ---- against a reference that asks step by step and knows no shortcut ---- */

typedef struct reference_t {
    int64_t pulses, steps;
} reference_t;

static void reference_train(reference_t *r, const motor_t *m, int64_t start_ms, int count,
                            double period_ms)
{
    torque_load_t load = torque_load(&m->torque, start_ms, r->steps);
    for (int i = 0; i < count; i++, r->pulses++) {
        if ((r->pulses - r->steps) % 2 == 0 && torque_turns(&m->torque, &load, r->pulses, r->steps,
                                                            (double)start_ms + i * period_ms)) {
            r->steps++;
        }
    }
}

/* Units near their end, worn in weeks, by shaft and by short. */
Test(motor_steps, shortcuts_change_no_step)
{
    int missed = 0, sure = 0;
    for (int unit = 0; unit < 30; unit++) {
        draw_t d;
        motor_param_t p = default_motor;
        wear_param_t w = default_wear;
        draw_init(&d, SEED, DRAW_TEST, 0, 0, (uint64_t)unit + 10);
        p.step_cv = 0.03 * draw_uniform(&d);
        w.permeation_capacity_years = 0.0;
        w.shaft_rate = 6.0 * draw_uniform(&d);
        w.short_rate = 20.0 * draw_uniform(&d);
        motor_t m = fitted(&p, &w);
        reference_t r = {0, 0};
        for (int hour = 0; hour < 24 * 60; hour++) {
            int count = 1 + (int)(draw_uniform(&d) * 60.0);
            start(&m, hour * INT64_C(3600000), count, 50000.0);
            reference_train(&r, &m, m.start_ms, count, 50000.0);
            sure += m.rest == TORQUE_ALL;
            cr_assert_eq(motor_steps_confirmed(&m, m.end_ms), r.steps, "unit %d, hour %d (seed %d)",
                         unit, hour, SEED);
        }
        missed += r.steps < r.pulses;
    }
    cr_assert(missed >= 20 && sure > 5000, "%d units missed steps, %d trains were sure", missed,
              sure);
}

Test(motor_steps, looking_at_it_changes_nothing)
{
    motor_t seen = real_motor(), unseen = seen;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 2);
    motor_wear_shaft_to(&seen, 0, 0.004);
    motor_wear_shaft_to(&unseen, 0, 0.004);
    for (int hour = 0; hour < 500; hour++) {
        motor_position_t last = motor_position_at(&seen, hour * INT64_C(3600000));
        start(&seen, hour * INT64_C(3600000), 50, 72000.0);
        start(&unseen, hour * INT64_C(3600000), 50, 72000.0);
        for (double ms = 0.0; ms < 3.6e6; ms += draw_exponential(&d, 2e5)) {
            motor_position_t p = motor_position_at(&seen, seen.start_ms + (int64_t)ms);
            cr_assert_geq(motor_pulses_between(last, p), 0.0, "hour %d (seed %d)", hour, SEED);
            last = p;
        }
    }
    cr_assert_lt(motor_steps_confirmed(&seen, seen.end_ms), 500 * 50);
    cr_assert_eq(motor_steps_confirmed(&seen, seen.end_ms),
                 motor_steps_confirmed(&unseen, unseen.end_ms));
}

/* Settled at random times and read at each of them, beside one that is never settled. */
Test(motor_steps, settling_it_changes_nothing)
{
    motor_t settled = real_motor(), plain;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 3);
    motor_wear_shaft_to(&settled, 0, 0.004);
    plain = settled;
    for (int hour = 0; hour < 500; hour++) {
        const int64_t start_ms = hour * INT64_C(3600000);
        start(&settled, start_ms, 50, 72000.0);
        start(&plain, start_ms, 50, 72000.0);
        for (double ms = 0.0; ms < 4e6; ms += draw_exponential(&d, 5e5)) {
            const int64_t t_ms = start_ms + (int64_t)ms;
            motor_settle(&settled, t_ms);
            const motor_position_t p = motor_position_at(&plain, t_ms);
            check_at(&settled, t_ms, p.whole, p.fraction);
            cr_assert_eq(motor_train_confirmed(&settled, t_ms), motor_train_confirmed(&plain, t_ms),
                         "hour %d (seed %d)", hour, SEED);
            cr_assert_eq(motor_turned_ms(&settled, t_ms), motor_turned_ms(&plain, t_ms),
                         "hour %d (seed %d)", hour, SEED);
        }
    }
    cr_assert_lt(motor_steps_confirmed(&plain, plain.end_ms), 500 * 50);
}

/* What `hours` hourly trains of 50 pulses give from `hour` on; first and last hour with a missed step and with a step. */
typedef struct history_t {
    int first_missed, last_missed, last_step, partial;
} history_t;

static history_t live(motor_t *m, int hours)
{
    history_t h = {-1, -1, -1, 0};
    for (int hour = 0; hour < hours; hour++) {
        start(m, hour * INT64_C(3600000), 50, 72000.0);
        int steps = (int)motor_train_confirmed(m, m->end_ms);
        h.first_missed = steps < 50 && h.first_missed < 0 ? hour : h.first_missed;
        h.last_missed = steps < 50 ? hour : h.last_missed;
        h.last_step = steps > 0 ? hour : h.last_step;
        h.partial += steps > 0 && steps < 50;
    }
    return h;
}

/* A unit whose shaft is through after about two years: weeks of steps missed now and then, then none taken. */
Test(motor_steps, a_worn_motor_stalls_now_and_then_and_then_for_good)
{
    wear_param_t w = {
        .shaft_rate = 0.25, .shaft_factor = 1.0, .shaft_turns_share = 0.2, .shaft_power = 1.5};
    motor_t m = fitted(&default_motor, &w);
    history_t h = live(&m, 24 * 365 * 5);
    cr_assert_gt(h.first_missed, 24 * 365, "first step missed in hour %d", h.first_missed);
    cr_assert_gt(h.last_step, h.first_missed + 24 * 14, "missed in hour %d, last step in %d",
                 h.first_missed, h.last_step);
    cr_assert_lt(h.last_step, 24 * 365 * 5 - 24 * 100, "it still steps in hour %d", h.last_step);
    cr_assert_gt(h.partial, 100);
}

/* A short lets go for bouts of three hours before it holds for good. */
Test(motor_steps, a_short_stalls_bout_by_bout_and_then_for_good)
{
    wear_param_t w = default_wear;
    w.shaft_rate = w.gear_rate = w.drag_rate = 0.0;
    w.short_rate = 0.7;
    motor_t m = fitted(&default_motor, &w);
    history_t h = live(&m, 24 * 365 * 3);
    cr_assert_gt(h.last_step, h.first_missed + 24 * 14, "missed in hour %d, last step in %d",
                 h.first_missed, h.last_step);
    cr_assert_lt(h.last_step, 24 * 365 * 3 - 24 * 100);
    cr_assert_eq(m.rest, TORQUE_NONE);
}

Test(motor_steps, broken_passes_are_refused)
{
    motor_t m = real_motor();
    error_t e = {0};
    draw_t steps;
    pump_head_param_t head = default_pump_head;
    draw_init(&steps, SEED, DRAW_TEST, 0, 0, 0);
    motor_fit_t fit = {&default_motor, &default_wear, &steps, 0};
    head.rollers = 7.0;
    cr_assert_eq(motor_fit(&m, &head, &fit, &e), ERROR_ARGUMENT);
}

Test(motor_steps, verify_sees_more_steps_than_pulses)
{
    motor_t m = real_motor();
    error_t e = {0};
    start(&m, 0, 5, 10.0);
    m.settled.steps = 1;
    cr_assert_eq(motor_verify(&m, &e), ERROR_INVARIANT);
}
