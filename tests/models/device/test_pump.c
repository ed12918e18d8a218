/* SPDX-License-Identifier: Apache-2.0 */
/* The pump as one thing: what it is told becomes flow at its outlet, however time is cut. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/pump.h"
#include "draw.h"
#include "tests/models/device/usual_pump.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

typedef struct sums_t {
    long double volume_ml, mass_ug;
    double end_ms;
    int64_t pulses;
    int segments;
} sums_t;

static int sum_flow(void *context, const pump_flow_t *flow, error_t *e)
{
    sums_t *sums = context;
    (void)e;
    cr_assert_geq(flow->segment.start_ms, sums->end_ms - 1e-6, "segments overlap");
    cr_assert_float_eq(flow->mass_ug[0], flow->segment.volume_ml * flow->ug_per_ml[0],
                       1e-12 * flow->mass_ug[0]);
    sums->end_ms = flow->segment.start_ms + flow->segment.duration_ms;
    sums->volume_ml += (long double)flow->segment.volume_ml;
    sums->mass_ug += (long double)flow->mass_ug[0];
    sums->segments++;
    return 0;
}

static void count_pulse(void *context, double time_ms, double volume_ml)
{
    sums_t *sums = context;
    (void)time_ms;
    cr_assert_gt(volume_ml, 0.0);
    sums->pulses++;
}

/* With an ideal motor. */
static pump_param_t param(void)
{
    pump_param_t q = usual_pump(PUMP_PERISTALTIC);
    q.propellant.inert_kpa = 0.0; /* one drive whatever the fill */
    q.motor = (motor_param_t){0};
    q.wear = (wear_param_t){0};
    return q;
}

static void make(pump_t *p, const pump_param_t *param)
{
    error_t e = {0};
    cr_assert_eq(pump_init(p, param, &e), 0, "%s", e.text);
}

static void advance(pump_t *p, int64_t time_ms, sums_t *sums)
{
    const pump_sink_t sink = {sums, sum_flow, count_pulse};
    error_t e = {0};
    cr_assert_eq(pump_advance(p, time_ms, &sink, &e), 0, "%s", e.text);
    cr_assert_eq(pump_verify(p, &e), 0, "%s", e.text);
}

Test(pump, a_train_leaves_as_one_segment_with_its_volume_and_mass)
{
    pump_param_t q = param();
    pump_t p;
    sums_t sums = {0};
    error_t e = {0};
    make(&p, &q);
    cr_assert_eq(motor_train_start(&p.motor, 0, 240, 1000.0, &e), 0);
    advance(&p, HOUR_MS, &sums);
    cr_assert_eq(sums.segments, 1);
    cr_assert_eq(sums.pulses, 240);
    cr_assert_float_eq((double)sums.volume_ml, 0.060, 1e-15, "a revolution of whole passes");
    cr_assert_float_eq((double)sums.mass_ug, 30.0, 1e-12);
    cr_assert_float_eq(pump_usable_ml(&p), 20.0 - 0.060, 1e-12);
    cr_assert_eq(p.battery.pulses, 240);
}

/* Random trains, some stopped early; one pump looked at at random times, the other only where a train begins or ends. */
Test(pump, looking_more_often_changes_nothing)
{
    const uint64_t seed = 5;
    pump_param_t q = param();
    pump_t whole, cut;
    sums_t a = {0}, b = {0};
    draw_t d;
    error_t e = {0};
    int64_t t_ms = 0;
    draw_init(&d, seed, DRAW_TEST, 1, 0, 0);
    make(&whole, &q);
    make(&cut, &q);
    for (int train = 0; train < 300; train++) {
        const int64_t count = 1 + (int64_t)(64.0 * draw_uniform(&d));
        const double period_ms = 900.0 + draw_exponential(&d, 20000.0);
        const int64_t stop_ms =
            t_ms + 1 + (int64_t)(2.0 * (double)count * period_ms * draw_uniform(&d));
        cr_assert_eq(motor_train_start(&whole.motor, t_ms, count, period_ms, &e), 0, "%s", e.text);
        cr_assert_eq(motor_train_start(&cut.motor, t_ms, count, period_ms, &e), 0, "%s", e.text);
        while (cut.now_ms < stop_ms) {
            const int64_t next_ms = cut.now_ms + 1 + (int64_t)draw_exponential(&d, 9000.0);
            advance(&cut, next_ms < stop_ms ? next_ms : stop_ms, &b);
        }
        advance(&whole, stop_ms, &a);
        motor_train_stop(&whole.motor, stop_ms);
        motor_train_stop(&cut.motor, stop_ms);
        t_ms = stop_ms;
    }
    advance(&whole, t_ms + HOUR_MS, &a);
    advance(&cut, t_ms + HOUR_MS, &b);
    cr_assert_gt(b.segments, 5 * a.segments);
    cr_assert_eq(a.pulses, b.pulses, "seed %llu", (unsigned long long)seed);
    cr_assert_float_eq((double)(a.volume_ml / b.volume_ml), 1.0, 1e-12);
    cr_assert_float_eq((double)(a.mass_ug / b.mass_ug), 1.0, 1e-12);
    cr_assert_float_eq(whole.delivered_ml.high / cut.delivered_ml.high, 1.0, 1e-12);
    cr_assert_float_eq(battery_used_mah(&whole.battery), battery_used_mah(&cut.battery), 0.0);
}

