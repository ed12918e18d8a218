/* SPDX-License-Identifier: Apache-2.0 */
/* Telemetry that gets lost, and orders that are carried out once all the same. */
#include "host/link.h"

#include <math.h>
#include <string.h>

#include "dosing_frame.h"
#include "dosing_status.h"
#include "draw.h"

#define TRIES_MAX 255u
#define WEEK_MS 604800000
#define HANDS_TOLERANCE_MS 60000 /* sessions take seconds */
#define REFILL_TOLERANCE_ML                                                                        \
    0.02 /* one train, which may begin between the refill and the question */

/* One frame on its way. */
typedef struct sent_t {
    const uint8_t *bytes;
    uint32_t length;
    uint32_t tries; /* before this one */
} sent_t;

int link_init(link_t *l, const programmer_link_t *inner, const link_param_t *p,
              const link_key_t *key, error_t *e)
{
    if (!(p->frame_loss >= 0.0 && p->frame_loss <= 1.0 && p->reply_loss >= 0.0 &&
          p->reply_loss <= 1.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "losses are %g and %g, must be 0 to 1", p->frame_loss,
                           p->reply_loss);
    }
    if (p->frame_tries < 1u || p->frame_tries > TRIES_MAX || p->session_tries < 1u ||
        p->session_tries > TRIES_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "tries are %u and %u, must be 1 to %u",
                           p->frame_tries, p->session_tries, TRIES_MAX);
    }
    *l = (link_t){.inner = *inner, .param = *p, .key = *key};
    return 0;
}

void link_visit(link_t *l, uint64_t visit)
{
    l->visit = visit;
    l->session = 0u;
    l->frame = 0u;
}

/* One try of one frame: *reply_length is 0 where either way lost it, or the pump is silent. */
static int try_once(link_t *l, const sent_t *sent, uint8_t *reply, uint32_t *reply_length,
                    error_t *e)
{
    draw_t d;
    const uint64_t entity = l->visit << 24u | (uint64_t)(l->session & TRIES_MAX) << 16u |
                            (uint64_t)(l->frame & TRIES_MAX) << 8u | sent->tries;
    draw_init(&d, l->key.seed, DRAW_LINK, l->key.patient, l->key.replicate, entity);
    const bool lose_frame = draw_uniform(&d) < l->param.frame_loss;
    const bool lose_reply = draw_uniform(&d) < l->param.reply_loss;
    *reply_length = 0u;
    l->frames_sent++;
    l->frames_repeated += sent->tries > 0u ? 1u : 0u;
    if (lose_frame) {
        l->frames_lost++;
        return 0;
    }
    memcpy(l->latest, sent->bytes, sent->length);
    l->latest_length = sent->length;
    const int code =
        l->inner.exchange(l->inner.context, sent->bytes, sent->length, reply, reply_length, e);
    if (code == 0 && lose_reply && *reply_length > 0u) {
        l->replies_lost++;
        *reply_length = 0u;
    }
    return code;
}

static bool has_effect(uint8_t type)
{
    return type == DOSING_FRAME_COMMIT || type == DOSING_FRAME_REFILL ||
           type == DOSING_FRAME_BOLUS || type == DOSING_FRAME_STOP ||
           type == DOSING_FRAME_ALARM_CLEAR || type == DOSING_FRAME_PRIME ||
           type == DOSING_FRAME_SET_TIME || type == DOSING_FRAME_REQUEST ||
           type == DOSING_FRAME_PAIR;
}

/* Sent again and refused as a replay: the pump had it, and the answer that counts is lost. */
static bool answer_was_lost(const sent_t *sent, const uint8_t *reply)
{
    return sent->tries > 0u && reply[DOSING_FRAME_HEADER_BYTES] == DOSING_REFUSED_REPLAY;
}

/* What the session will make of the frame: a close that is lost breaks nothing. */
static void note(link_t *l, uint8_t type, bool silent)
{
    if (type != DOSING_FRAME_CLOSE) {
        l->silent = silent;
    }
    if (has_effect(type)) {
        l->effect_silent = silent;
    }
}

