/* SPDX-License-Identifier: Apache-2.0 */
/* The pump head's tube: drift, surroundings, set after stops, over-infusion; and volume over ten million pulses. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/motor.h"
#include "device/pump_head.h"
#include "device/running_sum.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

enum { SEED = 41 };

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

static pump_head_t head_of(const pump_head_param_t *p)
{
    pump_head_t h;
    error_t e = {0};
    cr_assert_eq(pump_head_init(&h, p, &e), 0, "%s", e.text);
    return h;
}

static pump_head_t head_new(void)
{
    return head_of(&default_pump_head);
}

static motor_position_t at(int64_t step)
{
    return (motor_position_t){step, 0.0};
}

/* Output of a train at t_ms against that of a new head, by one whole pass. */
static double output(pump_head_t *h, int64_t t_ms, int64_t step)
{
    error_t e = {0};
    pump_head_train(h, t_ms, at(step), (double)t_ms - 1.0);
    cr_assert_eq(pump_head_verify(h, &e), 0, "%s", e.text);
    return pump_head_volume_ml(h, at(step), at(step + 80)) / (80.0 * h->pulse_ml);
}

Test(tube, output_drifts_with_age)
{
    pump_head_t h = head_new();
    pump_head_made(&h, 1000 * DAY_MS);
    cr_assert_float_eq(output(&h, 1000 * DAY_MS, 0), 1.0, 1e-14);
    int64_t t = 1000 * DAY_MS + (int64_t)(5.0 * WEAR_YEAR_MS);
    cr_assert_float_eq(output(&h, t, 0), 1.0 - 5.0 * 0.0057, 1e-13);
}

/* 20 kPa more to pump against are 1 % less, and the other way round; a degree is 0.2 %. */
Test(tube, pressure_and_warmth_change_the_output)
{
    pump_head_t h = head_new();
    environment_t around = ENVIRONMENT_AT_REST;
    pump_head_surround(&h, &around, default_pump_head.load_reference_kpa + 20.0);
    cr_assert_float_eq(output(&h, 0, 0), 0.99, 1e-13);
    pump_head_surround(&h, &around, default_pump_head.load_reference_kpa - 20.0);
    cr_assert_float_eq(output(&h, 0, 0), 1.01, 1e-13);
    around.temperature_c = 40.0;
    pump_head_surround(&h, &around, default_pump_head.load_reference_kpa);
    cr_assert_float_eq(output(&h, 0, 0), 1.006, 1e-13);
}

Test(tube, no_pressure_makes_it_flow_backwards)
{
    pump_head_t h = head_new();
    environment_t around = ENVIRONMENT_AT_REST;
    pump_head_surround(&h, &around, 1e6);
    cr_assert_eq(output(&h, 0, 0), 0.0);
}

/* Half a century at the widest drift, with a pressure that makes up for it in sign: nothing, not less and not more. */
Test(tube, no_age_makes_it_flow_backwards)
{
    pump_head_param_t p = default_pump_head;
    p.drift_per_year = -0.1;
    pump_head_t h = head_of(&p);
    cr_assert_float_eq(output(&h, (int64_t)(9.0 * WEAR_YEAR_MS), 0), 0.1, 1e-12);
    cr_assert_eq(output(&h, (int64_t)(15.0 * WEAR_YEAR_MS), 0), 0.0);
}

Test(tube, damage_comes_by_turns_and_more_by_a_drug_that_permeates)
{
    pump_head_t h = head_new();
    cr_assert_float_eq(pump_head_damage(&h, at(240000)), 0.005, 1e-15);
    pump_head_set_index(&h, at(240000), 3.4);
    cr_assert_float_eq(pump_head_damage(&h, at(480000)), 0.005 + 0.005 + 0.0326 * 2.4, 1e-14);
}

Test(tube, harm_is_counted_in_its_own_unit)
{
    pump_head_t h = head_new();
    pump_head_harm(&h, PUMP_HEAD_OVERFILL, 2.0);
    cr_assert_float_eq(pump_head_damage(&h, at(0)), 0.2, 1e-15);
    pump_head_harm(&h, PUMP_HEAD_DRY, 10.0);
    cr_assert_float_eq(pump_head_damage(&h, at(0)), 0.4, 1e-15);
    pump_head_harm(&h, PUMP_HEAD_BLOCKED, 5.0);
    cr_assert_float_eq(pump_head_damage(&h, at(0)), 0.5, 1e-15);
}

Test(tube, a_stop_of_48_hours_sets_nothing_and_one_of_five_days_does)
{
    pump_head_t h = head_new();
    pump_head_train(&h, 48 * HOUR_MS, at(0), 0.0);
    cr_assert_eq(pump_head_damage(&h, at(0)), 0.0);
    pump_head_train(&h, 200 * DAY_MS + 5 * DAY_MS, at(0), (double)(200 * DAY_MS));
    cr_assert_float_eq(pump_head_damage(&h, at(0)), 0.3, 1e-12);
}

Test(tube, a_pump_that_never_turned_has_not_stopped)
{
    pump_head_t h = head_new();
    pump_head_train(&h, 300 * DAY_MS, at(0), -HUGE_VAL);
    cr_assert_eq(pump_head_damage(&h, at(0)), 0.0);
}

/* A stall is a stop during which trains begin in vain: counted once, however often. */
Test(tube, trains_begun_in_vain_are_one_stop)
{
    pump_head_t once = head_new(), often = once;
    pump_head_train(&once, 10 * DAY_MS, at(100), 5.0);
    for (int hour = 1; hour <= 240; hour++) {
        pump_head_train(&often, hour * HOUR_MS, at(100), 5.0);
    }
    cr_assert_eq(pump_head_damage(&once, at(100)), pump_head_damage(&often, at(100)));
    pump_head_train(&often, 11 * DAY_MS, at(150), (double)(10 * DAY_MS));
    double kept = pump_head_damage(&often, at(100));
    cr_assert_float_eq(kept, pump_head_damage(&once, at(100)), 1e-15, "a new rest keeps the old");
}

