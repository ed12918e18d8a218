/* SPDX-License-Identifier: Apache-2.0 */
/* Revision of a catheter. */
#include "care/revision.h"

#include "care/outcome.h"
#include "care/refill.h"

static bool found_too_much(const clinic_outcome_t *out)
{
    bool found = false;
    for (int i = 0; i < out->decisions; i++) {
        const clinic_decision_t *d = &out->decision[i];
        found = found || (d->kind == CLINIC_DECISION_INVESTIGATE &&
                          d->reason == CLINIC_REASON_TWICE_IN_A_ROW && d->value > 0.0);
    }
    return found;
}

/* A pump that stands still has another trouble. */
static bool lost_effect(const clinic_t *c, const finding_t *f)
{
    return c->phase == CLINIC_PHASE_MAINTENANCE &&
           (f->alarms & (FINDING_ALARM_EOS | FINDING_ALARM_STALL | FINDING_ALARM_EMPTY)) == 0u &&
           f->ashworth >= c->baseline - c->param.effect_lost;
}

/* Nothing that is booked, and no look of late, speaks against it. */
static void turn_pump(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    c->unreached = true;
    c->revise_ms = f->time_ms + refill_ms_of_days(c->param.replace_urgent_day);
    outcome_decide(out, CLINIC_DECISION_BOOK_REVISION, CLINIC_REASON_UNREACHED,
                   c->param.replace_urgent_day);
}

void revision_consider(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    if (f->unreached) {
        turn_pump(c, f, out);
        return;
    }
    const int reason = found_too_much(out) ? CLINIC_REASON_TWICE_IN_A_ROW
                       : lost_effect(c, f) ? CLINIC_REASON_EFFECT_LOST
                                           : 0;
    const bool looked_lately =
        c->looked_ms != FINDING_TIME_UNKNOWN &&
        f->time_ms - c->looked_ms < refill_ms_of_days(c->param.revise_again_day);
    if (reason == 0 || looked_lately || c->revise_ms != FINDING_TIME_UNKNOWN)
        return;
    c->revise_ms = f->time_ms + refill_ms_of_days(c->param.revise_wait_day);
    outcome_decide(out, CLINIC_DECISION_BOOK_REVISION, reason, c->param.revise_wait_day);
}

static void operate(const finding_t *f, int part, int reason, clinic_outcome_t *out)
{
    const order_t order = {.at_ms = f->time_ms, .kind = ORDER_REVISION, .revision = {.part = part}};
    outcome_order(out, &order);
    outcome_decide(out, CLINIC_DECISION_REVISE, reason, part);
    if (part == ORDER_PART_SPINAL || part == ORDER_PART_ALL)
        outcome_prime(out, f->time_ms, part);
}

void revision_visit(clinic_t *c, const finding_t *f, clinic_outcome_t *out)
{
    static const struct {
        int reason, part;
    } does[] = {
        [FINDING_CATHETER_CLOSED] = {CLINIC_REASON_CLOSED, ORDER_PART_SPINAL},
        [FINDING_CATHETER_KINKED] = {CLINIC_REASON_KINKED, ORDER_PART_SPINAL},
        [FINDING_CATHETER_BROKEN] = {CLINIC_REASON_BROKEN, ORDER_PART_ALL},
        [FINDING_CATHETER_PARTED] = {CLINIC_REASON_PARTED, ORDER_PART_CONNECTORS},
        [FINDING_CATHETER_MISPLACED] = {CLINIC_REASON_MISPLACED, ORDER_PART_SPINAL},
    };
    c->revise_ms = FINDING_TIME_UNKNOWN;
    c->looked_ms = f->time_ms;
    if (c->unreached) {
        operate(f, ORDER_PART_PUMP, CLINIC_REASON_UNREACHED, out);
        c->unreached = false;
    }
    if (f->catheter == FINDING_CATHETER_UNKNOWN || f->catheter == FINDING_CATHETER_SOUND) {
        outcome_decide(out, CLINIC_DECISION_LEAVE_CATHETER, CLINIC_REASON_SOUND, 0.0);
        return;
    }
    operate(f, does[f->catheter].part, does[f->catheter].reason, out);
    c->looked_ms = FINDING_TIME_UNKNOWN;
}
