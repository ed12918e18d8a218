/* SPDX-License-Identifier: Apache-2.0 */
/* From the pump's outlet to CSF, depots and books. */
#include "cohort/outflow.h"

#include "cohort/embody.h"

#include <math.h>
#include <string.h>

/* Longest portion in which a hole within the canal feeds CSF. */
#define PORTION_MIN 60

enum { FIRST_PLACE = 1 }; /* outlet 0 of the feed is the tip, the places follow */

_Static_assert((int)CATHETER_POCKET == (int)DEPOT_POCKET &&
                   (int)CATHETER_SUBCUTANEOUS == (int)DEPOT_SUBCUTANEOUS &&
                   (int)CATHETER_EPIDURAL == (int)DEPOT_EPIDURAL &&
                   (int)CATHETER_CANAL == (int)DEPOT_PLACES,
               "a place outside the canal is a depot");
_Static_assert(FIRST_PLACE + (int)CATHETER_PLACES == FEED_OUTLETS, "the feed has every outlet");

static const double *of_place(const double mass_ug[], int place)
{
    return mass_ug + (FIRST_PLACE + place) * SEGMENT_DRUGS_MAX;
}

/* ---- into the books and the feed --------------------------------------------------------------------- */

static bool can_lose(const catheter_t *c)
{
    return !catheter_is_tight(c) || c->fault.tip_place != CATHETER_CANAL ||
           c->fault.mass_now_mm > 0.0;
}

/* Where the tip is in the canal, and whether CSF drains. */
static int place_in_body(patient_t *p, error_t *e)
{
    const catheter_fault_t *f = &p->catheter.fault;
    const double cm = fmin(fmax(0.0, p->person.tip_cm + f->tip_moved_cm), p->person.canal_cm);
    bool drains = p->placed.leaks;
    int code = feed_close(&p->feed, p->now_ms / FEED_MINUTE_MS * FEED_MINUTE_MS, e);
    for (int at = 0; at < CATHETER_HOLES; at++) {
        drains = drains || (f->hole[at].share > 0.0 && f->hole[at].csf);
    }
    if (code == 0 && (cm < p->placed.tip_cm || cm > p->placed.tip_cm)) {
        code = body_tip_move(&p->body, cm, e);
    }
    if (code == 0 && drains != p->placed.drains) {
        code = body_regime(&p->body, drains ? EMBODY_DRAINING : 0, e);
    }
    p->placed.tip_cm = cm;
    p->placed.drains = drains;
    return code;
}

int outflow_changed(patient_t *p, error_t *e)
{
    const outlet_t outlet = catheter_outlet(&p->catheter);
    if (can_lose(&p->catheter)) {
        feed_widen(&p->feed);
    }
    if (p->implanted) {
        pump_set_outlet(&p->implant.pump, &outlet);
    }
    return p->has_body ? place_in_body(p, e) : 0;
}

static int book_lost(patient_t *p, const segment_t *s, const catheter_out_t *out, error_t *e)
{
    double mass_ug[FEED_OUTLETS * SEGMENT_DRUGS_MAX] = {0.0};
    for (int d = 0; d < p->catheter.drugs; d++) {
        mass_ug[d] = out->tip_ug[d];
        for (int place = 0; place < CATHETER_PLACES; place++) {
            mass_ug[(FIRST_PLACE + place) * SEGMENT_DRUGS_MAX + d] = out->lost_ug[place][d];
            p->account[d].lost_ug[place] += out->lost_ug[place][d];
        }
    }
    return feed_add(&p->feed, s, mass_ug, e);
}

int outflow_book(patient_t *p, const segment_t *s, const catheter_out_t *out, error_t *e)
{
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].left_tip_ug += out->tip_ug[d];
    }
    return p->feed.outlets > 1 ? book_lost(p, s, out, e) : feed_add(&p->feed, s, out->tip_ug, e);
}

int outflow_pocket(patient_t *p, double ml, const double ug[], int reason, error_t *e)
{
    int code = feed_close(&p->feed, p->now_ms / FEED_MINUTE_MS * FEED_MINUTE_MS, e);
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].lost_ug[CATHETER_POCKET] += ug[d];
        if (code == 0 && p->has_body) {
            code = body_deposit(&p->body, d, DEPOT_POCKET, ug[d], e);
        }
    }
    patient_event(p, FIELDS_EVENT_POCKET_FILL, reason, ml, ug[0]);
    return code;
}

