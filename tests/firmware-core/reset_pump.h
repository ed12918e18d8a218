/* SPDX-License-Identifier: Apache-2.0 */
/* The reset that the tests of long lives share. */
#ifndef TESTS_RESET_PUMP_H
#define TESTS_RESET_PUMP_H

#include "fake_hal.h"

/* Five seconds by `cause`, of which the core's clock knows nothing; fails the test where the core does not start again. A train
 * ends with it; the clinician's counter is above every bound then. */
void reset_pump(fake_pump_t *p, uint32_t cause);

#endif
