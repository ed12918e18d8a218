/* SPDX-License-Identifier: Apache-2.0 */
/* Orders as telemetry sessions: clinical units become the wire's integers here and nowhere else. */
#include "host/programmer.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "dosing_frame.h"
#include "dosing_status.h"
#include "host/session.h"

#define NG_PER_UG 1e3
#define NL_PER_ML 1e6
#define MS_PER_MINUTE 6e4
#define PL_PER_UL 1e6

void programmer_init(programmer_t *p, uint32_t device_id, const seal_key_t *key,
                     const programmer_link_t *link)
{
    *p = (programmer_t){.device_id = device_id, .key = *key, .link = *link};
}

/* Rounds `value * scale` to the nearest whole; refuses what is not in 0..most, NaN included. */
static int whole(uint64_t *out, double value, double scale, double most, const char *what,
                 error_t *e)
{
    const double scaled = round(value * scale);
    if (!(scaled >= 0.0 && scaled <= most)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is %g, outside 0 to %g", what, value,
                           most / scale);
    }
    *out = (uint64_t)scaled;
    return 0;
}

static int put_drug(uint8_t *bytes, const programmer_drug_t *drug, error_t *e)
{
    uint64_t concentration = 0;
    uint64_t limit = 0;
    int status = whole(&concentration, drug->concentration_ug_per_ml, NG_PER_UG,
                       DOSING_CONCENTRATION_MAX, "a concentration in ug/mL", e);
    if (status == 0) {
        status = whole(&limit, drug->limit_ug_per_day, NG_PER_UG, (double)DOSING_LIMIT_MAX,
                       "a limit in ug/day", e);
    }
    session_put(bytes + DOSING_DRUG_AT_CONCENTRATION, concentration, 4u);
    session_put(bytes + DOSING_DRUG_AT_LIMIT, limit, 8u);
    return status;
}

static int put_volume(uint8_t *bytes, double volume_ml, const char *what, error_t *e)
{
    uint64_t nl = 0;
    const int status = whole(&nl, volume_ml, NL_PER_ML, (double)UINT32_MAX, what, e);
    session_put(bytes, nl, 4u);
    return status;
}

static int put_volumes(uint8_t *bytes, const programmer_therapy_t *t, error_t *e)
{
    int status =
        put_volume(bytes + DOSING_PROGRAMME_AT_LOW_NL, t->low_alarm_ml, "the low alarm in mL", e);
    if (status == 0) {
        status = put_volume(bytes + DOSING_PROGRAMME_AT_EMPTY_NL, t->empty_alarm_ml,
                            "the empty alarm in mL", e);
    }
    if (status == 0) {
        status = put_volume(bytes + DOSING_PROGRAMME_AT_RATE_MAX, t->rate_limit_ml_per_day,
                            "the rate limit in mL/day", e);
    }
    if (status == 0) {
        status = put_volume(bytes + DOSING_PROGRAMME_AT_VOLUME_24H, t->volume_limit_ml_per_day,
                            "the volume limit in mL/day", e);
    }
    return status;
}

static int put_therapy(uint8_t *bytes, const programmer_therapy_t *t, error_t *e)
{
    uint64_t dose = 0;
    if (t->drug_count < 1u || t->drug_count > PROGRAMMER_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a therapy has %u drugs; 1 to %d are allowed",
                           t->drug_count, PROGRAMMER_DRUGS_MAX);
    }
    memset(bytes, 0, DOSING_PROGRAMME_BYTES);
    int status = put_volumes(bytes, t, e);
    if (status == 0 && t->change) {
        status = put_volume(bytes + DOSING_PROGRAMME_AT_BRIDGE, t->bridge_ml,
                            "the bridge's volume in mL", e);
    }
    if (status == 0 && t->mode == PROGRAMMER_SIMPLE) {
        status = whole(&dose, t->dose_ug_per_day, NG_PER_UG, (double)DOSING_DOSE_MAX,
                       "the dose in ug/day", e);
    }
    bytes[DOSING_PROGRAMME_AT_MODE] =
        t->mode == PROGRAMMER_SIMPLE ? DOSING_MODE_SIMPLE : DOSING_MODE_STOPPED;
    bytes[DOSING_PROGRAMME_AT_DRUGS] = (uint8_t)t->drug_count;
    session_put(bytes + DOSING_PROGRAMME_AT_FLAGS, t->change ? DOSING_FLAG_CHANGE : 0u, 4u);
    session_put(bytes + DOSING_PROGRAMME_AT_DOSE, dose, 8u);
    for (uint32_t i = 0; i < t->drug_count && status == 0; i++) {
        status = put_drug(bytes + DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES, &t->drug[i], e);
    }
    return status;
}

