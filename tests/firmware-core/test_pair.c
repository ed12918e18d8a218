/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-PAIR: the patient's controller, paired by the clinician over the wire. */
#include <criterion/criterion.h>
#include <stddef.h>
#include <string.h>

#include "dosing_state.h"
#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)

static fake_pump_t pump;
static dosing_hal_t other_hal; /* another port's table */

static const dosing_state_t *state(void)
{
    return (const dosing_state_t *)(const void *)pump.state;
}

static uint64_t patients_counter(void)
{
    return state()->counters.last[DOSING_ROLE_PATIENT - 1u];
}

/* 0.3 mL/day, and a bolus on request. */
static void start_on(const dosing_hal_t *table)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    fake_init(&pump.hal);
    pump.hal.table = table;
    fake_pump_start(&pump);
    cr_assert_eq(pump.status, DOSING_OK);
    cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
    fake_programme(image, 500000u, 150000u);
    image_patient(image, 2500u, 600000u, (uint32_t)HOUR_MS, (uint32_t)HOUR_MS, 1u, 5u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
}

static dosing_status_t pair_by(uint8_t first)
{
    const uint8_t nonce[DOSING_NONCE_BYTES] = {first, 2, 3, 4};
    return fake_send(&pump, DOSING_FRAME_PAIR, nonce, sizeof nonce);
}

/* An open by the patient's role, under the key that `hardware` holds. */
static dosing_status_t patient_opens(const fake_hal_t *hardware, uint64_t counter)
{
    const uint8_t nonce[DOSING_NONCE_BYTES] = {9};
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    fake_pump_t patient = {.hal = *hardware, .role = DOSING_ROLE_PATIENT, .counter = counter};
    const uint32_t length = fake_frame(&patient, DOSING_FRAME_OPEN, nonce, sizeof nonce, frame);
    return fake_raw(&pump, frame, length);
}

/* Events of that code in the log, by role. */
static uint32_t logged(uint32_t code, uint32_t role)
{
    const uint8_t page[8] = {DOSING_LOG_EVENTS};
    uint32_t found = 0;
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_LOG, page, sizeof page), DOSING_OK);
    const uint8_t *reply = pump.hal.reply + DOSING_FRAME_HEADER_BYTES;
    const uint32_t count = (uint32_t)fake_get(reply + DOSING_LOGGED_AT_COUNT, 4u);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *r = reply + DOSING_LOGGED_AT_RECORD + i * DOSING_RECORD_BYTES;
        found += fake_get(r + DOSING_RECORD_AT_CODE, 2u) == code &&
                         fake_get(r + DOSING_RECORD_AT_B, 4u) == role
                     ? 1u
                     : 0u;
    }
    return found;
}

/* REQ-PAIR-01: and the counter that the key before had used up is the new one's to use again. */
Test(pair, ends_the_controller_before_and_begins_the_new_ones_counter)
{
    static fake_hal_t before;
    start_on(NULL);
    cr_assert_eq(patient_opens(&pump.hal, 1000000u), DOSING_OK);
    cr_assert_eq(patients_counter(), 1000000u);
    before = pump.hal;
    cr_assert_eq(pair_by(1u), DOSING_OK);
    cr_expect_eq(pump.hal.reply_length, DOSING_FRAME_BYTES_MIN + DOSING_ACK_BYTES);
    cr_expect_eq(patients_counter(), 0u);
    cr_expect_eq(patient_opens(&before, 1000001u), DOSING_REFUSED_TAG);
    cr_expect_eq(pump.hal.reply_length, 0u);
    cr_expect_eq(patient_opens(&pump.hal, 1u), DOSING_OK);
    before = pump.hal;
    cr_assert_eq(pair_by(2u), DOSING_OK);
    cr_expect_eq(patient_opens(&before, 2u), DOSING_REFUSED_TAG, "a third one ends the second");
    pump.role = DOSING_ROLE_PATIENT;
    pump.counter = 0u;
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_OK);
}

/* REQ-PAIR-01 */
Test(pair, is_logged)
{
    start_on(NULL);
    cr_expect_eq(logged(DOSING_EVENT_PAIRED, DOSING_ROLE_PATIENT), 0u);
    cr_assert_eq(pair_by(1u), DOSING_OK);
    cr_expect_eq(logged(DOSING_EVENT_PAIRED, DOSING_ROLE_PATIENT), 1u);
}

