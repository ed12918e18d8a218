/* SPDX-License-Identifier: Apache-2.0 */
/* The mode table: what each request or event does to what is being delivered. Total: every delivery has a row, every request
 * a column, and the code asks the table. */
#ifndef DOSING_MODE_H
#define DOSING_MODE_H

#include <stdint.h>

#include "dosing_frame.h"
#include "dosing_status.h"

typedef enum dosing_request_t {
    DOSING_REQUEST_COMMIT,
    DOSING_REQUEST_STOP,
    DOSING_REQUEST_BOLUS,   /* a clinician's */
    DOSING_REQUEST_TIMED,   /* a timed bolus falls due */
    DOSING_REQUEST_PATIENT, /* the patient asks */
    DOSING_REQUEST_PRIME,
    DOSING_REQUEST_REFILL,
    DOSING_REQUEST_TIME,   /* local time is set */
    DOSING_REQUEST_BRIDGE, /* the earlier fluid has left the path */
    DOSING_REQUEST_ALARM,  /* one that stops dosing */
    DOSING_REQUEST_STALL,  /* steps are not confirmed */
    DOSING_REQUEST_RESET,
    DOSING_REQUESTS
} dosing_request_t;

typedef enum dosing_answer_t {
    DOSING_ANSWER_GO_ON, /* the request is served, and what is being delivered goes on */
    DOSING_ANSWER_FORFEIT, /* the request is served, and what is left of the delivery is never given */
    DOSING_ANSWER_SUSPEND, /* the request is served, and the rest of the delivery is given after it */
    DOSING_ANSWER_WAIT,    /* the request waits for the end of the delivery */
    DOSING_ANSWER_BUSY,    /* refused: another delivery is under way */
    DOSING_ANSWER_NONE     /* refused, or without effect: there is nothing it could act on */
} dosing_answer_t;

/* `delivery` is DOSING_DELIVERY_*; any other value counts as a prime, which refuses most. */
dosing_answer_t dosing_mode_answer(uint32_t delivery, dosing_request_t request);

/* OK, or the reason of refusal: REFUSED_BUSY, REFUSED_NOT_NOW. */
dosing_status_t dosing_mode_status(dosing_answer_t answer);

#endif
