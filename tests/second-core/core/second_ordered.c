/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of therapy: checked, kept, and only then carried out. */
#include "second_ordered.h"

#include <stddef.h>

#include "second_account.h"
#include "second_alarm.h"
#include "second_bytes.h"
#include "second_fields.h"
#include "second_motor.h"
#include "second_store.h"
#include "second_therapy.h"

#define DAY_MS 86400000u
#define NL 1000u /* pl */
#define BOLUS_MS_MIN 1000u

/* Greatest basal rate that the programme can come to. */
static uint64_t peak_q32(const dosing_state_t *s, const uint8_t *image, uint32_t concentration)
{
    uint64_t dose = second_programme_u64(image, DOSING_PROGRAMME_AT_DOSE);
    if (image[DOSING_PROGRAMME_AT_MODE] == DOSING_MODE_MINIMUM) {
        return second_flow_of_volume((uint64_t)s->factory.rate_min_nl_per_day * NL, DAY_MS);
    }
    for (uint32_t i = 0; i < image[DOSING_PROGRAMME_AT_STEPS]; i++) {
        const uint8_t *step = image + DOSING_PROGRAMME_BYTES + i * DOSING_STEP_BYTES;
        const uint64_t here = second_programme_u64(step, DOSING_STEP_AT_DOSE);
        dose = here > dose ? here : dose;
    }
    return second_flow_of_dose(dose, concentration);
}

/* Both rates were cut down, by less than one unit each. */
static uint32_t is_too_fast(const dosing_state_t *s, const uint8_t *image, uint64_t bolus_q32,
                            uint32_t concentration)
{
    const uint64_t max_nl = second_programme_rate_max(image, &s->factory);
    const uint64_t max_q32 = second_flow_of_volume(max_nl * NL, DAY_MS);
    return bolus_q32 > max_q32 || peak_q32(s, image, concentration) + bolus_q32 > max_q32 ? 1u : 0u;
}

/* ---- a programme ------------------------------------------------------------------------------------------------------- */

/* What a bolus of the patient's adds, in either fluid. */
static dosing_status_t check_patient(const dosing_state_t *s, const uint8_t *image,
                                     uint32_t concentration)
{
    const uint8_t *patient = image + DOSING_PROGRAMME_AT_PATIENT;
    const uint64_t dose = second_programme_u64(patient, DOSING_PATIENT_AT_DOSE);
    const uint32_t ms = second_programme_u32(patient, DOSING_PATIENT_AT_DURATION);
    if (dose == 0u) {
        return DOSING_OK;
    }
    const uint64_t q32 = second_flow_of_volume(second_flow_volume_pl(dose, concentration), ms);
    return is_too_fast(s, image, q32, concentration) != 0u ? DOSING_REFUSED_RATE : DOSING_OK;
}

/* Other fluids must be declared; one change at a time; another primary drug is never bridged. */
static dosing_status_t check_change(const dosing_state_t *s, const uint8_t *image)
{
    const second_kept_t *k = &s->kept;
    const uint32_t at = DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_CODE;
    if (k->image_length == 0u || second_programme_changes(image, k->image) == 0u) {
        return DOSING_OK;
    }
    const uint32_t bridged = second_programme_u32(image, DOSING_PROGRAMME_AT_BRIDGE);
    const uint32_t other = second_programme_u32(image, at) ^ second_programme_u32(k->image, at);
    return second_programme_u32(image, DOSING_PROGRAMME_AT_FLAGS) == 0u || k->bridge_pl != 0u ||
                   (bridged != 0u && other != 0u)
               ? DOSING_REFUSED_CHANGE
               : DOSING_OK;
}

static uint64_t bridge_pl(const dosing_state_t *s, const uint8_t *image)
{
    const second_kept_t *k = &s->kept;
    if (k->image_length == 0u) {
        return 0;
    }
    return second_programme_changes(image, k->image) == 0u
               ? k->bridge_pl
               : (uint64_t)second_programme_u32(image, DOSING_PROGRAMME_AT_BRIDGE) * NL;
}

static dosing_status_t check_programme(const dosing_state_t *s, const uint8_t *image)
{
    const uint32_t *path = bridge_pl(s, image) != 0u ? s->kept.path : NULL;
    const second_programme_case_t limits = {&s->factory, path, 0u};
    dosing_status_t status = second_fields_check(image, &s->factory);
    if (status == DOSING_OK) {
        status = check_change(s, image);
    }
    if (status == DOSING_OK && image[DOSING_PROGRAMME_AT_MODE] == DOSING_MODE_FLEX &&
        s->local_known == 0u) {
        status = DOSING_REFUSED_TIME;
    }
    if (status == DOSING_OK) {
        status = second_programme_bounds(image, &limits);
    }
    if (status == DOSING_OK) {
        status = check_patient(s, image, second_programme_concentration(image, 0u));
    }
    return status == DOSING_OK && path != NULL ? check_patient(s, image, path[0]) : status;
}