static int exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                    uint32_t *reply_length, error_t *e)
{
    link_t *l = context;
    sent_t sent = {.bytes = frame, .length = length};
    const uint8_t type = frame[DOSING_FRAME_AT_TYPE];
    bool lost = false;
    l->session += type == DOSING_FRAME_OPEN ? 1u : 0u;
    l->sessions += type == DOSING_FRAME_OPEN ? 1u : 0u;
    l->frame = type == DOSING_FRAME_OPEN ? 0u : l->frame + 1u;
    l->effect_sent |= has_effect(type);
    *reply_length = 0u;
    while (sent.tries < l->param.frame_tries && *reply_length == 0u) {
        const int code = try_once(l, &sent, reply, reply_length, e);
        if (code < 0) {
            return code;
        }
        lost = *reply_length == 0u || answer_was_lost(&sent, reply);
        sent.tries++;
    }
    /* An open is left to the session, which takes up the counter from the refusal. */
    if (lost && type != DOSING_FRAME_OPEN) {
        *reply_length = 0u;
    }
    note(l, type, lost);
    return 0;
}

programmer_link_t link_programmer(link_t *l)
{
    return (programmer_link_t){.context = l, .exchange = exchange};
}

/* ---- orders ------------------------------------------------------------------------------------------------------ */

/* One order; which members count is the type's. */
typedef struct wanted_t {
    uint8_t type; /* DOSING_FRAME_*: the frame that has the effect */
    const programmer_therapy_t *therapy;
    double volume_ml;
    double dose_ug;
    double minutes;
    double tubing_ml, catheter_ml;
    uint32_t revision;
    uint32_t week_ms;
    uint32_t alarms;
} wanted_t;

static void begin(link_t *l)
{
    l->effect_sent = false;
    l->effect_silent = false;
    l->silent = false;
}

static int interrogate(link_t *l, programmer_t *p, programmer_report_t *report, error_t *e)
{
    int code = 0;
    for (uint32_t s = 0; s < l->param.session_tries; s++) {
        begin(l);
        report->pulse_ul = (double)NAN;
        code = programmer_interrogate(p, report, e);
        if (code == ERROR_CORE_REFUSED && !isnan(report->pulse_ul)) {
            return 0; /* it answered; only the close was lost */
        }
        if (code != ERROR_CORE_REFUSED || !l->silent) {
            return code;
        }
    }
    return code;
}

static int send_order(programmer_t *p, const wanted_t *w, error_t *e)
{
    switch (w->type) {
    case DOSING_FRAME_COMMIT:
        return programmer_set_therapy(p, w->therapy, NULL, e);
    case DOSING_FRAME_REFILL:
        return programmer_refill(p, w->volume_ml, e);
    case DOSING_FRAME_BOLUS:
        return programmer_bolus(p, w->dose_ug, w->minutes, e);
    case DOSING_FRAME_PRIME:
        return programmer_prime(p, w->tubing_ml, w->catheter_ml, w->revision, e);
    case DOSING_FRAME_SET_TIME:
        return programmer_set_time(p, w->week_ms, e);
    case DOSING_FRAME_REQUEST:
        return programmer_request(p, e);
    case DOSING_FRAME_ALARM_CLEAR:
        return programmer_clear_alarms(p, w->alarms, e);
    default:
        return programmer_stop(p, e);
    }
}

/* Either way round the week: the pump is asked at once. */
static bool hands_agree(int64_t local_ms, uint32_t week_ms)
{
    const int64_t apart_ms = (local_ms - (int64_t)week_ms + WEEK_MS) % WEEK_MS;
    return local_ms >= 0 && week_ms < WEEK_MS &&
           (apart_ms <= HANDS_TOLERANCE_MS || WEEK_MS - apart_ms <= HANDS_TOLERANCE_MS);
}

