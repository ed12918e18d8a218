/* SPDX-License-Identifier: Apache-2.0 */
/* The programme: its fields, and the week that they make. */
#include "second_programme.h"

#include <stddef.h>

#include "second_bytes.h"

#define DAY_MS 86400000u
#define MINUTE_MS 60000u

uint32_t second_programme_u32(const uint8_t *image, uint32_t at)
{
    return (uint32_t)second_bytes_get(image + at, 4u);
}

uint64_t second_programme_u64(const uint8_t *image, uint32_t at)
{
    return second_bytes_get(image + at, 8u);
}

static const uint8_t *drug_of(const uint8_t *image, uint32_t drug)
{
    return image + DOSING_PROGRAMME_AT_DRUG + drug * DOSING_DRUG_BYTES;
}

uint32_t second_programme_concentration(const uint8_t *image, uint32_t drug)
{
    return second_programme_u32(drug_of(image, drug), DOSING_DRUG_AT_CONCENTRATION);
}

uint32_t second_programme_length(const uint8_t *image)
{
    return DOSING_PROGRAMME_BYTES + image[DOSING_PROGRAMME_AT_STEPS] * DOSING_STEP_BYTES +
           image[DOSING_PROGRAMME_AT_TIMED] * DOSING_TIMED_BYTES;
}

static uint32_t stated(const uint8_t *image, uint32_t at, uint32_t otherwise)
{
    const uint32_t value = second_programme_u32(image, at);
    return value != 0u ? value : otherwise;
}

uint32_t second_programme_rate_max(const uint8_t *image, const dosing_factory_t *f)
{
    return stated(image, DOSING_PROGRAMME_AT_RATE_MAX, f->rate_max_nl_per_day);
}

uint32_t second_programme_volume_24h(const uint8_t *image, const dosing_factory_t *f)
{
    return stated(image, DOSING_PROGRAMME_AT_VOLUME_24H, f->volume_24h_max_nl);
}

/* ---- the week ------------------------------------------------------------------------------------------------------ */

static const uint8_t *step_of(const uint8_t *image, uint32_t step)
{
    return image + DOSING_PROGRAMME_BYTES + step * DOSING_STEP_BYTES;
}

static uint32_t minute_of(const uint8_t *step)
{
    return (uint32_t)second_bytes_get(step + DOSING_STEP_AT_MINUTE, 2u);
}

static uint32_t is_on(const uint8_t *step, uint32_t day)
{
    return (uint32_t)step[DOSING_STEP_AT_DAYS] >> day & 1u;
}

/* The last of the day's steps that has begun; the next one ends it, or midnight. */
static uint64_t flex(const uint8_t *image, uint32_t week_ms, uint32_t *until_ms)
{
    const uint32_t day = week_ms / DAY_MS;
    const uint32_t minute = week_ms % DAY_MS / MINUTE_MS;
    uint64_t dose = 0;
    *until_ms = (day + 1u) * DAY_MS;
    for (uint32_t i = 0; i < image[DOSING_PROGRAMME_AT_STEPS]; i++) {
        const uint8_t *step = step_of(image, i);
        if (is_on(step, day) != 0u && minute_of(step) <= minute) {
            dose = second_programme_u64(step, DOSING_STEP_AT_DOSE);
        } else if (is_on(step, day) != 0u) {
            *until_ms = day * DAY_MS + minute_of(step) * MINUTE_MS;
            return dose;
        }
    }
    return dose;
}

uint64_t second_programme_step(const uint8_t *image, uint32_t week_ms, uint32_t *until_ms)
{
    *until_ms = SECOND_PROGRAMME_WEEK_MS;
    return image[DOSING_PROGRAMME_AT_MODE] == DOSING_MODE_FLEX
               ? flex(image, week_ms, until_ms)
               : second_programme_u64(image, DOSING_PROGRAMME_AT_DOSE);
}

/* Dose times time, ng/day * ms, over `ms` from a time of the week on; at most a week: 9e9 * 6.048e8. */
static uint64_t dose_over(const uint8_t *image, uint32_t week_ms, uint32_t ms)
{
    uint64_t sum = 0;
    while (ms > 0u) {
        uint32_t until_ms = 0;
        const uint64_t dose = second_programme_step(image, week_ms, &until_ms);
        const uint32_t span_ms = until_ms - week_ms < ms ? until_ms - week_ms : ms;
        sum += dose * span_ms;
        ms -= span_ms;
        week_ms = until_ms % SECOND_PROGRAMME_WEEK_MS;
    }
    return sum;
}

uint64_t second_programme_mean(const uint8_t *image)
{
    return dose_over(image, 0u, SECOND_PROGRAMME_WEEK_MS) / SECOND_PROGRAMME_WEEK_MS;
}

/* ---- limits -------------------------------------------------------------------------------------------------------- */

/* The heaviest stretch of this length begins or ends at an edge of a step, or at midnight. */
static uint64_t heaviest(const uint8_t *image, uint32_t ms)
{
    uint64_t most = 0;
    uint32_t edge_ms = 0;
    while (edge_ms < SECOND_PROGRAMME_WEEK_MS) {
        const uint32_t before_ms =
            (edge_ms + SECOND_PROGRAMME_WEEK_MS - ms) % SECOND_PROGRAMME_WEEK_MS;
        const uint64_t after = dose_over(image, edge_ms, ms);
        const uint64_t before = dose_over(image, before_ms, ms);
        most = after > most ? after : most;
        most = before > most ? before : most;
        (void)second_programme_step(image, edge_ms, &edge_ms);
    }
    return most;
}

