/* SPDX-License-Identifier: Apache-2.0 */
/* One pump whose block of what ages the tests of cell, starts and self-tests share. */
#ifndef TESTS_LIFE_PUMP_H
#define TESTS_LIFE_PUMP_H

#include "dosing_state.h"
#include "fake_hal.h"

#define MINUTE_MS UINT64_C(60000)
#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)

extern fake_pump_t life_pump;

dosing_state_t *life_state(void);

/* Filled with 20 mL, 0.3 mL/day: a pulse each 72 s. life_build: the same, once the factory block has been changed. */
void life_start(void);
void life_build(void);

void life_run(uint64_t ms);
/* The same, with a refill each 20 days. */
void life_run_days(uint32_t days);
uint32_t life_alarms(void);
/* A field of the device report; UINT64_MAX where it is refused. */
uint64_t life_device(uint32_t at, uint32_t size);
dosing_status_t life_acknowledge(uint32_t alarms);

/* A reset of five seconds; the store keeps what it was told. */
void life_reset(uint32_t cause);

/* Seals path, run and the block after a test wrote into them. life_keep: and writes the block into the store. */
void life_seal(void);
void life_keep(void);

#endif
