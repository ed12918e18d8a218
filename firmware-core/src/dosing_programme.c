/* SPDX-License-Identifier: Apache-2.0 */
/* Programmes: every field of an image checked. A programme that does not fit is refused, never clamped. */
#include "dosing_programme.h"

#include <stdbool.h>

#include "dosing_codec.h"
#include "dosing_crc.h"
#include "dosing_hal.h"
#include "dosing_week.h"

#define MS_PER_DAY 86400000u
#define MINUTES_PER_DAY 1440u
#define BOLUS_MS_MIN 1000u
#define LOCKOUT_MS_MIN 60000u

dosing_step_t dosing_programme_step(const dosing_programme_t *p, uint32_t i)
{
    const uint8_t *at = p->tail + i * DOSING_STEP_BYTES;
    return (dosing_step_t){.dose_ng_per_day = dosing_codec_u64(at + DOSING_STEP_AT_DOSE),
                           .days = at[DOSING_STEP_AT_DAYS],
                           .minute = dosing_codec_u16(at + DOSING_STEP_AT_MINUTE)};
}

dosing_timed_t dosing_programme_timed(const dosing_programme_t *p, uint32_t i)
{
    const uint8_t *at = p->tail + p->steps * DOSING_STEP_BYTES + i * DOSING_TIMED_BYTES;
    return (dosing_timed_t){.dose_ng = dosing_codec_u64(at + DOSING_TIMED_AT_DOSE),
                            .duration_ms = dosing_codec_u32(at + DOSING_TIMED_AT_DURATION),
                            .days = at[DOSING_TIMED_AT_DAYS],
                            .minute = dosing_codec_u16(at + DOSING_TIMED_AT_MINUTE)};
}

uint32_t dosing_programme_image_bytes(const uint8_t *head)
{
    const uint32_t steps = head[DOSING_PROGRAMME_AT_STEPS];
    const uint32_t timed = head[DOSING_PROGRAMME_AT_TIMED];
    if (steps > DOSING_STEPS_MAX || timed > DOSING_TIMED_MAX) {
        return 0u;
    }
    return DOSING_PROGRAMME_BYTES + steps * DOSING_STEP_BYTES + timed * DOSING_TIMED_BYTES;
}

static bool drug_is_unused(const uint8_t *bytes)
{
    uint32_t any = 0;
    for (uint32_t i = 0; i < DOSING_DRUG_BYTES; i++) {
        any |= bytes[i];
    }
    return any == 0u;
}

static bool read_drug(dosing_programme_t *p, uint32_t slot, const uint8_t *bytes)
{
    if (slot >= p->drugs) {
        return drug_is_unused(bytes);
    }
    const uint32_t concentration = dosing_codec_u32(bytes + DOSING_DRUG_AT_CONCENTRATION);
    const uint64_t limit = dosing_codec_u64(bytes + DOSING_DRUG_AT_LIMIT);
    p->concentration_ng_per_ml[slot] = concentration;
    p->limit_ng[slot] = limit;
    p->code[slot] = dosing_codec_u32(bytes + DOSING_DRUG_AT_CODE);
    return concentration >= 1u && concentration <= DOSING_CONCENTRATION_MAX &&
           limit <= DOSING_LIMIT_MAX;
}

/* A clinician's limit lies at or below the factory's; 0 takes the factory's. */
static bool read_limit(uint32_t *limit, const uint8_t *bytes, uint32_t factory)
{
    const uint32_t asked = dosing_codec_u32(bytes);
    *limit = asked == 0u ? factory : asked;
    return asked <= factory;
}

static bool within(uint32_t value, uint32_t low, uint32_t high)
{
    return value >= low && value <= high;
}

