/* SPDX-License-Identifier: Apache-2.0 */
/* The implant: the core at the motor over the device models, and the watch that trusts neither. */
#include "dosing_frame.h"
#include "host/implant.h"
#include "host/implant_hal.h"
#include "host/procedure.h"
#include "tests/sim/host/usual.h"
#include "host/watch.h"
#include "tests/models/device/defaults.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

typedef struct sums_t {
    double volume_ml, mass_ug, end_ms;
    int64_t pulses;
    int segments;
} sums_t;

static int sum_flow(void *context, const pump_flow_t *flow, error_t *e)
{
    const segment_t *s = &flow->segment;
    sums_t *sums = context;
    (void)e;
    cr_assert_geq(s->start_ms, sums->end_ms - 1e-6, "segments overlap at %.6f ms", s->start_ms);
    sums->end_ms = s->start_ms + s->duration_ms;
    sums->volume_ml += s->volume_ml;
    sums->mass_ug += flow->mass_ug[0];
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

static implant_param_t param(double ppm)
{
    implant_param_t p = usual_implant();
    p.pump.oscillator.error_ppm = ppm;
    return p;
}

static programmer_therapy_t therapy(double ug_per_day)
{
    programmer_therapy_t t;
    memset(&t, 0, sizeof t);
    t.mode = PROGRAMMER_SIMPLE;
    t.dose_ug_per_day = ug_per_day;
    t.drug_count = 1;
    t.drug[0].concentration_ug_per_ml = 500.0;
    t.low_alarm_ml = 2.0;
    return t;
}

static void start(implant_t *im, sums_t *sums, double ppm, double ug_per_day)
{
    core_t core = core_builtin();
    static core_t kept;
    implant_param_t p = param(ppm);
    implant_sinks_t sinks = {.context = sums, .flow = sum_flow, .pulse = count_pulse};
    programmer_therapy_t t = therapy(ug_per_day);
    procedure_t c;
    error_t e = {0};
    kept = core;
    cr_assert_eq(implant_init(im, &p, &kept, &sinks, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(im, &e), 0, "%s", e.text);
    link_param_t faults = {.frame_tries = 1, .session_tries = 1};
    link_key_t key = {1, 1, 0};
    cr_assert_eq(procedure_init(&c, im, &t, &faults, &key, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_refill(&c.programmer, 20.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&c.programmer, &t, NULL, &e), 0, "%s", e.text);
}

/* Lets the implant live to `until`, stopping also every `piece` ms where piece > 0. */
static void live(implant_t *im, int64_t until_ms, int64_t piece_ms)
{
    error_t e = {0};
    while (im->pump.now_ms < until_ms) {
        int64_t next = implant_wake_ms(im) < until_ms ? implant_wake_ms(im) : until_ms;
        if (piece_ms > 0 && im->pump.now_ms + piece_ms < next) {
            next = im->pump.now_ms + piece_ms;
        }
        cr_assert_eq(implant_advance(im, next, &e), 0, "%s", e.text);
        if (next == implant_wake_ms(im)) {
            cr_assert_eq(implant_wake(im, &e), 0, "%s", e.text);
        }
    }
    cr_assert_eq(implant_verify(im, &e), 0, "%s", e.text);
}

Test(implant, delivers_the_programme_within_one_pulse)
{
    static const double doses[] = {24.0, 77.7, 300.0, 1234.5, 12000.0};
    for (size_t i = 0; i < sizeof doses / sizeof doses[0]; i++) {
        sums_t sums = {0};
        implant_t im;
        double pulses = doses[i] / 500.0 / 0.25e-3 / 24.0 * 18.0;
        start(&im, &sums, 0.0, doses[i]);
        live(&im, 18 * HOUR_MS, 0);
        cr_assert_leq(fabs((double)implant_pulses_commanded(&im) - pulses), 2.0,
                      "%g ug/day: %lld pulses in 18 h, %.3f ordered", doses[i],
                      (long long)implant_pulses_commanded(&im), pulses);
        cr_assert_eq(sums.pulses, implant_pulses_commanded(&im));
        implant_free(&im);
    }
}

Test(implant, the_battery_pays_for_every_pulse)
{
    sums_t sums = {0};
    implant_t im;
    error_t e = {0};
    start(&im, &sums, 0.0, 300.0);
    live(&im, 48 * HOUR_MS, 0);
    cr_assert_eq(implant_advance(&im, im.pump.now_ms + 1, &e), 0);
    cr_assert_gt(im.pump.battery.pulses, 4000);
    cr_assert_eq(im.pump.battery.pulses, implant_pulses_confirmed(&im));
    implant_free(&im);
}

Test(implant, looking_more_often_changes_nothing)
{
    sums_t whole = {0}, pieces = {0};
    implant_t a, b;
    start(&a, &whole, 17.0, 300.0);
    start(&b, &pieces, 17.0, 300.0);
    live(&a, 50 * HOUR_MS, 0);
    live(&b, 50 * HOUR_MS, 12345);
    cr_assert_gt(pieces.segments, 10 * whole.segments);
    cr_assert_float_eq(whole.volume_ml, pieces.volume_ml, 1e-12 * whole.volume_ml * 100.0);
    cr_assert_float_eq(whole.mass_ug, pieces.mass_ug, 1e-10);
    cr_assert_float_eq(reservoir_volume_ml(&a.pump.reservoir),
                       reservoir_volume_ml(&b.pump.reservoir), 1e-12);
    cr_assert_eq(whole.pulses, pieces.pulses);
    cr_assert_float_eq(battery_used_mah(&a.pump.battery), battery_used_mah(&b.pump.battery), 0.0);
    implant_free(&a);
    implant_free(&b);
}

Test(implant, a_fast_oscillator_delivers_faster_by_its_error)
{
    sums_t exact = {0}, fast = {0};
    implant_t a, b;
    start(&a, &exact, 0.0, 3000.0);
    start(&b, &fast, 1000.0, 3000.0);
    live(&a, 70 * HOUR_MS, 0);
    live(&b, 70 * HOUR_MS, 0);
    double ratio = (double)fast.pulses / (double)exact.pulses;
    cr_assert_float_eq(ratio, 1.001, 5e-5, "ratio %.6f", ratio);
    implant_free(&a);
    implant_free(&b);
}

Test(implant, a_train_without_an_arm_does_not_start)
{
    sums_t sums = {0};
    implant_t im;
    start(&im, &sums, 0.0, 300.0);
    const dosing_hal_t *hal = implant_hal_table();
    cr_assert_eq(hal->train_stop(&im), DOSING_HAL_OK);
    cr_assert_eq(hal->train_start(&im, 4, 1000), DOSING_HAL_NOT_ARMED);
    cr_assert_eq(hal->motor_arm(&im, 4, 1000), DOSING_HAL_OK);
    cr_assert_eq(hal->train_start(&im, 5, 1000), DOSING_HAL_NOT_ARMED,
                 "the arm was for four pulses");
    cr_assert_eq(hal->train_start(&im, 4, 1000), DOSING_HAL_NOT_ARMED, "an arm serves one start");
    implant_free(&im);
}

Test(implant, the_arm_drops_by_itself)
{
    sums_t sums = {0};
    implant_t im;
    error_t e = {0};
    start(&im, &sums, 0.0, 24.0);
    const dosing_hal_t *hal = implant_hal_table();
    cr_assert_eq(hal->train_stop(&im), DOSING_HAL_OK);
    cr_assert_eq(hal->motor_arm(&im, 4, 1000), DOSING_HAL_OK);
    cr_assert_eq(implant_advance(&im, im.pump.now_ms + DOSING_ARM_MS + 1, &e), 0);
    cr_assert_eq(hal->train_start(&im, 4, 1000), DOSING_HAL_NOT_ARMED);
    implant_free(&im);
}

/* Interference leaves the hardware in telemetry mode; the first frame ends it. */
Test(implant, gives_nothing_in_telemetry_mode_until_a_frame_comes)
{
    sums_t sums = {0};
    implant_t im;
    error_t e = {0};
    uint8_t frame[1] = {0}, reply[DOSING_FRAME_BYTES_MAX];
    uint32_t length = 0;
    start(&im, &sums, 0.0, 300.0);
    live(&im, 6 * HOUR_MS, 0);
    implant_latch(&im, true);
    const double before_ml = implant_delivered_ml(&im);
    live(&im, 18 * HOUR_MS, 0);
    cr_expect_float_eq(implant_delivered_ml(&im), before_ml, 0.0005, "a stroke begun at most");
    cr_assert_eq(implant_exchange(&im, frame, sizeof frame, reply, &length, &e), 0, "%s", e.text);
    live(&im, 30 * HOUR_MS, 0);
    cr_expect_float_eq(implant_delivered_ml(&im) - before_ml, 0.3, 0.03);
    implant_free(&im);
}

/* A valve-gated pump of the second generation on the way through a scanner. */
Test(implant, what_a_field_shuts_the_core_cannot_see)
{
    sums_t sums = {0};
    core_t core = core_builtin();
    implant_t im;
    implant_param_t p = param(0.0);
    environment_t scanner = ENVIRONMENT_AT_REST, rest = ENVIRONMENT_AT_REST;
    const implant_sinks_t sinks = {.context = &sums, .flow = sum_flow};
    const link_param_t faults = {.frame_tries = 1, .session_tries = 1};
    const link_key_t key = {1, 1, 0};
    programmer_report_t report;
    programmer_therapy_t t = therapy(300.0);
    procedure_t c;
    error_t e = {0};
    scanner.field_tesla = 3.0;
    p.pump.kind = PUMP_VALVE_GATED;
    p.pump.propellant =
        (propellant_param_t){.antoine_a = 3.9, .antoine_b_k = 1018.5, .antoine_c_k = -40.0};
    p.pump.environment = rest;
    p.pump.propellant = default_propellant;
    p.pump.valve = (valve_param_t){.chamber_ul = 2.0,
                                   .share = 0.97,
                                   .full_kpa = 10.0,
                                   .generation = 2.0,
                                   .open_tesla = 1.0,
                                   .open_ml_per_min = 1.0,
                                   .passes_ul = 10.0};
    cr_assert_eq(implant_init(&im, &p, &core, &sinks, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(&im, &e), 0, "%s", e.text);
    cr_assert_eq(procedure_init(&c, &im, &t, &faults, &key, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_refill(&c.programmer, 20.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&c.programmer, &t, NULL, &e), 0, "%s", e.text);
    live(&im, 24 * HOUR_MS, 0);
    const double day_ml = implant_delivered_ml(&im);
    cr_expect_float_eq(day_ml, 0.6 * 0.97, 0.003, "%g mL", day_ml);
    implant_surround(&im, &scanner, NULL);
    live(&im, 25 * HOUR_MS, 0);
    implant_surround(&im, &rest, NULL);
    live(&im, 72 * HOUR_MS, 0);
    cr_expect_float_eq(implant_delivered_ml(&im), day_ml + 0.010, 1e-12);
    cr_expect_float_eq(implant_commanded_ml(&im), 1.8, 0.005, "the core goes on");
    cr_assert_eq(procedure_interrogate(&c, &report, &e), 0, "%s", e.text);
    cr_expect_eq(report.alarms, 0u, "and has no alarm");
    valve_reset(&im.pump.valve);
    live(&im, 96 * HOUR_MS, 0);
    cr_expect_float_eq(implant_delivered_ml(&im), 2.0 * day_ml + 0.010, 0.005);
    implant_free(&im);
}

static dosing_factory_t limits(void)
{
    dosing_factory_t f;
    memset(&f, 0, sizeof f);
    f.pulse_volume_pl = 250000;
    f.rate_max_nl_per_day = f.volume_24h_max_nl = 24000000;
    f.gap_ms = 100;
    return f;
}

Test(watch, a_train_too_fast_is_an_invariant)
{
    dosing_factory_t f = limits();
    watch_t w;
    error_t e = {0};
    watch_init(&w, &f);
    cr_assert_eq(watch_train(&w, 0, 64, 900.0, &e), 0, "24 mL a day is the limit: %s", e.text);
    cr_assert_eq(watch_train(&w, 60000, 64, 890.0, &e), ERROR_INVARIANT);
}

Test(watch, a_day_above_the_limit_is_an_invariant_and_a_day_at_it_is_not)
{
    dosing_factory_t f = limits();
    watch_t w;
    error_t e = {0};
    int64_t at = 0;
    f.volume_24h_max_nl = 1000000; /* 4000 pulses */
    watch_init(&w, &f);
    for (int train = 0; train < 1000; train++, at += 64 * 21600) {
        cr_assert_eq(watch_train(&w, at, 64, 21600.0, &e), 0, "train %d: %s", train, e.text);
    }
    watch_init(&w, &f);
    int code = 0;
    for (at = 0; code == 0 && at < 24 * HOUR_MS; at += 64 * 20000) {
        code = watch_train(&w, at, 64, 20000.0, &e);
    }
    cr_assert_eq(code, ERROR_INVARIANT, "8 %% above the limit was not seen in a day");
}
