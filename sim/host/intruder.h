/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever speaks the wire format without being meant to: frames in any session or none, whole or spoiled, with any request in them.
 *
 * It holds the keys that the implant holds, so that a frame can be wrong in one thing alone. Its air loses nothing. Each role has a
 * programmer of its own here, whose nonces lie apart from those of the programmers that are meant to be, and whose counter is
 * taken up from the pump at an open.
 *
 * Thread rule: an intruder_t belongs to one pump, hence to one thread at a time.
 */
#ifndef HOST_INTRUDER_H
#define HOST_INTRUDER_H

#include <stdint.h>

#include "dosing_frame.h"

#include "draw.h"
#include "error.h"
#include "host/implant.h"
#include "host/programmer.h"

/* What is wrong with a frame; all else of it is right. */
typedef enum intruder_wrong_t {
    INTRUDER_NOTHING = 0,
    INTRUDER_VERSION,      /* of another protocol */
    INTRUDER_RESERVED,     /* a field that is to be zero is not */
    INTRUDER_DEVICE,       /* for another pump */
    INTRUDER_CRC,          /* and the tag right over it */
    INTRUDER_TAG,          /* one bit of it */
    INTRUDER_KEY,          /* tagged with another */
    INTRUDER_LENGTH,       /* the header tells a byte more than there is */
    INTRUDER_TRUNCATED,    /* its last byte is missing */
    INTRUDER_EXTENDED,     /* a byte more at its end */
    INTRUDER_COUNTER_USED, /* that of the frame before */
    INTRUDER_COUNTER_FAR,  /* one more than it may rise */
    INTRUDER_SESSION,      /* of another number */
    INTRUDER_FLIP,         /* one bit, drawn */
    INTRUDER_NOISE         /* all its bytes are drawn */
} intruder_wrong_t;

/* In which session the frame is. */
typedef enum intruder_session_t {
    INTRUDER_OWN = 0, /* opened for it, closed after it */
    INTRUDER_OPENED,  /* opened for it, left open */
    INTRUDER_LEFT,    /* the one that was left open */
    INTRUDER_NONE     /* session 0 */
} intruder_session_t;

typedef struct intruder_t {
    programmer_t
        end[IMPLANT_ROLES + 1]; /* by role; of role 0, which is none, by the clinician's key */
} intruder_t;

typedef struct intruder_frame_t {
    uint8_t role; /* DOSING_ROLE_*, or 0 */
    uint8_t type; /* any */
    intruder_wrong_t wrong;
    intruder_session_t session;
    const uint8_t *payload; /* borrowed */
    uint32_t length;        /* 0..DOSING_FRAME_PAYLOAD_MAX */
} intruder_frame_t;

#define INTRUDER_SILENCE (-1)

/* Begins anew with this pump. */
void intruder_init(intruder_t *in, implant_t *im);

/* Sends the frame; *status is the first byte of the reply's payload, DOSING_* of dosing_status.h, or INTRUDER_SILENCE. A session that
 * the pump does not open leaves the frame in session 0. Errors: the link's own, ERROR_LIBRARY. */
int intruder_send(intruder_t *in, const intruder_frame_t *frame, draw_t *draw, int *status,
                  error_t *e) __attribute__((warn_unused_result));

/* Sends these bytes as they are. */
int intruder_send_bytes(intruder_t *in, const uint8_t *bytes, uint32_t length, int *status,
                        error_t *e) __attribute__((warn_unused_result));

#endif
