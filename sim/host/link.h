/* SPDX-License-Identifier: Apache-2.0 */
/* A link that loses telemetry, and orders that survive it: each is carried out once, or reported as failed.
 *
 * link_programmer gives a programmer_link_t that stands before another one. A frame that brings no reply is sent
 * again as it was, frame_tries times in all: the pump takes one counter once, so a frame whose reply was lost
 * is refused the second time, and that is as good as silence here.
 *
 * The link_ orders below are the programmer's, each with these rules: the pump is interrogated first; where a session
 * breaks before the one frame that has an effect, the order is tried in another session, session_tries in
 * all; where it breaks at or after that frame, the pump is interrogated (in session_tries sessions at most)
 * and what it shows decides: done, or to be tried again. What the pump refused is not tried again. So no
 * order takes effect twice, and link_t.fate says after each what is known of it.
 *
 * Losses are drawn by the thing lost: (seed, patient, replicate) and (visit, session of the visit, frame of the session,
 * try of the frame). link_visit names the visit.
 *
 * Thread rule: a link belongs to one thread at a time.
 */
#ifndef HOST_LINK_H
#define HOST_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_frame.h"

#include "error.h"
#include "host/logbook.h"
#include "host/prime.h"
#include "host/programmer.h"

/* What befalls frames; the rows of models/care/clinic.def of the same names. */
typedef struct link_param_t {
    double frame_loss;      /* share of frames that do not reach the pump, 0..1 */
    double reply_loss;      /* share of replies that do not reach the programmer, 0..1 */
    uint32_t frame_tries;   /* 1..255 */
    uint32_t session_tries; /* 1..255 */
} link_param_t;

/* Whose draws. */
typedef struct link_key_t {
    uint64_t seed;
    uint64_t patient;
    uint64_t replicate;
} link_key_t;

/* What is known of the latest order. */
typedef enum link_fate_t {
    LINK_NOT_DONE, /* the pump runs as before */
    LINK_DONE,     /* carried out, once */
    LINK_UNKNOWN   /* carried out once or not at all; the pump was not reached to tell */
} link_fate_t;

typedef struct link_t {
    programmer_link_t inner; /* its context is borrowed for l's life */
    link_param_t param;
    link_key_t key;
    uint64_t visit;
    uint32_t session;     /* of this visit, from 0: opens sent */
    uint32_t frame;       /* of this session, from 0 */
    link_fate_t fate;     /* of the latest order */
    bool effect_sent;     /* since the latest session began: a frame that changes the pump */
    bool silent;          /* the latest frame, but a close, brought no answer that counts */
    bool effect_silent;   /* nor did the latest frame that changes the pump */
    bool refused;         /* the latest order that failed was refused by the pump, which answered */
    uint64_t sessions;    /* opens sent, each try of a session one */
    uint64_t frames_sent; /* every try, those lost among them */
    uint64_t frames_repeated; /* of these, tries behind a frame's first */
    uint64_t frames_lost;
    uint64_t replies_lost;
    uint8_t latest[DOSING_FRAME_BYTES_MAX]; /* frame that reached the pump: what a listener has */
    uint32_t latest_length;
} link_t;

/* Errors: ERROR_ARGUMENT where a parameter is outside its range. */
int link_init(link_t *l, const programmer_link_t *inner, const link_param_t *p,
              const link_key_t *key, error_t *e) __attribute__((warn_unused_result));

/* What a programmer is given (programmer_init); borrows *l. */
programmer_link_t link_programmer(link_t *l);

/* Sessions from here on belong to `visit` < 2^40 (clinic_contact_t.entity is). */
void link_visit(link_t *l, uint64_t visit);

/* The programmer's orders over *l, which must be p's link. Where a therapy was set but the pump was not reached to
 * tell, *achieved (may be NULL) is NaN. Errors as programmer.h has them; where the pump could not be
 * reached, ERROR_CORE_REFUSED says so, and whether the order may have been carried out. */
int link_therapy(link_t *l, programmer_t *p, const programmer_therapy_t *therapy,
                 programmer_achieved_t *achieved, error_t *e) __attribute__((warn_unused_result));
int link_refill(link_t *l, programmer_t *p, double volume_ml, error_t *e)
    __attribute__((warn_unused_result));
int link_bolus(link_t *l, programmer_t *p, double dose_ug, double minutes, error_t *e)
    __attribute__((warn_unused_result));
int link_stop(link_t *l, programmer_t *p, error_t *e) __attribute__((warn_unused_result));
/* A plan's volumes, for a revision of the system above the pump's. */
int link_prime(link_t *l, programmer_t *p, const prime_plan_t *plan, uint32_t revision, error_t *e)
    __attribute__((warn_unused_result));
int link_set_time(link_t *l, programmer_t *p, uint32_t week_ms, error_t *e)
    __attribute__((warn_unused_result));
/* A patient's request: *p has the patient's role (controller_t's end). A refusal is ERROR_CORE_REFUSED. */
int link_request(link_t *l, programmer_t *p, error_t *e) __attribute__((warn_unused_result));
/* Acknowledges alarm bits. */
int link_clear_alarms(link_t *l, programmer_t *p, uint32_t alarms, error_t *e)
    __attribute__((warn_unused_result));
int link_interrogate(link_t *l, programmer_t *p, programmer_report_t *report, error_t *e)
    __attribute__((warn_unused_result));
/* One log, as logbook_read has it; in another session where one breaks. */
int link_log(link_t *l, programmer_t *p, const logbook_page_t *page, uint32_t *count, error_t *e)
    __attribute__((warn_unused_result));
/* The core's account of its hardware. */
int link_device(link_t *l, programmer_t *p, programmer_device_t *device, error_t *e)
    __attribute__((warn_unused_result));

#endif
