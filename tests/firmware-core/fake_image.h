/* SPDX-License-Identifier: Apache-2.0 */
/* Images of programmes built step by step, orders that go with them, and an integral of its own for what they should give. */
#ifndef TESTS_FAKE_IMAGE_H
#define TESTS_FAKE_IMAGE_H

#include "fake_hal.h"

#define IMAGE_WEEK_MS UINT64_C(604800000)
#define IMAGE_WEEK_MINUTES 10080u
#define IMAGE_MONDAY 0x01u
#define IMAGE_WEEKEND 0x60u
#define IMAGE_WORKDAYS 0x1Fu
#define IMAGE_DAILY 0x7Fu

/* A flex programme without steps: at most 20 mL empty at 1 mL. `bytes` has DOSING_IMAGE_BYTES_MAX. */
void image_flex(uint8_t *bytes, uint32_t concentration);
/* Appends; steps before timed boluses. */
void image_step(uint8_t *bytes, uint32_t days, uint32_t minute, uint64_t dose);
void image_timed(uint8_t *bytes, uint32_t days, uint32_t minute, uint32_t duration_ms,
                 uint64_t dose);
void image_patient(uint8_t *bytes, uint64_t dose, uint32_t duration_ms, uint32_t lockout_ms,
                   uint32_t interval_ms, uint32_t per_interval, uint32_t per_day);

dosing_status_t fake_set_time(fake_pump_t *p, uint32_t week_ms);
dosing_status_t fake_request(fake_pump_t *p); /* as the patient */
dosing_status_t fake_prime(fake_pump_t *p, uint32_t tubing_nl, uint32_t catheter_nl,
                           uint32_t revision);
dosing_status_t fake_stop(fake_pump_t *p);

/* The integral of an image's basal dose over the week, by minutes: (ng/day) * ms before each. */
typedef struct image_week_t {
    uint64_t before[IMAGE_WEEK_MINUTES + 1u];
} image_week_t;
void image_week(image_week_t *w, const uint8_t *bytes);
/* Basal dose over `ms` from moment `week_ms` on, (ng/day) * ms. */
long double image_over(const image_week_t *w, uint64_t week_ms, uint64_t ms);

#endif
