/* SPDX-License-Identifier: Apache-2.0 */
/* The device models alone: units of a study's pump on a catheter, in hourly trains, without core, programmer and body.
 *
 * An hour is what a core does to the hardware in it: a train of 50 pulses, which fills the hour at 0.3 mL/day, the oscillators
 * and the motor's answers read, the alarm set, the cell asked whether it carries the wake and the pulse. The reservoir is
 * emptied and filled when a millilitre is left in it.
 */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "device/catheter.h"
#include "device/pump.h"
#include "device/pump_drive.h"
#include "device/unit.h"
#include "draw.h"

#include "tests/bench/bench.h"
#include "tests/models/device/defaults.h"
#include "tests/models/device/usual_pump.h"

#define UNITS 10
#define YEARS 7 /* as long as a core lets a pump serve */
#define HOUR_MS INT64_C(3600000)
#define HOURS (YEARS * INT64_C(8766))
#define PULSES 50
#define PERIOD_MS 72000.0
#define FILL_ML 20.0
#define LEAST_ML 1.0
#define UNIT_ERROR_SD 0.03 /* of volume; any would do */
#define OSCILLATOR_ERROR_SD_PPM 50.0
#define SEED 1u

static const double fluid_ug_per_ml[1] = {500.0};

/* A unit under way. */
typedef struct rig_t {
    pump_t pump;
    catheter_t catheter;
    double tip_ug;
    int64_t answers; /* sum of what was read: nothing is left out as unused */
} rig_t;

/* Of this thread alone, so that a busy machine does not count. */
static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static draw_t stream(int purpose, int unit)
{
    draw_t d;
    draw_init(&d, SEED, purpose, 1, 0, (uint64_t)unit);
    return d;
}

/* As sim/cohort/patient.c draws a unit. */
static pump_param_t unit_param(int unit)
{
    pump_param_t p = usual_pump(PUMP_PERISTALTIC);
    p.ug_per_ml[0] = fluid_ug_per_ml[0];
    p.fill_ml = FILL_ML;
    draw_t of_unit = stream(DRAW_PUMP_UNIT, unit), reservoir = stream(DRAW_RESERVOIR_UNIT, unit);
    draw_t motor = stream(DRAW_MOTOR_UNIT, unit), head = stream(DRAW_PUMP_HEAD, unit);
    draw_t cell = stream(DRAW_BATTERY, unit);
    const unit_t own =
        unit_draw(&p.head, &p.oscillator, UNIT_ERROR_SD, OSCILLATOR_ERROR_SD_PPM, &of_unit);
    p.head.unit_error = own.error;
    p.oscillator.error_ppm = own.oscillator_error_ppm;
    reservoir_param_draw(&p.reservoir, &reservoir);
    torque_param_draw(&p.motor, &motor);
    wear_param_draw(&p.wear, &motor);
    pump_head_param_draw(&p.head, &head);
    battery_param_draw(&p.battery, &cell);
    p.steps = stream(DRAW_MOTOR_STEP, unit);
    return p;
}

static int begin(rig_t *g, int unit, error_t *e)
{
    const pump_param_t param = unit_param(unit);
    *g = (rig_t){.tip_ug = 0.0};
    int code = pump_init(&g->pump, &param, e);
    code = code != 0 ? code : catheter_init(&g->catheter, &default_catheter, 1, fluid_ug_per_ml, e);
    catheter_set_pulse(&g->catheter, 1e-3 * pump_drive_pulse_ul(&param));
    return code;
}

static int push(void *context, const pump_flow_t *flow, error_t *e)
{
    rig_t *g = context;
    catheter_out_t out;
    (void)e;
    catheter_push(&g->catheter, &flow->segment, flow->ug_per_ml, &out);
    g->tip_ug += out.tip_ug[0];
    return 0;
}

static int refill_if_low(rig_t *g, error_t *e)
{
    double withdrawn_ug[SEGMENT_DRUGS_MAX];
    if (pump_usable_ml(&g->pump) > LEAST_ML) {
        return 0;
    }
    (void)reservoir_withdraw(&g->pump.reservoir, 0.0, withdrawn_ug);
    const int code = reservoir_fill(&g->pump.reservoir, FILL_ML, fluid_ug_per_ml, e);
    pump_filled(&g->pump);
    return code;
}

/* What a core's wake asks of the hardware. */
static void answer(rig_t *g)
{
    const pump_t *p = &g->pump;
    g->answers += battery_carries(&p->battery, BATTERY_AWAKE);
    g->answers += oscillator_core_ms(&p->oscillator, p->now_ms);
    g->answers += oscillator_second_ms(&p->oscillator, p->now_ms);
    g->answers += pump_drive_train_begun(p) + pump_drive_train_confirmed(p);
    g->answers += battery_carries(&p->battery, BATTERY_PULSE);
}

static int64_t alarm_ms(const rig_t *g, int64_t in_ms)
{
    const oscillator_t *o = &g->pump.oscillator;
    return oscillator_alarm_ms(o, oscillator_core_ms(o, g->pump.now_ms) + in_ms,
                               oscillator_second_ms(o, g->pump.now_ms) + 2 * in_ms);
}

static int live(rig_t *g, error_t *e)
{
    const pump_sink_t sink = {.context = g, .flow = push};
    int code = 0;
    for (int64_t hour = 0; code == 0 && hour < HOURS; hour++) {
        const int64_t now_ms = g->pump.now_ms;
        answer(g);
        battery_drain(&g->pump.battery, 0, 1, 0);
        code = pump_drive_start(&g->pump, PULSES, PERIOD_MS, e);
        code = code != 0 ? code : pump_settle(&g->pump, &sink, e);
        g->answers += alarm_ms(g, HOUR_MS);
        code = code != 0 ? code : pump_advance(&g->pump, now_ms + HOUR_MS, &sink, e);
        code = code != 0 ? code : refill_if_low(g, e);
    }
    return code != 0 ? code : pump_verify(&g->pump, e);
}

/* ms for each pump-year; NaN where something failed or nothing flowed. */
static double measure_once(void)
{
    rig_t g;
    error_t e = {0};
    int code = 0;
    double tip_ug = 0.0;
    const double start_s = seconds();
    for (int unit = 1; unit <= UNITS && code == 0; unit++) {
        code = begin(&g, unit, &e);
        code = code != 0 ? code : live(&g, &e);
        tip_ug += g.tip_ug + (g.answers == 0 ? (double)NAN : 0.0);
    }
    const double ms = 1e3 * (seconds() - start_s) / (UNITS * YEARS);
    if (code < 0) {
        fprintf(stderr, "device: %s\n", e.text);
    }
    return code == 0 && tip_ug > 0.0 ? ms : (double)NAN;
}

void bench_device(void)
{
    double best = measure_once();
    defaults_used();
    for (int i = 1; i < BENCH_RUNS; i++) {
        best = fmin(best, measure_once());
    }
    bench_line("device: pump and catheter at 0.3 mL/day, 0.25 uL a pulse, a patient-year, one core",
               best, "ms", BENCH_AT_MOST, 1.5);
}
