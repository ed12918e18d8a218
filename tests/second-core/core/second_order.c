/* SPDX-License-Identifier: Apache-2.0 */
/* What each type of frame orders. */
#include "second_order.h"

#include <stddef.h>

#include "second_alarm.h"
#include "second_bytes.h"
#include "second_motor.h"
#include "second_ordered.h"
#include "second_report.h"
#include "second_store.h"
#include "second_therapy.h"

#define CLINICIAN (1u << (DOSING_ROLE_CLINICIAN - 1u))
#define PATIENT (1u << (DOSING_ROLE_PATIENT - 1u))
#define EMERGENCY (1u << (DOSING_ROLE_EMERGENCY - 1u))
#define ANYBODY (CLINICIAN | PATIENT | EMERGENCY)

/* ---- staging ----------------------------------------------------------------------------------------------------------- */

/* How long the image will be, as far as its head tells. */
static uint32_t image_length(const second_link_t *l)
{
    return l->staged > DOSING_PROGRAMME_AT_TIMED ? second_programme_length(l->image)
                                                 : DOSING_IMAGE_BYTES_MAX;
}

static dosing_status_t stage(dosing_state_t *s, second_order_t *o)
{
    second_link_t *l = &s->link;
    const uint32_t offset = (uint32_t)second_bytes_get(o->bytes + DOSING_PART_AT_OFFSET, 2u);
    const uint32_t length = o->length - DOSING_PART_AT_BYTES;
    l->read = 0;
    if (offset == 0u) {
        l->staged = 0;
    }
    if (offset != l->staged || length > DOSING_IMAGE_BYTES_MAX - offset ||
        second_bytes_get(o->bytes + DOSING_PART_AT_ZERO, 2u) != 0u) {
        return DOSING_REFUSED_STAGE;
    }
    for (uint32_t i = 0; i < length; i++) {
        l->image[offset + i] = o->bytes[DOSING_PART_AT_BYTES + i];
    }
    l->staged = offset + length;
    if (l->staged > image_length(l) || image_length(l) > DOSING_IMAGE_BYTES_MAX) {
        l->staged = 0;
        return DOSING_REFUSED_STAGE;
    }
    return DOSING_OK;
}

static dosing_status_t read_back(dosing_state_t *s, second_order_t *o)
{
    second_link_t *l = &s->link;
    const uint32_t offset = (uint32_t)second_bytes_get(o->bytes, 2u);
    if (second_bytes_get(o->bytes + 2u, 2u) != 0u || offset >= l->staged ||
        offset % DOSING_PART_BYTES_MAX != 0u) {
        return DOSING_REFUSED_STAGE;
    }
    const uint32_t left = l->staged - offset;
    const uint32_t length = left < DOSING_PART_BYTES_MAX ? left : DOSING_PART_BYTES_MAX;
    uint8_t *part = o->reply + DOSING_ACK_BYTES;
    second_bytes_put(part + DOSING_PART_AT_OFFSET, offset, 2u);
    for (uint32_t i = 0; i < length; i++) {
        part[DOSING_PART_AT_BYTES + i] = l->image[offset + i];
    }
    if (offset == l->read) {
        l->read += length;
    }
    o->reply_length = DOSING_ACK_BYTES + DOSING_PART_AT_BYTES + length;
    return DOSING_OK;
}

static dosing_status_t commit(dosing_state_t *s, second_order_t *o)
{
    second_link_t *l = &s->link;
    if (l->staged < DOSING_PROGRAMME_BYTES || l->staged != image_length(l) ||
        l->read != l->staged ||
        second_bytes_get(o->bytes, 4u) != second_bytes_crc(l->image, l->staged)) {
        return DOSING_REFUSED_STAGE;
    }
    l->staged = 0;
    l->read = 0;
    return second_ordered_commit(s, o->now_ms);
}

/* ---- the others -------------------------------------------------------------------------------------------------------- */

static dosing_status_t refill(dosing_state_t *s, second_order_t *o)
{
    return second_ordered_refill(s, (uint32_t)second_bytes_get(o->bytes, 4u));
}

static dosing_status_t bolus(dosing_state_t *s, second_order_t *o)
{
    return second_bytes_get(o->bytes + DOSING_BOLUS_AT_ZERO, 4u) != 0u
               ? DOSING_REFUSED_PROGRAMME
               : second_ordered_bolus(s, o->bytes, o->now_ms);
}

