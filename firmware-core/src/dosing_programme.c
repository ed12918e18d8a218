/* SPDX-License-Identifier: Apache-2.0 */
/* Programmes: fields checked, rates made exact. A programme that does not fit is refused, never clamped. */
#include "dosing_programme.h"

#include <stdbool.h>

#include "dosing_codec.h"
#include "dosing_crc.h"
#include "dosing_fixed.h"
#include "dosing_hal.h"

#define MS_PER_DAY 86400000u

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
    return concentration >= 1u && concentration <= DOSING_CONCENTRATION_MAX &&
           limit <= DOSING_LIMIT_MAX && dosing_codec_u32(bytes + DOSING_DRUG_AT_ZERO) == 0u;
}

/* A clinician's limit lies at or below the factory's; 0 takes the factory's. */
static bool read_limit(uint32_t *limit, const uint8_t *bytes, uint32_t factory)
{
    const uint32_t asked = dosing_codec_u32(bytes);
    *limit = asked == 0u ? factory : asked;
    return asked <= factory;
}

static bool head_is_valid(const dosing_programme_t *p, const uint8_t *bytes,
                          const dosing_factory_t *factory)
{
    return p->mode <= DOSING_MODE_SIMPLE && p->drugs >= 1u && p->drugs <= DOSING_DRUGS_MAX &&
           p->empty_nl < p->low_nl && p->low_nl <= factory->capacity_nl &&
           p->dose_ng_per_day <= DOSING_DOSE_MAX &&
           (p->mode == DOSING_MODE_STOPPED) == (p->dose_ng_per_day == 0u) &&
           dosing_codec_u16(bytes + DOSING_PROGRAMME_AT_ZERO) == 0u &&
           dosing_codec_u32(bytes + DOSING_PROGRAMME_AT_ZERO2) == 0u;
}

/* nl/day = dose * 1e6 / concentration. dose * 1e6 <= 9e15; rate * concentration <= 2^32 * 1e8 < 2^59. */
static dosing_status_t check_rate(const dosing_programme_t *p, const dosing_factory_t *factory)
{
    const uint64_t scaled = p->dose_ng_per_day * 1000000u;
    const uint64_t concentration = p->concentration_ng_per_ml[0];
    if (p->mode == DOSING_MODE_STOPPED) {
        return DOSING_OK;
    }
    if (scaled < factory->rate_min_nl_per_day * concentration ||
        scaled > p->rate_max_nl_per_day * concentration) {
        return DOSING_REFUSED_RATE;
    }
    return DOSING_OK;
}

dosing_status_t dosing_programme_read(dosing_programme_t *p, const uint8_t *bytes,
                                      const dosing_factory_t *factory)
{
    *p = (dosing_programme_t){0};
    p->mode = bytes[DOSING_PROGRAMME_AT_MODE];
    p->drugs = bytes[DOSING_PROGRAMME_AT_DRUGS];
    p->low_nl = dosing_codec_u32(bytes + DOSING_PROGRAMME_AT_LOW_NL);
    p->empty_nl = dosing_codec_u32(bytes + DOSING_PROGRAMME_AT_EMPTY_NL);
    p->dose_ng_per_day = dosing_codec_u64(bytes + DOSING_PROGRAMME_AT_DOSE);
    bool valid = head_is_valid(p, bytes, factory);
    valid &= read_limit(&p->rate_max_nl_per_day, bytes + DOSING_PROGRAMME_AT_RATE_MAX,
                        factory->rate_max_nl_per_day);
    valid &= read_limit(&p->volume_24h_nl, bytes + DOSING_PROGRAMME_AT_VOLUME_24H,
                        factory->volume_24h_max_nl);
    for (uint32_t slot = 0; slot < DOSING_DRUGS_MAX && valid; slot++) {
        valid = read_drug(p, slot, bytes + DOSING_PROGRAMME_AT_DRUG + slot * DOSING_DRUG_BYTES);
    }
    return valid ? check_rate(p, factory) : DOSING_REFUSED_PROGRAMME;
}

