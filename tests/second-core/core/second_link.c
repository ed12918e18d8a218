/* SPDX-License-Identifier: Apache-2.0 */
/* The device's end of telemetry. */
#include "second_link.h"

#include <stddef.h>

#include "second_bytes.h"
#include "second_cell.h"
#include "second_order.h"
#include "second_store.h"

#define COUNTER_LEASE 64u /* frames that one record answers for */

static uint64_t field(const uint8_t *frame, uint32_t at, uint32_t size)
{
    return second_bytes_get(frame + at, size);
}

/* ---- what is dropped ------------------------------------------------------------------------------------------------------ */

static uint32_t tag_is_good(const dosing_state_t *s, const uint8_t *frame, uint32_t length)
{
    uint8_t tag[DOSING_FRAME_TAG_BYTES];
    const uint32_t covered = length - DOSING_FRAME_TAG_BYTES;
    uint32_t differs = 0;
    if (s->hal->authenticate(s->context, frame[DOSING_FRAME_AT_ROLE], frame, covered, tag) !=
        DOSING_HAL_OK) {
        return 0;
    }
    for (uint32_t i = 0; i < DOSING_FRAME_TAG_BYTES; i++) {
        differs |= (uint32_t)(tag[i] ^ frame[covered + i]);
    }
    return differs == 0u ? 1u : 0u;
}

static dosing_status_t check_frame(const dosing_state_t *s, const uint8_t *frame, uint32_t length)
{
    if (length < DOSING_FRAME_BYTES_MIN || length > DOSING_FRAME_BYTES_MAX ||
        field(frame, DOSING_FRAME_AT_LENGTH, 2u) != length - DOSING_FRAME_BYTES_MIN) {
        return DOSING_REFUSED_LENGTH;
    }
    if (frame[DOSING_FRAME_AT_VERSION] != DOSING_FRAME_VERSION ||
        frame[DOSING_FRAME_AT_ZERO] != 0u || field(frame, DOSING_FRAME_AT_ZERO2, 2u) != 0u) {
        return DOSING_REFUSED_VERSION;
    }
    if (field(frame, DOSING_FRAME_AT_DEVICE, 4u) != s->factory.device_id) {
        return DOSING_REFUSED_DEVICE;
    }
    const uint32_t covered = length - DOSING_FRAME_TAG_BYTES - DOSING_FRAME_CRC_BYTES;
    if (field(frame, covered, 4u) != second_bytes_crc(frame, covered)) {
        return DOSING_REFUSED_CRC;
    }
    const uint32_t role = frame[DOSING_FRAME_AT_ROLE];
    return role < 1u || role > DOSING_ROLES || tag_is_good(s, frame, length) == 0u
               ? DOSING_REFUSED_TAG
               : DOSING_OK;
}

/* ---- what is answered ----------------------------------------------------------------------------------------------------- */

static void answer(const dosing_state_t *s, const uint8_t *request, const uint8_t *payload,
                   uint32_t length)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    uint32_t at = DOSING_FRAME_HEADER_BYTES;
    for (uint32_t i = 0; i < DOSING_FRAME_HEADER_BYTES; i++) {
        frame[i] = request[i];
    }
    frame[DOSING_FRAME_AT_TYPE] = (uint8_t)(request[DOSING_FRAME_AT_TYPE] | DOSING_FRAME_REPLY);
    second_bytes_put(frame + DOSING_FRAME_AT_LENGTH, length, 2u);
    for (uint32_t i = 0; i < length; i++) {
        frame[at++] = payload[i];
    }
    second_bytes_put(frame + at, second_bytes_crc(frame, at), 4u);
    at += DOSING_FRAME_CRC_BYTES;
    if (s->hal->authenticate(s->context, frame[DOSING_FRAME_AT_ROLE], frame, at, frame + at) ==
        DOSING_HAL_OK) {
        (void)s->hal->transmit(s->context, frame, at + DOSING_FRAME_TAG_BYTES);
    }
}

static dosing_status_t refuse(dosing_state_t *s, const uint8_t *frame, dosing_status_t why)
{
    uint8_t payload[DOSING_REFUSAL_BYTES] = {0};
    const uint32_t role = frame[DOSING_FRAME_AT_ROLE];
    payload[0] = (uint8_t)why;
    second_bytes_put(payload + DOSING_REFUSAL_AT_COUNTER, s->kept.course.counter[role - 1u], 8u);
    s->link.refused = second_state_add(s->link.refused, 1u);
    answer(s, frame, payload, sizeof payload);
    return why;
}

/* A counter is used up by any authentic frame above it, whatever comes of that. It is leased: a record answers for as many
 * frames, and after a reset they all count as used. */
