/* SPDX-License-Identifier: Apache-2.0 */
/* Images built, and integrated minute by minute. */
#include "fake_image.h"

#include <string.h>

#define MINUTE_MS 60000u

void image_flex(uint8_t *bytes, uint32_t concentration)
{
    memset(bytes, 0, DOSING_IMAGE_BYTES_MAX);
    fake_programme(bytes, concentration, 0u);
    bytes[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_FLEX;
}

void image_step(uint8_t *bytes, uint32_t days, uint32_t minute, uint64_t dose)
{
    uint8_t *at =
        bytes + DOSING_PROGRAMME_BYTES + bytes[DOSING_PROGRAMME_AT_STEPS] * DOSING_STEP_BYTES;
    bytes[DOSING_PROGRAMME_AT_STEPS]++;
    at[DOSING_STEP_AT_DAYS] = (uint8_t)days;
    fake_put(at + DOSING_STEP_AT_MINUTE, minute, 2u);
    fake_put(at + DOSING_STEP_AT_DOSE, dose, 8u);
}

void image_timed(uint8_t *bytes, uint32_t days, uint32_t minute, uint32_t duration_ms,
                 uint64_t dose)
{
    uint8_t *at = bytes + DOSING_PROGRAMME_BYTES +
                  bytes[DOSING_PROGRAMME_AT_STEPS] * DOSING_STEP_BYTES +
                  bytes[DOSING_PROGRAMME_AT_TIMED] * DOSING_TIMED_BYTES;
    bytes[DOSING_PROGRAMME_AT_TIMED]++;
    at[DOSING_TIMED_AT_DAYS] = (uint8_t)days;
    fake_put(at + DOSING_TIMED_AT_MINUTE, minute, 2u);
    fake_put(at + DOSING_TIMED_AT_DURATION, duration_ms, 4u);
    fake_put(at + DOSING_TIMED_AT_DOSE, dose, 8u);
}

void image_patient(uint8_t *bytes, uint64_t dose, uint32_t duration_ms, uint32_t lockout_ms,
                   uint32_t interval_ms, uint32_t per_interval, uint32_t per_day)
{
    uint8_t *at = bytes + DOSING_PROGRAMME_AT_PATIENT;
    fake_put(at + DOSING_PATIENT_AT_DOSE, dose, 8u);
    fake_put(at + DOSING_PATIENT_AT_DURATION, duration_ms, 4u);
    fake_put(at + DOSING_PATIENT_AT_LOCKOUT, lockout_ms, 4u);
    fake_put(at + DOSING_PATIENT_AT_INTERVAL, interval_ms, 4u);
    fake_put(at + DOSING_PATIENT_AT_PER_INTERVAL, per_interval, 2u);
    fake_put(at + DOSING_PATIENT_AT_PER_DAY, per_day, 2u);
}

dosing_status_t fake_set_time(fake_pump_t *p, uint32_t week_ms)
{
    uint8_t bytes[4];
    fake_put(bytes, week_ms, 4u);
    return fake_send(p, DOSING_FRAME_SET_TIME, bytes, sizeof bytes);
}

/* Counters rise for each role apart; one count for both is above either's last. */
dosing_status_t fake_request(fake_pump_t *p)
{
    p->role = DOSING_ROLE_PATIENT;
    const dosing_status_t status = fake_send(p, DOSING_FRAME_REQUEST, NULL, 0u);
    p->role = 0u;
    return status;
}

dosing_status_t fake_prime(fake_pump_t *p, uint32_t tubing_nl, uint32_t catheter_nl,
                           uint32_t revision)
{
    uint8_t bytes[DOSING_PRIME_BYTES];
    fake_put(bytes + DOSING_PRIME_AT_TUBING, tubing_nl, 4u);
    fake_put(bytes + DOSING_PRIME_AT_CATHETER, catheter_nl, 4u);
    fake_put(bytes + DOSING_PRIME_AT_REVISION, revision, 4u);
    return fake_send(p, DOSING_FRAME_PRIME, bytes, sizeof bytes);
}

dosing_status_t fake_stop(fake_pump_t *p)
{
    return fake_send(p, DOSING_FRAME_STOP, NULL, 0u);
}

static uint64_t dose_at(const uint8_t *bytes, uint32_t day, uint32_t minute)
{
    uint64_t dose = fake_get(bytes + DOSING_PROGRAMME_AT_DOSE, 8u);
    for (uint32_t i = 0; i < bytes[DOSING_PROGRAMME_AT_STEPS]; i++) {
        const uint8_t *at = bytes + DOSING_PROGRAMME_BYTES + i * DOSING_STEP_BYTES;
        if ((at[DOSING_STEP_AT_DAYS] & 1u << day) != 0u &&
            fake_get(at + DOSING_STEP_AT_MINUTE, 2u) <= minute) {
            dose = fake_get(at + DOSING_STEP_AT_DOSE, 8u);
        }
    }
    return dose;
}

void image_week(image_week_t *w, const uint8_t *bytes)
{
    w->before[0] = 0u;
    for (uint32_t m = 0; m < IMAGE_WEEK_MINUTES; m++) {
        w->before[m + 1u] = w->before[m] + dose_at(bytes, m / 1440u, m % 1440u) * MINUTE_MS;
    }
}

static uint64_t up_to(const image_week_t *w, uint64_t week_ms)
{
    const uint64_t minute = week_ms / MINUTE_MS;
    const uint64_t before = w->before[minute];
    const uint64_t next = w->before[minute < IMAGE_WEEK_MINUTES ? minute + 1u : minute] - before;
    return before + next / MINUTE_MS * (week_ms % MINUTE_MS);
}

long double image_over(const image_week_t *w, uint64_t week_ms, uint64_t ms)
{
    const uint64_t end_ms = week_ms % IMAGE_WEEK_MS + ms;
    return (long double)(end_ms / IMAGE_WEEK_MS) * (long double)w->before[IMAGE_WEEK_MINUTES] +
           (long double)up_to(w, end_ms % IMAGE_WEEK_MS) -
           (long double)up_to(w, week_ms % IMAGE_WEEK_MS);
}
