/* SPDX-License-Identifier: Apache-2.0 */
/* The programmer's end of the wire format; written from dosing_frame.h alone, so that it checks the core's. */
#include "host/session.h"

#include <string.h>

#include "dosing_frame.h"
#include "dosing_status.h"

/* Where the programmers' nonces begin: the pump draws its own under the same key, from 0. They go by a count of their own, never
 * by the frames' counter, which a recorded refusal may take back. */
#define NONCES (UINT64_C(1) << 63)

void session_put(uint8_t *bytes, uint64_t value, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> 8u * i);
    }
}

uint64_t session_get(const uint8_t *bytes, uint32_t size)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << 8u * i;
    }
    return value;
}

const char *session_status_text(uint32_t status)
{
    static const struct {
        uint32_t status;
        const char *text;
    } rows[] = {
        {DOSING_OK, "accepted"},
        {DOSING_ERROR_ARGUMENT, "the platform gave the core a bad argument"},
        {DOSING_ERROR_FACTORY, "the factory block is damaged"},
        {DOSING_ERROR_HAL, "the pump's hardware did not answer"},
        {DOSING_ERROR_STATE, "the pump's memory failed its check; dosing is off"},
        {DOSING_REFUSED_LENGTH, "the frame has a wrong length"},
        {DOSING_REFUSED_VERSION, "the frame has another protocol version"},
        {DOSING_REFUSED_DEVICE, "the frame is for another device"},
        {DOSING_REFUSED_CRC, "the frame was damaged on its way"},
        {DOSING_REFUSED_TAG, "the frame is not authentic"},
        {DOSING_REFUSED_REPLAY, "the counter was used before"},
        {DOSING_REFUSED_SESSION, "no such session is open, or it timed out"},
        {DOSING_REFUSED_ROLE, "this role may not do that"},
        {DOSING_REFUSED_TYPE, "the core does not know this request"},
        {DOSING_REFUSED_STAGE, "nothing was staged and read back"},
        {DOSING_REFUSED_PROGRAMME, "a value is outside its range"},
        {DOSING_REFUSED_RATE, "the rate is outside the pump's or the clinician's range"},
        {DOSING_REFUSED_BOUNDS, "the rate cannot be held exactly by the pump's arithmetic"},
        {DOSING_REFUSED_LIMIT,
         "a 24-hour limit could be exceeded: raise the limit or lower the dose"},
        {DOSING_REFUSED_BUSY, "a bolus is running already"},
        {DOSING_REFUSED_VOLUME, "the reservoir cannot hold that, or holds too little"},
        {DOSING_REFUSED_ALARM, "an alarm has stopped dosing"},
        {DOSING_REFUSED_NOT_NOW, "no programme has been committed, or it has no room for this"},
        {DOSING_REFUSED_TIME, "the pump does not know local time, or the time is not of the week"},
        {DOSING_REFUSED_CHANGE,
         "drugs or concentrations change undeclared, or a change is under way"},
        {DOSING_REFUSED_LOCKOUT, "the latest patient bolus is too recent"},
        {DOSING_REFUSED_COUNT, "as many patient boluses were given as the interval or day allows"},
        {DOSING_REFUSED_PRIME,
         "this system revision was primed already, or the volume is none of it"},
        {DOSING_REFUSED_UNSUPPORTED, "this pump has no hardware for it"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == status) {
            return rows[i].text;
        }
    }
    return "a reason this programmer does not know";
}

static const char *type_name(uint8_t type)
{
    static const char *const names[] = {"request",     "open",
                                        "close",       "stage",
                                        "read-back",   "commit",
                                        "refill",      "bolus",
                                        "stop",        "interrogate",
                                        "alarm clear", "prime",
                                        "set time",    "patient request",
                                        "log",         "device",
                                        "pairing"};
    return type < sizeof names / sizeof names[0] ? names[type] : names[0];
}

