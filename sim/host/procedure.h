/* SPDX-License-Identifier: Apache-2.0 */
/* Procedures: an order of care becomes needle, fluid and programmer session.
 *
 * Thread rule: a procedure_t belongs to one pump, hence to one thread at a time.
 */
#ifndef HOST_PROCEDURE_H
#define HOST_PROCEDURE_H

#include "care/order.h"
#include "error.h"
#include "host/controller.h"
#include "host/emergency.h"
#include "host/implant.h"
#include "host/intruder.h"
#include "host/link.h"
#include "host/prime.h"
#include "host/programmer.h"

#include <stdbool.h>

typedef struct procedure_t {
    implant_t *implant;           /* borrowed */
    bool programmable;            /* false: a constant-flow pump, which has no sessions */
    link_t link;                  /* the air between; the programmer borrows it */
    programmer_t programmer;      /* paired with the implant */
    controller_t controller;      /* the patient's, paired at the same time */
    emergency_t emergency;        /* whoever holds the pump's papers */
    intruder_t intruder;          /* whoever is not meant to speak to it */
    programmer_therapy_t therapy; /* what the clinic last wanted the pump to run */
    double
        path_ml; /* earlier fluid in tubing and catheter at a change, as the programmer reckons it */
    uint32_t primes;    /* that the pump was ordered; the system's revision */
    int64_t forward_ms; /* of the hands, against the study's own time */
    int64_t
        replace_late_ms;   /* by which the programmer shows the date of the replacement too late */
    needle_param_t needle; /* to be set after init; all 0: leaves nothing, holds nothing */
} procedure_t;

/* What goes wrong with a refill, unknown to who does it; all 0: nothing. */
typedef struct procedure_slip_t {
    double
        pocket; /* share of what leaves the needle that goes beside the port, into the pump's pocket */
    double regained; /* share of that which is drawn out of the pocket again, and discarded */
    double told_ml;  /* volume that the programmer tells the pump, > 0 */
    double
        told_ug_per_ml; /* concentration of the first drug that it tells, > 0; the others in proportion */
} procedure_slip_t;

/* What a refill found and did. */
typedef struct procedure_refill_t {
    double
        expected_ml; /* by the core's own ledger before; NaN where nothing was asked or answered */
    double withdrawn_ml; /* in truth */
    double read_ml;    /* as read off the syringe: for whoever reads it to fill in, NaN till then */
    double filled_ml;  /* as the clinic writes down: what left the syringe */
    bool valve_closed; /* the reservoir's over-pressure valve kept the rest in the syringe */
    double withdrawn_ug[SEGMENT_DRUGS_MAX];
    double vials_ug[SEGMENT_DRUGS_MAX]; /* drawn up from vials */
    double wasted_ug
        [SEGMENT_DRUGS_MAX]; /* of it, left in syringe and dead volumes, or regained; discarded */
    procedure_slip_t slip;   /* set between the two halves, if at all */
    double pocket_ml;        /* what stays in the pocket */
    double pocket_ug[SEGMENT_DRUGS_MAX];
} procedure_refill_t;

/* Pairs a programmer and the patient's controller with the implant over a link of the given faults. `therapy` gives drugs, limits and alarm
 * volumes; its mode and dose are set by the first order. *c must not move afterwards. ERROR_ARGUMENT: a fault's
 * parameter is out of range; ERROR_LIBRARY. */
int procedure_init(procedure_t *c, implant_t *implant, const programmer_therapy_t *therapy,
                   const link_param_t *faults, const link_key_t *key, error_t *e)
    __attribute__((warn_unused_result));

/* What lies between reservoir and tip, from the record of the operation; 0 where nobody told. This is the one place where the
 * constants of a release (host/path.h, host/bridge.h) come in; so far they are the implanted system's own. */
void procedure_know_path(procedure_t *c, double path_ml);

/* Telemetry from here on belongs to this visit: a name for keyed draws, < 2^40. */
void procedure_visit(procedure_t *c, uint64_t visit);