/* Sends the image in parts, and reads each back. */
static int stage(programmer_t *p, const uint8_t *image, uint32_t length, error_t *e)
{
    uint8_t part[DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX] = {0};
    int status = 0;
    for (uint32_t at = 0; at < length && status == 0; at += DOSING_PART_BYTES_MAX) {
        const uint32_t left = length - at;
        const uint32_t bytes = left < DOSING_PART_BYTES_MAX ? left : DOSING_PART_BYTES_MAX;
        session_put(part + DOSING_PART_AT_OFFSET, at, 2u);
        memcpy(part + DOSING_PART_AT_BYTES, image + at, bytes);
        status = session_ask(p, DOSING_FRAME_STAGE,
                             (session_request_t){part, DOSING_PART_AT_BYTES + bytes},
                             (session_reply_t){NULL, DOSING_ACK_BYTES}, e);
    }
    return status;
}

static int read_back(programmer_t *p, const uint8_t *image, uint32_t length, error_t *e)
{
    uint8_t back[DOSING_ACK_BYTES + DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX];
    uint8_t offset[4] = {0};
    int status = 0;
    for (uint32_t at = 0; at < length && status == 0; at += DOSING_PART_BYTES_MAX) {
        const uint32_t left = length - at;
        const uint32_t bytes = left < DOSING_PART_BYTES_MAX ? left : DOSING_PART_BYTES_MAX;
        const uint32_t head = DOSING_ACK_BYTES + DOSING_PART_AT_BYTES;
        session_put(offset, at, 2u);
        status = session_ask(p, DOSING_FRAME_READ_BACK, (session_request_t){offset, sizeof offset},
                             (session_reply_t){back, head + bytes}, e);
        if (status == 0 && (memcmp(back + DOSING_ACK_BYTES, offset, sizeof offset) != 0 ||
                            memcmp(back + head, image + at, bytes) != 0)) {
            status =
                ERROR_RAISE(e, ERROR_CORE_REFUSED,
                            "the programme read back differs from the one sent; not committed");
        }
    }
    return status;
}

static int stage_and_commit(programmer_t *p, const uint8_t *image, uint32_t length, error_t *e)
{
    uint8_t crc[4];
    int status = stage(p, image, length, e);
    if (status == 0) {
        status = read_back(p, image, length, e);
    }
    if (status == 0) {
        session_put(crc, seal_crc32(image, length), 4u);
        status = session_ask(p, DOSING_FRAME_COMMIT, (session_request_t){crc, sizeof crc},
                             (session_reply_t){NULL, DOSING_ACK_BYTES}, e);
    }
    return status;
}

static void read_report(programmer_report_t *r, const uint8_t *b)
{
    *r = (programmer_report_t){0};
    r->mode =
        b[DOSING_REPORT_AT_MODE] == DOSING_MODE_SIMPLE ? PROGRAMMER_SIMPLE : PROGRAMMER_STOPPED;
    r->drug_count = b[DOSING_REPORT_AT_DRUGS];
    r->bolus_running = b[DOSING_REPORT_AT_DELIVERY] > DOSING_DELIVERY_BRIDGE;
    r->alarms = (uint32_t)session_get(b + DOSING_REPORT_AT_ALARMS, 4u);
    r->unseen = (uint32_t)session_get(b + DOSING_REPORT_AT_UNSEEN, 4u);
    r->commits = (uint32_t)session_get(b + DOSING_REPORT_AT_COMMITS, 4u);
    r->clock_ms = session_get(b + DOSING_REPORT_AT_CLOCK_MS, 8u);
    r->pulses_commanded = session_get(b + DOSING_REPORT_AT_COMMANDED, 8u);
    r->pulses_confirmed = session_get(b + DOSING_REPORT_AT_CONFIRMED, 8u);
    r->reservoir_ml = (double)session_get(b + DOSING_REPORT_AT_VOLUME_NL, 4u) / NL_PER_ML;
    r->pulse_ul = (double)session_get(b + DOSING_REPORT_AT_PULSE_PL, 4u) / PL_PER_UL;
    r->dose_ug_per_day = (double)session_get(b + DOSING_REPORT_AT_DOSE, 8u) / NG_PER_UG;
    r->given_ml = (double)session_get(b + DOSING_REPORT_AT_GIVEN_NL, 8u) / NL_PER_ML;
    for (uint32_t i = 0; i < PROGRAMMER_DRUGS_MAX; i++) {
        const uint64_t ng = session_get(b + DOSING_REPORT_AT_GIVEN_NG + 8u * i, 8u);
        const uint64_t ng_per_ml = session_get(b + DOSING_REPORT_AT_CONCENTRATION + 4u * i, 4u);
        r->given_ug[i] = (double)ng / NG_PER_UG;
        r->concentration_ug_per_ml[i] = (double)ng_per_ml / NG_PER_UG;
    }
    r->low_alarm_ml = (double)session_get(b + DOSING_REPORT_AT_LOW_NL, 4u) / NL_PER_ML;
    r->empty_alarm_ml = (double)session_get(b + DOSING_REPORT_AT_EMPTY_NL, 4u) / NL_PER_ML;
    r->frames_refused = (uint32_t)session_get(b + DOSING_REPORT_AT_REFUSED, 4u);
    r->lost_ms = (uint32_t)session_get(b + DOSING_REPORT_AT_LOST_MS, 4u);
    r->guard_refusals = (uint32_t)session_get(b + DOSING_REPORT_AT_GUARD, 4u);
    r->steps_missed = (uint32_t)session_get(b + DOSING_REPORT_AT_MISSED, 4u);
    r->stalls = (uint32_t)session_get(b + DOSING_REPORT_AT_STALLS, 4u);
    r->stall_ms = session_get(b + DOSING_REPORT_AT_STALL_MS, 8u);
    r->reset_cause = (uint32_t)session_get(b + DOSING_REPORT_AT_RESET, 4u);
}

