/* SPDX-License-Identifier: Apache-2.0 */
/* The second core's end of the wire, as dosing_frame.h says it. */
#include <criterion/criterion.h>
#include <string.h>

#include "stand.h"

static fake_pump_t pump;

static uint64_t reply(uint32_t at, uint32_t size)
{
    return fake_get(pump.hal.reply + DOSING_FRAME_HEADER_BYTES + at, size);
}

static dosing_status_t send_as(uint8_t role, uint8_t type, const uint8_t *payload, uint32_t length)
{
    pump.role = role;
    const dosing_status_t status = fake_send(&pump, type, payload, length);
    pump.role = 0u;
    return status;
}

Test(second_telemetry, every_bit_of_a_frame_counts)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    stand_simple(&pump, 300000u);
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    pump.counter++;
    const uint32_t length = fake_frame(&pump, DOSING_FRAME_STOP, NULL, 0u, frame);
    for (uint32_t bit = 0; bit < 8u * length; bit++) {
        frame[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
        const dosing_status_t status = fake_raw(&pump, frame, length);
        cr_expect(status >= DOSING_REFUSED_LENGTH && status <= DOSING_REFUSED_TAG, "bit %u: %d",
                  bit, (int)status);
        cr_expect_eq(pump.hal.reply_length, 0u);
        frame[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
    }
    for (uint32_t shorter = 0; shorter < length; shorter++) {
        cr_expect_eq(fake_raw(&pump, frame, shorter), DOSING_REFUSED_LENGTH);
    }
    cr_expect_eq(fake_raw(&pump, frame, length), DOSING_OK);
}

Test(second_telemetry, a_frame_acts_once_and_the_refusal_tells_the_counter)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    const uint8_t none[4] = {0};
    stand_simple(&pump, 300000u);
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    pump.counter++;
    const uint32_t length = fake_frame(&pump, DOSING_FRAME_ALARM_CLEAR, none, 4u, frame);
    cr_expect_eq(fake_raw(&pump, frame, length), DOSING_OK);
    cr_expect_eq(fake_raw(&pump, frame, length), DOSING_REFUSED_REPLAY);
    cr_expect_eq(pump.hal.reply_length, DOSING_FRAME_BYTES_MIN + DOSING_REFUSAL_BYTES);
    cr_expect_eq(reply(DOSING_REFUSAL_AT_COUNTER, 8u), pump.counter);
    stand_reset(&pump, 1000u, 0u);
    cr_expect_eq(fake_raw(&pump, frame, length), DOSING_REFUSED_REPLAY, "after a reset");
}

Test(second_telemetry, a_session_times_out_and_belongs_to_its_role)
{
    stand_simple(&pump, 300000u);
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    cr_expect_eq(pump.hal.reply_length, DOSING_FRAME_BYTES_MIN + DOSING_OPENED_BYTES);
    cr_expect_eq(reply(DOSING_OPENED_AT_ECHO, 1u), 1u);
    stand_run(&pump, DOSING_SESSION_MS - 1000u);
    cr_expect_eq(fake_next(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
    cr_expect_eq(pump.hal.reply_length, DOSING_FRAME_BYTES_MIN + DOSING_REPORT_BYTES);
    stand_run(&pump, DOSING_SESSION_MS);
    cr_expect_eq(fake_next(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_REFUSED_SESSION);
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    pump.role = DOSING_ROLE_EMERGENCY;
    cr_expect_eq(fake_next(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_REFUSED_SESSION);
}

Test(second_telemetry, each_role_may_do_what_the_header_says)
{
    const uint8_t bytes[DOSING_NONCE_BYTES] = {1};
    stand_simple(&pump, 300000u);
    cr_expect_eq(send_as(DOSING_ROLE_PATIENT, DOSING_FRAME_STOP, NULL, 0u), DOSING_REFUSED_ROLE);
    cr_expect_eq(send_as(DOSING_ROLE_PATIENT, DOSING_FRAME_REFILL, bytes, 4u), DOSING_REFUSED_ROLE);
    cr_expect_eq(send_as(DOSING_ROLE_PATIENT, DOSING_FRAME_PAIR, bytes, 16u), DOSING_REFUSED_ROLE);
    cr_expect_eq(send_as(DOSING_ROLE_PATIENT, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
    cr_expect_eq(send_as(DOSING_ROLE_EMERGENCY, DOSING_FRAME_REQUEST, NULL, 0u),
                 DOSING_REFUSED_ROLE);
    cr_expect_eq(send_as(DOSING_ROLE_EMERGENCY, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
}

/* What it cannot do it says, and nothing else happens. */
Test(second_telemetry, what_is_not_supported_is_refused_as_such)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0}, prime[DOSING_PRIME_BYTES] = {0}, log[8] = {0};
    stand_simple(&pump, 300000u);
    prime[DOSING_PRIME_AT_TUBING] = 1u;
    prime[DOSING_PRIME_AT_REVISION] = 1u;
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_PRIME, prime, sizeof prime),
                 DOSING_REFUSED_UNSUPPORTED);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_LOG, log, sizeof log), DOSING_REFUSED_UNSUPPORTED);
    fake_programme(image, STAND_NG_PER_ML, 200000u);
    image[DOSING_PROGRAMME_AT_TIMED] = 1u;
    image[DOSING_PROGRAMME_BYTES + DOSING_TIMED_AT_DAYS] = 1u;
    image[DOSING_PROGRAMME_BYTES + DOSING_TIMED_AT_DOSE] = 100u;
    fake_put(image + DOSING_PROGRAMME_BYTES + DOSING_TIMED_AT_DURATION, 60000u, 4u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_UNSUPPORTED);
    cr_expect_eq(fake_send(&pump, 17u, NULL, 0u), DOSING_REFUSED_TYPE);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u), 300000u);
}

