/* SPDX-License-Identifier: Apache-2.0 */
/* The feed: what leaves the catheter, gathered into steps of the body on the one-minute lattice. */
#include "cohort/feed.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

void feed_init(feed_t *f, int drugs, feed_sink_t sink, void *context)
{
    memset(f, 0, sizeof *f);
    f->drugs = drugs;
    f->outlets = 1;
    f->close_min = -1;
    f->sink = sink;
    f->context = context;
}

void feed_widen(feed_t *f)
{
    f->outlets = FEED_OUTLETS;
}

double feed_pending_at_ug(const feed_t *f, int outlet, int drug)
{
    const int at = outlet * SEGMENT_DRUGS_MAX + drug;
    return f->settled_ug[at] + f->minute_ug[at];
}

double feed_pending_ug(const feed_t *f, int drug)
{
    return feed_pending_at_ug(f, 0, drug);
}

/* Entries of a row of masses that count: all outlets but the last are whole rows. */
static int entries(const feed_t *f)
{
    return (f->outlets - 1) * SEGMENT_DRUGS_MAX + f->drugs;
}

/* Moves the lattice clock on to `minute`; what was in the current minute is then settled. */
static void enter_minute(feed_t *f, int64_t minute)
{
    if (minute <= f->now_min) {
        return;
    }
    for (int d = 0; d < entries(f); d++) {
        f->settled_ug[d] += f->minute_ug[d];
        f->minute_ug[d] = 0.0;
    }
    f->now_min = minute;
}

/* Passes the settled mass on as the step [open_min, now_min). */
static int end_step(feed_t *f, error_t *e)
{
    int64_t minutes = f->now_min - f->open_min;
    int code;
    if (minutes == 0) {
        return 0;
    }
    code = f->sink(f->context, (int32_t)minutes, f->settled_ug, e);
    f->open_min = f->now_min;
    f->steps++;
    memset(f->settled_ug, 0, (size_t)entries(f) * sizeof f->settled_ug[0]);
    return code;
}

/* Ends the step that is due before time_ms, if one is. */
static int end_due_step(feed_t *f, double time_ms, error_t *e)
{
    if (f->close_min < 0 || time_ms < (double)(f->close_min * FEED_MINUTE_MS)) {
        return 0;
    }
    enter_minute(f, f->close_min);
    f->close_min = -1;
    return end_step(f, e);
}

/* floor() without a call: this is asked for at every segment. */
static int64_t minute_of(double time_ms)
{
    const double minutes = time_ms / FEED_MINUTE_MS;
    const int64_t whole = (int64_t)minutes;
    return whole - (minutes < (double)whole ? 1 : 0);
}

static void add_within(feed_t *f, const double mass_ug[], double share)
{
    for (int d = 0; d < entries(f); d++) {
        f->minute_ug[d] += share * mass_ug[d];
    }
}

/* Adds an even flow that crosses no due step end. */
static void add_even(feed_t *f, double start_ms, double end_ms, const double mass_ug[],
                     double share)
{
    int64_t last_min = minute_of(end_ms);
    double before = 0.0;
    enter_minute(f, minute_of(start_ms));
    if (last_min > f->now_min && end_ms > start_ms) {
        before = ((double)(last_min * FEED_MINUTE_MS) - start_ms) / (end_ms - start_ms);
        add_within(f, mass_ug, share * before);
        enter_minute(f, last_min);
    }
    add_within(f, mass_ug, share * (1.0 - before));
}

/* The rate changes at time_ms: the step up to this minute ends now, the minute itself when it is over. */
static int change_rate(feed_t *f, double time_ms, double rate_per_ms, error_t *e)
{
    int64_t minute = minute_of(time_ms);
    int code;
    f->rate_per_ms = rate_per_ms;
    enter_minute(f, minute);
    code = end_step(f, e);
    f->close_min = time_ms > (double)(minute * FEED_MINUTE_MS) ? minute + 1 : -1;
    return code;
}

/* A pause of a minute or more is a change to rate zero at the end of the last segment. */
static int note_pause(feed_t *f, double until_ms, error_t *e)
{
    int code = 0;
    if (f->rate_per_ms > 0.0 && until_ms - f->end_ms >= FEED_MINUTE_MS) {
        code = end_due_step(f, f->end_ms, e);
        if (code == 0) {
            code = change_rate(f, f->end_ms, 0.0, e);
        }
    }
    return code == 0 ? end_due_step(f, until_ms, e) : code;
}

static bool differs(double a, double b)
{
    const double by = fabs(a - b);
    return by > FEED_CHANGE * fabs(a) && by > FEED_CHANGE * fabs(b);
}

/* A change of pulse rate or of what comes out; a pump that runs dry turns on and moves nothing. */
static int note_change(feed_t *f, const segment_t *s, const double mass_ug[], error_t *e)
{
    double moved = s->pulses > 0.0 ? s->pulses : s->volume_ml;
    double rate = moved / s->duration_ms;
    bool changed = differs(rate, f->rate_per_ms);
    for (int d = 0; d < entries(f); d++) {
        double ug_per_ml = s->volume_ml > 0.0 ? mass_ug[d] / s->volume_ml : 0.0;
        changed = changed || differs(ug_per_ml, f->ug_per_ml[d]);
        f->ug_per_ml[d] = ug_per_ml;
    }
    return changed ? change_rate(f, s->start_ms, rate, e) : 0;
}

int feed_add(feed_t *f, const segment_t *s, const double mass_ug[], error_t *e)
{
    double end_ms = s->start_ms + s->duration_ms;
    double due_ms, share = 0.0;
    int code = note_pause(f, s->start_ms, e);
    if (code == 0) {
        /* An instant, as the end of a stroke cut short, says nothing of a rate. */
        code = s->duration_ms > 0.0 ? note_change(f, s, mass_ug, e) : 0;
    }
    f->end_ms = end_ms;
    if (code != 0) {
        return code;
    }
    due_ms = (double)(f->close_min * FEED_MINUTE_MS);
    if (f->close_min < 0 || end_ms < due_ms) {
        add_even(f, s->start_ms, end_ms, mass_ug, 1.0);
        return 0;
    }
    share = s->duration_ms > 0.0 ? (due_ms - s->start_ms) / s->duration_ms : 1.0;
    add_within(f, mass_ug, share);
    code = end_due_step(f, due_ms, e);
    add_even(f, due_ms, end_ms, mass_ug, 1.0 - share);
    return code;
}

void feed_end_minute(feed_t *f)
{
    if (f->close_min < 0) {
        f->close_min = f->now_min + 1;
    }
}

int feed_close(feed_t *f, int64_t time_ms, error_t *e)
{
    int64_t minute = time_ms / FEED_MINUTE_MS;
    int code;
    if (time_ms % FEED_MINUTE_MS != 0 || minute < f->now_min) {
        return ERROR_RAISE(
            e, ERROR_ARGUMENT,
            "a step of the body cannot end at %lld ms: steps end on whole minutes, in order",
            (long long)time_ms);
    }
    code = note_pause(f, (double)time_ms, e);
    if (code != 0) {
        return code;
    }
    enter_minute(f, minute);
    return end_step(f, e);
}
