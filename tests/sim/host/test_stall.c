/* SPDX-License-Identifier: Apache-2.0 */
/* A motor that misses steps, as the core sees it: how long until it tells of a stall, and what it books meanwhile. Delays
 * at the usual rates: this suite with --verbose. */
#include "host/implant.h"
#include "host/procedure.h"
#include "tests/sim/host/usual.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <math.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define UG_PER_ML 500.0

enum { PHASES = 12 };

typedef struct witness_t {
    const implant_t *im;
    int64_t since_ms, tone_ms; /* the first critical tone after since_ms, or -1 */
    int64_t pulses, steps;     /* told one by one */
} witness_t;

static void hear(void *context, uint32_t tone)
{
    witness_t *w = context;
    if (tone == DOSING_TONE_CRITICAL && w->tone_ms < 0 && w->im->pump.now_ms >= w->since_ms) {
        w->tone_ms = w->im->pump.now_ms;
    }
}

static void count_pulse(void *context, double time_ms, double volume_ml)
{
    witness_t *w = context;
    (void)time_ms;
    w->pulses++;
    w->steps += volume_ml > 0.0;
}

static implant_param_t param(void)
{
    implant_param_t p = usual_implant();
    p.pump.reservoir.capacity_ml = p.pump.fill_ml = 40.0;
    return p;
}

static void start(implant_t *im, witness_t *w, double ml_per_day)
{
    static core_t core;
    implant_param_t p = param();
    implant_sinks_t sinks = {.context = w, .tone = hear, .pulse = count_pulse};
    programmer_therapy_t t;
    procedure_t c;
    error_t e = {0};
    link_param_t faults = {.frame_tries = 1, .session_tries = 1};
    link_key_t key = {1, 1, 0};
    memset(&t, 0, sizeof t);
    t.mode = PROGRAMMER_SIMPLE;
    t.dose_ug_per_day = ml_per_day * UG_PER_ML;
    t.drug_count = 1;
    t.drug[0].concentration_ug_per_ml = UG_PER_ML;
    t.low_alarm_ml = 2.0;
    core = core_builtin();
    *w = (witness_t){.im = im, .since_ms = INT64_MAX, .tone_ms = -1};
    cr_assert_eq(implant_init(im, &p, &core, &sinks, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(im, &e), 0, "%s", e.text);
    cr_assert_eq(procedure_init(&c, im, &t, &faults, &key, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_refill(&c.programmer, 40.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&c.programmer, &t, NULL, &e), 0, "%s", e.text);
}

static void live(implant_t *im, int64_t until_ms)
{
    error_t e = {0};
    while (im->pump.now_ms < until_ms) {
        int64_t next = implant_wake_ms(im) < until_ms ? implant_wake_ms(im) : until_ms;
        cr_assert_eq(implant_advance(im, next, &e), 0, "%s", e.text);
        if (next == implant_wake_ms(im)) {
            cr_assert_eq(implant_wake(im, &e), 0, "%s", e.text);
        }
    }
    cr_assert_eq(implant_verify(im, &e), 0, "%s", e.text);
}

/* From a seizure `phase` of a train into the second hour to the alarm, hours. */
static double delay_h(double ml_per_day, double phase)
{
    static implant_t im;
    witness_t w;
    start(&im, &w, ml_per_day);
    live(&im, 2 * HOUR_MS);
    int64_t seized_ms = 2 * HOUR_MS + (int64_t)(phase * 64.0 * 0.25e-3 / ml_per_day * 24.0 * 3.6e6);
    live(&im, seized_ms);
    motor_impose(&im.pump.motor, seized_ms, MOTOR_SEIZED, 1.0);
    w.since_ms = seized_ms;
    for (int64_t t = seized_ms; w.tone_ms < 0 && t < seized_ms + 100 * HOUR_MS; t += HOUR_MS / 60) {
        live(&im, t);
    }
    cr_assert_geq(w.tone_ms, 0, "%g mL/day: no alarm within 100 hours", ml_per_day);
    cr_assert_eq(w.pulses, implant_pulses_commanded(&im));
    cr_assert_eq(w.steps, implant_pulses_confirmed(&im));
    implant_free(&im);
    return (double)(w.tone_ms - seized_ms) / (double)HOUR_MS;
}

/* Eight missed steps, and the rest of the train in which they are seen: trains last an hour or 64 pulses. */
static void check_delay(double ml_per_day)
{
    const double step_h = 0.25e-3 / ml_per_day * 24.0;
    double least = HUGE_VAL, most = 0.0, sum = 0.0;
    for (int i = 0; i < PHASES; i++) {
        double h = delay_h(ml_per_day, (i + 0.5) / PHASES);
        least = fmin(least, h);
        most = fmax(most, h);
        sum += h / PHASES;
    }
    cr_log_info("%5.2f mL/day: told after %.3f to %.3f h, mean %.3f h", ml_per_day, least, most,
                sum);
    cr_assert_geq(least, 6.0 * step_h, "%g mL/day: too soon, after %.4f h", ml_per_day, least);
    cr_assert_leq(most, 9.0 * step_h + 2.0 * fmin(1.0, 64.0 * step_h) + 0.02,
                  "%g mL/day: too late, after %.4f h", ml_per_day, most);
}

Test(stall, is_told_at_the_lowest_rate)
{
    check_delay(0.05);
}

Test(stall, is_told_at_a_usual_rate)
{
    check_delay(0.3);
}

Test(stall, is_told_at_a_high_rate)
{
    check_delay(1.0);
}

Test(stall, is_told_at_the_highest_rate)
{
    check_delay(24.0);
}

Test(stall, a_sound_motor_is_not_called_stalled)
{
    static implant_t im;
    witness_t w;
    start(&im, &w, 0.3);
    w.since_ms = 0;
    live(&im, 30 * 24 * HOUR_MS);
    cr_assert_lt(w.tone_ms, 0);
    cr_assert_eq(implant_pulses_confirmed(&im), implant_pulses_commanded(&im));
    implant_free(&im);
}

/* Half an hour in a scanner: what was commanded meanwhile did not flow, and afterwards it does again. */
Test(stall, a_field_withholds_what_was_commanded_in_it)
{
    static implant_t im;
    witness_t w;
    environment_t around = ENVIRONMENT_AT_REST;
    start(&im, &w, 1.0);
    live(&im, 10 * HOUR_MS);
    around.field_tesla = 1.5;
    motor_expose(&im.pump.motor, im.pump.now_ms, &around, NULL);
    live(&im, 10 * HOUR_MS + HOUR_MS / 2);
    int64_t missed = implant_pulses_commanded(&im) - implant_pulses_confirmed(&im);
    cr_assert(missed >= 82 && missed <= 85, "%lld steps missed", (long long)missed);
    motor_expose(&im.pump.motor, im.pump.now_ms, &ENVIRONMENT_AT_REST, NULL);
    live(&im, 40 * HOUR_MS);
    int64_t still = implant_pulses_commanded(&im) - implant_pulses_confirmed(&im) - missed;
    cr_assert(still == 0 || still == 1, "%lld more", (long long)still);
    double lost_ml = implant_commanded_ml(&im) - implant_delivered_ml(&im);
    cr_assert_float_eq(lost_ml, (double)(missed + still) * 0.25e-3, 8e-3);
    implant_free(&im);
}