/* Pulses per ms = dose / concentration * 1e9 pl/mL / pulse_pl / 86 400 000 = 625 dose / (54 concentration pulse_pl);
 * pulses per ng = 1e9 / (concentration pulse_pl) = 54e9 / (54 concentration pulse_pl). On entry
 * 54 * 1e8 * 9e6 = 4.9e16 and 625 * 9e9 = 5.7e12; on exit den <= 2^55. */
static dosing_status_t scheduler_rate(dosing_rate_t *rate, const dosing_programme_t *p,
                                      const dosing_factory_t *factory)
{
    const uint64_t per_ng = UINT64_C(54000000000);
    const uint64_t num = 625u * p->dose_ng_per_day;
    const uint64_t den =
        UINT64_C(54) * p->concentration_ng_per_ml[0] * (uint64_t)factory->pulse_volume_pl;
    const uint64_t common = dosing_fixed_gcd(dosing_fixed_gcd(den, per_ng), num);
    uint32_t shift = 0;
    while ((den / common) << shift < DOSING_DEN_WANTED) {
        shift++;
    }
    rate->den = (den / common) << shift;
    rate->num = (num / common) << shift;
    rate->units_per_ng = (per_ng / common) << shift;
    return rate->den <= DOSING_DEN_MAX ? DOSING_OK : DOSING_REFUSED_BOUNDS;
}

/* Femtolitre per ms = dose / concentration * 1e12 / 86 400 000 = 312 500 dose / (27 concentration), whose numerator is
 * at most 2.9e15. Here the remainder is held over the concentration, not over the pulse. */
static dosing_status_t guard_rate(dosing_rate_t *rate, const dosing_programme_t *p)
{
    const uint64_t den = UINT64_C(27) * p->concentration_ng_per_ml[0];
    const uint64_t fl = UINT64_C(312500) * p->dose_ng_per_day;
    if (fl / den > UINT32_MAX) {
        return DOSING_REFUSED_BOUNDS;
    }
    rate->fl_per_ms = (uint32_t)(fl / den);
    rate->fl_rem = (uint32_t)(fl % den);
    rate->fl_den = (uint32_t)den;
    return DOSING_OK;
}

dosing_status_t dosing_programme_rate(dosing_rate_t *rate, const dosing_programme_t *p,
                                      const dosing_factory_t *factory)
{
    const uint64_t fastest_ms =
        (uint64_t)factory->pulse_volume_pl * (MS_PER_DAY / 1000u) / p->rate_max_nl_per_day;
    if (fastest_ms > DOSING_TRAIN_MS_MAX) {
        return DOSING_REFUSED_BOUNDS;
    }
    rate->period_min_ms = fastest_ms > factory->gap_ms ? (uint32_t)fastest_ms : factory->gap_ms;
    const dosing_status_t status = scheduler_rate(rate, p, factory);
    return status == DOSING_OK ? guard_rate(rate, p) : status;
}

static bool within(uint32_t value, uint32_t low, uint32_t high)
{
    return value >= low && value <= high;
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

dosing_status_t dosing_programme_factory(const dosing_factory_t *f)
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
                              f->gap_ms};
    uint8_t bytes[sizeof words];
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        dosing_codec_put_u32(bytes + 4u * i, words[i]);
    }
    const bool valid = f->crc == dosing_crc(bytes, sizeof bytes) &&
                       f->magic == DOSING_FACTORY_MAGIC && f->version == DOSING_FACTORY_VERSION &&
                       within(f->device_id, 1u, 0xFFFFFFFEu) &&
                       within(f->pulse_volume_pl, 10000u, 9000000u) &&
                       within(f->capacity_nl, 1000000u, 100000000u) && f->tubing_nl <= 2000000u;
    return valid && factory_rates_are_valid(f) ? DOSING_OK : DOSING_ERROR_FACTORY;
}
