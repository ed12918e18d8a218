/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of comparing: it writes to nowhere when its fiftieth train begins. */
#define SHIM_ID "test core that crashes"
#include "tests/sim/host/cores/shim.h"

static int32_t crash(void *context, uint32_t count, uint32_t period_ms)
{
    shim_t *s = context;
    if (++s->count == 50u) {
        volatile uint32_t *volatile nowhere = (volatile uint32_t *)8u;
        *nowhere = count;
    }
    return shim_start(s, count, period_ms);
}

static void shim_change(shim_t *shim)
{
    shim->hal.train_start = crash;
}