static dosing_status_t stop(dosing_state_t *s, second_order_t *o)
{
    return second_ordered_stop(s, o->now_ms);
}

static dosing_status_t interrogate(dosing_state_t *s, second_order_t *o)
{
    second_motor_settle(s, o->now_ms);
    second_report_fill(s, o->reply, o->now_ms);
    o->reply_length = DOSING_REPORT_BYTES;
    return DOSING_OK;
}

static dosing_status_t device(dosing_state_t *s, second_order_t *o)
{
    second_report_device(s, o->reply, o->now_ms);
    o->reply_length = DOSING_DEVICE_BYTES;
    return DOSING_OK;
}

static dosing_status_t clear(dosing_state_t *s, second_order_t *o)
{
    const uint32_t alarms = (uint32_t)second_bytes_get(o->bytes, 4u);
    second_alarm_clear(&s->kept.course, alarms);
    return second_store_record(s);
}

static dosing_status_t set_time(dosing_state_t *s, second_order_t *o)
{
    second_motor_stop(s, o->now_ms);
    return second_therapy_set_time(s, (uint32_t)second_bytes_get(o->bytes, 4u), o->now_ms);
}

static dosing_status_t request(dosing_state_t *s, second_order_t *o)
{
    return second_ordered_request(s, o->now_ms);
}

static dosing_status_t unsupported(dosing_state_t *s, second_order_t *o)
{
    (void)s;
    (void)o;
    return DOSING_REFUSED_UNSUPPORTED;
}

/* The counter of the patient's role begins anew with the key. */
static dosing_status_t pair(dosing_state_t *s, second_order_t *o)
{
    const dosing_hal_t *hal = s->hal;
    if (hal->table_size < offsetof(dosing_hal_t, pair) + sizeof hal->pair || hal->pair == NULL) {
        return DOSING_REFUSED_UNSUPPORTED;
    }
    if (hal->pair(s->context, DOSING_ROLE_PATIENT, o->bytes) != DOSING_HAL_OK) {
        return DOSING_ERROR_HAL;
    }
    s->kept.course.counter[DOSING_ROLE_PATIENT - 1u] = 0;
    s->link.leased[DOSING_ROLE_PATIENT - 1u] = 0;
    return DOSING_OK;
}

const second_order_kind_t *second_order_kind(uint32_t type)
{
    static const second_order_kind_t kinds[] = {
        [DOSING_FRAME_OPEN] = {DOSING_NONCE_BYTES, DOSING_NONCE_BYTES, ANYBODY, NULL},
        [DOSING_FRAME_CLOSE] = {0, 0, ANYBODY, NULL},
        [DOSING_FRAME_STAGE] = {DOSING_PART_AT_BYTES + 1u,
                                DOSING_PART_AT_BYTES + DOSING_PART_BYTES_MAX, CLINICIAN, stage},
        [DOSING_FRAME_READ_BACK] = {4, 4, CLINICIAN, read_back},
        [DOSING_FRAME_COMMIT] = {4, 4, CLINICIAN, commit},
        [DOSING_FRAME_REFILL] = {4, 4, CLINICIAN, refill},
        [DOSING_FRAME_BOLUS] = {DOSING_BOLUS_BYTES, DOSING_BOLUS_BYTES, CLINICIAN, bolus},
        [DOSING_FRAME_STOP] = {0, 0, CLINICIAN | EMERGENCY, stop},
        [DOSING_FRAME_INTERROGATE] = {0, 0, ANYBODY, interrogate},
        [DOSING_FRAME_ALARM_CLEAR] = {4, 4, CLINICIAN, clear},
        [DOSING_FRAME_PRIME] = {DOSING_PRIME_BYTES, DOSING_PRIME_BYTES, CLINICIAN, unsupported},
        [DOSING_FRAME_SET_TIME] = {4, 4, CLINICIAN, set_time},
        [DOSING_FRAME_REQUEST] = {0, 0, CLINICIAN | PATIENT, request},
        [DOSING_FRAME_LOG] = {8, 8, CLINICIAN | EMERGENCY, unsupported},
        [DOSING_FRAME_DEVICE] = {0, 0, CLINICIAN, device},
        [DOSING_FRAME_PAIR] = {DOSING_NONCE_BYTES, DOSING_NONCE_BYTES, CLINICIAN, pair},
    };
    return type < DOSING_FRAME_OPEN || type >= sizeof kinds / sizeof kinds[0] ? NULL : &kinds[type];
}