/* REQ-PAIR-02 */
Test(pair, is_the_clinicians_alone)
{
    const uint8_t nonce[DOSING_NONCE_BYTES] = {1};
    start_on(NULL);
    for (uint8_t role = DOSING_ROLE_PATIENT; role <= DOSING_ROLE_EMERGENCY; role++) {
        pump.role = role;
        pump.counter = 0u;
        cr_expect_eq(fake_send(&pump, DOSING_FRAME_PAIR, nonce, sizeof nonce), DOSING_REFUSED_ROLE);
        cr_expect_eq(pump.hal.patient_key, 0u, "role %u", role);
    }
}

/* REQ-PAIR-02: recorded and sent again, it would give an old controller its key back. */
Test(pair, acts_once)
{
    const uint8_t nonce[DOSING_NONCE_BYTES] = {1, 2, 3, 4};
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    start_on(NULL);
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    pump.counter++;
    const uint32_t length = fake_frame(&pump, DOSING_FRAME_PAIR, nonce, sizeof nonce, frame);
    cr_assert_eq(fake_raw(&pump, frame, length), DOSING_OK);
    const uint64_t first = pump.hal.patient_key;
    cr_assert_eq(pair_by(2u), DOSING_OK);
    const uint64_t second = pump.hal.patient_key;
    cr_assert_neq(first, second);
    cr_expect_eq(fake_raw(&pump, frame, length), DOSING_REFUSED_REPLAY);
    cr_expect_eq(pump.hal.patient_key, second);
}

/* REQ-PAIR-03 */
Test(pair, on_a_device_without_it_is_unsupported_and_all_else_works)
{
    for (int null = 0; null < 2; null++) {
        other_hal = fake_hal;
        other_hal.table_size = null ? (uint32_t)sizeof other_hal : DOSING_HAL_BYTES_MIN;
        other_hal.pair = null ? NULL : fake_hal.pair;
        start_on(&other_hal);
        cr_expect_eq(pair_by(1u), DOSING_REFUSED_UNSUPPORTED, "null %d", null);
        cr_expect_eq(pump.hal.reply[DOSING_FRAME_HEADER_BYTES], DOSING_REFUSED_UNSUPPORTED);
        cr_expect_eq(pump.hal.patient_key, 0u);
        cr_expect_eq(patient_opens(&pump.hal, 1u), DOSING_OK);
        const uint64_t before = fake_pulses(&pump.hal);
        fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
        cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 50.0, 1.01);
        cr_expect_eq(logged(DOSING_EVENT_PAIRED, DOSING_ROLE_PATIENT), 0u);
    }
}

static int32_t pair_fails(void *context, uint8_t role, const uint8_t *nonce)
{
    (void)context, (void)role, (void)nonce;
    return DOSING_HAL_FAILED;
}

/* REQ-PAIR-03 */
Test(pair, that_the_hardware_fails_leaves_the_controller_that_was)
{
    other_hal = fake_hal;
    other_hal.pair = pair_fails;
    start_on(&other_hal);
    cr_assert_eq(patient_opens(&pump.hal, 7u), DOSING_OK);
    cr_expect_eq(pair_by(1u), DOSING_ERROR_HAL);
    cr_expect_eq(patients_counter(), 7u);
    cr_expect_eq(patient_opens(&pump.hal, 7u), DOSING_REFUSED_REPLAY);
    cr_expect_eq(patient_opens(&pump.hal, 8u), DOSING_OK);
    cr_expect_eq(logged(DOSING_EVENT_PAIRED, DOSING_ROLE_PATIENT), 0u);
}

/* REQ-PAIR-04: what the key before leased may come back; the refusal tells it, and nothing that was sealed before counts. */
Test(pair, outlives_a_reset)
{
    static fake_hal_t before;
    start_on(NULL);
    cr_assert_eq(patient_opens(&pump.hal, 1000u), DOSING_OK);
    before = pump.hal;
    cr_assert_eq(pair_by(1u), DOSING_OK);
    (void)fake_hal.train_stop(&pump.hal);
    fake_pump_reset(&pump, 5000u, 0u);
    cr_assert_eq(pump.status, DOSING_OK);
    cr_expect_eq(patient_opens(&before, 1u << 20), DOSING_REFUSED_TAG);
    pump.role = DOSING_ROLE_PATIENT;
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
}

/* REQ-PAIR-05 */
Test(pair, moves_no_train)
{
    static uint64_t pulses[2];
    for (int paired = 0; paired < 2; paired++) {
        start_on(NULL);
        for (uint32_t i = 0; i < 48u; i++) {
            if (paired == 1) {
                cr_assert_eq(pair_by((uint8_t)i), DOSING_OK);
            }
            fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS / 2u + 12345u * i);
        }
        pulses[paired] = fake_pulses(&pump.hal);
        cr_expect_str_empty(pump.hal.violation);
    }
    cr_expect_eq(pulses[0], pulses[1]);
}
