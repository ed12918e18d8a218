/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a week walked in order. */
#include "dosing_week.h"

#define MINUTE_MS 60000u

/* A stretch under the walker's feet: [at_ms, end_ms) of `day`, by step `index`. */
typedef struct walker_t {
    uint32_t day;
    uint32_t index;
    uint32_t at_ms; /* of the week */
    uint32_t end_ms;
    uint64_t dose;
} walker_t;

/* The first step of `day` at `index` or after it in the image; p->steps where there is none. */
static uint32_t step_on(const dosing_programme_t *p, uint32_t day, uint32_t index)
{
    while (index < p->steps && (dosing_programme_step(p, index).days >> day & 1u) == 0u) {
        index++;
    }
    return index;
}

static void stand(walker_t *w, const dosing_programme_t *p, uint32_t day, uint32_t index)
{
    const uint32_t next = step_on(p, day, index + 1u);
    const uint32_t midnight_ms = day * DOSING_DAY_MS;
    w->day = day;
    w->index = index;
    w->dose = dosing_programme_step(p, index).dose_ng_per_day;
    w->end_ms = midnight_ms + (next < p->steps ? dosing_programme_step(p, next).minute * MINUTE_MS
                                               : DOSING_DAY_MS);
}

/* Pre: flex; each day has a step at its minute 0. */
static walker_t walker_at(const dosing_programme_t *p, uint32_t week_ms)
{
    walker_t w = {0};
    const uint32_t day = week_ms / DOSING_DAY_MS;
    stand(&w, p, day, step_on(p, day, 0u));
    for (uint32_t i = 0; i < p->steps && w.end_ms <= week_ms; i++) {
        stand(&w, p, day, step_on(p, day, w.index + 1u));
    }
    w.at_ms = week_ms;
    return w;
}

/* On by `ms`, at most to the end of the stretch; at its end into the next, from Sunday into Monday. */
static void walk(walker_t *w, const dosing_programme_t *p, uint32_t ms)
{
    w->at_ms += ms;
    if (w->at_ms < w->end_ms) {
        return;
    }
    const uint32_t next = step_on(p, w->day, w->index + 1u);
    if (next < p->steps) {
        stand(w, p, w->day, next);
        return;
    }
    const uint32_t day = w->day + 1u == DOSING_WEEK_DAYS ? 0u : w->day + 1u;
    w->at_ms = day * DOSING_DAY_MS;
    stand(w, p, day, step_on(p, day, 0u));
}

static uint32_t left(const walker_t *w)
{
    return w->end_ms - w->at_ms;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

dosing_stretch_t dosing_week_at(const dosing_programme_t *p, uint32_t week_ms)
{
    if (p->mode != DOSING_MODE_FLEX) {
        return (dosing_stretch_t){p->dose_ng_per_day, DOSING_WEEK_MS};
    }
    const walker_t w = walker_at(p, week_ms);
    return (dosing_stretch_t){w.dose, left(&w)};
}

static uint32_t days_in(uint32_t days)
{
    uint32_t count = 0;
    for (uint32_t day = 0; day < DOSING_WEEK_DAYS; day++) {
        count += days >> day & 1u;
    }
    return count;
}

/* (ng/day) * ms over a week: at most 9e9 * 604 800 000 = 5.4e18. */
uint64_t dosing_week_mean(const dosing_programme_t *p)
{
    uint64_t timed_ng = 0;
    for (uint32_t i = 0; i < p->timed; i++) {
        const dosing_timed_t t = dosing_programme_timed(p, i);
        timed_ng += t.dose_ng * days_in(t.days);
    }
    if (p->mode != DOSING_MODE_FLEX) {
        return p->dose_ng_per_day + timed_ng / DOSING_WEEK_DAYS;
    }
    uint64_t sum = 0;
    walker_t w = walker_at(p, 0u);
    uint32_t gone_ms = 0;
    while (gone_ms < DOSING_WEEK_MS) {
        const uint32_t ms = left(&w);
        sum += w.dose * ms;
        gone_ms += ms;
        walk(&w, p, ms);
    }
    return sum / DOSING_WEEK_MS + timed_ng / DOSING_WEEK_DAYS;
}

uint64_t dosing_week_peak(const dosing_programme_t *p)
{
    uint64_t peak = p->mode == DOSING_MODE_FLEX ? 0u : p->dose_ng_per_day;
    for (uint32_t i = 0; i < p->steps; i++) {
        const uint64_t dose = dosing_programme_step(p, i).dose_ng_per_day;
        peak = dose > peak ? dose : peak;
    }
    return peak;
}

/* The integral over a window changes its slope only where its front or its back meets a step: so the greatest lies at one
 * of these, and the window slides from each to the next. Both ends go round the week once. */
uint64_t dosing_week_worst(const dosing_programme_t *p, uint32_t window_ms)
{
    if (p->mode != DOSING_MODE_FLEX) {
        return p->dose_ng_per_day * window_ms;
    }
    walker_t back = walker_at(p, 0u);
    walker_t front = walker_at(p, 0u);
    uint64_t sum = 0;
    for (uint32_t gone_ms = 0; gone_ms < window_ms;) {
        const uint32_t ms = smaller(left(&front), window_ms - gone_ms);
        sum += front.dose * ms;
        gone_ms += ms;
        walk(&front, p, ms);
    }
    uint64_t worst = sum;
    for (uint32_t gone_ms = 0; gone_ms < DOSING_WEEK_MS;) {
        const uint32_t ms = smaller(left(&front), left(&back));
        sum += front.dose * ms;
        sum -= back.dose * ms;
        worst = sum > worst ? sum : worst;
        gone_ms += ms;
        walk(&front, p, ms);
        walk(&back, p, ms);
    }
    return worst;
}
