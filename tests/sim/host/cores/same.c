/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of comparing: the real one, with nothing of its own but its name. */
#define SHIM_ID "test core that is the real one"
#include "tests/sim/host/cores/shim.h"

static void shim_change(shim_t *shim)
{
    (void)shim;
}
