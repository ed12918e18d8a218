/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of comparing: each of its tones sounds twice, and nothing else is other. */
#define SHIM_ID "test core with longer tones"
#include "tests/sim/host/cores/shim.h"

static int32_t twice(void *context, uint32_t tone)
{
    (void)shim_tone(context, tone);
    return shim_tone(context, tone);
}

static void shim_change(shim_t *shim)
{
    shim->hal.tone = twice;
}
