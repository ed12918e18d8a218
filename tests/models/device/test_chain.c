/* SPDX-License-Identifier: Apache-2.0 */
/* Motor, head, reservoir and catheter together: a train is its pulses, and every ledger closes. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/catheter.h"
#include "device/motor.h"
#include "device/pump_head.h"
#include "device/reservoir.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

enum { DRUGS = 2, HISTORIES = 40, TRAINS = 400 };

typedef struct chain_t {
    motor_t motor;
    pump_head_t head;
    reservoir_t reservoir;
    catheter_t catheter;
    long double in_ug[DRUGS];
    long double out_ug[DRUGS];       /* at the tip */
    long double discarded_ug[DRUGS]; /* through the needle */
} chain_t;

static void chain_init(chain_t *c, double unit_error)
{
    error_t e = {0};
    pump_head_param_t p = default_pump_head;
    const double water[DRUGS] = {0.0, 0.0};
    *c = (chain_t){.in_ug = {0.0L}};
    p.unit_error = unit_error;
    cr_assert_eq(motor_init(&c->motor, &p, &e), 0, "%s", e.text);
    cr_assert_eq(pump_head_init(&c->head, &p, &e), 0, "%s", e.text);
    cr_assert_eq(reservoir_init(&c->reservoir, &default_reservoir, DRUGS, &e), 0, "%s", e.text);
    cr_assert_eq(catheter_init(&c->catheter, &default_catheter, DRUGS, water, &e), 0, "%s", e.text);
    catheter_set_pulse(&c->catheter, 1e-3 * p.pulse_ul);
}

static void flow(chain_t *c, segment_t s)
{
    double mass_ug[DRUGS];
    catheter_out_t out;
    s.volume_ml = reservoir_draw(&c->reservoir, s.volume_ml, mass_ug);
    catheter_push(&c->catheter, &s, c->reservoir.ug_per_ml, &out);
    for (int i = 0; i < DRUGS; i++) {
        c->out_ug[i] += (long double)out.tip_ug[i];
    }
}

/* Runs one train in `parts` segments: 1, or one for each pulse. */
static void run_train(chain_t *c, int64_t start_ms, int count, double period_ms, int parts)
{
    error_t e = {0};
    motor_position_t from = motor_position_at(&c->motor, start_ms);
    cr_assert_eq(motor_train_start(&c->motor, start_ms, count, period_ms, &e), 0, "%s", e.text);
    for (int i = 0; i < parts; i++) {
        motor_position_t to = {from.whole + count / parts, 0.0};
        double duration_ms = period_ms * count / parts;
        flow(c, pump_head_segment(&c->head, from, to, (double)start_ms + i * duration_ms,
                                  duration_ms));
        from = to;
    }
    motor_position_t end = motor_position_at(&c->motor, motor_train_end_ms(&c->motor));
    cr_assert_eq(end.whole, from.whole, "the motor and the segments must agree");
}

static void refill(chain_t *c, double volume_ml, const double ug_per_ml[])
{
    double mass_ug[DRUGS];
    error_t e = {0};
    (void)reservoir_withdraw(&c->reservoir, 0.0, mass_ug);
    cr_assert_eq(reservoir_fill(&c->reservoir, volume_ml, ug_per_ml, &e), 0, "%s", e.text);
    for (int i = 0; i < DRUGS; i++) {
        c->discarded_ug[i] += (long double)mass_ug[i];
        c->in_ug[i] += (long double)ug_per_ml[i] * (long double)volume_ml;
    }
}

static bool same(long double a, long double b)
{
    return fabsl(a - b) <= 1e-12L * fmaxl(fabsl(a), fabsl(b));
}

static void check_equal(const chain_t *a, const chain_t *b, int history, int step)
{
    cr_assert(same((long double)reservoir_volume_ml(&a->reservoir),
                   (long double)reservoir_volume_ml(&b->reservoir)),
              "history %d, step %d: reservoir %.17g and %.17g mL", history, step,
              reservoir_volume_ml(&a->reservoir), reservoir_volume_ml(&b->reservoir));
    cr_assert(a->reservoir.gas_ml <= 0.0 ||
                  same((long double)a->reservoir.gas_ml, (long double)b->reservoir.gas_ml),
              "history %d, step %d: gas", history, step);
    for (int i = 0; i < DRUGS; i++) {
        cr_assert(same(a->out_ug[i], b->out_ug[i]),
                  "history %d, step %d, drug %d: out %.17Lg, %.17Lg", history, step, i,
                  a->out_ug[i], b->out_ug[i]);
        cr_assert(same((long double)catheter_mass_ug(&a->catheter, i),
                       (long double)catheter_mass_ug(&b->catheter, i)),
                  "history %d, step %d, drug %d: column", history, step, i);
        cr_assert(same((long double)reservoir_mass_ug(&a->reservoir, i),
                       (long double)reservoir_mass_ug(&b->reservoir, i)),
                  "history %d, step %d, drug %d: reservoir", history, step, i);
    }
}