void session_header(const programmer_t *p, uint8_t type, session_request_t request, uint8_t *frame)
{
    memset(frame, 0, DOSING_FRAME_HEADER_BYTES);
    frame[DOSING_FRAME_AT_VERSION] = DOSING_FRAME_VERSION;
    frame[DOSING_FRAME_AT_TYPE] = type;
    frame[DOSING_FRAME_AT_ROLE] = p->role;
    session_put(frame + DOSING_FRAME_AT_DEVICE, p->device_id, 4u);
    session_put(frame + DOSING_FRAME_AT_SESSION, p->session, 4u);
    session_put(frame + DOSING_FRAME_AT_COUNTER, p->counter, 8u);
    session_put(frame + DOSING_FRAME_AT_LENGTH, request.length, 2u);
    if (request.length > 0u) {
        memcpy(frame + DOSING_FRAME_HEADER_BYTES, request.payload, request.length);
    }
}

static int build(const programmer_t *p, uint8_t type, session_request_t request, uint8_t *frame,
                 error_t *e)
{
    const uint32_t covered = DOSING_FRAME_HEADER_BYTES + request.length;
    session_header(p, type, request, frame);
    session_put(frame + covered, seal_crc32(frame, covered), 4u);
    return seal_tag(&p->key, frame, covered + DOSING_FRAME_CRC_BYTES,
                    frame + covered + DOSING_FRAME_CRC_BYTES, e);
}

static int is_forged(const programmer_t *p, const uint8_t *reply, uint32_t length, error_t *e)
{
    uint8_t tag[SEAL_TAG_BYTES];
    const uint32_t tagged = length - DOSING_FRAME_TAG_BYTES;
    const uint32_t covered = tagged - DOSING_FRAME_CRC_BYTES;
    const int status = seal_tag(&p->key, reply, tagged, tag, e);
    if (status < 0) {
        return status;
    }
    return memcmp(tag, reply + tagged, sizeof tag) != 0 ||
           session_get(reply + covered, 4u) != seal_crc32(reply, covered);
}

/* The reply belongs to the request: everything but type and length is the request's. */
static int is_foreign(const uint8_t *frame, const uint8_t *reply, uint32_t length)
{
    return length < DOSING_FRAME_BYTES_MIN + DOSING_ACK_BYTES || length > DOSING_FRAME_BYTES_MAX ||
           session_get(reply + DOSING_FRAME_AT_LENGTH, 2u) != length - DOSING_FRAME_BYTES_MIN ||
           reply[DOSING_FRAME_AT_VERSION] != DOSING_FRAME_VERSION ||
           reply[DOSING_FRAME_AT_TYPE] != (frame[DOSING_FRAME_AT_TYPE] | DOSING_FRAME_REPLY) ||
           reply[DOSING_FRAME_AT_ROLE] != frame[DOSING_FRAME_AT_ROLE] ||
           memcmp(reply + DOSING_FRAME_AT_DEVICE, frame + DOSING_FRAME_AT_DEVICE, 16u) != 0;
}

/* Sends, and gives the status in the authentic reply (>= 0), or an error. */
static int exchange(programmer_t *p, uint8_t type, session_request_t request, uint8_t *reply,
                    uint32_t *length, error_t *e)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    p->counter++;
    int status = build(p, type, request, frame, e);
    *length = 0u;
    if (status == 0) {
        status = p->link.exchange(p->link.context, frame, DOSING_FRAME_BYTES_MIN + request.length,
                                  reply, length, e);
    }
    if (status < 0) {
        return status;
    }
    if (*length == 0u) {
        return ERROR_RAISE(e, ERROR_CORE_REFUSED, "%s: pump %u did not reply", type_name(type),
                           p->device_id);
    }
    status = is_foreign(frame, reply, *length) ? 1 : is_forged(p, reply, *length, e);
    if (status != 0) {
        return status < 0 ? status
                          : ERROR_RAISE(e, ERROR_CORE_REFUSED,
                                        "%s: the reply is not an authentic answer of pump %u",
                                        type_name(type), p->device_id);
    }
    return reply[DOSING_FRAME_HEADER_BYTES];
}