static uint32_t is_fresh(dosing_state_t *s, const uint8_t *frame)
{
    const uint32_t role = frame[DOSING_FRAME_AT_ROLE] - 1u;
    const uint64_t counter = field(frame, DOSING_FRAME_AT_COUNTER, 8u);
    uint64_t *last = &s->kept.course.counter[role];
    if (counter <= *last || counter - *last > DOSING_COUNTER_STEP_MAX) {
        return 0;
    }
    const uint64_t before = s->link.leased[role];
    if (counter > before) {
        s->link.leased[role] =
            counter < UINT64_MAX - COUNTER_LEASE ? counter + COUNTER_LEASE : UINT64_MAX;
        s->link.leased[role] = second_store_record(s) == DOSING_OK ? s->link.leased[role] : before;
    }
    *last = counter;
    return 1;
}

/* ---- sessions --------------------------------------------------------------------------------------------------------------- */

static void end_session(second_link_t *l)
{
    l->session = 0;
    l->staged = 0;
    l->read = 0;
}

static dosing_status_t open(dosing_state_t *s, second_order_t *o, uint32_t role)
{
    uint8_t *nonce = o->reply + DOSING_OPENED_AT_NONCE;
    end_session(&s->link);
    if (s->hal->nonce(s->context, nonce, DOSING_NONCE_BYTES) != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    const uint32_t drawn = (uint32_t)second_bytes_get(nonce, 4u);
    s->link.session = drawn != 0u ? drawn : 1u;
    s->link.role = role;
    second_bytes_put(o->reply + DOSING_OPENED_AT_SESSION, s->link.session, 4u);
    for (uint32_t i = 0; i < DOSING_NONCE_BYTES; i++) {
        o->reply[DOSING_OPENED_AT_ECHO + i] = o->bytes[i];
    }
    o->reply_length = DOSING_OPENED_BYTES;
    return DOSING_OK;
}

static dosing_status_t check_session(dosing_state_t *s, const uint8_t *frame, uint64_t now_ms)
{
    const uint32_t session = (uint32_t)field(frame, DOSING_FRAME_AT_SESSION, 4u);
    if (frame[DOSING_FRAME_AT_TYPE] == DOSING_FRAME_OPEN) {
        return session == 0u ? DOSING_OK : DOSING_REFUSED_SESSION;
    }
    if (s->link.session != 0u && now_ms >= s->link.used_ms + DOSING_SESSION_MS) {
        end_session(&s->link);
    }
    return session == 0u || session != s->link.session ||
                   frame[DOSING_FRAME_AT_ROLE] != s->link.role
               ? DOSING_REFUSED_SESSION
               : DOSING_OK;
}

static dosing_status_t check_kind(const uint8_t *frame, uint32_t length)
{
    const second_order_kind_t *kind = second_order_kind(frame[DOSING_FRAME_AT_TYPE]);
    if (kind == NULL || length < kind->least || length > kind->most) {
        return DOSING_REFUSED_TYPE;
    }
    return (kind->roles >> (frame[DOSING_FRAME_AT_ROLE] - 1u) & 1u) == 0u ? DOSING_REFUSED_ROLE
                                                                          : DOSING_OK;
}

static dosing_status_t act(dosing_state_t *s, const uint8_t *frame, second_order_t *o)
{
    switch (frame[DOSING_FRAME_AT_TYPE]) {
    case DOSING_FRAME_OPEN:
        return open(s, o, frame[DOSING_FRAME_AT_ROLE]);
    case DOSING_FRAME_CLOSE:
        end_session(&s->link);
        return DOSING_OK;
    default:
        return second_order_kind(frame[DOSING_FRAME_AT_TYPE])->act(s, o);
    }
}

static dosing_status_t carry_out(dosing_state_t *s, const uint8_t *frame, uint64_t now_ms)
{
    uint8_t reply[DOSING_FRAME_PAYLOAD_MAX] = {0};
    second_order_t order = {.bytes = frame + DOSING_FRAME_HEADER_BYTES,
                            .length = (uint32_t)field(frame, DOSING_FRAME_AT_LENGTH, 2u),
                            .reply = reply,
                            .reply_length = DOSING_ACK_BYTES,
                            .now_ms = now_ms};
    dosing_status_t status = check_kind(frame, order.length);
    if (status == DOSING_OK) {
        status = check_session(s, frame, now_ms);
    }
    if (status == DOSING_OK) {
        status = act(s, frame, &order);
    }
    if (status != DOSING_OK) {
        return refuse(s, frame, status);
    }
    s->link.used_ms = now_ms;
    answer(s, frame, reply, order.reply_length);
    return DOSING_OK;
}

dosing_status_t second_link_receive(dosing_state_t *s, const uint8_t *frame, uint32_t length,
                                    uint64_t now_ms)
{
    const dosing_status_t status = check_frame(s, frame, length);
    second_cell_spend(s, s->factory.frame_nc);
    if (status != DOSING_OK) {
        s->link.refused = second_state_add(s->link.refused, 1u);
        return status;
    }
    return is_fresh(s, frame) != 0u ? carry_out(s, frame, now_ms)
                                    : refuse(s, frame, DOSING_REFUSED_REPLAY);
}