int outflow_push(void *context, const pump_flow_t *flow, error_t *e)
{
    patient_t *p = context;
    catheter_out_t out;
    if (p->listener != NULL && p->listener->flow != NULL) {
        p->listener->flow(p->listener->context, flow);
    }
    catheter_push(&p->catheter, &flow->segment, flow->ug_per_ml, &out);
    return outflow_book(p, &flow->segment, &out, e);
}

/* ---- into the body ----------------------------------------------------------------------------------- */

static int leak(patient_t *p, const double mass_ug[], error_t *e)
{
    int code = 0;
    for (int place = 0; place < DEPOT_PLACES; place++) {
        const double *lost_ug = of_place(mass_ug, place);
        for (int d = 0; code == 0 && d < p->catheter.drugs; d++) {
            code =
                lost_ug[d] > 0.0 ? body_leak(&p->body, d, (depot_place_t)place, lost_ug[d], e) : 0;
        }
    }
    return code;
}

/* Height of the hole within the canal, cm from the end of the sac. */
static double hole_cm(const patient_t *p)
{
    const catheter_t *c = &p->catheter;
    const double below_tip_cm = catheter_shape_length_cm(&c->param) - c->border_cm;
    return fmax(0.0, p->placed.tip_cm - below_tip_cm);
}

static bool any(const patient_t *p, const double ug[])
{
    bool found = false;
    for (int d = 0; d < p->catheter.drugs; d++) {
        found = found || ug[d] > 0.0;
    }
    return found;
}

/* `share` of a step, with its part of what the hole lost at its middle. */
static int portion(patient_t *p, int32_t minutes, double share, const double mass_ug[], error_t *e)
{
    const double *hole_ug = of_place(mass_ug, CATHETER_CANAL);
    double part_ug[SEGMENT_DRUGS_MAX];
    const int32_t before = minutes / 2;
    for (int d = 0; d < p->catheter.drugs; d++) {
        part_ug[d] = mass_ug[d] * share * before / minutes;
    }
    int code = before > 0 ? body_advance(&p->body, before, part_ug, e) : 0;
    for (int d = 0; d < p->catheter.drugs; d++) {
        code = code != 0 ? code : body_inject(&p->body, d, hole_ug[d] * share, hole_cm(p), 0.0, e);
        part_ug[d] = mass_ug[d] * share - part_ug[d];
    }
    return code != 0 ? code : body_advance(&p->body, minutes - before, part_ug, e);
}

/* What leaks into depots enters over each portion, so that it is told anew for each. */
static int in_portions(patient_t *p, int32_t minutes, const double mass_ug[], error_t *e)
{
    double part_ug[FEED_OUTLETS * SEGMENT_DRUGS_MAX];
    int code = 0;
    for (int32_t done = 0; code == 0 && done < minutes; done += PORTION_MIN) {
        const int32_t now = minutes - done < PORTION_MIN ? minutes - done : PORTION_MIN;
        const double share = (double)now / minutes;
        for (int i = 0; i < FEED_OUTLETS * SEGMENT_DRUGS_MAX; i++) {
            part_ug[i] = share * mass_ug[i];
        }
        code = leak(p, part_ug, e);
        code = code != 0 ? code : portion(p, now, share, mass_ug, e);
    }
    return code;
}

int outflow_feed(void *context, int32_t minutes, const double mass_ug[], error_t *e)
{
    patient_t *p = context;
    if (!p->has_body) {
        return 0;
    }
    if (p->feed.outlets == 1) {
        return body_advance(&p->body, minutes, mass_ug, e);
    }
    if (any(p, of_place(mass_ug, CATHETER_CANAL))) {
        return in_portions(p, minutes, mass_ug, e);
    }
    const int code = leak(p, mass_ug, e);
    return code != 0 ? code : body_advance(&p->body, minutes, mass_ug, e);
}

/* ---- reading ----------------------------------------------------------------------------------------- */

double outflow_depots_ug(const patient_t *p, int drug)
{
    double sum_ug = 0.0;
    for (int place = 0; place < DEPOT_PLACES; place++) {
        sum_ug += p->has_body ? feed_pending_at_ug(&p->feed, FIRST_PLACE + place, drug)
                              : p->account[drug].lost_ug[place];
    }
    return sum_ug + (p->has_body ? body_depots_ug(&p->body, drug) : 0.0);
}

double outflow_pending_hole_ug(const patient_t *p, int drug)
{
    return feed_pending_at_ug(&p->feed, FIRST_PLACE + CATHETER_CANAL, drug);
}