Test(tube, over_infusion_begins_where_damage_exceeds_strength_and_rises)
{
    pump_head_param_t p = default_pump_head;
    p.tube_strength = 0.01;
    p.drift_per_year = 0.0;
    pump_head_t h = head_of(&p);
    const int64_t onset = 480000; /* 2000 revolutions */
    cr_assert_float_eq(output(&h, 0, onset - 240), 1.0, 1e-13);
    cr_assert_float_eq(output(&h, 0, 3 * onset / 2), 1.25, 1e-12,
                       "half the strength more, pace 0.5");
    cr_assert_float_eq(output(&h, 0, 2 * onset), 1.5, 1e-12);
    cr_assert_float_eq(output(&h, 0, 20 * onset), 2.0, 1e-12, "not more than over_max");
}

/* Of no unit a step is drawn: one that begins abruptly has suffered at once. */
Test(tube, one_that_runs_dry_begins_abruptly_and_one_in_use_does_not)
{
    pump_head_param_t p = default_pump_head;
    p.tube_strength = 10.0;
    pump_head_t used = head_of(&p), dry = head_of(&p);
    pump_head_impose(&used, at(0), 1.0);
    pump_head_impose(&dry, at(0), 1.0);
    pump_head_harm(&dry, PUMP_HEAD_DRY, 10.0 / p.dry_damage);
    cr_expect_lt(pump_head_over(&used, at(240)), 0.001);
    cr_expect_float_eq(pump_head_over(&dry, at(240)), p.over_pace, 0.001);
}

Test(tube, damage_is_imposed_as_a_share_of_strength_and_never_taken_back)
{
    pump_head_t h = head_new();
    pump_head_impose(&h, at(0), 1.5);
    cr_assert_float_eq(pump_head_over(&h, at(0)), 0.25, 1e-12);
    pump_head_impose(&h, at(0), 0.2);
    cr_assert_float_eq(pump_head_over(&h, at(0)), 0.25, 1e-12);
}

/* Random use, rest, drugs and harm. */
Test(tube, damage_and_over_infusion_only_grow)
{
    for (int unit = 0; unit < 200; unit++) {
        draw_t d;
        pump_head_param_t p = default_pump_head;
        draw_init(&d, SEED, DRAW_TEST, 0, 0, (uint64_t)unit);
        pump_head_param_draw(&p, &d);
        p.tube_strength = 0.5;
        pump_head_t h = head_of(&p);
        int64_t t = 0, step = 0;
        double damage = 0.0, over = 0.0, turned_ms = 0.0;
        for (int i = 0; i < 200; i++) {
            t += (int64_t)draw_exponential(&d, 5e7);
            pump_head_train(&h, t, at(step), turned_ms);
            if (draw_uniform(&d) < 0.8) {
                step += (int64_t)draw_exponential(&d, 1e4);
                turned_ms = (double)t;
            }
            pump_head_set_index(&h, at(step), 5.0 * draw_uniform(&d));
            pump_head_harm(&h, PUMP_HEAD_DRY, draw_uniform(&d));
            cr_assert_geq(pump_head_damage(&h, at(step)), damage, "unit %d (seed %d)", unit, SEED);
            cr_assert_geq(pump_head_over(&h, at(step)), over, "unit %d (seed %d)", unit, SEED);
            damage = pump_head_damage(&h, at(step));
            over = pump_head_over(&h, at(step));
        }
        cr_assert_gt(over, 0.0, "unit %d", unit);
    }
}

Test(tube, a_unit_takes_three_uniforms)
{
    draw_t d, three;
    pump_head_param_t p = default_pump_head;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    three = d;
    pump_head_param_draw(&p, &d);
    for (int i = 0; i < 3; i++) {
        (void)draw_bits(&three);
    }
    cr_assert_eq(draw_bits(&d), draw_bits(&three));
}

/* Ten million pulses in trains that are cut at random: what flowed is the closed form, and every step is counted. */
Test(tube, ten_million_pulses_conserve_volume)
{
    pump_head_t h = head_new();
    motor_t m;
    error_t e = {0};
    draw_t d, steps;
    running_sum_t sum = {0.0, 0.0};
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 1);
    draw_init(&steps, SEED, DRAW_TEST, 0, 0, 2);
    motor_fit_t fit = {&default_motor, &default_wear, &steps, 0};
    cr_assert_eq(motor_init(&m, &default_pump_head, &e), 0, "%s", e.text);
    cr_assert_eq(motor_fit(&m, &default_pump_head, &fit, &e), 0, "%s", e.text);
    motor_position_t from = at(0);
    for (int64_t train = 0; train < 200000; train++) {
        int64_t t = train * 50000, cut = t + (int64_t)(draw_uniform(&d) * 50000.0);
        cr_assert_eq(motor_train_start(&m, t, 50, 1000.0, &e), 0, "%s", e.text);
        motor_position_t mid = motor_position_at(&m, cut), to = motor_position_at(&m, t + 50000);
        running_sum_add(&sum, pump_head_volume_ml(&h, from, mid));
        running_sum_add(&sum, pump_head_volume_ml(&h, mid, to));
        from = to;
    }
    cr_assert_eq(from.whole, 10000000);
    cr_assert_eq(motor_steps_confirmed(&m, m.end_ms), 10000000);
    cr_assert_float_eq(sum.high / (1e7 * 0.25e-3), 1.0, 1e-12, "%.17g mL", sum.high);
}
