/* SPDX-License-Identifier: Apache-2.0 */
/* The second core on the desk. */
#include "stand.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t stand_begun_ms[STAND_PULSES_MAX];
uint32_t stand_begun;

const core_t *stand_core(void)
{
    static core_t core;
    if (core.entry == NULL) {
        const char *build = getenv("BUILD");
        char path[512];
        error_t e = {0};
        (void)snprintf(path, sizeof path, "%s/tests/second-core/second-core.so",
                       build != NULL ? build : "build/release");
        cr_assert_eq(core_load(path, &core, &e), 0, "%s", e.text);
    }
    return &core;
}

void stand_start(fake_pump_t *p)
{
    p->role = 0u;
    p->core = stand_core()->entry;
    p->counter = 0u;
    p->session = 0u;
    p->next_ms = p->hal.now_ms;
    memset(p->state, 0, sizeof p->state);
    cr_assert_leq(p->core->state_size, sizeof p->state);
    p->status = p->core->init((dosing_state_t *)(void *)p->state, &fake_hal, &p->hal);
}

void stand_new(fake_pump_t *p)
{
    memset(p, 0, sizeof *p);
    fake_init(&p->hal);
    stand_start(p);
    cr_assert_eq(p->status, DOSING_OK);
}

void stand_reset(fake_pump_t *p, uint64_t down_ms, uint64_t shows_ms)
{
    p->hal.now_ms += down_ms;
    p->hal.origin_ms = p->hal.now_ms - shows_ms;
    stand_start(p);
}

void stand_run(fake_pump_t *p, uint64_t ms)
{
    fake_pump_run(p, p->hal.now_ms + ms);
}

void stand_simple(fake_pump_t *p, uint64_t dose)
{
    stand_new(p);
    stand_run(p, 1000u);
    cr_assert_eq(fake_refill(p, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(p, STAND_NG_PER_ML, dose), DOSING_OK);
}

dosing_status_t stand_clear(fake_pump_t *p)
{
    const uint8_t all[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    return fake_send(p, DOSING_FRAME_ALARM_CLEAR, all, sizeof all);
}

uint32_t stand_alarms(fake_pump_t *p)
{
    return (uint32_t)fake_report(p, DOSING_REPORT_AT_ALARMS, 4u);
}

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    (void)context;
    for (uint32_t i = 0; i < done && stand_begun < STAND_PULSES_MAX; i++) {
        stand_begun_ms[stand_begun++] = start_ms + (uint64_t)i * period_ms;
    }
}

void stand_listen(fake_pump_t *p)
{
    stand_begun = 0;
    p->hal.on_train = on_train;
}

void stand_put_patient(uint8_t *image, uint32_t interval_h, uint16_t per_interval, uint16_t per_day)
{
    uint8_t *p = image + DOSING_PROGRAMME_AT_PATIENT;
    fake_put(p + DOSING_PATIENT_AT_DOSE, 10000u, 8u);
    fake_put(p + DOSING_PATIENT_AT_DURATION, 600000u, 4u);
    fake_put(p + DOSING_PATIENT_AT_LOCKOUT, 2u * STAND_HOUR_MS, 4u);
    fake_put(p + DOSING_PATIENT_AT_INTERVAL, interval_h * STAND_HOUR_MS, 4u);
    fake_put(p + DOSING_PATIENT_AT_PER_INTERVAL, per_interval, 2u);
    fake_put(p + DOSING_PATIENT_AT_PER_DAY, per_day, 2u);
}