static void read_head(dosing_programme_t *p, const uint8_t *bytes)
{
    p->mode = bytes[DOSING_PROGRAMME_AT_MODE];
    p->drugs = bytes[DOSING_PROGRAMME_AT_DRUGS];
    p->steps = bytes[DOSING_PROGRAMME_AT_STEPS];
    p->timed = bytes[DOSING_PROGRAMME_AT_TIMED];
    p->low_nl = dosing_codec_u32(bytes + DOSING_PROGRAMME_AT_LOW_NL);
    p->empty_nl = dosing_codec_u32(bytes + DOSING_PROGRAMME_AT_EMPTY_NL);
    p->flags = dosing_codec_u32(bytes + DOSING_PROGRAMME_AT_FLAGS);
    p->dose_ng_per_day = dosing_codec_u64(bytes + DOSING_PROGRAMME_AT_DOSE);
    p->bridge_nl = dosing_codec_u32(bytes + DOSING_PROGRAMME_AT_BRIDGE);
    p->repeat_critical_min = dosing_codec_u16(bytes + DOSING_PROGRAMME_AT_REPEAT_CRITICAL);
    p->repeat_advisory_min = dosing_codec_u16(bytes + DOSING_PROGRAMME_AT_REPEAT_ADVISORY);
}

/* What goes with which mode: a dose with simple alone, steps with flex alone, boluses with either. */
static bool mode_is_valid(const dosing_programme_t *p)
{
    const bool gives = p->mode == DOSING_MODE_SIMPLE || p->mode == DOSING_MODE_FLEX;
    return p->mode <= DOSING_MODE_MINIMUM &&
           (p->mode == DOSING_MODE_SIMPLE) == (p->dose_ng_per_day != 0u) &&
           (p->mode == DOSING_MODE_FLEX) == (p->steps != 0u) && (gives || p->timed == 0u);
}

static bool head_is_valid(const dosing_programme_t *p, const dosing_factory_t *factory)
{
    return mode_is_valid(p) && within(p->drugs, 1u, DOSING_DRUGS_MAX) && p->empty_nl < p->low_nl &&
           p->low_nl <= factory->capacity_nl && p->dose_ng_per_day <= DOSING_DOSE_MAX &&
           (p->flags & ~DOSING_FLAG_CHANGE) == 0u && p->bridge_nl <= DOSING_BRIDGE_NL_MAX &&
           (p->flags != 0u || p->bridge_nl == 0u);
}

static bool read_patient(dosing_programme_t *p, const uint8_t *bytes)
{
    p->patient_ng = dosing_codec_u64(bytes + DOSING_PATIENT_AT_DOSE);
    p->patient_duration_ms = dosing_codec_u32(bytes + DOSING_PATIENT_AT_DURATION);
    p->lockout_ms = dosing_codec_u32(bytes + DOSING_PATIENT_AT_LOCKOUT);
    p->interval_ms = dosing_codec_u32(bytes + DOSING_PATIENT_AT_INTERVAL);
    p->per_interval = dosing_codec_u16(bytes + DOSING_PATIENT_AT_PER_INTERVAL);
    p->per_day = dosing_codec_u16(bytes + DOSING_PATIENT_AT_PER_DAY);
    if (p->patient_ng == 0u) {
        return (p->patient_duration_ms | p->lockout_ms | p->interval_ms | p->per_interval |
                p->per_day) == 0u;
    }
    return (p->mode == DOSING_MODE_SIMPLE || p->mode == DOSING_MODE_FLEX) &&
           p->patient_ng <= DOSING_DOSE_MAX &&
           within(p->patient_duration_ms, BOLUS_MS_MIN, DOSING_TIMED_MS_MAX) &&
           within(p->lockout_ms, LOCKOUT_MS_MIN, MS_PER_DAY) &&
           p->patient_duration_ms <= p->lockout_ms &&
           within(p->interval_ms, p->lockout_ms, MS_PER_DAY) &&
           within(p->per_interval, 1u, DOSING_PATIENT_PER_DAY_MAX) &&
           within(p->per_day, 1u, DOSING_PATIENT_PER_DAY_MAX);
}