int session_refused(uint8_t type, int status, error_t *e)
{
    return ERROR_RAISE(e, ERROR_CORE_REFUSED, "%s refused: %s (status %d)", type_name(type),
                       session_status_text((uint32_t)status), status);
}

int session_try(programmer_t *p, uint8_t type, session_request_t request, session_reply_t *reply,
                error_t *e)
{
    uint8_t bytes[DOSING_FRAME_BYTES_MAX];
    uint32_t length = 0;
    const int status = exchange(p, type, request, bytes, &length, e);
    if (status < 0) {
        return status;
    }
    reply->length = length - DOSING_FRAME_BYTES_MIN;
    if (reply->payload != NULL) {
        memcpy(reply->payload, bytes + DOSING_FRAME_HEADER_BYTES, reply->length);
    }
    return status;
}

int session_ask(programmer_t *p, uint8_t type, session_request_t request, session_reply_t reply,
                error_t *e)
{
    uint8_t bytes[DOSING_FRAME_PAYLOAD_MAX];
    session_reply_t came = {bytes, 0u};
    const int status = session_try(p, type, request, &came, e);
    if (status != 0) {
        return status < 0 ? status : session_refused(type, status, e);
    }
    if (came.length != reply.length) {
        return ERROR_RAISE(e, ERROR_CORE_REFUSED, "%s: the reply has %u bytes, not %u",
                           type_name(type), came.length, reply.length);
    }
    if (reply.payload != NULL) {
        memcpy(reply.payload, bytes, reply.length);
    }
    return 0;
}

/* The reply to an open carries the nonce that asked: one recorded earlier answers another. */
static bool is_answer_to(const uint8_t *nonce, const uint8_t *reply, uint32_t length)
{
    return length == DOSING_FRAME_BYTES_MIN + DOSING_OPENED_BYTES &&
           memcmp(reply + DOSING_FRAME_HEADER_BYTES + DOSING_OPENED_AT_ECHO, nonce,
                  DOSING_NONCE_BYTES) == 0;
}

int session_open(programmer_t *p, error_t *e)
{
    uint8_t nonce[DOSING_NONCE_BYTES];
    uint8_t reply[DOSING_FRAME_BYTES_MAX];
    uint32_t length = 0;
    int status = DOSING_REFUSED_REPLAY;
    p->session = 0u;
    for (int attempt = 0; attempt < 2 && status == DOSING_REFUSED_REPLAY; attempt++) {
        status = seal_nonce(&p->key, NONCES + p->nonces++, nonce, sizeof nonce, e);
        if (status == 0) {
            const session_request_t request = {nonce, sizeof nonce};
            status = exchange(p, DOSING_FRAME_OPEN, request, reply, &length, e);
        }
        if (status == DOSING_REFUSED_REPLAY &&
            length == DOSING_FRAME_BYTES_MIN + DOSING_REFUSAL_BYTES) {
            p->counter =
                session_get(reply + DOSING_FRAME_HEADER_BYTES + DOSING_REFUSAL_AT_COUNTER, 8u);
        }
    }
    if (status != 0) {
        return status < 0 ? status : session_refused(DOSING_FRAME_OPEN, status, e);
    }
    if (!is_answer_to(nonce, reply, length)) {
        return ERROR_RAISE(e, ERROR_CORE_REFUSED,
                           "open: the reply of pump %u does not answer this nonce: a recorded one",
                           p->device_id);
    }
    p->session =
        (uint32_t)session_get(reply + DOSING_FRAME_HEADER_BYTES + DOSING_OPENED_AT_SESSION, 4u);
    return 0;
}

int session_close(programmer_t *p, int status, error_t *e)
{
    const session_reply_t ack = {NULL, DOSING_ACK_BYTES};
    const int closed = session_ask(p, DOSING_FRAME_CLOSE, (session_request_t){NULL, 0u}, ack,
                                   status < 0 ? NULL : e);
    p->session = 0u;
    return status < 0 ? status : closed;
}
