/* SPDX-License-Identifier: Apache-2.0 */
/* The programme's fields, each held against its range. */
#include "second_fields.h"

#include "second_bytes.h"
#include "second_programme.h"

#define MINUTES 1440u

static uint32_t drugs_are_good(const uint8_t *image)
{
    uint32_t good = 1;
    for (uint32_t d = 0; d < DOSING_DRUGS_MAX; d++) {
        const uint8_t *drug = image + DOSING_PROGRAMME_AT_DRUG + d * DOSING_DRUG_BYTES;
        const uint32_t concentration = second_programme_u32(drug, DOSING_DRUG_AT_CONCENTRATION);
        if (d >= image[DOSING_PROGRAMME_AT_DRUGS]) {
            good &= second_bytes_blank(drug, DOSING_DRUG_BYTES);
        } else if (concentration < 1u || concentration > DOSING_CONCENTRATION_MAX ||
                   second_programme_u64(drug, DOSING_DRUG_AT_LIMIT) > DOSING_LIMIT_MAX) {
            good = 0;
        }
    }
    return good;
}

static uint32_t volumes_are_good(const uint8_t *image, const dosing_factory_t *f)
{
    const uint32_t low_nl = second_programme_u32(image, DOSING_PROGRAMME_AT_LOW_NL);
    const uint32_t empty_nl = second_programme_u32(image, DOSING_PROGRAMME_AT_EMPTY_NL);
    return low_nl > empty_nl && low_nl <= f->capacity_nl &&
                   second_programme_rate_max(image, f) <= f->rate_max_nl_per_day &&
                   second_programme_volume_24h(image, f) <= f->volume_24h_max_nl
               ? 1u
               : 0u;
}

static uint32_t bridge_is_good(const uint8_t *image)
{
    const uint32_t flags = second_programme_u32(image, DOSING_PROGRAMME_AT_FLAGS);
    const uint32_t bridge_nl = second_programme_u32(image, DOSING_PROGRAMME_AT_BRIDGE);
    return flags <= DOSING_FLAG_CHANGE && bridge_nl <= DOSING_BRIDGE_NL_MAX &&
                   (bridge_nl == 0u || flags == DOSING_FLAG_CHANGE)
               ? 1u
               : 0u;
}

static uint32_t is_between(uint64_t value, uint64_t low, uint64_t high)
{
    return value >= low && value <= high ? 1u : 0u;
}

static uint32_t patient_is_good(const uint8_t *image)
{
    const uint8_t *p = image + DOSING_PROGRAMME_AT_PATIENT;
    const uint32_t mode = image[DOSING_PROGRAMME_AT_MODE];
    const uint32_t lockout_ms = second_programme_u32(p, DOSING_PATIENT_AT_LOCKOUT);
    const uint32_t longest_ms = lockout_ms < DOSING_TIMED_MS_MAX ? lockout_ms : DOSING_TIMED_MS_MAX;
    if (second_programme_u64(p, DOSING_PATIENT_AT_DOSE) == 0u) {
        return second_bytes_blank(p, DOSING_PATIENT_BYTES);
    }
    return is_between(second_programme_u64(p, DOSING_PATIENT_AT_DOSE), 1u, DOSING_DOSE_MAX) &
           is_between(second_programme_u32(p, DOSING_PATIENT_AT_DURATION), 1000u, longest_ms) &
           is_between(lockout_ms, 60000u, 86400000u) &
           is_between(second_programme_u32(p, DOSING_PATIENT_AT_INTERVAL), lockout_ms, 86400000u) &
           is_between(second_bytes_get(p + DOSING_PATIENT_AT_PER_INTERVAL, 2u), 1u,
                      DOSING_PATIENT_PER_DAY_MAX) &
           is_between(second_bytes_get(p + DOSING_PATIENT_AT_PER_DAY, 2u), 1u,
                      DOSING_PATIENT_PER_DAY_MAX) &
           is_between(mode, DOSING_MODE_SIMPLE, DOSING_MODE_FLEX);
}

/* On each day the minutes rise from 0. */
static uint32_t day_is_good(const uint8_t *image, uint32_t day)
{
    uint32_t next = 0; /* least minute of the next step; the first has no choice */
    uint32_t steps = 0;
    for (uint32_t i = 0; i < image[DOSING_PROGRAMME_AT_STEPS]; i++) {
        const uint8_t *step = image + DOSING_PROGRAMME_BYTES + i * DOSING_STEP_BYTES;
        const uint32_t minute = (uint32_t)second_bytes_get(step + DOSING_STEP_AT_MINUTE, 2u);
        if (((uint32_t)step[DOSING_STEP_AT_DAYS] >> day & 1u) == 0u) {
            continue;
        }
        if (minute < next || (steps == 0u && minute != 0u)) {
            return 0;
        }
        next = minute + 1u;
        steps++;
    }
    return steps > 0u ? 1u : 0u;
}

static uint32_t steps_are_good(const uint8_t *image)
{
    uint32_t good = is_between(image[DOSING_PROGRAMME_AT_STEPS], 1u, DOSING_STEPS_MAX);
    for (uint32_t i = 0; i < image[DOSING_PROGRAMME_AT_STEPS] && good != 0u; i++) {
        const uint8_t *step = image + DOSING_PROGRAMME_BYTES + i * DOSING_STEP_BYTES;
        good &= is_between(step[DOSING_STEP_AT_DAYS], 1u, DOSING_DAYS_ALL);
        good &= step[DOSING_STEP_AT_ZERO] == 0u ? 1u : 0u;
        good &= is_between(second_bytes_get(step + DOSING_STEP_AT_MINUTE, 2u), 0u, MINUTES - 1u);
        good &= is_between(second_programme_u64(step, DOSING_STEP_AT_DOSE), 0u, DOSING_DOSE_MAX);
    }
    for (uint32_t day = 0; day < 7u && good != 0u; day++) {
        good = day_is_good(image, day);
    }
    return good;
}

static uint32_t mode_is_good(const uint8_t *image)
{
    const uint64_t dose = second_programme_u64(image, DOSING_PROGRAMME_AT_DOSE);
    switch (image[DOSING_PROGRAMME_AT_MODE]) {
    case DOSING_MODE_SIMPLE:
        return is_between(dose, 1u, DOSING_DOSE_MAX) &
               (image[DOSING_PROGRAMME_AT_STEPS] == 0u ? 1u : 0u);
    case DOSING_MODE_FLEX:
        return steps_are_good(image) & (dose == 0u ? 1u : 0u);
    case DOSING_MODE_STOPPED:
    case DOSING_MODE_MINIMUM:
        return dose == 0u && image[DOSING_PROGRAMME_AT_STEPS] == 0u ? 1u : 0u;
    default:
        return 0;
    }
}

dosing_status_t second_fields_check(const uint8_t *image, const dosing_factory_t *f)
{
    if (is_between(image[DOSING_PROGRAMME_AT_DRUGS], 1u, DOSING_DRUGS_MAX) == 0u ||
        drugs_are_good(image) == 0u || volumes_are_good(image, f) == 0u ||
        bridge_is_good(image) == 0u || patient_is_good(image) == 0u) {
        return DOSING_REFUSED_PROGRAMME;
    }
    if (image[DOSING_PROGRAMME_AT_TIMED] != 0u) {
        return DOSING_REFUSED_UNSUPPORTED;
    }
    return mode_is_good(image) != 0u ? DOSING_OK : DOSING_REFUSED_PROGRAMME;
}
