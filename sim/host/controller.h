/* SPDX-License-Identifier: Apache-2.0 */
/* The patient controller: asks for a bolus of the programme, and shows when one may be had.
 *
 * Pairing: the clinician's programmer draws 16 bytes (seal_nonce) and sends them (programmer_pair); the pump derives its key for
 * the patient's role from them, the controller is given the same. Pairing another controller ends the one before. The
 * controller's counter begins at 0, and is taken up from the pump's refusal, as every programmer's is.
 *
 * Thread rule: a controller belongs to one thread at a time.
 */
#ifndef HOST_CONTROLLER_H
#define HOST_CONTROLLER_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "host/programmer.h"

typedef struct controller_t {
    programmer_t end;
} controller_t;

/* What came of a request. All but CONTROLLER_GIVEN leave lockout and counts as they were. */
typedef enum controller_answer_t {
    CONTROLLER_GIVEN,    /* a bolus has begun */
    CONTROLLER_LOCKED,   /* the latest is too recent */
    CONTROLLER_SPENT,    /* as many as the interval or the day allows */
    CONTROLLER_BUSY,     /* another bolus or a prime runs */
    CONTROLLER_EMPTY,    /* the reservoir holds too little */
    CONTROLLER_ALARM,    /* an alarm has stopped dosing */
    CONTROLLER_NOT_MEANT /* the programme has no patient boluses */
} controller_answer_t;

/* What the display shows. */
typedef struct controller_view_t {
    bool giving;            /* a patient's bolus runs */
    double lockout_minutes; /* until the next may be asked for; 0: now, if the counts allow */
    uint32_t given;         /* in the latest 24 h */
    uint32_t refused;       /* since the latest refill */
    uint32_t alarms;        /* DOSING_ALARM_* that hold */
} controller_view_t;

/* `key` is copied; link->context is borrowed for c's life. */
void controller_init(controller_t *c, uint32_t device_id, const seal_key_t *key,
                     const programmer_link_t *link);

/* Asks for a bolus, and looks; `view` may be NULL. A refusal that the patient is to know of is an answer, not an error; *answer
 * is filled as soon as there is one, also where the session breaks after it.
 * ERROR_CORE_REFUSED: no such answer came, and whether a bolus began is not known where the reply was lost: look, and compare
 * `given`; asking again is harmless, since the lockout is the pump's. */
int controller_request(controller_t *c, controller_answer_t *answer, controller_view_t *view,
                       error_t *e) __attribute__((warn_unused_result));

int controller_look(controller_t *c, controller_view_t *view, error_t *e)
    __attribute__((warn_unused_result));

/* For the display; never NULL; static storage. */
const char *controller_text(controller_answer_t answer);

#endif
