/* SPDX-License-Identifier: Apache-2.0 */
/* Procedures: an order of care becomes needle, fluid and programmer session.
 *
 * Thread rule: a procedure_t belongs to one pump, hence to one thread at a time.
 */
#ifndef HOST_PROCEDURE_H
#define HOST_PROCEDURE_H

#include "care/order.h"
#include "error.h"
#include "host/implant.h"
#include "host/programmer.h"

#include <stdbool.h>

typedef struct procedure_t {
    implant_t *implant;           /* borrowed */
    bool programmable;            /* false: a constant-flow pump, which has no sessions */
    programmer_t programmer;      /* paired with the implant */
    programmer_therapy_t therapy; /* what the clinic last wanted the pump to run */
} procedure_t;

/* What a refill found and did. */
typedef struct procedure_refill_t {
    double
        expected_ml; /* by the core's own ledger before; NaN where nothing was asked or answered */
    double withdrawn_ml;
    double filled_ml;
    double withdrawn_ug[SEGMENT_DRUGS_MAX];
    double filled_ug[SEGMENT_DRUGS_MAX];
} procedure_refill_t;

/* Pairs a programmer with the implant. `therapy` gives drugs, limits and alarm volumes; its mode and dose
 * are set by the first order. */
void procedure_init(procedure_t *c, implant_t *implant, const programmer_therapy_t *therapy);

/* The first half of a refill: reads what the pump expects, and empties the reservoir through the needle.
 * Fills *out but for what is put in. */
void procedure_empty(procedure_t *c, procedure_refill_t *out);

/* The second half: fills, tells the pump, and programmes a new concentration where it changed. *out is right
 * also on an error of a session: the fluid has then moved all the same. ERROR_CORE_REFUSED; ERROR_ARGUMENT: the
 * volume does not fit, nothing was filled. */
int procedure_fill(procedure_t *c, const order_refill_t *order, procedure_refill_t *out, error_t *e)
    __attribute__((warn_unused_result));

/* Programmes the therapy. `achieved` may be NULL. ERROR_CORE_REFUSED: the pump keeps what it had, or has no
 * programme to change. */
int procedure_therapy(procedure_t *c, const order_therapy_t *order, programmer_achieved_t *achieved,
                      error_t *e) __attribute__((warn_unused_result));

/* Gives a single bolus. ERROR_CORE_REFUSED as above. */
int procedure_bolus(procedure_t *c, const order_bolus_t *order, error_t *e)
    __attribute__((warn_unused_result));

#endif