static void check_ledger(const chain_t *c, int history, int step)
{
    error_t e = {0};
    cr_assert_eq(reservoir_verify(&c->reservoir, &e), 0, "history %d: %s", history, e.text);
    cr_assert_eq(catheter_verify(&c->catheter, &e), 0, "history %d: %s", history, e.text);
    cr_assert_eq(motor_verify(&c->motor, &e), 0, "history %d: %s", history, e.text);
    for (int i = 0; i < DRUGS; i++) {
        long double held = (long double)reservoir_mass_ug(&c->reservoir, i) +
                           (long double)catheter_mass_ug(&c->catheter, i);
        long double off = c->in_ug[i] - c->out_ug[i] - c->discarded_ug[i] - held;
        cr_assert(fabsl(off) <= 1e-12L * c->in_ug[i],
                  "history %d, step %d, drug %d: ledger off by %Lg ug", history, step, i, off);
    }
}

/* Trains of 1 to 64 pulses, a refill of another strength now and then. Returns the gas asked for, mL. */
static double run_history(int history)
{
    static chain_t whole;
    static chain_t pulses;
    draw_t d;
    int64_t t_ms = 0;
    draw_init(&d, 1, DRAW_TEST, (uint64_t)history, 0, 0);
    double unit_error = draw_truncated_normal(&d, 0.0, 0.036, -0.145, 0.145);
    chain_init(&whole, unit_error);
    chain_init(&pulses, unit_error);
    for (int step = 0; step < TRAINS; step++) {
        if (step == 0 || draw_uniform(&d) < 0.02) {
            double conc[DRUGS] = {2000.0 * draw_uniform(&d), 500.0 * draw_uniform(&d)};
            double volume_ml = 0.2 + 0.8 * draw_uniform(&d);
            refill(&whole, volume_ml, conc);
            refill(&pulses, volume_ml, conc);
        }
        int count = 1 + (int)(64.0 * draw_uniform(&d));
        double period_ms = 100.0 + draw_exponential(&d, 20000.0);
        run_train(&whole, t_ms, count, period_ms, 1);
        run_train(&pulses, t_ms, count, period_ms, count);
        t_ms = motor_train_end_ms(&whole.motor);
        check_equal(&whole, &pulses, history, step);
        check_ledger(&whole, history, step);
        check_ledger(&pulses, history, step);
    }
    return whole.reservoir.gas_ml;
}

Test(chain, a_train_is_its_pulses_and_every_ledger_closes)
{
    int dry = 0;
    for (int history = 0; history < HISTORIES; history++) {
        dry += run_history(history) > 0.0;
    }
    cr_assert(dry > 0 && dry < HISTORIES, "%d of %d histories ran dry: no coverage", dry,
              HISTORIES);
}

Test(chain, a_train_that_runs_dry_pushes_only_the_fluid_it_found)
{
    static chain_t c;
    const double conc[DRUGS] = {500.0, 1.0};
    reservoir_param_t flat = default_reservoir;
    error_t e = {0};
    flat.knee_ml = 0.0;
    chain_init(&c, 0.0);
    cr_assert_eq(reservoir_init(&c.reservoir, &flat, DRUGS, &e), 0, "%s", e.text);
    refill(&c, 0.01, conc);
    run_train(&c, 0, 64, 100.0, 64);
    double turned_ml =
        pump_head_volume_ml(&c.head, (motor_position_t){0, 0.0}, (motor_position_t){64, 0.0});
    cr_assert_float_eq(c.reservoir.gas_ml, turned_ml - 0.01, 1e-15);
    cr_assert_float_eq(catheter_mass_ug(&c.catheter, 0), 0.01 * c.reservoir.ug_per_ml[0], 1e-14);
    cr_assert_float_eq(catheter_tip_ug_per_ml(&c.catheter, 0), 0.0, 0.0);
    check_ledger(&c, -1, 0);
}

/* A segment cut evenly in n and pushed part by part. */
Test(chain, any_division_of_a_segment_gives_the_same)
{
    for (int parts = 2; parts <= 1000; parts += 37) {
        static chain_t whole;
        static chain_t cut;
        const double conc[DRUGS] = {500.0, 80.0};
        segment_t s = {.start_ms = 10.0, .duration_ms = 3600000.0, .volume_ml = 0.5, .pulses = 2e3};
        chain_init(&whole, 0.0);
        chain_init(&cut, 0.0);
        refill(&whole, 10.0, conc);
        refill(&cut, 10.0, conc);
        flow(&whole, s);
        for (int i = 0; i < parts; i++) {
            flow(&cut, segment_part(&s, i, parts));
        }
        check_equal(&whole, &cut, parts, 0);
    }
}

Test(chain, parts_of_a_segment_join_without_gap)
{
    segment_t s = {.start_ms = 7.0, .duration_ms = 90.0, .volume_ml = 3.0, .pulses = 9.0};
    for (int i = 0; i < 9; i++) {
        segment_t part = segment_part(&s, i, 9);
        cr_assert_float_eq(part.start_ms, 7.0 + 10.0 * i, 1e-12);
        cr_assert_float_eq(part.duration_ms, 10.0, 1e-12);
        cr_assert_float_eq(part.volume_ml, 1.0 / 3.0, 1e-15);
        cr_assert_float_eq(part.pulses, 1.0, 1e-15);
    }
}
