/* SPDX-License-Identifier: Apache-2.0 */
/* Self-tests: answers that are known, and the factory block. */
#ifndef SECOND_SELFTEST_H
#define SECOND_SELFTEST_H

#include "second_state.h"

/* Reads and checks the factory block. OK, ERROR_STATE, ERROR_FACTORY. */
dosing_status_t second_selftest_start(dosing_state_t *s);

/* Whether it still reads as it did; the alarm ends on a day on which it does. */
void second_selftest_day(dosing_state_t *s);

#endif
