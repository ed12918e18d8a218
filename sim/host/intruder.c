/* SPDX-License-Identifier: Apache-2.0 */
/* Frames that nobody should send. */
#include "host/intruder.h"

#include <string.h>

#include "dosing_status.h"

#include "host/session.h"

/* Programmers' nonces are counted from 0. */
#define NONCES (UINT64_C(1) << 40)
#define ROOM (DOSING_FRAME_BYTES_MAX + 1u)

void intruder_init(intruder_t *in, implant_t *im)
{
    const programmer_link_t air = {.context = im, .exchange = implant_exchange};
    for (uint32_t role = 0; role <= IMPLANT_ROLES; role++) {
        const uint32_t key = role == 0u ? DOSING_ROLE_CLINICIAN : role;
        programmer_init(&in->end[role], implant_serial(im), &im->key[key - 1u], &air);
        in->end[role].role = (uint8_t)role;
        in->end[role].nonces = NONCES * (1u + role);
    }
}

/* The patient's key is another after a pairing. */
static programmer_t *end_of(intruder_t *in, uint8_t role)
{
    programmer_t *end = &in->end[role];
    const implant_t *im = end->link.context;
    end->key = im->key[role == 0u ? 0u : role - 1u];
    return end;
}

/* One exchange; of the reply its status, and of a replay's refusal the counter. */
static int exchange(programmer_t *end, const uint8_t *bytes, uint32_t length, int *status,
                    uint64_t *counter, error_t *e)
{
    uint8_t reply[DOSING_FRAME_BYTES_MAX];
    const uint8_t *payload = reply + DOSING_FRAME_HEADER_BYTES;
    uint32_t came = 0;
    const int code = end->link.exchange(end->link.context, bytes, length, reply, &came, e);
    *status = came > DOSING_FRAME_HEADER_BYTES ? payload[0] : INTRUDER_SILENCE;
    if (*status == DOSING_REFUSED_REPLAY) {
        *counter = session_get(payload + DOSING_REFUSAL_AT_COUNTER, 8u);
    }
    return code;
}

int intruder_send_bytes(intruder_t *in, const uint8_t *bytes, uint32_t length, int *status,
                        error_t *e)
{
    uint64_t counter;
    return exchange(&in->end[0], bytes, length, status, &counter, e);
}

/* What is wrong before the sums are made over it. */
static void spoil_header(uint8_t *frame, const intruder_frame_t *f)
{
    switch ((int)f->wrong) {
    case INTRUDER_VERSION:
        frame[DOSING_FRAME_AT_VERSION]++;
        break;
    case INTRUDER_RESERVED:
        frame[DOSING_FRAME_AT_ZERO2] = 1u;
        break;
    case INTRUDER_DEVICE:
        frame[DOSING_FRAME_AT_DEVICE] ^= 1u;
        break;
    case INTRUDER_LENGTH:
        session_put(frame + DOSING_FRAME_AT_LENGTH, f->length + 1u, 2u);
        break;
    case INTRUDER_SESSION:
        frame[DOSING_FRAME_AT_SESSION] ^= 1u;
        break;
    default:
        break;
    }
}

/* And after. Gives the frame's length. */
static uint32_t spoil_whole(uint8_t *frame, uint32_t length, intruder_wrong_t wrong, draw_t *draw)
{
    uint32_t bit;
    switch ((int)wrong) {
    case INTRUDER_TAG:
        frame[length - 1u] ^= 1u;
        return length;
    case INTRUDER_TRUNCATED:
        return length - 1u;
    case INTRUDER_EXTENDED:
        frame[length] = 0u;
        return length + 1u;
    case INTRUDER_FLIP:
        bit = (uint32_t)(draw_uniform(draw) * 8.0 * length);
        frame[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
        return length;
    case INTRUDER_NOISE:
        for (uint32_t i = 0; i < length; i++) {
            frame[i] = (uint8_t)draw_bits(draw);
        }
        return length;
    default:
        return length;
    }
}

/* Counters rise with each frame but for what is wrong with it. */
static uint64_t counter_of(const programmer_t *end, intruder_wrong_t wrong)
{
    switch ((int)wrong) {
    case INTRUDER_COUNTER_USED:
        return end->counter;
    case INTRUDER_COUNTER_FAR:
        return end->counter + DOSING_COUNTER_STEP_MAX + 1u;
    default:
        return end->counter + 1u;
    }
}

/* Whether the pump takes the frame's counter as used: it is authentic, and new. */
static bool is_used(intruder_wrong_t wrong)
{
    return wrong == INTRUDER_NOTHING || wrong == INTRUDER_SESSION;
}

/* Its CRC and tag are made over what it then is. */
static int make(const programmer_t *end, const intruder_frame_t *f, uint8_t *frame, error_t *e)
{
    programmer_t as = *end;
    const session_request_t request = {f->payload, f->length};
    as.counter = counter_of(end, f->wrong);
    as.session = f->session == INTRUDER_NONE ? 0u : as.session;
    as.key.bytes[0] ^= f->wrong == INTRUDER_KEY ? 1u : 0u;
    session_header(&as, f->type, request, frame);
    spoil_header(frame, f);
    const uint32_t covered = DOSING_FRAME_HEADER_BYTES + f->length;
    session_put(frame + covered, seal_crc32(frame, covered) ^ (f->wrong == INTRUDER_CRC), 4u);
    return seal_tag(&as.key, frame, covered + DOSING_FRAME_CRC_BYTES,
                    frame + covered + DOSING_FRAME_CRC_BYTES, e);
}

static int send_once(programmer_t *end, const intruder_frame_t *f, draw_t *draw, int *status,
                     error_t *e)
{
    uint8_t frame[ROOM];
    const int code = make(end, f, frame, e);
    if (code != 0) {
        return code;
    }
    end->counter += is_used(f->wrong) ? 1u : 0u;
    const uint32_t length = spoil_whole(frame, DOSING_FRAME_BYTES_MIN + f->length, f->wrong, draw);
    return exchange(end, frame, length, status, &end->counter, e);
}

/* Outside a session the counter may be behind: it is taken up from the refusal. */
static int send_it(programmer_t *end, const intruder_frame_t *f, draw_t *draw, int *status,
                   error_t *e)
{
    int code = send_once(end, f, draw, status, e);
    if (code == 0 && *status == DOSING_REFUSED_REPLAY && is_used(f->wrong)) {
        code = send_once(end, f, draw, status, e);
    }
    return code;
}

/* A pump that refuses is no error of the simulator's. */
static int bear(int code, const error_t *refusal, error_t *e)
{
    return code == 0 || code == ERROR_CORE_REFUSED ? 0 : ERROR_RAISE(e, code, "%s", refusal->text);
}

int intruder_send(intruder_t *in, const intruder_frame_t *frame, draw_t *draw, int *status,
                  error_t *e)
{
    programmer_t *end = end_of(in, frame->role);
    error_t refusal = {0};
    int code = 0;
    *status = INTRUDER_SILENCE;
    if (frame->session == INTRUDER_OWN || frame->session == INTRUDER_OPENED) {
        code = bear(session_open(end, &refusal), &refusal, e);
    }
    code = code != 0 ? code : send_it(end, frame, draw, status, e);
    if (code == 0 && frame->session == INTRUDER_OWN) {
        code = bear(session_close(end, 0, &refusal), &refusal, e);
    }
    return code;
}
