/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-LINK: frames that are forged, torn, replayed or misdirected change nothing but counters. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_state.h"
#include "fake_hal.h"

static fake_pump_t pump;

static fake_pump_t *start(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 7654321u);
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    return &pump;
}

/* The state without what a refused frame may change. */
static void without_counters(uint8_t *bytes, const fake_pump_t *p)
{
    memcpy(bytes, p->state, sizeof(dosing_state_t));
    memset(bytes + offsetof(dosing_state_t, counters), 0, sizeof(dosing_counters_t));
    memset(bytes + offsetof(dosing_state_t, medium), 0, sizeof(dosing_medium_t));
    memset(bytes + offsetof(dosing_state_t, medium_not), 0, sizeof(dosing_medium_t));
}

static bool unchanged(const uint8_t *before, const fake_pump_t *p)
{
    uint8_t after[sizeof(dosing_state_t)];
    without_counters(after, p);
    return memcmp(before, after, sizeof after) == 0;
}

static uint32_t bolus_frame(fake_pump_t *p, uint8_t *frame)
{
    uint8_t bytes[DOSING_BOLUS_BYTES] = {0};
    fake_put(bytes + DOSING_BOLUS_AT_DOSE, 5000u, 8u);
    fake_put(bytes + DOSING_BOLUS_AT_DURATION, 600000u, 4u);
    p->counter++;
    return fake_frame(p, DOSING_FRAME_BOLUS, bytes, sizeof bytes, frame);
}

