/* SPDX-License-Identifier: Apache-2.0 */
/* Resets a pump that goes on with its life. */
#include "reset_pump.h"

#include <criterion/criterion.h>

void reset_pump(fake_pump_t *p, uint32_t cause)
{
    static uint64_t counter;
    if (p->hal.running) {
        (void)fake_hal.train_stop(&p->hal);
    }
    p->hal.cause = cause;
    fake_pump_reset(p, 5000u, 0u);
    cr_assert_eq(p->status, DOSING_OK);
    p->counter = counter += 100000u; /* above every bound */
}
