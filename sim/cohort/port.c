/* SPDX-License-Identifier: Apache-2.0 */
/* Drawing from and injecting into the access port of a patient. */
#include "cohort/port.h"

#include "cohort/outflow.h"

/* CSF of so much volume is taken out of the body; its concentrations. Without a body it holds nothing. */
static int draw_csf(patient_t *p, double csf_ml, double ug_per_ml[], error_t *e)
{
    int code = 0;
    for (int d = 0; d < p->catheter.drugs; d++) {
        double ug = 0.0;
        if (p->has_body && csf_ml > 0.0 && code == 0) {
            code = body_tip_draw(&p->body, d, csf_ml, &ug, e);
        }
        ug_per_ml[d] = csf_ml > 0.0 ? ug / csf_ml : 0.0;
    }
    return code;
}

/* How much CSF will come does not depend on what is in it: a copy of the catheter tells beforehand. */
int port_draw(patient_t *p, double wanted_ml, port_way_t way, access_port_draw_t *out, error_t *e)
{
    catheter_t trial = p->catheter;
    double csf_ug_per_ml[SEGMENT_DRUGS_MAX] = {0.0};
    int code = feed_close(&p->feed, p->now_ms / FEED_MINUTE_MS * FEED_MINUTE_MS, e);
    way(&trial, wanted_ml, csf_ug_per_ml, out);
    code = code != 0 ? code : draw_csf(p, out->csf_ml, csf_ug_per_ml, e);
    if (code == 0) {
        way(&p->catheter, wanted_ml, csf_ug_per_ml, out);
    }
    return code;
}

static int aspirate(patient_t *p, double wanted_ml, error_t *e)
{
    access_port_draw_t drawn;
    const int code = port_draw(p, wanted_ml, access_port_draw, &drawn, e);
    if (code != 0) {
        return code;
    }
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].withdrawn_ug += drawn.ug[d];
    }
    patient_event(p, FIELDS_EVENT_PORT_DRAWN, FIELDS_REASON_SCRIPTED, drawn.volume_ml, drawn.ug[0]);
    return 0;
}

/* The primary drug as ordered, the others in the study's mixture. */
static void fill_syringe(const study_t *s, const study_event_t *event, double ug_per_ml[])
{
    for (int64_t d = 0; d < s->n_drugs; d++) {
        ug_per_ml[d] = event->injected_ug_per_ml * s->drug[d].concentration_ug_per_ml /
                       s->drug[0].concentration_ug_per_ml;
    }
}

static int inject(patient_t *p, const study_event_t *event, error_t *e)
{
    catheter_out_t out;
    double ug_per_ml[SEGMENT_DRUGS_MAX] = {0.0};
    segment_t s = {.start_ms = (double)p->now_ms};
    fill_syringe(p->study, event, ug_per_ml);
    s.volume_ml = access_port_inject(&p->catheter, s.start_ms, event->inject_ml, ug_per_ml, &out);
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].from_vials_ug += ug_per_ml[d] * s.volume_ml;
    }
    patient_event(p, FIELDS_EVENT_PORT_INJECTED, FIELDS_REASON_SCRIPTED, s.volume_ml,
                  out.tip_ug[0]);
    const int code = outflow_book(p, &s, &out, e);
    feed_end_minute(&p->feed);
    return code;
}

int port_carry_out(patient_t *p, const study_event_t *event, error_t *e)
{
    int code = feed_close(&p->feed, p->now_ms / FEED_MINUTE_MS * FEED_MINUTE_MS, e);
    if (code == 0 && event->aspirate_ml > 0.0) {
        code = aspirate(p, event->aspirate_ml, e);
    }
    return code == 0 && event->inject_ml > 0.0 ? inject(p, event, e) : code;
}