/* Whether the latest order that failed was refused by the pump, or asked of one without a core; else telemetry failed. */
bool procedure_refused(const procedure_t *c);

/* The core's own account. ERROR_CORE_REFUSED: it does not answer; there is none. */
int procedure_interrogate(procedure_t *c, programmer_report_t *report, error_t *e)
    __attribute__((warn_unused_result));

/* The core's account of its hardware, as above. */
int procedure_device(procedure_t *c, programmer_device_t *device, error_t *e)
    __attribute__((warn_unused_result));

/* By when the pump is to be replaced, as the programmer shows it: its reckoning's error included. As above. */
int procedure_replace_by(procedure_t *c, int64_t *at_ms, error_t *e)
    __attribute__((warn_unused_result));

/* Tells the pump what is in its reservoir, without any fluid being moved. ERROR_CORE_REFUSED. */
int procedure_declare(procedure_t *c, double volume_ml, error_t *e)
    __attribute__((warn_unused_result));

/* Sets the pump's hands to the local time: the study begins on a Monday at 00:00, and forward_ms is what the hands are
 * ahead of that, kept from here on. ERROR_CORE_REFUSED. */
int procedure_set_time(procedure_t *c, int64_t forward_ms, error_t *e)
    __attribute__((warn_unused_result));

/* The first half of a refill: reads what the pump expects, and empties the reservoir through the needle; the uniform in (0, 1) decides
 * on what is left behind. Fills *out but for what is put in. */
void procedure_empty(procedure_t *c, double uniform, procedure_refill_t *out);

/* The second half: fills, tells the pump, and programmes a new concentration where it changed, with a bridge over what the
 * programmer takes to be in the path where the order wants one. *out is right
 * also on an error of a session: the fluid has then moved all the same. ERROR_CORE_REFUSED; ERROR_ARGUMENT: a
 * volume or concentration is senseless, nothing was filled. */
int procedure_fill(procedure_t *c, const order_refill_t *order, procedure_refill_t *out, error_t *e)
    __attribute__((warn_unused_result));

/* Programmes the therapy. `achieved` may be NULL. ERROR_CORE_REFUSED: the pump keeps what it had, or has no
 * programme to change. */
int procedure_therapy(procedure_t *c, const order_therapy_t *order, programmer_achieved_t *achieved,
                      error_t *e) __attribute__((warn_unused_result));

/* Gives a single bolus. ERROR_CORE_REFUSED as above. */
int procedure_bolus(procedure_t *c, const order_bolus_t *order, error_t *e)
    __attribute__((warn_unused_result));

/* Primes the path once as planned: each prime is of a system revised since the one before. ERROR_CORE_REFUSED as above. */
int procedure_prime(procedure_t *c, const prime_plan_t *plan, error_t *e)
    __attribute__((warn_unused_result));

/* Acknowledges alarm bits. ERROR_CORE_REFUSED as above. */
int procedure_clear_alarms(procedure_t *c, uint32_t alarms, error_t *e)
    __attribute__((warn_unused_result));

/* Stops the pump, by the clinic or by whoever holds its papers, of which the clinic is not told. ERROR_CORE_REFUSED as above. */
int procedure_stop(procedure_t *c, bool by_papers, error_t *e) __attribute__((warn_unused_result));

/* Reads one log, by either. ERROR_CORE_REFUSED as above. */
int procedure_log(procedure_t *c, bool by_papers, const logbook_page_t *page, uint32_t *count,
                  error_t *e) __attribute__((warn_unused_result));

/* A programmer gone wrong sends the therapy that the clinic last wanted, its image patched; over air that loses nothing.
 * ERROR_CORE_REFUSED as above. */
int procedure_alter(procedure_t *c, const programmer_patch_t *patch, error_t *e)
    __attribute__((warn_unused_result));

/* The patient asks for a bolus. A refusal is an answer, not an error. ERROR_CORE_REFUSED: no answer came. */
int procedure_request(procedure_t *c, controller_answer_t *answer, error_t *e)
    __attribute__((warn_unused_result));

#endif
