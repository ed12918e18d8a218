/* SPDX-License-Identifier: Apache-2.0 */
/* The second core on the desk. */
#include "stand.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
