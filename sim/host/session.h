/* SPDX-License-Identifier: Apache-2.0 */
/* One telemetry session as the programmer sees it: frames out, authentic replies in. */
#ifndef HOST_SESSION_H
#define HOST_SESSION_H

#include <stddef.h>

#include "host/programmer.h"

typedef struct session_request_t {
    const uint8_t *payload; /* borrowed; NULL where length is 0 */
    uint32_t length;
} session_request_t;

typedef struct session_reply_t {
    uint8_t *payload; /* filled on success, or NULL */
    uint32_t length;  /* that the payload must have, or has */
} session_reply_t;

/* Opens a session; takes up the device's counter where the programmer's is behind. ERROR_CORE_REFUSED, ERROR_LIBRARY,
 * or the link's error. */
int session_open(programmer_t *p, error_t *e) __attribute__((warn_unused_result));

/* Sends one request and checks its reply: device, type, session, counter, CRC, tag, status, length. The same errors. */
int session_ask(programmer_t *p, uint8_t type, session_request_t request, session_reply_t reply,
                error_t *e) __attribute__((warn_unused_result));

/* The same where a refusal is an answer too: gives the reply's dosing_status_t (>= 0), or an error. reply->payload is NULL or
 * has DOSING_FRAME_PAYLOAD_MAX bytes; reply->length becomes that of what came, which the caller checks. */
int session_try(programmer_t *p, uint8_t type, session_request_t request, session_reply_t *reply,
                error_t *e) __attribute__((warn_unused_result));

/* ERROR_CORE_REFUSED: names the request and the status. */
int session_refused(uint8_t type, int status, error_t *e);

/* Closes the session and returns `status` if that is an error (the session is closed all the same), else the close's. */
int session_close(programmer_t *p, int status, error_t *e) __attribute__((warn_unused_result));

/* The beginning of a frame with *p's session and counter, up to its sums: header and payload into frame[DOSING_FRAME_BYTES_MAX]. */
void session_header(const programmer_t *p, uint8_t type, session_request_t request, uint8_t *frame);

/* Little-endian integers of 1..8 bytes. */
void session_put(uint8_t *bytes, uint64_t value, uint32_t size);
uint64_t session_get(const uint8_t *bytes, uint32_t size);

/* A dosing_status_t in words; never NULL; static storage. */
const char *session_status_text(uint32_t status);

#endif
