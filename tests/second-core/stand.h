/* SPDX-License-Identifier: Apache-2.0 */
/* The second core on the desk: loaded from its shared object, on the hardware that the first core's tests use. */
#ifndef TESTS_SECOND_STAND_H
#define TESTS_SECOND_STAND_H

#include "host/core.h"
#include "tests/firmware-core/fake_hal.h"

#define STAND_HOUR_MS UINT64_C(3600000)
#define STAND_DAY_MS UINT64_C(86400000)
#define STAND_NG_PER_ML 500000u /* 500 ug/mL: 125 ng a pulse */

/* The second core as `thecasim --core` loads it; fails the test where it does not load. Never closed. */
const core_t *stand_core(void);

/* A new pump on it, hardware and all; and the core alone begun again on the hardware as it is. */
void stand_new(fake_pump_t *p);
void stand_start(fake_pump_t *p);

/* After a reset: `down_ms` without power, then its main clock shows `shows_ms`. */
void stand_reset(fake_pump_t *p, uint64_t down_ms, uint64_t shows_ms);

/* A new pump that has run for a second, filled with 20 mL, at `dose` ng/day. */
void stand_simple(fake_pump_t *p, uint64_t dose);

void stand_run(fake_pump_t *p, uint64_t ms);

/* All bits acknowledged. */
dosing_status_t stand_clear(fake_pump_t *p);

uint32_t stand_alarms(fake_pump_t *p);

/* The beginnings of the pulses since stand_listen, the first STAND_PULSES_MAX of them, by the clock of the hardware. */
enum { STAND_PULSES_MAX = 400000 };
extern uint64_t stand_begun_ms[STAND_PULSES_MAX];
extern uint32_t stand_begun;
void stand_listen(fake_pump_t *p);

/* Into a programme, what the patient may ask for: 10 ug over ten minutes, two hours apart, so many in an interval and in a day. */
void stand_put_patient(uint8_t *image, uint32_t interval_h, uint16_t per_interval,
                       uint16_t per_day);

#endif
