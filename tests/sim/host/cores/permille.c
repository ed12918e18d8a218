/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of comparing: of every thousand pulses that it is to give it gives one less. */
#define SHIM_ID "test core that gives a permille less"
#include "tests/sim/host/cores/shim.h"

/* Pulses asked of the hardware so far are in shim->count; the train in which a thousand is full is a pulse shorter. */
static uint32_t count_of(const shim_t *s, uint32_t count)
{
    return s->count % 1000u + count >= 1000u && count > 1u ? count - 1u : count;
}

static int32_t arm_less(void *context, uint32_t count, uint32_t period_ms)
{
    shim_t *s = context;
    return shim_arm(s, count_of(s, count), period_ms);
}

static int32_t start_less(void *context, uint32_t count, uint32_t period_ms)
{
    shim_t *s = context;
    const int32_t result = shim_start(s, count_of(s, count), period_ms);
    s->count += result == DOSING_HAL_OK ? count : 0u;
    return result;
}

static void shim_change(shim_t *shim)
{
    shim->hal.motor_arm = arm_less;
    shim->hal.train_start = start_less;
}