/* Boluses of the patient's that may begin within 25 hours: a day's, and those of the hour that is counted in full. */
static uint64_t requests_ng(const uint8_t *image)
{
    const uint8_t *patient = image + DOSING_PROGRAMME_AT_PATIENT;
    const uint64_t dose = second_programme_u64(patient, DOSING_PATIENT_AT_DOSE);
    if (dose == 0u) {
        return 0;
    }
    const uint64_t per_day = second_bytes_get(patient + DOSING_PATIENT_AT_PER_DAY, 2u);
    const uint64_t lockout_ms = second_programme_u32(patient, DOSING_PATIENT_AT_LOCKOUT);
    const uint64_t more = SECOND_PROGRAMME_HOUR_MS / lockout_ms + 1u;
    return dose * (per_day + (more < per_day ? more : per_day));
}

/* Volume of a dose, saturating. */
static uint64_t volume_pl(uint64_t dose_ng, uint32_t concentration)
{
    return dose_ng > UINT64_MAX / 1000000000u ? UINT64_MAX / 2u
                                              : dose_ng * 1000000000u / concentration;
}

/* A volume of this many pl within the limits, at these concentrations. */
static uint32_t is_within(const uint8_t *image, const dosing_factory_t *f, uint64_t pl,
                          const uint32_t *ng_per_ml)
{
    if (pl > (uint64_t)second_programme_volume_24h(image, f) * 1000u) {
        return 0;
    }
    for (uint32_t d = 0; d < image[DOSING_PROGRAMME_AT_DRUGS]; d++) {
        const uint64_t limit = second_programme_u64(drug_of(image, d), DOSING_DRUG_AT_LIMIT);
        const uint64_t whole = pl / 1000000000u * ng_per_ml[d];
        const uint64_t part = pl % 1000000000u * ng_per_ml[d] / 1000000000u;
        if (limit != 0u && whole + part + 1u > limit) {
            return 0;
        }
    }
    return 1;
}

static uint64_t minimum_pl(const dosing_factory_t *f)
{
    return (uint64_t)f->rate_min_nl_per_day * 1000u / 24u * 25u;
}

static dosing_status_t hold_against(const uint8_t *image, const second_programme_case_t *c,
                                    const uint32_t *ng_per_ml)
{
    const uint64_t day_ng =
        (heaviest(image, 25u * SECOND_PROGRAMME_HOUR_MS) + DAY_MS - 1u) / DAY_MS;
    const uint64_t basal_pl = image[DOSING_PROGRAMME_AT_MODE] == DOSING_MODE_MINIMUM
                                  ? minimum_pl(c->factory)
                              : image[DOSING_PROGRAMME_AT_MODE] == DOSING_MODE_STOPPED
                                  ? 0u
                                  : volume_pl(day_ng + requests_ng(image), ng_per_ml[0]);
    const uint64_t pl = basal_pl + c->extra_pl + 3u * (uint64_t)c->factory->pulse_volume_pl;
    return is_within(image, c->factory, pl, ng_per_ml) != 0u ? DOSING_OK : DOSING_REFUSED_LIMIT;
}

/* ng/day against nl/day: both sides times ng/mL, in 64 bits. */
static uint32_t rate_is_within(const uint8_t *image, const dosing_factory_t *f, uint64_t dose,
                               uint32_t concentration)
{
    const uint64_t scaled = dose * 1000000u;
    return scaled >= (uint64_t)f->rate_min_nl_per_day * concentration &&
                   scaled <= (uint64_t)second_programme_rate_max(image, f) * concentration
               ? 1u
               : 0u;
}

static dosing_status_t rates_at(const uint8_t *image, const dosing_factory_t *f,
                                uint32_t concentration)
{
    const uint32_t mode = image[DOSING_PROGRAMME_AT_MODE];
    uint32_t good = 1;
    if (mode != DOSING_MODE_SIMPLE && mode != DOSING_MODE_FLEX) {
        return DOSING_OK;
    }
    for (uint32_t i = 0; i < image[DOSING_PROGRAMME_AT_STEPS]; i++) {
        const uint64_t dose = second_programme_u64(step_of(image, i), DOSING_STEP_AT_DOSE);
        good &= dose == 0u ? 1u : rate_is_within(image, f, dose, concentration);
    }
    good &= rate_is_within(image, f, second_programme_mean(image), concentration);
    return good != 0u ? DOSING_OK : DOSING_REFUSED_RATE;
}

dosing_status_t second_programme_bounds(const uint8_t *image, const second_programme_case_t *c)
{
    uint32_t own[DOSING_DRUGS_MAX];
    for (uint32_t d = 0; d < DOSING_DRUGS_MAX; d++) {
        own[d] = second_programme_concentration(image, d);
    }
    dosing_status_t status = rates_at(image, c->factory, own[0]);
    if (status == DOSING_OK && c->path != NULL) {
        status = rates_at(image, c->factory, c->path[0]);
    }
    if (status == DOSING_OK) {
        status = hold_against(image, c, own);
    }
    return status == DOSING_OK && c->path != NULL ? hold_against(image, c, c->path) : status;
}

uint32_t second_programme_changes(const uint8_t *image, const uint8_t *before)
{
    uint32_t changes = image[DOSING_PROGRAMME_AT_DRUGS] ^ before[DOSING_PROGRAMME_AT_DRUGS];
    for (uint32_t d = 0; d < DOSING_DRUGS_MAX; d++) {
        changes |=
            second_programme_concentration(image, d) ^ second_programme_concentration(before, d);
        changes |= second_programme_u32(drug_of(image, d), DOSING_DRUG_AT_CODE) ^
                   second_programme_u32(drug_of(before, d), DOSING_DRUG_AT_CODE);
    }
    return changes;
}
