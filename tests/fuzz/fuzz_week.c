/* SPDX-License-Identifier: Apache-2.0 */
/* Steps by day laid end to end. Sums in double: an error of 2^-53 of a week, of some 1e7 pulses at most. */
#include "fuzz_week.h"

#include <math.h>
#include <stddef.h>

#include "tests/firmware-core/fake_hal.h"

#define MINUTE_MS UINT64_C(60000)
#define DAYS 7u

uint32_t week_image_bytes(const uint8_t *head)
{
    return DOSING_PROGRAMME_BYTES + head[DOSING_PROGRAMME_AT_STEPS] * DOSING_STEP_BYTES +
           head[DOSING_PROGRAMME_AT_TIMED] * DOSING_TIMED_BYTES;
}

static void add_piece(week_t *w, uint64_t from_ms, uint64_t ng_per_day)
{
    w->from_ms[w->pieces] = from_ms;
    w->ng_per_ms[w->pieces] = (double)ng_per_day / (double)WEEK_DAY_MS;
    w->pieces++;
}

static const char *read_day(week_t *w, const uint8_t *image, uint32_t day)
{
    uint64_t least = 0;
    for (uint32_t i = 0; i < image[DOSING_PROGRAMME_AT_STEPS]; i++) {
        const uint8_t *step = image + DOSING_PROGRAMME_BYTES + i * DOSING_STEP_BYTES;
        const uint64_t minute = fake_get(step + DOSING_STEP_AT_MINUTE, 2u);
        if ((step[DOSING_STEP_AT_DAYS] >> day & 1u) == 0u) {
            continue;
        }
        if (minute < least || minute >= 1440u || (least == 0u && minute != 0u)) {
            return "the minutes of a day's steps do not rise from 0";
        }
        least = minute + 1u;
        add_piece(w, day * WEEK_DAY_MS + minute * MINUTE_MS,
                  fake_get(step + DOSING_STEP_AT_DOSE, 8u));
    }
    return least == 0u ? "a day has no step" : NULL;
}

static void read_timed(week_t *w, const uint8_t *image)
{
    const uint8_t *timed =
        image + DOSING_PROGRAMME_BYTES + image[DOSING_PROGRAMME_AT_STEPS] * DOSING_STEP_BYTES;
    for (uint32_t i = 0; i < image[DOSING_PROGRAMME_AT_TIMED]; i++, timed += DOSING_TIMED_BYTES) {
        for (uint32_t day = 0; day < DAYS; day++) {
            if ((timed[DOSING_TIMED_AT_DAYS] >> day & 1u) != 0u) {
                w->moment[w->moments++] = (week_moment_t){
                    day * WEEK_DAY_MS + fake_get(timed + DOSING_TIMED_AT_MINUTE, 2u) * MINUTE_MS,
                    fake_get(timed + DOSING_TIMED_AT_DURATION, 4u),
                    fake_get(timed + DOSING_TIMED_AT_DOSE, 8u)};
            }
        }
    }
}

static void add_up(week_t *w)
{
    uint64_t timed_ng = 0;
    w->from_ms[w->pieces] = WEEK_MS;
    w->before_ng[0] = 0.0;
    for (uint32_t i = 0; i < w->pieces; i++) {
        w->before_ng[i + 1u] =
            w->before_ng[i] + w->ng_per_ms[i] * (double)(w->from_ms[i + 1u] - w->from_ms[i]);
    }
    for (uint32_t i = 0; i < w->moments; i++) {
        timed_ng += w->moment[i].dose_ng;
    }
    const double basal_ng = floor(w->before_ng[w->pieces] / DAYS + 1e-6);
    w->mean_ng_per_ms = (basal_ng + (double)(timed_ng / DAYS)) / (double)WEEK_DAY_MS;
}

const char *week_read(week_t *w, const uint8_t *image)
{
    const char *wrong = NULL;
    w->pieces = 0u;
    w->moments = 0u;
    if (image[DOSING_PROGRAMME_AT_STEPS] > DOSING_STEPS_MAX ||
        image[DOSING_PROGRAMME_AT_TIMED] > DOSING_TIMED_MAX) {
        return "an image has too many steps or timed boluses";
    }
    if (image[DOSING_PROGRAMME_AT_MODE] == DOSING_MODE_FLEX) {
        for (uint32_t day = 0; day < DAYS && wrong == NULL; day++) {
            wrong = read_day(w, image, day);
        }
    } else {
        add_piece(w, 0u, fake_get(image + DOSING_PROGRAMME_AT_DOSE, 8u));
    }
    read_timed(w, image);
    add_up(w);
    return wrong;
}

/* The piece that holds at a place. */
static uint32_t piece_at(const week_t *w, uint64_t place_ms)
{
    uint32_t low = 0;
    uint32_t high = w->pieces; /* from_ms[low] <= place < from_ms[high] */
    while (high - low > 1u) {
        const uint32_t middle = (low + high) / 2u;
        *(w->from_ms[middle] <= place_ms ? &low : &high) = middle;
    }
    return low;
}

static double up_to(const week_t *w, uint64_t place_ms)
{
    const uint32_t i = piece_at(w, place_ms);
    return w->before_ng[i] + w->ng_per_ms[i] * (double)(place_ms - w->from_ms[i]);
}

double week_basal(const week_t *w, uint64_t place_ms, uint64_t ms)
{
    const uint32_t i = piece_at(w, place_ms);
    if (ms <= w->from_ms[i + 1u] - place_ms) { /* mostly; and without the error of the sums */
        return w->ng_per_ms[i] * (double)ms;
    }
    const uint64_t end_ms = place_ms + ms;
    return (double)(end_ms / WEEK_MS) * w->before_ng[w->pieces] + up_to(w, end_ms % WEEK_MS) -
           up_to(w, place_ms);
}

const week_moment_t *week_next(const week_t *w, uint64_t place_ms, uint64_t *ahead_ms)
{
    const week_moment_t *next = NULL;
    for (uint32_t i = 0; i < w->moments; i++) {
        const uint64_t ahead =
            (w->moment[i].at_ms + WEEK_MS - place_ms - 1u) % WEEK_MS + 1u; /* 1..WEEK_MS */
        if (next == NULL || ahead < *ahead_ms) {
            next = &w->moment[i];
            *ahead_ms = ahead;
        }
    }
    return next;
}
