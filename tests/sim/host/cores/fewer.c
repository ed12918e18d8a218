/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of comparing: every hundredth train has a pulse less than it was to have. */
#define SHIM_ID "test core that gives too little"
#include "tests/sim/host/cores/shim.h"

static uint32_t count_of(shim_t *s, uint32_t count)
{
    return s->count % 100u == 99u && count > 1u ? count - 1u : count;
}

static int32_t arm_fewer(void *context, uint32_t count, uint32_t period_ms)
{
    shim_t *s = context;
    return shim_arm(s, count_of(s, count), period_ms);
}

static int32_t start_fewer(void *context, uint32_t count, uint32_t period_ms)
{
    shim_t *s = context;
    const int32_t result = shim_start(s, count_of(s, count), period_ms);
    s->count++;
    return result;
}

static void shim_change(shim_t *shim)
{
    shim->hal.motor_arm = arm_fewer;
    shim->hal.train_start = start_fewer;
}
