/* SPDX-License-Identifier: Apache-2.0 */
/* The watch: checks from outside, at every train, that a core keeps the limits of its pump. */
#include "host/watch.h"

#include "dosing_hal.h"

#include <math.h>
#include <string.h>

#define HOUR_MS 3600000
#define DAY_MS 86400000.0

void watch_init(watch_t *w, const dosing_factory_t *factory)
{
    double pulse_nl = factory->pulse_volume_pl / 1000.0;
    double fastest_ms = pulse_nl * DAY_MS / factory->rate_max_nl_per_day;
    memset(w, 0, sizeof *w);
    w->pulses_24h_max =
        (int64_t)ceil(factory->volume_24h_max_nl / pulse_nl * (1.0 + WATCH_CLOCK_ERROR)) +
        2 * DOSING_TRAIN_PULSES_MAX;
    /* Periods are whole milliseconds of the core's clock: the fastest may be rounded down by one. */
    w->period_min_ms = fmax(floor(fastest_ms), factory->gap_ms) * (1.0 - WATCH_CLOCK_ERROR);
}

/* Opens the bucket of this hour, emptying those that fall out of the window. */
static void enter_hour(watch_t *w, int64_t hour)
{
    if (hour - w->hour >= WATCH_HOURS) {
        memset(w->bucket, 0, sizeof w->bucket);
        w->hour = hour;
    }
    while (w->hour < hour) {
        w->hour++;
        w->bucket[w->hour % WATCH_HOURS] = 0;
    }
}

int watch_train(watch_t *w, int64_t time_ms, uint32_t count, double period_ms, error_t *e)
{
    int64_t pulses = 0;
    /* A train ends on a whole millisecond, so it may be shorter than its ticks by one. */
    if (count * period_ms + 1.0 < count * w->period_min_ms) {
        return ERROR_RAISE(
            e, ERROR_INVARIANT,
            "the core started a train of %.3f ms a pulse; the pump's limit is %.3f ms", period_ms,
            w->period_min_ms);
    }
    enter_hour(w, time_ms / HOUR_MS);
    w->bucket[w->hour % WATCH_HOURS] += count;
    for (int i = 0; i < WATCH_HOURS; i++) {
        pulses += w->bucket[i];
    }
    if (pulses > w->pulses_24h_max) {
        return ERROR_RAISE(
            e, ERROR_INVARIANT,
            "the core commanded %lld pulses within 24 hours; the pump's limit is %lld",
            (long long)pulses, (long long)w->pulses_24h_max);
    }
    return 0;
}