/* The pump is asked at once, so a bolus that it took still runs; one that ran before makes it refuse another. */
static bool took_effect(const wanted_t *w, const programmer_report_t *before,
                        const programmer_report_t *now)
{
    switch (w->type) {
    case DOSING_FRAME_COMMIT:
        return now->commits != before->commits;
    case DOSING_FRAME_REFILL:
        return fabs(now->reservoir_ml - w->volume_ml) < REFILL_TOLERANCE_ML;
    case DOSING_FRAME_BOLUS:
        return now->bolus_running && !before->bolus_running;
    case DOSING_FRAME_PRIME:
        return now->revision == w->revision && before->revision != w->revision;
    case DOSING_FRAME_SET_TIME:
        return hands_agree(now->local_ms, w->week_ms) && !hands_agree(before->local_ms, w->week_ms);
    case DOSING_FRAME_ALARM_CLEAR:
        return (now->unseen & w->alarms) == 0u && (before->unseen & w->alarms) != 0u;
    case DOSING_FRAME_REQUEST:
        return now->patient_given > before->patient_given ||
               (now->delivery == DOSING_DELIVERY_PATIENT &&
                before->delivery != DOSING_DELIVERY_PATIENT);
    default:
        return now->mode == PROGRAMMER_STOPPED && !now->bolus_running;
    }
}

/* After a session that broke at or behind the frame with the effect: 1 done, 0 not done, or an error. */
static int find_out(link_t *l, programmer_t *p, const wanted_t *w,
                    const programmer_report_t *before, error_t *e)
{
    programmer_report_t now;
    error_t silence = {0};
    l->fate = LINK_UNKNOWN;
    const int code = interrogate(l, p, &now, &silence);
    if (code < 0) {
        return ERROR_RAISE(e, code, "%.400s; whether the order was carried out is not known",
                           silence.text);
    }
    l->fate = took_effect(w, before, &now) ? LINK_DONE : LINK_NOT_DONE;
    return l->fate == LINK_DONE;
}

/* A session broke. 1: try another; 0: the order is done all the same; or the error that stands. */
static int mend(link_t *l, programmer_t *p, const wanted_t *w, const programmer_report_t *before,
                error_t *e)
{
    error_t doubt = {0};
    const bool sent = l->effect_sent;
    const bool refused = sent ? !l->effect_silent : !l->silent;
    if (sent) {
        const int found = find_out(l, p, w, before, &doubt);
        if (found < 0) {
            return ERROR_RAISE(e, found, "%s", doubt.text);
        }
        if (found == 1) {
            return 0;
        }
    }
    l->refused = refused;
    return refused ? ERROR_CORE_REFUSED : 1;
}

/* Fills *last, the caller's own, with what went wrong in the latest session that did. */
static int carry_out(link_t *l, programmer_t *p, const wanted_t *w, error_t *last)
{
    programmer_report_t before;
    l->fate = LINK_NOT_DONE;
    l->refused = false;
    int code = interrogate(l, p, &before, last);
    if (code < 0) {
        l->refused = !l->silent;
        return code;
    }
    for (uint32_t s = 0; s < l->param.session_tries; s++) {
        begin(l);
        code = send_order(p, w, last);
        if (code == 0) {
            l->fate = LINK_DONE;
            return 0;
        }
        if (code != ERROR_CORE_REFUSED) {
            l->fate = l->effect_sent ? LINK_UNKNOWN : LINK_NOT_DONE;
            return code;
        }
        const int mended = mend(l, p, w, &before, last);
        if (mended <= 0) {
            return mended;
        }
    }
    return code;
}

/* *e is touched only by an order that failed, not by a session that was made good. */
static int order(link_t *l, programmer_t *p, const wanted_t *w, error_t *e)
{
    error_t last = {0};
    const int code = carry_out(l, p, w, &last);
    return code < 0 ? ERROR_RAISE(e, code, "%s", last.text) : 0;
}

