/* SPDX-License-Identifier: Apache-2.0 */
/* A pump of default parts that lives for years. */
#include "tests/sim/host/aged.h"

#include "tests/models/device/defaults.h"
#include "tests/sim/host/usual.h"

#include <criterion/criterion.h>
#include <string.h>

static int take(void *context, const pump_flow_t *flow, error_t *e)
{
    aged_t *a = context;
    (void)e;
    a->volume_ml += flow->segment.volume_ml;
    return 0;
}

static void hear(void *context, uint32_t tone)
{
    aged_t *a = context;
    (void)tone;
    a->tones++;
}

static void see_reset(void *context, uint32_t cause)
{
    aged_t *a = context;
    a->last_cause = cause;
    a->resets++;
}

void aged_default(aged_t *a)
{
    memset(a, 0, sizeof *a);
    a->ml_per_day = 0.3;
    a->param = usual_implant();
    a->param.pump.battery = a->param.cell = default_battery;
    a->param.pump.restrictor = default_restrictor; /* for a test of a pump without a core */
}

void aged_start(aged_t *a)
{
    error_t e = {0};
    const implant_sinks_t sinks = {.context = a, .flow = take, .tone = hear, .reset = see_reset};
    const link_param_t faults = {.frame_tries = 1, .session_tries = 1};
    const link_key_t key = {1, 1, 0};
    programmer_therapy_t t;
    memset(&t, 0, sizeof t);
    t.mode = PROGRAMMER_SIMPLE;
    t.drug_count = 1;
    t.drug[0].concentration_ug_per_ml = 500.0;
    t.dose_ug_per_day = 500.0 * a->ml_per_day;
    t.low_alarm_ml = 2.0;
    a->core = core_builtin();
    a->refill_ms = (int64_t)(17.0 / a->ml_per_day * (double)AGED_DAY_MS);
    cr_assert_eq(implant_init(&a->implant, &a->param, &a->core, &sinks, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(&a->implant, &e), 0, "%s", e.text);
    cr_assert_eq(procedure_init(&a->desk, &a->implant, &t, &faults, &key, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_refill(&a->desk.programmer, 20.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&a->desk.programmer, &t, NULL, &e), 0, "%s", e.text);
}

void aged_free(aged_t *a)
{
    implant_free(&a->implant);
}

static void refill(aged_t *a)
{
    static const double ug_per_ml[SEGMENT_DRUGS_MAX] = {500.0};
    double mass_ug[SEGMENT_DRUGS_MAX];
    error_t e = {0};
    (void)reservoir_withdraw(&a->implant.pump.reservoir, 0.0, mass_ug);
    cr_assert_eq(reservoir_fill(&a->implant.pump.reservoir, 20.0, ug_per_ml, &e), 0, "%s", e.text);
    const int told = programmer_refill(&a->desk.programmer, 20.0, &e);
    cr_assert(told == 0 || told == ERROR_CORE_REFUSED, "%s", e.text);
    a->refill_ms += (int64_t)(17.0 / a->ml_per_day * (double)AGED_DAY_MS);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void aged_live(aged_t *a, int64_t for_ms)
{
    implant_t *im = &a->implant;
    const int64_t until_ms = im->pump.now_ms + for_ms;
    error_t e = {0};
    while (im->pump.now_ms < until_ms || implant_wake_ms(im) == im->pump.now_ms) {
        const int64_t next = earlier(earlier(implant_wake_ms(im), a->refill_ms), until_ms);
        cr_assert_eq(implant_advance(im, next, &e), 0, "%s", e.text);
        if (next == implant_wake_ms(im)) {
            cr_assert_eq(implant_wake(im, &e), 0, "%s", e.text);
        }
        if (next == a->refill_ms) {
            refill(a);
        }
    }
    cr_assert_eq(implant_verify(im, &e), 0, "%s", e.text);
}

programmer_report_t aged_report(aged_t *a)
{
    programmer_report_t r;
    error_t e = {0};
    cr_assert_eq(programmer_interrogate(&a->desk.programmer, &r, &e), 0, "%s", e.text);
    return r;
}

programmer_device_t aged_device(aged_t *a)
{
    programmer_device_t d;
    error_t e = {0};
    cr_assert_eq(programmer_device(&a->desk.programmer, &d, &e), 0, "%s", e.text);
    return d;
}

uint32_t aged_alarms(aged_t *a)
{
    const battery_param_t own = a->implant.pump.battery.param;
    a->implant.pump.battery.param.frame_ma = 0.0;
    const uint32_t alarms = aged_report(a).alarms;
    a->implant.pump.battery.param = own;
    return alarms;
}