static void draft_programme(dosing_state_t *s, const uint8_t *image)
{
    second_kept_t *d = &s->draft;
    const uint64_t bridge = bridge_pl(s, image);
    *d = s->kept;
    d->image_length = second_programme_length(image);
    for (uint32_t i = 0; i < sizeof d->image; i++) {
        d->image[i] = i < d->image_length ? image[i] : 0u;
    }
    d->bridge_pl = bridge;
    for (uint32_t i = 0; i < DOSING_DRUGS_MAX && bridge == 0u; i++) {
        d->path[i] = second_programme_concentration(image, i);
    }
    d->commits = second_state_add(d->commits, 1u);
    d->stopped = 0;
}

dosing_status_t second_ordered_commit(dosing_state_t *s, uint64_t now_ms)
{
    dosing_status_t status = check_programme(s, s->link.image);
    if (status != DOSING_OK) {
        return status;
    }
    second_motor_stop(s, now_ms);
    draft_programme(s, s->link.image);
    status = second_store_keep(s);
    if (status == DOSING_OK) {
        second_flow_advance(&s->flow, now_ms);
        second_therapy_forfeit(s);
        second_motor_watch_reservoir(s);
    }
    second_therapy_refresh(s, now_ms);
    return status;
}

/* ---- boluses ----------------------------------------------------------------------------------------------------------- */

typedef struct bolus_t {
    uint64_t pl, q32;
    uint32_t ms;
} bolus_t;

static bolus_t bolus_of(const dosing_state_t *s, uint64_t dose, uint32_t ms)
{
    const uint64_t pl = second_flow_volume_pl(dose, s->kept.path[0]);
    return (bolus_t){pl, second_flow_of_volume(pl, ms), ms};
}

static uint64_t spare_pl(const dosing_state_t *s)
{
    const uint64_t empty_pl =
        (uint64_t)second_programme_u32(s->kept.image, DOSING_PROGRAMME_AT_EMPTY_NL) * NL;
    return s->kept.reservoir_pl > empty_pl ? s->kept.reservoir_pl - empty_pl : 0u;
}

/* Enough for it, for what still waits, and for the basal rate beside both. */
static dosing_status_t check_volume(const dosing_state_t *s, bolus_t b, uint64_t now_ms)
{
    const second_source_t *other = &s->bolus;
    const uint64_t left_ms = other->rate_q32 == 0u      ? 0u
                             : other->until_ms > now_ms ? other->until_ms - now_ms
                                                        : other->left_ms;
    const uint64_t peak = peak_q32(s, s->kept.image, s->kept.path[0]);
    const uint64_t need_pl = b.pl + second_flow_given_pl(peak, b.ms + left_ms) +
                             second_flow_given_pl(other->rate_q32, left_ms);
    return need_pl > spare_pl(s) ? DOSING_REFUSED_VOLUME : DOSING_OK;
}

static dosing_status_t check_possible(const dosing_state_t *s)
{
    if (s->kept.image_length == 0u || s->kept.filled == 0u) {
        return DOSING_REFUSED_NOT_NOW;
    }
    return second_alarm_stops(s) != 0u ? DOSING_REFUSED_ALARM : DOSING_OK;
}

static void begin(dosing_state_t *s, second_source_t *source, second_event_t event, bolus_t b)
{
    *source = (second_source_t){.rate_q32 = b.q32, .until_ms = s->flow.at_ms + b.ms};
    second_queue_set(&s->queue, event, source->until_ms);
}

static dosing_status_t check_bolus(const dosing_state_t *s, uint64_t dose, uint32_t ms)
{
    const dosing_status_t possible = check_possible(s);
    if (possible != DOSING_OK) {
        return possible;
    }
    if (second_state_mode(s) == DOSING_MODE_MINIMUM) {
        return DOSING_REFUSED_NOT_NOW;
    }
    if (s->bolus.rate_q32 != 0u || s->patient.rate_q32 != 0u) {
        return DOSING_REFUSED_BUSY;
    }
    return dose < 1u || dose > DOSING_DOSE_MAX || ms < BOLUS_MS_MIN || ms > DAY_MS
               ? DOSING_REFUSED_PROGRAMME
               : DOSING_OK;
}

dosing_status_t second_ordered_bolus(dosing_state_t *s, const uint8_t *order, uint64_t now_ms)
{
    const uint64_t dose = second_bytes_get(order + DOSING_BOLUS_AT_DOSE, 8u);
    const uint32_t ms = (uint32_t)second_bytes_get(order + DOSING_BOLUS_AT_DURATION, 4u);
    dosing_status_t status = check_bolus(s, dose, ms);
    if (status != DOSING_OK) {
        return status;
    }
    const bolus_t b = bolus_of(s, dose, ms);
    if (is_too_fast(s, s->kept.image, b.q32, s->kept.path[0]) != 0u) {
        return DOSING_REFUSED_RATE;
    }
    status = check_volume(s, b, now_ms);
    second_account_enter(&s->kept, now_ms);
    const second_programme_case_t limits = {&s->factory, s->kept.path,
                                            b.pl + second_account_ordered_pl(&s->kept)};
    if (status == DOSING_OK) {
        status = second_programme_bounds(s->kept.image, &limits);
    }
    if (status != DOSING_OK) {
        return status;
    }
    second_motor_stop(s, now_ms);
    s->draft = s->kept;
    s->draft.hours[s->draft.hour % SECOND_HOURS].ordered_pl += b.pl;
    status = second_store_keep(s);
    if (status == DOSING_OK) {
        second_flow_advance(&s->flow, now_ms);
        begin(s, &s->bolus, SECOND_EVENT_BOLUS, b);
    }
    second_therapy_refresh(s, now_ms);
    return status;
}