int link_therapy(link_t *l, programmer_t *p, const programmer_therapy_t *therapy,
                 programmer_achieved_t *achieved, error_t *e)
{
    programmer_report_t report;
    error_t silence = {0};
    const wanted_t w = {.type = DOSING_FRAME_COMMIT, .therapy = therapy};
    const int code = order(l, p, &w, e);
    if (code < 0 || achieved == NULL) {
        return code;
    }
    *achieved = (programmer_achieved_t){.dose_ug_per_day = {(double)NAN},
                                        .rate_ml_per_day = (double)NAN,
                                        .pulses_per_day = (double)NAN,
                                        .pulse_ul = (double)NAN};
    if (link_interrogate(l, p, &report, &silence) == 0) {
        programmer_achieve(achieved, &report);
    }
    return 0;
}

int link_refill(link_t *l, programmer_t *p, double volume_ml, error_t *e)
{
    const wanted_t w = {.type = DOSING_FRAME_REFILL, .volume_ml = volume_ml};
    return order(l, p, &w, e);
}

int link_bolus(link_t *l, programmer_t *p, double dose_ug, double minutes, error_t *e)
{
    const wanted_t w = {.type = DOSING_FRAME_BOLUS, .dose_ug = dose_ug, .minutes = minutes};
    return order(l, p, &w, e);
}

int link_stop(link_t *l, programmer_t *p, error_t *e)
{
    const wanted_t w = {.type = DOSING_FRAME_STOP};
    return order(l, p, &w, e);
}

int link_prime(link_t *l, programmer_t *p, const prime_plan_t *plan, uint32_t revision, error_t *e)
{
    const wanted_t w = {.type = DOSING_FRAME_PRIME,
                        .tubing_ml = plan->tubing_ml,
                        .catheter_ml = plan->catheter_ml,
                        .revision = revision};
    return order(l, p, &w, e);
}

int link_set_time(link_t *l, programmer_t *p, uint32_t week_ms, error_t *e)
{
    const wanted_t w = {.type = DOSING_FRAME_SET_TIME, .week_ms = week_ms};
    return order(l, p, &w, e);
}

int link_request(link_t *l, programmer_t *p, error_t *e)
{
    const wanted_t w = {.type = DOSING_FRAME_REQUEST};
    return order(l, p, &w, e);
}

int link_clear_alarms(link_t *l, programmer_t *p, uint32_t alarms, error_t *e)
{
    const wanted_t w = {.type = DOSING_FRAME_ALARM_CLEAR, .alarms = alarms};
    return order(l, p, &w, e);
}

int link_log(link_t *l, programmer_t *p, const logbook_page_t *page, uint32_t *count, error_t *e)
{
    error_t last = {0};
    int code = ERROR_CORE_REFUSED;
    for (uint32_t s = 0; s < l->param.session_tries && code == ERROR_CORE_REFUSED; s++) {
        begin(l);
        code = logbook_read(p, page, count, &last);
        l->refused = code == ERROR_CORE_REFUSED && !l->silent;
        if (l->refused) {
            break;
        }
    }
    return code < 0 ? ERROR_RAISE(e, code, "%s", last.text) : 0;
}

int link_interrogate(link_t *l, programmer_t *p, programmer_report_t *report, error_t *e)
{
    error_t last = {0};
    const int code = interrogate(l, p, report, &last);
    return code < 0 ? ERROR_RAISE(e, code, "%s", last.text) : 0;
}

int link_device(link_t *l, programmer_t *p, programmer_device_t *device, error_t *e)
{
    error_t last = {0};
    int code = ERROR_CORE_REFUSED;
    device->temperature_c = (double)INFINITY; /* no answer says so */
    for (uint32_t s = 0; s < l->param.session_tries && code == ERROR_CORE_REFUSED; s++) {
        begin(l);
        code = programmer_device(p, device, &last);
        if (code == ERROR_CORE_REFUSED && (!isinf(device->temperature_c) || !l->silent)) {
            break;
        }
    }
    if (code == ERROR_CORE_REFUSED && !isinf(device->temperature_c)) {
        return 0; /* it answered; only the close was lost */
    }
    return code < 0 ? ERROR_RAISE(e, code, "%s", last.text) : 0;
}