/* REQ-LINK-01 */
Test(frame, every_single_bit_flip_is_refused)
{
    fake_pump_t *p = start();
    uint8_t before[sizeof(dosing_state_t)];
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    const uint32_t length = bolus_frame(p, frame);
    without_counters(before, p);
    for (uint32_t bit = 0; bit < length * 8u; bit++) {
        frame[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
        cr_assert_neq(fake_raw(p, frame, length), DOSING_OK, "bit %u", bit);
        cr_assert(unchanged(before, p), "bit %u changed the state", bit);
        cr_assert_eq(p->hal.reply_length, 0u, "bit %u was answered", bit);
        frame[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
    }
    cr_expect_eq(fake_raw(p, frame, length), DOSING_OK, "the frame itself is good");
}

/* REQ-LINK-01: a flip with the CRC made good again is caught by the tag. */
Test(frame, every_flip_with_a_good_crc_is_refused)
{
    fake_pump_t *p = start();
    uint8_t before[sizeof(dosing_state_t)];
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    uint8_t forged[DOSING_FRAME_BYTES_MAX];
    const uint32_t length = bolus_frame(p, frame);
    const uint32_t covered = length - DOSING_FRAME_CRC_BYTES - DOSING_FRAME_TAG_BYTES;
    without_counters(before, p);
    for (uint32_t bit = 0; bit < covered * 8u; bit++) {
        memcpy(forged, frame, sizeof frame);
        forged[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
        fake_put(forged + covered, dosing_crc(forged, covered), 4u);
        cr_assert_neq(fake_raw(p, forged, length), DOSING_OK, "bit %u", bit);
        cr_assert(unchanged(before, p), "bit %u changed the state", bit);
    }
}

/* REQ-LINK-02 */
Test(frame, every_truncation_and_extension_is_refused)
{
    fake_pump_t *p = start();
    uint8_t before[sizeof(dosing_state_t)];
    uint8_t frame[2u * DOSING_FRAME_BYTES_MAX] = {0};
    const uint32_t good = bolus_frame(p, frame);
    without_counters(before, p);
    for (uint32_t length = 0; length <= 2u * DOSING_FRAME_BYTES_MAX; length++) {
        if (length != good) {
            cr_assert_eq(fake_raw(p, frame, length), DOSING_REFUSED_LENGTH, "length %u", length);
            cr_assert(unchanged(before, p), "length %u changed the state", length);
        }
    }
    cr_expect_eq(fake_raw(p, NULL, 100u), DOSING_REFUSED_LENGTH);
}

/* REQ-LINK-02: authentic frames of every type with every payload length but their own. */
Test(frame, every_authentic_frame_of_another_length_is_refused)
{
    static const struct {
        uint32_t least, most;
    } own[] = {[DOSING_FRAME_OPEN] = {DOSING_NONCE_BYTES, DOSING_NONCE_BYTES},
               [DOSING_FRAME_STAGE] = {DOSING_PART_AT_BYTES + 1u,
                                       DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX},
               [DOSING_FRAME_READ_BACK] = {4u, 4u},
               [DOSING_FRAME_COMMIT] = {4u, 4u},
               [DOSING_FRAME_REFILL] = {4u, 4u},
               [DOSING_FRAME_BOLUS] = {DOSING_BOLUS_BYTES, DOSING_BOLUS_BYTES},
               [DOSING_FRAME_ALARM_CLEAR] = {4u, 4u},
               [DOSING_FRAME_PRIME] = {DOSING_PRIME_BYTES, DOSING_PRIME_BYTES},
               [DOSING_FRAME_SET_TIME] = {4u, 4u},
               [DOSING_FRAME_REQUEST] = {0u, 0u},
               [DOSING_FRAME_LOG] = {8u, 8u},
               [DOSING_FRAME_DEVICE] = {0u, 0u},
               [DOSING_FRAME_PAIR] = {DOSING_NONCE_BYTES, DOSING_NONCE_BYTES}};
    static const uint8_t payload[DOSING_FRAME_PAYLOAD_MAX];
    fake_pump_t *p = start();
    uint8_t before[sizeof(dosing_state_t)];
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    without_counters(before, p);
    for (uint32_t type = 0; type < 256u; type++) {
        for (uint32_t length = 0; length <= DOSING_FRAME_PAYLOAD_MAX; length++) {
            const bool known = type >= DOSING_FRAME_OPEN && type < sizeof own / sizeof own[0];
            if (known && length >= own[type].least && length <= own[type].most) {
                continue;
            }
            p->counter++;
            const uint32_t bytes = fake_frame(p, (uint8_t)type, payload, length, frame);
            cr_assert_eq(fake_raw(p, frame, bytes), DOSING_REFUSED_TYPE, "type %u length %u", type,
                         length);
            cr_assert(unchanged(before, p), "type %u length %u changed the state", type, length);
        }
    }
}

/* REQ-LINK-03 */
Test(frame, a_replay_is_refused_and_told_the_last_counter)
{
    fake_pump_t *p = start();
    uint8_t before[sizeof(dosing_state_t)];
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    const uint32_t length = bolus_frame(p, frame);
    cr_assert_eq(fake_raw(p, frame, length), DOSING_OK);
    without_counters(before, p);
    cr_expect_eq(fake_raw(p, frame, length), DOSING_REFUSED_REPLAY);
    cr_expect(unchanged(before, p));
    const uint8_t *payload = p->hal.reply + DOSING_FRAME_HEADER_BYTES;
    cr_expect_eq(fake_get(payload + DOSING_REFUSAL_AT_COUNTER, 8u), p->counter);
}

/* REQ-LINK-03: a frame recorded but never delivered is dead in the next session. */
Test(frame, a_frame_of_an_earlier_session_is_refused)
{
    fake_pump_t *p = start();
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    p->counter += 10u;
    const uint32_t length = bolus_frame(p, frame);
    p->counter -= 10u;
    cr_assert_eq(fake_open(p), DOSING_OK);
    cr_expect_eq(fake_raw(p, frame, length), DOSING_REFUSED_SESSION);
}

/* REQ-LINK-04, REQ-TELEMETRY-02 */
Test(frame, a_session_times_out)
{
    fake_pump_t *p = start();
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    fake_pump_run(p, p->hal.now_ms + DOSING_SESSION_MS);
    const uint32_t length = bolus_frame(p, frame);
    cr_expect_eq(fake_raw(p, frame, length), DOSING_REFUSED_SESSION);
}

/* REQ-LINK-05 */
Test(frame, the_patient_may_not_order)
{
    fake_pump_t *p = start();
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    const uint32_t length = bolus_frame(p, frame);
    const uint32_t covered = length - 20u;
    uint8_t before[sizeof(dosing_state_t)];
    without_counters(before, p);
    frame[DOSING_FRAME_AT_ROLE] = DOSING_ROLE_PATIENT;
    fake_put(frame + covered, dosing_crc(frame, covered), 4u);
    fake_tag(&p->hal, DOSING_ROLE_PATIENT, frame, covered + 4u, frame + covered + 4u);
    cr_expect_eq(fake_raw(p, frame, length), DOSING_REFUSED_ROLE);
    cr_expect(unchanged(before, p));
}

/* REQ-LINK-05: nor speak in the clinician's session. */
Test(frame, a_session_belongs_to_the_role_that_opened_it)
{
    fake_pump_t *p = start();
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    p->counter++;
    const uint32_t covered = fake_frame(p, DOSING_FRAME_INTERROGATE, NULL, 0u, frame) - 20u;
    frame[DOSING_FRAME_AT_ROLE] = DOSING_ROLE_PATIENT;
    fake_put(frame + covered, dosing_crc(frame, covered), 4u);
    fake_tag(&p->hal, DOSING_ROLE_PATIENT, frame, covered + 4u, frame + covered + 4u);
    cr_expect_eq(fake_raw(p, frame, covered + 20u), DOSING_REFUSED_SESSION);
}

/* REQ-LINK-06 */
Test(frame, commit_needs_the_staged_bytes_read_back)
{
    fake_pump_t *p = start();
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    uint8_t crc[4];
    fake_programme(programme, 500000u, 300000u);
    fake_put(crc, dosing_crc(programme, sizeof programme), 4u);
    cr_expect_eq(fake_send(p, DOSING_FRAME_COMMIT, crc, 4u), DOSING_REFUSED_STAGE,
                 "nothing staged");
    cr_assert_eq(fake_open(p), DOSING_OK);
    cr_expect_eq(fake_read_back(p, programme), DOSING_REFUSED_STAGE);
    cr_expect_eq(fake_stage(p, programme), DOSING_OK);
    cr_expect_eq(fake_next(p, DOSING_FRAME_COMMIT, crc, 4u), DOSING_REFUSED_STAGE, "not read back");
    cr_expect_eq(fake_read_back(p, programme), DOSING_OK);
    crc[0] ^= 1u;
    cr_expect_eq(fake_next(p, DOSING_FRAME_COMMIT, crc, 4u), DOSING_REFUSED_STAGE, "another CRC");
    cr_expect_eq(fake_report(p, DOSING_REPORT_AT_DOSE, 8u), 150000u, "staged is not running");
    crc[0] ^= 1u;
    cr_expect_eq(fake_send(p, DOSING_FRAME_COMMIT, crc, 4u), DOSING_REFUSED_STAGE,
                 "staged in an earlier session");
    cr_expect_eq(fake_simple(p, 500000u, 300000u), DOSING_OK);
    cr_expect_eq(fake_next(p, DOSING_FRAME_COMMIT, crc, 4u), DOSING_REFUSED_STAGE, "once only");
    cr_expect_eq(fake_report(p, DOSING_REPORT_AT_DOSE, 8u), 300000u);
}

/* REQ-LINK-07 */
Test(frame, reserved_bytes_of_a_programme_must_be_zero)
{
    fake_pump_t *p = start();
    uint8_t programme[DOSING_IMAGE_BYTES_MAX] = {0};
    static const uint32_t reserved[] = {2u, 3u, 21u, 23u, 48u, 127u, 136u, 151u};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        fake_programme(programme, 500000u, 300000u);
        programme[reserved[i]] = 1u;
        cr_expect_eq(fake_commit(p, programme), DOSING_REFUSED_PROGRAMME, "byte %u", reserved[i]);
    }
}

/* REQ-LINK-08, REQ-TELEMETRY-01: 20 000 random frames, half with a good outside; seed fixed. */
Test(frame, random_bytes_never_stop_therapy)
{
    fake_pump_t *p = start();
    uint64_t seed = 99u;
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    uint8_t payload[DOSING_FRAME_PAYLOAD_MAX];
    const uint64_t before = fake_pulses(&p->hal);
    for (int i = 0; i < 20000; i++) {
        for (uint32_t j = 0; j < sizeof payload; j++) {
            payload[j] = (uint8_t)fake_random(&seed);
        }
        p->counter++;
        const uint8_t type = (uint8_t)(DOSING_FRAME_PAIR + 1u + fake_random(&seed) % 100u);
        const uint32_t length = fake_frame(
            p, type, payload, (uint32_t)(fake_random(&seed) % DOSING_FRAME_PAYLOAD_MAX), frame);
        if (i % 2 == 0) {
            frame[fake_random(&seed) % length] ^= 0x10u;
        }
        cr_assert_neq(fake_raw(p, frame, length), DOSING_OK, "frame %d", i);
    }
    fake_pump_run(p, p->hal.now_ms + 86400000u);
    cr_expect_float_eq((double)(fake_pulses(&p->hal) - before), 1200.0, 1.1);
}

/* REQ-LINK-10: a genuine frame at the end of all counters, and at the end of a step. */
Test(frame, a_counter_far_ahead_is_refused_and_locks_nobody_out)
{
    fake_pump_t *p = start();
    const uint64_t last = p->counter;
    p->counter = UINT64_MAX - 1u;
    cr_expect_eq(fake_open(p), DOSING_REFUSED_REPLAY);
    cr_expect_eq(fake_get(p->hal.reply + DOSING_FRAME_HEADER_BYTES + DOSING_REFUSAL_AT_COUNTER, 8u),
                 last);
    p->counter = last + DOSING_COUNTER_STEP_MAX;
    cr_expect_eq(fake_open(p), DOSING_REFUSED_REPLAY, "a step too far by one");
    p->counter = last + DOSING_COUNTER_STEP_MAX - 1u;
    cr_expect_eq(fake_open(p), DOSING_OK);
    cr_expect_eq(fake_next(p, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
}

/* REQ-LINK-11 */
Test(frame, an_open_is_answered_with_the_nonce_that_asked)
{
    fake_pump_t *p = start();
    uint8_t nonce[DOSING_NONCE_BYTES];
    for (uint32_t i = 0; i < sizeof nonce; i++) {
        nonce[i] = (uint8_t)(0xA5u + 37u * i);
    }
    p->session = 0u;
    cr_assert_eq(fake_next(p, DOSING_FRAME_OPEN, nonce, sizeof nonce), DOSING_OK);
    const uint8_t *opened = p->hal.reply + DOSING_FRAME_HEADER_BYTES;
    cr_expect_eq(memcmp(opened + DOSING_OPENED_AT_ECHO, nonce, sizeof nonce), 0);
    cr_expect_neq(memcmp(opened + DOSING_OPENED_AT_NONCE, nonce, sizeof nonce), 0);
}

static const uint8_t golden_open[] = {0x03, 0x01, 0x01, 0x00, 0x67, 0x12, 0x00, 0x00, 0x00,
                                      0x00, 0x00, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x00, 0x00,
                                      0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x01, 0x02, 0x03};

/* REQ-LINK-09: the header's bytes, written out. */
Test(frame, golden_header_of_open_and_its_reply)
{
    fake_pump_t *p = start();
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    const uint8_t nonce[DOSING_NONCE_BYTES] = {1, 2, 3};
    p->counter = 42u;
    p->session = 0u;
    const uint32_t length = fake_frame(p, DOSING_FRAME_OPEN, nonce, sizeof nonce, frame);
    cr_expect_eq(memcmp(frame, golden_open, sizeof golden_open), 0);
    cr_expect_eq(fake_raw(p, frame, length), DOSING_OK);
    static const uint8_t reply[] = {0x03, 0x81, 0x01, 0x00, 0x67, 0x12, 0x00, 0x00, 0x00, 0x00,
                                    0x00, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                    0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};
    cr_expect_eq(memcmp(p->hal.reply, reply, sizeof reply), 0);
    cr_expect_eq(p->hal.reply_length, 84u);
}

/* REQ-LINK-09, REQ-DEVICE-01: reply lengths by type are part of the format. */
Test(frame, golden_reply_lengths)
{
    fake_pump_t *p = start();
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    uint8_t word[4] = {0};
    fake_programme(programme, 500000u, 200000u);
    cr_assert_eq(fake_commit(p, programme), DOSING_OK);
    cr_expect_eq(p->hal.reply_length, 48u, "commit");
    cr_expect_eq(fake_send(p, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
    cr_expect_eq(p->hal.reply_length, 240u, "interrogate");
    cr_expect_eq(fake_send(p, DOSING_FRAME_DEVICE, NULL, 0u), DOSING_OK);
    cr_expect_eq(p->hal.reply_length, 112u, "device");
    cr_expect_eq(fake_send(p, DOSING_FRAME_ALARM_CLEAR, word, 4u), DOSING_OK);
    cr_expect_eq(p->hal.reply_length, 48u, "alarm clear");
    cr_expect_eq(fake_send(p, DOSING_FRAME_CLOSE, NULL, 0u), DOSING_OK);
    cr_expect_eq(p->hal.reply_length, 48u, "close");
    cr_expect_eq(fake_send(p, DOSING_FRAME_REFILL, programme, 5u), DOSING_REFUSED_TYPE);
    cr_expect_eq(p->hal.reply_length, 56u, "refusal");
}
