/* SPDX-License-Identifier: Apache-2.0 */
/* The two accounts that a programmer may ask for. */
#include "second_report.h"

#include "second_bytes.h"
#include "second_cell.h"
#include "second_therapy.h"

#define DAY_MS UINT64_C(86400000)
#define LOCAL_UNKNOWN 0xFFFFFFFFu

typedef struct entry_t {
    uint32_t at, size;
    uint64_t value;
} entry_t;

static void put_all(uint8_t *bytes, const entry_t *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        second_bytes_put(bytes + entries[i].at, entries[i].value, entries[i].size);
    }
}

#define PUT_ALL(bytes, entries)                                                                    \
    put_all(bytes, entries, (uint32_t)(sizeof(entries) / sizeof(entries)[0]))

static void put_therapy(const dosing_state_t *s, uint8_t *bytes, uint64_t now_ms)
{
    const second_kept_t *k = &s->kept;
    const uint64_t lockout_ms = second_therapy_lockout_ms(k, now_ms);
    const entry_t entries[] = {
        {DOSING_REPORT_AT_MODE, 1u, second_state_mode(s)},
        {DOSING_REPORT_AT_DRUGS, 1u, k->image[DOSING_PROGRAMME_AT_DRUGS]},
        {DOSING_REPORT_AT_DELIVERY, 1u, second_therapy_delivery(s)},
        {DOSING_REPORT_AT_COMMITS, 4u, k->commits},
        {DOSING_REPORT_AT_DOSE, 8u, second_therapy_dose(s, now_ms)},
        {DOSING_REPORT_AT_LOW_NL, 4u, second_programme_u32(k->image, DOSING_PROGRAMME_AT_LOW_NL)},
        {DOSING_REPORT_AT_EMPTY_NL, 4u,
         second_programme_u32(k->image, DOSING_PROGRAMME_AT_EMPTY_NL)},
        {DOSING_REPORT_AT_LOCAL, 4u,
         s->local_known != 0u ? second_therapy_week_ms(s, now_ms) : LOCAL_UNKNOWN},
        {DOSING_REPORT_AT_BRIDGE_NL, 4u, (k->bridge_pl + 999u) / 1000u},
        {DOSING_REPORT_AT_PATIENT_GIVEN, 2u, second_therapy_requests(k, now_ms, DAY_MS)},
        {DOSING_REPORT_AT_PATIENT_REFUSED, 2u,
         k->course.refused_requests < 0xFFFFu ? k->course.refused_requests : 0xFFFFu},
        {DOSING_REPORT_AT_LOCKOUT_MS, 4u, lockout_ms},
    };
    PUT_ALL(bytes, entries);
}

static void put_account(const dosing_state_t *s, uint8_t *bytes)
{
    const second_kept_t *k = &s->kept;
    const second_course_t *c = &k->course;
    const entry_t entries[] = {
        {DOSING_REPORT_AT_ALARMS, 4u, c->alarms},
        {DOSING_REPORT_AT_UNSEEN, 4u, c->unseen},
        {DOSING_REPORT_AT_COMMANDED, 8u, c->commanded},
        {DOSING_REPORT_AT_CONFIRMED, 8u, c->confirmed},
        {DOSING_REPORT_AT_VOLUME_NL, 4u, k->reservoir_pl / 1000u},
        {DOSING_REPORT_AT_PULSE_PL, 4u, s->factory.pulse_volume_pl},
        {DOSING_REPORT_AT_REFUSED, 4u, s->link.refused},
        {DOSING_REPORT_AT_LOST_MS, 4u, s->flow.lost_ms < UINT32_MAX ? s->flow.lost_ms : UINT32_MAX},
        {DOSING_REPORT_AT_GIVEN_NL, 8u, k->given_pl / 1000u},
        {DOSING_REPORT_AT_RESET, 4u, s->cause},
        {DOSING_REPORT_AT_GUARD, 4u, s->held_back},
        {DOSING_REPORT_AT_MISSED, 4u, c->missed},
        {DOSING_REPORT_AT_STALLS, 4u, c->stalls},
        {DOSING_REPORT_AT_STALL_MS, 8u, c->stall_ms},
    };
    PUT_ALL(bytes, entries);
    for (uint32_t d = 0; d < DOSING_DRUGS_MAX; d++) {
        second_bytes_put(bytes + DOSING_REPORT_AT_GIVEN_NG + 8u * d, k->given_ng[d], 8u);
        second_bytes_put(bytes + DOSING_REPORT_AT_CONCENTRATION + 4u * d, k->path[d], 4u);
    }
}

void second_report_fill(const dosing_state_t *s, uint8_t *bytes, uint64_t now_ms)
{
    put_therapy(s, bytes, now_ms);
    put_account(s, bytes);
    second_bytes_put(bytes + DOSING_REPORT_AT_CLOCK_MS, now_ms, 8u);
}

void second_report_device(const dosing_state_t *s, uint8_t *bytes, uint64_t now_ms)
{
    int32_t mdegc = INT32_MIN;
    if (s->hal->temperature_mdegc(s->context, &mdegc) != DOSING_HAL_OK) {
        mdegc = INT32_MIN;
    }
    const entry_t entries[] = {
        {DOSING_DEVICE_AT_IDLE_MV, 4u, s->cell.filtered[0] >> 8u},
        {DOSING_DEVICE_AT_LOADED_MV, 4u, s->cell.filtered[1] >> 8u},
        {DOSING_DEVICE_AT_CHARGE_UAH, 4u, s->kept.course.charge_nc / 3600000u},
        {DOSING_DEVICE_AT_ERI_DAYS, 4u, second_cell_days_left(s, now_ms)},
        {DOSING_DEVICE_AT_AGE_DAYS, 4u, now_ms / DAY_MS},
        {DOSING_DEVICE_AT_RESETS, 4u, s->kept.course.resets},
        {DOSING_DEVICE_AT_MISSED, 4u, s->kept.course.missed},
        {DOSING_DEVICE_AT_TEMPERATURE, 4u, (uint32_t)mdegc},
        {DOSING_DEVICE_AT_SELFTEST, 4u, s->selftest},
        {DOSING_DEVICE_AT_STORE_SEQ, 4u, s->store.generation},
        {DOSING_DEVICE_AT_STORE_BAD, 4u, s->store.failures},
    };
    PUT_ALL(bytes, entries);
}