Test(pump, a_stopped_stroke_completes_when_settled)
{
    pump_param_t q = param();
    pump_t p;
    sums_t sums = {0};
    error_t e = {0};
    make(&p, &q);
    cr_assert_eq(motor_train_start(&p.motor, 0, 10, 1000.0, &e), 0);
    advance(&p, 2500, &sums);
    const double before_ml = (double)sums.volume_ml;
    motor_train_stop(&p.motor, 2500);
    const pump_sink_t sink = {&sums, sum_flow, NULL};
    cr_assert_eq(pump_settle(&p, &sink, &e), 0);
    const double three_ml =
        pump_head_volume_ml(&p.head, (motor_position_t){0, 0.0}, (motor_position_t){3, 0.0});
    cr_assert_float_eq((double)sums.volume_ml, three_ml, 1e-15);
    cr_assert_gt(three_ml, before_ml);
}

/* A pump with `q` that gives the last 20 uL in the first third of a revolution. */
static void run_dry(pump_t *p, pump_param_t *q, sums_t *sums)
{
    error_t e = {0};
    q->fill_ml = 0.020;
    q->reservoir.knee_ml = 0.0;
    make(p, q);
    cr_assert_eq(motor_train_start(&p->motor, 0, 240, 1000.0, &e), 0);
    advance(p, HOUR_MS, sums);
}

Test(pump, a_dry_reservoir_parts_what_is_displaced_from_what_is_delivered)
{
    pump_param_t q = param();
    pump_t p;
    sums_t sums = {0};
    run_dry(&p, &q, &sums);
    cr_assert_float_eq(p.displaced_ml.high, 0.060, 1e-15);
    cr_assert_float_eq(p.delivered_ml.high, 0.020, 1e-15);
    cr_assert_float_eq((double)sums.mass_ug, 10.0, 1e-12);
    cr_assert_float_eq(pump_usable_ml(&p), 0.0, 0.0);
}

/* A peristaltic pump's signature: pulses of one pass differ by the rollers' ripple, whole passes do not. */
Test(pump, the_rollers_ripple_and_whole_passes_do_not)
{
    pump_param_t q = param();
    pump_t p;
    error_t e = {0};
    double least_ml = 1.0, most_ml = 0.0, pass_ml = 0.0;
    make(&p, &q);
    cr_assert_eq(motor_train_start(&p.motor, 0, 240, 1000.0, &e), 0);
    for (int64_t pulse = 1; pulse <= 240; pulse++) {
        sums_t sums = {0};
        advance(&p, 1000 * pulse, &sums);
        least_ml = fmin(least_ml, (double)sums.volume_ml);
        most_ml = fmax(most_ml, (double)sums.volume_ml);
        pass_ml += (double)sums.volume_ml;
        if (pulse % 80 == 0) {
            cr_expect_float_eq(pass_ml, 0.020, 1e-14, "pulse %d", (int)pulse);
            pass_ml = 0.0;
        }
    }
    cr_expect_float_eq(most_ml / 0.25e-3, 1.2, 1e-3);
    cr_expect_float_eq(least_ml / 0.25e-3, 0.8, 1e-3);
}

Test(pump, a_constant_flow_pump_flows_by_itself)
{
    pump_param_t q = param();
    pump_t p;
    sums_t sums = {0};
    q.kind = PUMP_CONSTANT_FLOW;
    q.flow_ml_per_day = 0.6;
    make(&p, &q);
    cr_assert(!pump_is_commanded(&p));
    advance(&p, 10 * DAY_MS, &sums);
    cr_assert_float_eq((double)sums.volume_ml, 6.0, 1e-12);
    cr_assert_float_eq(battery_used_mah(&p.battery), 0.0, 0.0, "it has no battery");
}

