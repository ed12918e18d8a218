/* SPDX-License-Identifier: Apache-2.0 */
/* A pump that gives 0.3 mL/day and is reset: what its tests of reset and store share. */
#ifndef TESTS_KEPT_PUMP_H
#define TESTS_KEPT_PUMP_H

#include "dosing_state.h"
#include "fake_hal.h"

#define KEPT_HOUR_MS UINT64_C(3600000)
#define KEPT_DAY_MS UINT64_C(86400000)

extern fake_pump_t kept_pump;

dosing_state_t *kept_state(void);
void kept_run(uint64_t ms);

/* 0.3 mL/day, 18 mL in it, for five hours. */
void kept_start(void);

/* A reset of five seconds, of which the core's clock knows nothing; the clinician's counter is above every bound then. */
void kept_reset(void);

uint32_t kept_alarms(void);
uint64_t kept_dose(void);
dosing_status_t kept_clear(uint32_t which);

/* The store takes nothing from now on, or again. */
void kept_break_store(bool broken);

#endif
