/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of comparing: it never comes back from its fiftieth train. */
#define SHIM_ID "test core that never ends"
#include "tests/sim/host/cores/shim.h"

static int32_t stay(void *context, uint32_t count, uint32_t period_ms)
{
    shim_t *s = context;
    volatile bool here = ++s->count == 50u;
    while (here) {
    }
    return shim_start(s, count, period_ms);
}

static void shim_change(shim_t *shim)
{
    shim->hal.train_start = stay;
}
