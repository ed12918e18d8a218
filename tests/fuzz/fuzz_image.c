/* SPDX-License-Identifier: Apache-2.0 */
/* Rates are drawn in volume first, within what the factory block allows, for most doses drawn alone are absurd. */
#include "fuzz_image.h"

#include <stdbool.h>
#include <string.h>

#include "tests/firmware-core/fake_hal.h"

#define DAY_MS UINT64_C(86400000)
#define MINUTES 1440u
#define PATIENT DOSING_PROGRAMME_AT_PATIENT

typedef struct draft_t {
    uint64_t *seed;
    const dosing_factory_t *factory;
    uint8_t *bytes;
    uint32_t length;
    uint64_t concentration;   /* of the primary */
    uint64_t peak_nl, day_nl; /* greatest basal rate, and what a day may give in all */
} draft_t;

static const image_field_t head[] = {
    {DOSING_PROGRAMME_AT_MODE, 1u, DOSING_MODE_STOPPED, DOSING_MODE_MINIMUM},
    {DOSING_PROGRAMME_AT_DRUGS, 1u, 1u, DOSING_DRUGS_MAX},
    {DOSING_PROGRAMME_AT_STEPS, 1u, 0u, DOSING_STEPS_MAX},
    {DOSING_PROGRAMME_AT_TIMED, 1u, 0u, DOSING_TIMED_MAX},
    {DOSING_PROGRAMME_AT_LOW_NL, 4u, 1u, 20000000u},
    {DOSING_PROGRAMME_AT_EMPTY_NL, 4u, 0u, 20000000u},
    {DOSING_PROGRAMME_AT_RATE_MAX, 4u, 0u, 24000000u},
    {DOSING_PROGRAMME_AT_VOLUME_24H, 4u, 0u, 12000000u},
    {DOSING_PROGRAMME_AT_FLAGS, 4u, 0u, DOSING_FLAG_CHANGE},
    {DOSING_PROGRAMME_AT_DOSE, 8u, 1u, DOSING_DOSE_MAX},
    {DOSING_PROGRAMME_AT_BRIDGE, 4u, 0u, DOSING_BRIDGE_NL_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_CONCENTRATION, 4u, 1u, DOSING_CONCENTRATION_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_CODE, 4u, 0u, 1u},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, 8u, 0u, DOSING_LIMIT_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_BYTES + DOSING_DRUG_AT_CONCENTRATION, 4u, 1u,
     DOSING_CONCENTRATION_MAX},
    {DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_BYTES + DOSING_DRUG_AT_LIMIT, 8u, 0u, DOSING_LIMIT_MAX},
    {PATIENT + DOSING_PATIENT_AT_DOSE, 8u, 0u, DOSING_DOSE_MAX},
    {PATIENT + DOSING_PATIENT_AT_DURATION, 4u, 1000u, DOSING_TIMED_MS_MAX},
    {PATIENT + DOSING_PATIENT_AT_LOCKOUT, 4u, 60000u, 86400000u},
    {PATIENT + DOSING_PATIENT_AT_INTERVAL, 4u, 60000u, 86400000u},
    {PATIENT + DOSING_PATIENT_AT_PER_INTERVAL, 2u, 1u, DOSING_PATIENT_PER_DAY_MAX},
    {PATIENT + DOSING_PATIENT_AT_PER_DAY, 2u, 1u, DOSING_PATIENT_PER_DAY_MAX},
};
static const image_field_t step[] = {{DOSING_STEP_AT_DAYS, 1u, 1u, DOSING_DAYS_ALL},
                                     {DOSING_STEP_AT_MINUTE, 2u, 0u, MINUTES - 1u},
                                     {DOSING_STEP_AT_DOSE, 8u, 0u, DOSING_DOSE_MAX}};
static const image_field_t timed[] = {{DOSING_TIMED_AT_DAYS, 1u, 1u, DOSING_DAYS_ALL},
                                      {DOSING_TIMED_AT_MINUTE, 2u, 0u, MINUTES - 1u},
                                      {DOSING_TIMED_AT_DURATION, 4u, 1000u, DOSING_TIMED_MS_MAX},
                                      {DOSING_TIMED_AT_DOSE, 8u, 1u, DOSING_DOSE_MAX}};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- numbers ------------------------------------------------------------------------------------------------------- */