/* On each day the minutes rise, and the first step is at midnight. */
static bool steps_are_valid(const dosing_programme_t *p)
{
    bool good = true;
    uint32_t next[DOSING_WEEK_DAYS] = {0}; /* least minute of the day's next step */
    for (uint32_t i = 0; i < p->steps && good; i++) {
        const dosing_step_t s = dosing_programme_step(p, i);
        good = within(s.days, 1u, DOSING_DAYS_ALL) && s.minute < MINUTES_PER_DAY &&
               s.dose_ng_per_day <= DOSING_DOSE_MAX &&
               p->tail[i * DOSING_STEP_BYTES + DOSING_STEP_AT_ZERO] == 0u;
        for (uint32_t day = 0; day < DOSING_WEEK_DAYS && good; day++) {
            if ((s.days >> day & 1u) != 0u) {
                good = next[day] == 0u ? s.minute == 0u : s.minute >= next[day];
                next[day] = s.minute + 1u;
            }
        }
    }
    for (uint32_t day = 0; day < DOSING_WEEK_DAYS && p->steps != 0u && good; day++) {
        good = next[day] != 0u;
    }
    return good;
}

/* Whether `b` on any day begins while `a` of `day` lasts, or with it. */
static bool overlaps(const dosing_timed_t *a, uint32_t day, const dosing_timed_t *b, bool same)
{
    const uint32_t from_ms = day * DOSING_DAY_MS + a->minute * 60000u;
    bool any = false;
    for (uint32_t other = 0; other < DOSING_WEEK_DAYS; other++) {
        const uint32_t at_ms = other * DOSING_DAY_MS + b->minute * 60000u;
        const uint32_t after_ms =
            at_ms >= from_ms ? at_ms - from_ms : at_ms + DOSING_WEEK_MS - from_ms;
        any |=
            (b->days >> other & 1u) != 0u && after_ms < a->duration_ms && !(same && other == day);
    }
    return any;
}

static bool timed_is_free(const dosing_programme_t *p, uint32_t i)
{
    const dosing_timed_t t = dosing_programme_timed(p, i);
    bool good = true;
    for (uint32_t day = 0; day < DOSING_WEEK_DAYS && good; day++) {
        for (uint32_t j = 0; j < p->timed && (t.days >> day & 1u) != 0u && good; j++) {
            const dosing_timed_t other = dosing_programme_timed(p, j);
            good = !overlaps(&t, day, &other, i == j);
        }
    }
    return good;
}

static bool timed_are_valid(const dosing_programme_t *p)
{
    bool good = true;
    for (uint32_t i = 0; i < p->timed && good; i++) {
        const dosing_timed_t t = dosing_programme_timed(p, i);
        const uint8_t *at = p->tail + p->steps * DOSING_STEP_BYTES + i * DOSING_TIMED_BYTES;
        good = within(t.days, 1u, DOSING_DAYS_ALL) && t.minute < MINUTES_PER_DAY &&
               within(t.duration_ms, BOLUS_MS_MIN, DOSING_TIMED_MS_MAX) && t.dose_ng != 0u &&
               t.dose_ng <= DOSING_DOSE_MAX && at[DOSING_TIMED_AT_ZERO] == 0u;
    }
    for (uint32_t i = 0; i < p->timed && good; i++) {
        good = timed_is_free(p, i);
    }
    return good;
}

dosing_status_t dosing_programme_read(dosing_programme_t *p, const uint8_t *bytes,
                                      const dosing_factory_t *factory)
{
    const uint32_t length = dosing_programme_image_bytes(bytes);
    *p = (dosing_programme_t){0};
    if (length == 0u) {
        return DOSING_REFUSED_PROGRAMME;
    }
    read_head(p, bytes);
    dosing_codec_copy(p->tail, bytes + DOSING_PROGRAMME_BYTES, length - DOSING_PROGRAMME_BYTES);
    bool valid = head_is_valid(p, factory);
    valid &= read_limit(&p->rate_max_nl_per_day, bytes + DOSING_PROGRAMME_AT_RATE_MAX,
                        factory->rate_max_nl_per_day);
    valid &= read_limit(&p->volume_24h_nl, bytes + DOSING_PROGRAMME_AT_VOLUME_24H,
                        factory->volume_24h_max_nl);
    for (uint32_t slot = 0; slot < DOSING_DRUGS_MAX && valid; slot++) {
        valid = read_drug(p, slot, bytes + DOSING_PROGRAMME_AT_DRUG + slot * DOSING_DRUG_BYTES);
    }
    valid = valid && read_patient(p, bytes + DOSING_PROGRAMME_AT_PATIENT) && steps_are_valid(p) &&
            timed_are_valid(p);
    if (!valid) {
        return DOSING_REFUSED_PROGRAMME;
    }
    p->peak_ng_per_day = dosing_week_peak(p);
    p->mean_ng_per_day = dosing_week_mean(p);
    return p->mean_ng_per_day <= DOSING_DOSE_MAX ? DOSING_OK : DOSING_REFUSED_RATE;
}