Test(second_telemetry, a_commit_needs_the_staged_bytes_read_back)
{
    uint8_t image[DOSING_PROGRAMME_BYTES], crc[4] = {0};
    stand_simple(&pump, 300000u);
    fake_programme(image, STAND_NG_PER_ML, 200000u);
    cr_assert_eq(fake_stage(&pump, image), DOSING_OK);
    cr_expect_eq(fake_next(&pump, DOSING_FRAME_COMMIT, crc, 4u), DOSING_REFUSED_STAGE);
    cr_assert_eq(fake_read_back(&pump, image), DOSING_OK);
    cr_expect_eq(
        memcmp(pump.hal.reply + DOSING_FRAME_HEADER_BYTES + DOSING_ACK_BYTES + DOSING_PART_AT_BYTES,
               image, sizeof image),
        0);
    cr_expect_eq(fake_next(&pump, DOSING_FRAME_COMMIT, crc, 4u), DOSING_REFUSED_STAGE);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u), 300000u);
}

/* Bytes at random, sealed and not, of every type and length; orders that happen to be accepted apart, which start nothing. */
Test(second_telemetry, random_frames_never_stop_therapy)
{
    uint64_t seed = 7u;
    stand_simple(&pump, 300000u);
    const uint64_t before = fake_pulses(&pump.hal);
    for (int i = 0; i < 20000; i++) {
        uint8_t payload[DOSING_FRAME_PAYLOAD_MAX], frame[DOSING_FRAME_BYTES_MAX];
        const uint32_t length = (uint32_t)(fake_random(&seed) % 60u);
        for (uint32_t k = 0; k < sizeof payload; k++) {
            payload[k] = (uint8_t)fake_random(&seed);
        }
        uint8_t type = (uint8_t)(fake_random(&seed) % 20u);
        if (type == DOSING_FRAME_STOP || type == DOSING_FRAME_REFILL) {
            type = DOSING_FRAME_STAGE;
        }
        pump.counter++;
        const uint32_t size = fake_frame(&pump, type, payload, length, frame);
        if (fake_random(&seed) % 2u == 0u) {
            frame[fake_random(&seed) % size] ^= (uint8_t)fake_random(&seed);
        }
        (void)fake_raw(&pump, frame, size);
        if (i % 100 == 0) {
            stand_run(&pump, 1800000u);
            (void)fake_open(&pump);
        }
    }
    const double hours = 100.0;
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), hours * 100.0, 2.0);
    cr_expect_str_empty(pump.hal.violation, "%s", pump.hal.violation);
}

Test(second_telemetry, pairing_ends_the_controller_before)
{
    const uint8_t nonce[DOSING_NONCE_BYTES] = {9, 8, 7};
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    stand_simple(&pump, 300000u);
    pump.role = DOSING_ROLE_PATIENT;
    const uint8_t mine[DOSING_NONCE_BYTES] = {1};
    pump.session = 0u;
    pump.counter++;
    const uint32_t length = fake_frame(&pump, DOSING_FRAME_OPEN, mine, sizeof mine, frame);
    pump.role = 0u;
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_PAIR, nonce, sizeof nonce), DOSING_OK);
    cr_expect_eq(fake_raw(&pump, frame, length), DOSING_REFUSED_TAG);
    const uint64_t counter = pump.counter;
    pump.counter = 0u; /* the new one's begins anew */
    cr_expect_eq(send_as(DOSING_ROLE_PATIENT, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
    pump.counter = counter;
}

/* Also those that needed no record of their own: counters are leased. */
Test(second_telemetry, no_frame_acts_again_after_a_reset)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    const uint8_t mine[DOSING_NONCE_BYTES] = {1};
    stand_simple(&pump, 300000u);
    for (uint32_t i = 0; i < 200u; i++) {
        pump.session = 0u;
        pump.counter++;
        const uint32_t length = fake_frame(&pump, DOSING_FRAME_OPEN, mine, sizeof mine, frame);
        cr_assert_eq(fake_raw(&pump, frame, length), DOSING_OK);
        if (i % 7u == 0u) { /* another role's record in between, and leases */
            pump.role = DOSING_ROLE_EMERGENCY;
            (void)fake_open(&pump);
            pump.role = 0u;
            stand_run(&pump, STAND_HOUR_MS);
        }
        const uint64_t counter = pump.counter;
        stand_reset(&pump, 1000u, 0u);
        cr_assert_eq(fake_raw(&pump, frame, length), DOSING_REFUSED_REPLAY, "frame %u", i);
        pump.counter = reply(DOSING_REFUSAL_AT_COUNTER, 8u);
        cr_assert_geq(pump.counter, counter);
    }
}