uint64_t image_below(uint64_t *seed, uint64_t n)
{
    return fake_random(seed) % n;
}

uint64_t image_any_size(uint64_t *seed, uint64_t low, uint64_t high)
{
    const uint64_t span = high > low ? (high - low) >> image_below(seed, 64u) : 0u;
    return low + (span == UINT64_MAX ? fake_random(seed) : image_below(seed, span + 1u));
}

uint64_t image_value(uint64_t *seed, const image_field_t *field)
{
    switch (image_below(seed, 12u)) {
    case 0:
        return field->low;
    case 1:
        return field->high;
    case 2:
        return field->low - 1u;
    case 3:
        return field->high + 1u;
    case 4:
        return image_below(seed, 2u) == 0u ? 0u : UINT64_MAX;
    default:
        return image_any_size(seed, field->low, field->high);
    }
}

static uint64_t draw(const draft_t *d, uint64_t n)
{
    return image_below(d->seed, n);
}

static uint64_t between(const draft_t *d, uint64_t low, uint64_t high)
{
    return high > low ? low + draw(d, high - low + 1u) : low;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* ---- parts of an image --------------------------------------------------------------------------------------------- */

/* Rounded up, so that the slowest rate is one. At most 5e10 pl * 1e8 ng/mL. */
static void put_dose(const draft_t *d, uint32_t at, uint64_t pl)
{
    const uint64_t ng = (pl * d->concentration + 999999999u) / 1000000000u;
    fake_put(d->bytes + at, smaller(ng, DOSING_DOSE_MAX), 8u);
}

/* A few concentrations come again and again, so that not every commit is a change. */
static uint64_t draw_concentration(const draft_t *d)
{
    static const uint32_t usual[] = {500000u,  500000u, 500000u,  1000000u,
                                     2000000u, 250000u, 99999989u};
    const uint64_t n = draw(d, COUNT(usual) + 2u);
    return n < COUNT(usual) ? usual[n] : image_any_size(d->seed, 1000u, DOSING_CONCENTRATION_MAX);
}

static void add_step(draft_t *d, uint64_t days, uint64_t minute)
{
    const dosing_factory_t *f = d->factory;
    const uint32_t at = d->length;
    const uint64_t high = smaller(2u * d->peak_nl, f->rate_max_nl_per_day);
    const uint64_t nl = draw(d, 8u) == 0u ? 0u : between(d, f->rate_min_nl_per_day, high);
    d->bytes[DOSING_PROGRAMME_AT_STEPS]++;
    d->bytes[at + DOSING_STEP_AT_DAYS] = (uint8_t)days;
    fake_put(d->bytes + at + DOSING_STEP_AT_MINUTE, minute, 2u);
    put_dose(d, at + DOSING_STEP_AT_DOSE, nl * 1000u);
    d->length += DOSING_STEP_BYTES;
    d->day_nl = larger(d->day_nl, nl);
}

/* Each day begins with one of up to three steps; those that follow are of any days, their minutes rising. */
static void add_steps(draft_t *d)
{
    const uint64_t weekend = draw(d, 2u) == 0u ? 0u : 1u + draw(d, DOSING_DAYS_ALL - 1u);
    if (weekend != 0u) {
        add_step(d, weekend, 0u);
    }
    add_step(d, ~weekend & DOSING_DAYS_ALL, 0u);
    const uint64_t most = draw(d, 8u) == 0u ? DOSING_STEPS_MAX - 2u : 6u;
    uint64_t minute = 0;
    for (uint64_t n = draw(d, most + 1u); n > 0u; n--) {
        minute += 1u + draw(d, draw(d, 4u) == 0u ? 3u : 2u * MINUTES / (most + 1u));
        if (minute < MINUTES) {
            add_step(d, draw(d, 2u) == 0u ? DOSING_DAYS_ALL : 1u + draw(d, DOSING_DAYS_ALL),
                     minute);
        }
    }
    d->peak_nl = d->day_nl;
}

/* A bolus's volume in pl, mostly of a rate that the factory block leaves room for beside the basal rate. */
static uint64_t bolus_pl(const draft_t *d, uint64_t duration_ms)
{
    const dosing_factory_t *f = d->factory;
    const uint64_t most =
        f->rate_max_nl_per_day > d->peak_nl ? f->rate_max_nl_per_day - d->peak_nl : 1u;
    const uint64_t rate_nl = draw(d, 2u) == 0u
                                 ? between(d, f->rate_min_nl_per_day, most)
                                 : image_any_size(d->seed, f->rate_min_nl_per_day, most);
    const uint64_t pl = rate_nl * duration_ms / (DAY_MS / 1000u) + 1u;
    return draw(d, 2u) == 0u ? pl : smaller(pl, f->volume_24h_max_nl * UINT64_C(1000) / 8u);
}

static void add_timed(draft_t *d)
{
    const uint64_t most = draw(d, 8u) == 0u ? DOSING_TIMED_MAX : 4u;
    uint64_t minute = draw(d, MINUTES / 2u);
    for (uint64_t n = 1u + draw(d, most); n > 0u && minute < MINUTES; n--) {
        const uint64_t rest = draw(d, 3u) == 0u ? 0u : draw(d, MINUTES / 4u);
        const uint64_t duration_ms = image_any_size(d->seed, 1000u, DOSING_TIMED_MS_MAX);
        const uint64_t pl = bolus_pl(d, duration_ms);
        const uint32_t at = d->length;
        d->bytes[DOSING_PROGRAMME_AT_TIMED]++;
        d->bytes[at + DOSING_TIMED_AT_DAYS] =
            (uint8_t)(draw(d, 2u) == 0u ? DOSING_DAYS_ALL : 1u + draw(d, DOSING_DAYS_ALL));
        fake_put(d->bytes + at + DOSING_TIMED_AT_MINUTE, minute, 2u);
        fake_put(d->bytes + at + DOSING_TIMED_AT_DURATION, duration_ms, 4u);
        put_dose(d, at + DOSING_TIMED_AT_DOSE, pl);
        d->length += DOSING_TIMED_BYTES;
        d->day_nl += pl / 1000u;
        minute += (duration_ms + 59999u) / 60000u + rest;
    }
}

static void add_patient(draft_t *d)
{
    uint8_t *at = d->bytes + PATIENT;
    const uint64_t duration_ms = image_any_size(d->seed, 1000u, DOSING_TIMED_MS_MAX);
    const uint64_t lockout_ms = image_any_size(d->seed, larger(duration_ms, 60000u), DAY_MS);
    const uint64_t per_day = 1u + draw(d, draw(d, 4u) == 0u ? DOSING_PATIENT_PER_DAY_MAX : 6u);
    const uint64_t pl = bolus_pl(d, duration_ms);
    put_dose(d, PATIENT + DOSING_PATIENT_AT_DOSE, pl);
    fake_put(at + DOSING_PATIENT_AT_DURATION, duration_ms, 4u);
    fake_put(at + DOSING_PATIENT_AT_LOCKOUT, lockout_ms, 4u);
    fake_put(at + DOSING_PATIENT_AT_INTERVAL, between(d, lockout_ms, DAY_MS), 4u);
    fake_put(at + DOSING_PATIENT_AT_PER_INTERVAL, 1u + draw(d, 4u), 2u);
    fake_put(at + DOSING_PATIENT_AT_PER_DAY, per_day, 2u);
    d->day_nl += pl * smaller(per_day, DAY_MS / lockout_ms + 1u) / 1000u;
}

/* Limits a little above what a day gives, or a little below. */
static void add_limits(draft_t *d)
{
    const uint64_t nl = d->day_nl + draw(d, d->day_nl / 4u + 4u);
    if (draw(d, 3u) == 0u && nl <= d->factory->volume_24h_max_nl) {
        fake_put(d->bytes + DOSING_PROGRAMME_AT_VOLUME_24H, nl, 4u);
    }
    for (uint32_t i = 0; i < d->bytes[DOSING_PROGRAMME_AT_DRUGS]; i++) {
        uint8_t *drug = d->bytes + DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES;
        const uint64_t c =
            i == 0u ? d->concentration : image_any_size(d->seed, 1u, DOSING_CONCENTRATION_MAX);
        const uint64_t limit = nl * c / 1000000u;
        fake_put(drug + DOSING_DRUG_AT_CONCENTRATION, c, 4u);
        if (draw(d, 3u) == 0u && limit <= DOSING_LIMIT_MAX) {
            fake_put(drug + DOSING_DRUG_AT_LIMIT, limit, 8u);
        }
    }
}

static void add_basal(draft_t *d)
{
    const uint64_t mode = draw(d, 12u);
    d->bytes[DOSING_PROGRAMME_AT_MODE] = mode == 0u   ? DOSING_MODE_STOPPED
                                         : mode == 1u ? DOSING_MODE_MINIMUM
                                         : mode < 6u  ? DOSING_MODE_SIMPLE
                                                      : DOSING_MODE_FLEX;
    if (mode >= 6u) {
        add_steps(d);
    } else if (mode >= 2u) {
        put_dose(d, DOSING_PROGRAMME_AT_DOSE, d->peak_nl * 1000u);
    }
    if (mode >= 2u && draw(d, 2u) == 0u) {
        add_timed(d);
    }
    if (mode >= 2u && draw(d, 2u) == 0u) {
        add_patient(d);
    }
}

uint16_t image_invent(uint64_t *seed, const dosing_factory_t *factory, uint8_t *bytes)
{
    draft_t d = {
        .seed = seed, .factory = factory, .bytes = bytes, .length = DOSING_PROGRAMME_BYTES};
    memset(bytes, 0, DOSING_IMAGE_BYTES_MAX);
    d.concentration = draw_concentration(&d);
    fake_programme(bytes, (uint32_t)d.concentration, 0u);
    d.peak_nl = image_any_size(seed, factory->rate_min_nl_per_day, factory->rate_max_nl_per_day);
    d.peak_nl =
        draw(&d, 2u) == 0u ? d.peak_nl : smaller(d.peak_nl, factory->volume_24h_max_nl / 2u);
    bytes[DOSING_PROGRAMME_AT_DRUGS] =
        (uint8_t)(draw(&d, 3u) != 0u ? 1u : 1u + draw(&d, DOSING_DRUGS_MAX));
    add_basal(&d);
    d.day_nl += bytes[DOSING_PROGRAMME_AT_MODE] == DOSING_MODE_SIMPLE ? d.peak_nl : 0u;
    add_limits(&d);
    if (draw(&d, 8u) == 0u) {
        fake_put(bytes + DOSING_PROGRAMME_AT_FLAGS, 0u, 4u);
    } else if (draw(&d, 4u) == 0u) {
        fake_put(bytes + DOSING_PROGRAMME_AT_BRIDGE, image_any_size(seed, 1u, 400000u), 4u);
    }
    return (uint16_t)d.length;
}

image_field_t image_field(uint64_t *seed, const uint8_t *bytes, uint32_t length)
{
    const uint32_t steps = length >= DOSING_PROGRAMME_BYTES ? bytes[DOSING_PROGRAMME_AT_STEPS] : 0u;
    const uint32_t boluses =
        length >= DOSING_PROGRAMME_BYTES ? bytes[DOSING_PROGRAMME_AT_TIMED] : 0u;
    const uint64_t n = image_below(seed, COUNT(head) + steps + boluses);
    image_field_t field = head[n < COUNT(head) ? n : 0u];
    if (n >= COUNT(head) + steps) {
        field = timed[image_below(seed, COUNT(timed))];
        field.at = (uint16_t)(field.at + DOSING_PROGRAMME_BYTES + steps * DOSING_STEP_BYTES +
                              (n - COUNT(head) - steps) * DOSING_TIMED_BYTES);
    } else if (n >= COUNT(head)) {
        field = step[image_below(seed, COUNT(step))];
        field.at =
            (uint16_t)(field.at + DOSING_PROGRAMME_BYTES + (n - COUNT(head)) * DOSING_STEP_BYTES);
    }
    return field;
}