bool dosing_programme_changes(const dosing_programme_t *p, const dosing_programme_t *before)
{
    bool other = p->drugs != before->drugs;
    for (uint32_t i = 0; i < DOSING_DRUGS_MAX; i++) {
        other |= p->concentration_ng_per_ml[i] != before->concentration_ng_per_ml[i] ||
                 p->code[i] != before->code[i];
    }
    return other;
}

static bool factory_rates_are_valid(const dosing_factory_t *f)
{
    const uint64_t day_pl = (uint64_t)f->pulse_volume_pl * (MS_PER_DAY / 1000u);
    return within(f->rate_max_nl_per_day, 1u, 50000000u) &&
           within(f->rate_min_nl_per_day, 1u, f->rate_max_nl_per_day) &&
           within(f->gap_ms, 100u, 60000u) && within(f->volume_24h_max_nl, 1u, 50000000u) &&
           day_pl / f->rate_min_nl_per_day <= DOSING_TRAIN_MS_MAX &&
           day_pl / f->rate_max_nl_per_day >= f->gap_ms;
}

static bool factory_cell_is_valid(const dosing_factory_t *f)
{
    return within(f->battery_uah, 10000u, 10000000u) && within(f->idle_na, 100u, 1000000u) &&
           f->wake_nc <= 100000000u && f->pulse_nc <= 100000000u && f->tone_nc <= 1000000000u &&
           f->frame_nc <= 100000000u && within(f->floor_mv, 1u, 4999u) &&
           within(f->eri_mv, f->floor_mv + 1u, 5000u);
}

uint32_t dosing_programme_factory_crc(const dosing_factory_t *f)
{
    const uint32_t words[] = {f->magic,
                              f->version,
                              f->device_id,
                              f->pulse_volume_pl,
                              f->capacity_nl,
                              f->tubing_nl,
                              f->rate_min_nl_per_day,
                              f->rate_max_nl_per_day,
                              f->volume_24h_max_nl,
                              f->gap_ms,
                              f->battery_uah,
                              f->idle_na,
                              f->wake_nc,
                              f->pulse_nc,
                              f->tone_nc,
                              f->frame_nc,
                              f->eri_mv,
                              f->floor_mv};
    uint8_t bytes[sizeof words];
    _Static_assert(sizeof words + 4u == sizeof(dosing_factory_t), "every word is under the CRC");
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        dosing_codec_put_u32(bytes + 4u * i, words[i]);
    }
    return dosing_crc(bytes, sizeof bytes);
}

dosing_status_t dosing_programme_factory(const dosing_factory_t *f)
{
    const bool valid = f->crc == dosing_programme_factory_crc(f) &&
                       f->magic == DOSING_FACTORY_MAGIC && f->version == DOSING_FACTORY_VERSION &&
                       within(f->device_id, 1u, 0xFFFFFFFEu) &&
                       within(f->pulse_volume_pl, 10000u, 9000000u) &&
                       within(f->capacity_nl, 1000000u, 100000000u) && f->tubing_nl <= 2000000u;
    return valid && factory_rates_are_valid(f) && factory_cell_is_valid(f) ? DOSING_OK
                                                                           : DOSING_ERROR_FACTORY;
}