static int ask_report(programmer_t *p, programmer_report_t *report, error_t *e)
{
    uint8_t bytes[DOSING_REPORT_BYTES];
    const session_reply_t reply = {bytes, sizeof bytes};
    const int status =
        session_ask(p, DOSING_FRAME_INTERROGATE, (session_request_t){NULL, 0u}, reply, e);
    if (status == 0) {
        read_report(report, bytes);
    }
    return status;
}

/* The core runs on the exact quotient of its integers, so what is achieved is what the integers say. */
void programmer_achieve(programmer_achieved_t *a, const programmer_report_t *r)
{
    *a = (programmer_achieved_t){.pulse_ul = r->pulse_ul};
    if (r->mode != PROGRAMMER_SIMPLE) {
        return;
    }
    a->rate_ml_per_day = r->dose_ug_per_day / r->concentration_ug_per_ml[0];
    a->pulses_per_day = a->rate_ml_per_day * 1e3 / r->pulse_ul;
    a->dose_ug_per_day[0] = r->dose_ug_per_day;
    for (uint32_t i = 1; i < r->drug_count && i < PROGRAMMER_DRUGS_MAX; i++) {
        a->dose_ug_per_day[i] = a->rate_ml_per_day * r->concentration_ug_per_ml[i];
    }
}

int programmer_set_therapy(programmer_t *p, const programmer_therapy_t *therapy,
                           programmer_achieved_t *achieved, error_t *e)
{
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    programmer_report_t report;
    int status = put_therapy(programme, therapy, e);
    if (status == 0) {
        status = session_open(p, e);
    }
    if (status < 0) {
        return status;
    }
    status = stage_and_commit(p, programme, sizeof programme, e);
    if (status == 0 && achieved != NULL) {
        status = ask_report(p, &report, e);
        if (status == 0) {
            programmer_achieve(achieved, &report);
        }
    }
    return session_close(p, status, e);
}

/* One session with one order in it. */
static int order(programmer_t *p, uint8_t type, session_request_t request, error_t *e)
{
    int status = session_open(p, e);
    if (status < 0) {
        return status;
    }
    status = session_ask(p, type, request, (session_reply_t){NULL, DOSING_ACK_BYTES}, e);
    return session_close(p, status, e);
}

int programmer_refill(programmer_t *p, double volume_ml, error_t *e)
{
    uint8_t bytes[4];
    const int status = put_volume(bytes, volume_ml, "the refill in mL", e);
    return status < 0 ? status : order(p, DOSING_FRAME_REFILL, (session_request_t){bytes, 4u}, e);
}

int programmer_bolus(programmer_t *p, double dose_ug, double minutes, error_t *e)
{
    uint8_t bytes[DOSING_BOLUS_BYTES] = {0};
    uint64_t dose = 0;
    uint64_t ms = 0;
    int status = whole(&dose, dose_ug, NG_PER_UG, (double)DOSING_DOSE_MAX, "the bolus in ug", e);
    if (status == 0) {
        status = whole(&ms, minutes, MS_PER_MINUTE, (double)UINT32_MAX, "the bolus's minutes", e);
    }
    if (status < 0) {
        return status;
    }
    session_put(bytes + DOSING_BOLUS_AT_DOSE, dose, 8u);
    session_put(bytes + DOSING_BOLUS_AT_DURATION, ms, 4u);
    return order(p, DOSING_FRAME_BOLUS, (session_request_t){bytes, sizeof bytes}, e);
}

int programmer_stop(programmer_t *p, error_t *e)
{
    return order(p, DOSING_FRAME_STOP, (session_request_t){NULL, 0u}, e);
}

int programmer_interrogate(programmer_t *p, programmer_report_t *report, error_t *e)
{
    int status = session_open(p, e);
    if (status < 0) {
        return status;
    }
    status = ask_report(p, report, e);
    return session_close(p, status, e);
}

int programmer_clear_alarms(programmer_t *p, uint32_t alarms, error_t *e)
{
    uint8_t bytes[4];
    session_put(bytes, alarms, 4u);
    return order(p, DOSING_FRAME_ALARM_CLEAR, (session_request_t){bytes, 4u}, e);
}

const char *programmer_status_text(uint32_t status)
{
    return session_status_text(status);
}