Test(pump, time_does_not_go_back)
{
    pump_param_t q = param();
    pump_t p;
    const pump_sink_t none = {NULL, NULL, NULL};
    error_t e = {0};
    make(&p, &q);
    cr_assert_eq(pump_advance(&p, 1000, &none, &e), 0);
    cr_assert_eq(pump_advance(&p, 999, &none, &e), ERROR_ARGUMENT);
    cr_assert_eq(p.now_ms, 1000);
}

Test(pump, a_flow_without_cause_is_an_invariant)
{
    pump_param_t q = param();
    pump_t p;
    error_t e = {0};
    make(&p, &q);
    running_sum_add(&p.delivered_ml, 0.001);
    cr_assert_eq(pump_verify(&p, &e), ERROR_INVARIANT);
}

/* An off-label solution harms the tube as its index says, from the filling on; what is over the capacity harms it at once. */
Test(pump, a_filling_tells_motor_and_tube_what_they_bear)
{
    pump_param_t q = param();
    pump_t p, off;
    error_t e = {0};
    const double ug_per_ml = 500.0;
    double taken_ml;
    q.wear.permeation_exponent = 1.0;
    make(&p, &q);
    q.compound[0].permeation_index = 3.4;
    make(&off, &q);
    cr_expect_gt(off.head.damage_per_step, p.head.damage_per_step);
    cr_expect_gt(off.motor.torque.wear.flux, p.motor.torque.wear.flux);
    const double before = p.head.damage;
    cr_assert_eq(reservoir_inject(&p.reservoir, 0.5, &ug_per_ml, &taken_ml, &e), RESERVOIR_FILLED);
    pump_filled(&p);
    cr_expect_float_eq(p.head.damage - before, 0.5 * q.head.overfill_damage_per_ml, 1e-12);
}

/* Each revolution without fluid harms the tube by its row; what ran with fluid does not. */
Test(pump, running_dry_harms_the_tube)
{
    pump_param_t q = param();
    pump_t p;
    sums_t sums = {0};
    q.head.ripple = 0.0;
    q.head.tube_wear = 0.0;
    run_dry(&p, &q, &sums);
    cr_expect_float_eq(p.head.damage, q.head.dry_damage * 160.0 / 240.0, 1e-12);
}

/* Of a drug that degrades a flow carries its mean concentration, mass over volume: sum_flow holds it to that. */
Test(pump, a_flow_of_a_drug_that_degrades_carries_its_mean_concentration)
{
    pump_param_t q = param();
    pump_t p;
    sums_t sums = {0};
    error_t e = {0};
    q.compound[0].degradation_per_day = 0.5;
    make(&p, &q);
    cr_assert_eq(motor_train_start(&p.motor, 0, 240, 3.6e5, &e), 0);
    advance(&p, DAY_MS, &sums);
    cr_expect_float_eq((double)sums.mass_ug, 0.060 * 500.0 * -expm1(-0.5) / 0.5, 1e-9);
    cr_expect_float_eq(p.reservoir.ug_per_ml[0], 500.0 * exp(-0.5), 1e-10);
}

/* A short's charge reaches the battery by whole days of its age, whoever looks how often. */
Test(pump, a_short_drains_the_same_however_time_is_cut)
{
    pump_param_t q = param();
    pump_t whole, cut;
    sums_t sums = {0};
    q.wear.short_leak_ua = 100.0;
    make(&whole, &q);
    make(&cut, &q);
    motor_impose(&whole.motor, 0, MOTOR_SHORT, 0.5);
    motor_impose(&cut.motor, 0, MOTOR_SHORT, 0.5);
    advance(&whole, 10 * DAY_MS + 7 * HOUR_MS, &sums);
    while (cut.now_ms < whole.now_ms) {
        advance(&cut, cut.now_ms + 19 * 60000, &sums);
    }
    cr_expect_eq(battery_used_mah(&cut.battery), battery_used_mah(&whole.battery));
    cr_expect_float_eq(whole.battery.lost_uc, 50.0 * 864000.0, 1e-6, "ten whole days");
}

Test(pump, surroundings_reach_the_reservoir)
{
    const pump_param_t q = param();
    environment_t dive = ENVIRONMENT_AT_REST;
    pump_t p;
    make(&p, &q);
    cr_expect_not(p.reservoir.deformed);
    dive.ambient_kpa = 101.3 + 11.0 * 10.05; /* 11 m of sea */
    pump_surround(&p, &dive, NULL);
    cr_expect(p.reservoir.deformed);
}
