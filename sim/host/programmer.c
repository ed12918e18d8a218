/* SPDX-License-Identifier: Apache-2.0 */
/* Orders as telemetry sessions: programmes staged in parts, read back and committed; reports in clinical units. */
#include "host/programmer.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "dosing_frame.h"
#include "dosing_status.h"
#include "host/image.h"
#include "host/session.h"

#define NG_PER_UG 1e3
#define NL_PER_ML 1e6
#define MS_PER_MINUTE 6e4
#define PL_PER_UL 1e6

void programmer_init(programmer_t *p, uint32_t device_id, const seal_key_t *key,
                     const programmer_link_t *link)
{
    *p = (programmer_t){
        .device_id = device_id, .role = DOSING_ROLE_CLINICIAN, .key = *key, .link = *link};
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

static void read_modes(programmer_report_t *r, const uint8_t *b)
{
    const uint64_t local = session_get(b + DOSING_REPORT_AT_LOCAL, 4u);
    r->local_ms = local == UINT32_MAX ? -1 : (int64_t)local;
    r->bridge_ml = (double)session_get(b + DOSING_REPORT_AT_BRIDGE_NL, 4u) / NL_PER_ML;
    r->patient_given = (uint32_t)session_get(b + DOSING_REPORT_AT_PATIENT_GIVEN, 2u);
    r->patient_refused = (uint32_t)session_get(b + DOSING_REPORT_AT_PATIENT_REFUSED, 2u);
    r->lockout_minutes = (double)session_get(b + DOSING_REPORT_AT_LOCKOUT_MS, 4u) / MS_PER_MINUTE;
    r->revision = (uint32_t)session_get(b + DOSING_REPORT_AT_REVISION, 4u);
}

static void read_report(programmer_report_t *r, const uint8_t *b)
{
    *r = (programmer_report_t){0};
    r->mode = (programmer_mode_t)b[DOSING_REPORT_AT_MODE];
    r->delivery = b[DOSING_REPORT_AT_DELIVERY];
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
    read_modes(r, b);
}

int programmer_ask_report(programmer_t *p, programmer_report_t *report, error_t *e)
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
    if (r->mode == PROGRAMMER_STOPPED) {
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
    uint8_t programme[DOSING_IMAGE_BYTES_MAX];
    programmer_report_t report;
    int status = image_therapy(programme, therapy, e);
    if (status == 0) {
        status = session_open(p, e);
    }
    if (status < 0) {
        return status;
    }
    status = stage_and_commit(p, programme, image_bytes(therapy), e);
    if (status == 0 && achieved != NULL) {
        status = programmer_ask_report(p, &report, e);
        if (status == 0) {
            programmer_achieve(achieved, &report);
        }
    }
    return session_close(p, status, e);
}

int programmer_set_altered(programmer_t *p, const programmer_therapy_t *therapy,
                           const programmer_patch_t *patch, error_t *e)
{
    uint8_t programme[DOSING_IMAGE_BYTES_MAX];
    int status = image_therapy(programme, therapy, e);
    const uint32_t length = image_bytes(therapy);
    for (uint32_t i = 0; status == 0 && i < patch->length && patch->at + i < length; i++) {
        programme[patch->at + i] = patch->bytes[i];
    }
    status = status == 0 ? session_open(p, e) : status;
    return status < 0 ? status : session_close(p, stage_and_commit(p, programme, length, e), e);
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
    const int status = image_volume(bytes, volume_ml, "the refill in mL", e);
    return status < 0 ? status : order(p, DOSING_FRAME_REFILL, (session_request_t){bytes, 4u}, e);
}

int programmer_bolus(programmer_t *p, double dose_ug, double minutes, error_t *e)
{
    uint8_t bytes[DOSING_BOLUS_BYTES] = {0};
    int status = image_dose(bytes + DOSING_BOLUS_AT_DOSE, dose_ug, "the bolus in ug", e);
    if (status == 0) {
        status = image_minutes(bytes + DOSING_BOLUS_AT_DURATION, minutes, "the bolus's minutes", e);
    }
    if (status < 0) {
        return status;
    }
    return order(p, DOSING_FRAME_BOLUS, (session_request_t){bytes, sizeof bytes}, e);
}

int programmer_set_time(programmer_t *p, uint32_t week_ms, error_t *e)
{
    uint8_t bytes[4];
    session_put(bytes, week_ms, 4u);
    return order(p, DOSING_FRAME_SET_TIME, (session_request_t){bytes, sizeof bytes}, e);
}

int programmer_prime(programmer_t *p, double tubing_ml, double catheter_ml, uint32_t revision,
                     error_t *e)
{
    uint8_t bytes[DOSING_PRIME_BYTES];
    int status = image_volume(bytes + DOSING_PRIME_AT_TUBING, tubing_ml, "the tubing in mL", e);
    if (status == 0) {
        status =
            image_volume(bytes + DOSING_PRIME_AT_CATHETER, catheter_ml, "the catheter in mL", e);
    }
    session_put(bytes + DOSING_PRIME_AT_REVISION, revision, 4u);
    return status < 0 ? status
                      : order(p, DOSING_FRAME_PRIME, (session_request_t){bytes, sizeof bytes}, e);
}

int programmer_pair(programmer_t *p, const uint8_t *nonce, seal_key_t *key, error_t *e)
{
    const int status = seal_key_pair(key, &p->key, DOSING_ROLE_PATIENT, nonce, e);
    return status < 0 ? status
                      : order(p, DOSING_FRAME_PAIR, (session_request_t){nonce, SEAL_PAIR_BYTES}, e);
}

int programmer_stop(programmer_t *p, error_t *e)
{
    return order(p, DOSING_FRAME_STOP, (session_request_t){NULL, 0u}, e);
}

int programmer_request(programmer_t *p, error_t *e)
{
    return order(p, DOSING_FRAME_REQUEST, (session_request_t){NULL, 0u}, e);
}

int programmer_interrogate(programmer_t *p, programmer_report_t *report, error_t *e)
{
    int status = session_open(p, e);
    if (status < 0) {
        return status;
    }
    status = programmer_ask_report(p, report, e);
    return session_close(p, status, e);
}

static uint32_t device_u32(const uint8_t *bytes, uint32_t at)
{
    return (uint32_t)session_get(bytes + at, 4u);
}

/* Two's complement on the wire. */
static double read_temperature(const uint8_t *bytes)
{
    const int64_t raw = (int64_t)device_u32(bytes, DOSING_DEVICE_AT_TEMPERATURE);
    const int64_t mdegc = raw > INT32_MAX ? raw - (INT64_C(1) << 32) : raw;
    return mdegc == INT32_MIN ? (double)NAN : (double)mdegc * 1e-3;
}

static void read_device(programmer_device_t *d, const uint8_t *bytes)
{
    *d = (programmer_device_t){
        .idle_v = device_u32(bytes, DOSING_DEVICE_AT_IDLE_MV) * 1e-3,
        .loaded_v = device_u32(bytes, DOSING_DEVICE_AT_LOADED_MV) * 1e-3,
        .charge_mah = device_u32(bytes, DOSING_DEVICE_AT_CHARGE_UAH) * 1e-3,
        .days_left = device_u32(bytes, DOSING_DEVICE_AT_ERI_DAYS),
        .age_days = device_u32(bytes, DOSING_DEVICE_AT_AGE_DAYS),
        .resets = device_u32(bytes, DOSING_DEVICE_AT_RESETS),
        .steps_missed = device_u32(bytes, DOSING_DEVICE_AT_MISSED),
        .clock_ppm = device_u32(bytes, DOSING_DEVICE_AT_CLOCK_PPM),
        .temperature_c = read_temperature(bytes),
        .selftest = device_u32(bytes, DOSING_DEVICE_AT_SELFTEST),
        .store_sequence = device_u32(bytes, DOSING_DEVICE_AT_STORE_SEQ),
        .store_failures = device_u32(bytes, DOSING_DEVICE_AT_STORE_BAD),
        .uncertain_ms = session_get(bytes + DOSING_DEVICE_AT_UNCERTAIN_MS, 8u),
        .next_event = device_u32(bytes, DOSING_DEVICE_AT_LOG_NEXT),
        .next_fault = device_u32(bytes, DOSING_DEVICE_AT_LOG_NEXT + 4u),
    };
}

int programmer_device(programmer_t *p, programmer_device_t *device, error_t *e)
{
    uint8_t bytes[DOSING_DEVICE_BYTES];
    int status = session_open(p, e);
    if (status < 0) {
        return status;
    }
    status = session_ask(p, DOSING_FRAME_DEVICE, (session_request_t){NULL, 0u},
                         (session_reply_t){bytes, sizeof bytes}, e);
    if (status == 0) {
        read_device(device, bytes);
    }
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