/* ---- the patient's ------------------------------------------------------------------------------------------------------ */

static dosing_status_t check_request(const dosing_state_t *s, uint64_t now_ms)
{
    const second_kept_t *k = &s->kept;
    const uint8_t *patient = k->image + DOSING_PROGRAMME_AT_PATIENT;
    const uint32_t interval_ms = second_programme_u32(patient, DOSING_PATIENT_AT_INTERVAL);
    const dosing_status_t possible = check_possible(s);
    if (possible != DOSING_OK) {
        return possible;
    }
    if (second_programme_u64(patient, DOSING_PATIENT_AT_DOSE) == 0u || k->stopped != 0u) {
        return DOSING_REFUSED_NOT_NOW;
    }
    if (s->patient.rate_q32 != 0u) {
        return DOSING_REFUSED_BUSY;
    }
    if (second_therapy_lockout_ms(k, now_ms) != 0u) {
        return DOSING_REFUSED_LOCKOUT;
    }
    return second_therapy_requests(k, now_ms, interval_ms) >=
                       second_bytes_get(patient + DOSING_PATIENT_AT_PER_INTERVAL, 2u) ||
                   second_therapy_requests(k, now_ms, DAY_MS) >=
                       second_bytes_get(patient + DOSING_PATIENT_AT_PER_DAY, 2u)
               ? DOSING_REFUSED_COUNT
               : DOSING_OK;
}

/* The lockout is kept before the bolus begins. */
static dosing_status_t keep_request(dosing_state_t *s, uint64_t now_ms)
{
    second_kept_t *k = &s->kept;
    const uint64_t before_ms = k->course.request_ms;
    k->course.request_ms = now_ms;
    if (second_store_record(s) != DOSING_OK) {
        k->course.request_ms = before_ms;
        return DOSING_ERROR_STORE;
    }
    k->request_ms[k->request_next % DOSING_PATIENT_PER_DAY_MAX] = now_ms;
    k->request_next++;
    return DOSING_OK;
}

dosing_status_t second_ordered_request(dosing_state_t *s, uint64_t now_ms)
{
    const uint8_t *patient = s->kept.image + DOSING_PROGRAMME_AT_PATIENT;
    dosing_status_t status = check_request(s, now_ms);
    bolus_t b = {0, 0, 0};
    if (status == DOSING_OK) {
        b = bolus_of(s, second_programme_u64(patient, DOSING_PATIENT_AT_DOSE),
                     second_programme_u32(patient, DOSING_PATIENT_AT_DURATION));
        status = check_volume(s, b, now_ms);
    }
    if (status == DOSING_OK) {
        second_motor_stop(s, now_ms);
        status = keep_request(s, now_ms);
        second_therapy_refresh(s, now_ms);
    }
    if (status != DOSING_OK) {
        s->kept.course.refused_requests = second_state_add(s->kept.course.refused_requests, 1u);
        return status;
    }
    if (s->bolus.rate_q32 != 0u) {
        s->bolus.left_ms = s->bolus.until_ms - now_ms;
        second_queue_set(&s->queue, SECOND_EVENT_BOLUS, SECOND_QUEUE_NEVER);
    }
    begin(s, &s->patient, SECOND_EVENT_PATIENT, b);
    second_therapy_refresh(s, now_ms);
    return DOSING_OK;
}

/* ---- stop, refill -------------------------------------------------------------------------------------------------------- */

/* In force whether or not it can be kept. */
dosing_status_t second_ordered_stop(dosing_state_t *s, uint64_t now_ms)
{
    second_motor_stop(s, now_ms);
    second_flow_advance(&s->flow, now_ms);
    second_therapy_forfeit(s);
    s->kept.stopped = 1;
    s->draft = s->kept;
    const dosing_status_t status = second_store_keep(s);
    second_therapy_refresh(s, now_ms);
    return status;
}

dosing_status_t second_ordered_refill(dosing_state_t *s, uint32_t nl)
{
    if (nl > s->factory.capacity_nl) {
        return DOSING_REFUSED_VOLUME;
    }
    s->draft = s->kept;
    s->draft.reservoir_pl = (uint64_t)nl * NL;
    s->draft.filled = 1;
    s->draft.course.refused_requests = 0;
    const dosing_status_t status = second_store_keep(s);
    second_motor_watch_reservoir(s);
    return status;
}
