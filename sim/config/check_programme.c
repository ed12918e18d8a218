/* SPDX-License-Identifier: Apache-2.0 */
/* Plays a week by the minute. */
#include "config/check_programme.h"

#include <math.h>
#include <stdio.h>

#define ERROR_AT(r, path, ...) reading_report((r), DIAGNOSTIC_ERROR, (path), __VA_ARGS__)
#define DAYS 7
#define MINUTES_PER_DAY 1440
#define MINUTES_PER_WEEK (DAYS * MINUTES_PER_DAY)
#define MS_PER_MINUTE 60000
#define MS_PER_DAY 86400000
#define PATH_SIZE 96

static const char *const day_name[DAYS] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};

static void path_of(char *path, const check_programme_t *p, const char *list, int64_t index,
                    const char *key)
{
    snprintf(path, PATH_SIZE, "%s.%s[%d].%s", p->prefix, list, (int)index, key);
}

static int is_on(int64_t days, int day)
{
    return (int)(days >> day & 1);
}

/* ---- what it amounts to ---------------------------------------------------------------------------- */

/* Of flex: the dose rate of each minute of the week; 0 before a day's first step. */
static void lay_steps(const order_modes_t *m, double ug_per_day[])
{
    for (int minute = 0; minute < MINUTES_PER_WEEK; minute++)
        ug_per_day[minute] = 0.0;
    for (int day = 0; day < DAYS; day++)
        for (int64_t i = 0; i < m->n_steps; i++)
            for (int64_t at = m->step[i].minute;
                 is_on(m->step[i].days, day) && at < MINUTES_PER_DAY; at++)
                ug_per_day[day * MINUTES_PER_DAY + at] = m->step[i].dose_ug_per_day;
}

static void lay(const check_programme_t *p, double ug_per_day[])
{
    lay_steps(p->modes, ug_per_day);
    for (int minute = 0; minute < MINUTES_PER_WEEK && *p->mode == STUDY_THERAPY_SIMPLE; minute++)
        ug_per_day[minute] = *p->dose_ug_per_day;
}

double check_programme_peak(const check_programme_t *p)
{
    double peak = *p->mode == STUDY_THERAPY_SIMPLE ? *p->dose_ug_per_day : 0.0;
    for (int64_t i = 0; i < p->modes->n_steps; i++)
        peak = fmax(peak, p->modes->step[i].dose_ug_per_day);
    return peak;
}

double check_programme_basal(const check_programme_t *p)
{
    double ug_per_day[MINUTES_PER_WEEK], sum = 0.0;
    if (*p->mode == STUDY_THERAPY_SIMPLE)
        return *p->dose_ug_per_day;
    lay(p, ug_per_day);
    for (int minute = 0; minute < MINUTES_PER_WEEK; minute++)
        sum += ug_per_day[minute];
    return sum / MINUTES_PER_WEEK;
}

double check_programme_mean(const check_programme_t *p)
{
    double week_ug = 0.0;
    for (int64_t i = 0; i < p->modes->n_timed; i++)
        for (int day = 0; day < DAYS; day++)
            week_ug += is_on(p->modes->timed[i].days, day) ? p->modes->timed[i].dose_ug : 0.0;
    return check_programme_basal(p) + week_ug / DAYS;
}

/* Timed boluses that begin in the `span` minutes from `from` on, round the week. */
static double timed_ug(const order_modes_t *m, int from, int span)
{
    double sum = 0.0;
    for (int64_t i = 0; i < m->n_timed; i++)
        for (int day = 0; day < DAYS; day++) {
            int at = day * MINUTES_PER_DAY + (int)m->timed[i].minute;
            int after = (at - from + MINUTES_PER_WEEK) % MINUTES_PER_WEEK;
            sum += is_on(m->timed[i].days, day) && after < span ? m->timed[i].dose_ug : 0.0;
        }
    return sum;
}

/* Boluses on request that may begin within `ms`, at most a day. */
static double requests_within(const order_on_request_t *a, double ms)
{
    double by_lockout = floor(ms / (double)a->lockout_ms) + 1.0;
    double by_interval = (double)a->per_interval * (floor(ms / (double)a->interval_ms) + 1.0);
    return fmin((double)a->per_day, fmin(by_lockout, by_interval));
}

static double requests_ug(const order_on_request_t *a, double hours)
{
    double ms = hours * 3600000.0, count = 0.0;
    if (!(a->dose_ug > 0.0))
        return 0.0;
    for (; ms > MS_PER_DAY; ms -= MS_PER_DAY)
        count += requests_within(a, MS_PER_DAY - 1.0);
    return a->dose_ug * (count + requests_within(a, ms - 1.0));
}

double check_programme_worst_ug(const check_programme_t *p, double hours, double reach_h)
{
    double ug_per_day[MINUTES_PER_WEEK], window = 0.0, worst = 0.0;
    int span = (int)lround(hours * 60.0), reach = (int)lround(reach_h * 60.0);
    lay(p, ug_per_day);
    for (int k = 0; k < span; k++)
        window += ug_per_day[k];
    for (int from = 0; from < MINUTES_PER_WEEK; from++) {
        int begin = (from - reach + MINUTES_PER_WEEK) % MINUTES_PER_WEEK;
        double timed = p->modes->n_timed > 0 ? timed_ug(p->modes, begin, span + reach) : 0.0;
        worst = fmax(worst, window / MINUTES_PER_DAY + timed);
        window += ug_per_day[(from + span) % MINUTES_PER_WEEK] - ug_per_day[from];
    }
    /* Of one dose the sum is exact. */
    if (*p->mode == STUDY_THERAPY_SIMPLE && p->modes->n_timed == 0)
        worst = *p->dose_ug_per_day * hours / 24.0;
    return worst + requests_ug(&p->modes->on_request, hours);
}

/* ---- what is wrong with it ------------------------------------------------------------------------- */

static int steps_known(const reading_t *r, const order_modes_t *m)
{
    int known = !reading_failed(r, &m->n_steps);
    for (int64_t i = 0; i < m->n_steps && known; i++)
        known = !reading_failed(r, &m->step[i].days) && !reading_failed(r, &m->step[i].minute) &&
                !reading_failed(r, &m->step[i].dose_ug_per_day);
    return known;
}

static int timed_known(const reading_t *r, const order_modes_t *m)
{
    int known = !reading_failed(r, &m->n_timed);
    for (int64_t i = 0; i < m->n_timed && known; i++)
        known = !reading_failed(r, &m->timed[i].days) && !reading_failed(r, &m->timed[i].minute) &&
                !reading_failed(r, &m->timed[i].dose_ug) &&
                !reading_failed(r, &m->timed[i].duration_ms);
    return known;
}

static int request_known(const reading_t *r, const order_on_request_t *a)
{
    return !reading_failed(r, &a->dose_ug) && !reading_failed(r, &a->duration_ms) &&
           !reading_failed(r, &a->lockout_ms) && !reading_failed(r, &a->interval_ms) &&
           !reading_failed(r, &a->per_interval) && !reading_failed(r, &a->per_day);
}

int check_programme_known(const reading_t *r, const check_programme_t *p)
{
    return !reading_failed(r, p->mode) && !reading_failed(r, p->dose_ug_per_day) &&
           steps_known(r, p->modes) && timed_known(r, p->modes) &&
           request_known(r, &p->modes->on_request);
}

static void check_first(const reading_t *r, const check_programme_t *p, int day, int64_t first)
{
    const order_modes_t *m = p->modes;
    char path[PATH_SIZE];
    if (first == m->n_steps) {
        snprintf(path, sizeof path, "%s.steps", p->prefix);
        ERROR_AT(r, path, "%s has no step; give each day one at \"00:00\"", day_name[day]);
    } else if (m->step[first].minute != 0) {
        path_of(path, p, "steps", first, "at");
        ERROR_AT(r, path,
                 "the first step of %s is at %02d:%02d; begin each day with a step at \"00:00\"",
                 day_name[day], (int)(m->step[first].minute / 60),
                 (int)(m->step[first].minute % 60));
    }
}

/* 1 if the steps of the day are in order. */
static int check_day(const reading_t *r, const check_programme_t *p, int day)
{
    const order_modes_t *m = p->modes;
    int64_t first = m->n_steps, before = m->n_steps;
    for (int64_t i = 0; i < m->n_steps; i++) {
        if (!is_on(m->step[i].days, day))
            continue;
        first = first == m->n_steps ? i : first;
        if (before < m->n_steps && m->step[i].minute <= m->step[before].minute) {
            char path[PATH_SIZE];
            path_of(path, p, "steps", i, "at");
            ERROR_AT(r, path,
                     "on %s this step does not come after steps[%d], which is at %02d:%02d; write "
                     "the steps of a day in order of time",
                     day_name[day], (int)before, (int)(m->step[before].minute / 60),
                     (int)(m->step[before].minute % 60));
            return 0;
        }
        before = i;
    }
    check_first(r, p, day, first);
    return first < m->n_steps && m->step[first].minute == 0;
}

/* The first day that is wrong is enough: the others mostly err alike. */
static void check_steps(const reading_t *r, const check_programme_t *p)
{
    for (int day = 0; day < DAYS && *p->mode == STUDY_THERAPY_FLEX; day++)
        if (!check_day(r, p, day))
            return;
}

/* 1 if bolus j begins on some day while bolus i, of some day, lasts, or with it. */
static int meets(const order_timed_t *i, const order_timed_t *j, int same)
{
    for (int a = 0; a < DAYS; a++)
        for (int b = 0; b < DAYS; b++) {
            int64_t from = a * MINUTES_PER_DAY + i->minute, at = b * MINUTES_PER_DAY + j->minute;
            int64_t after = (at - from + MINUTES_PER_WEEK) % MINUTES_PER_WEEK;
            if (is_on(i->days, a) && is_on(j->days, b) && !(same && a == b) &&
                after * MS_PER_MINUTE < i->duration_ms)
                return 1;
        }
    return 0;
}

static void check_timed(const reading_t *r, const check_programme_t *p)
{
    const order_modes_t *m = p->modes;
    for (int64_t j = 0; j < m->n_timed; j++)
        for (int64_t i = 0; i < m->n_timed; i++)
            if (meets(&m->timed[i], &m->timed[j], i == j)) {
                char path[PATH_SIZE];
                path_of(path, p, "timed", j, "at");
                ERROR_AT(r, path, "it begins while timed[%d] is being given; move one of them",
                         (int)i);
                return;
            }
}

static void check_request(const reading_t *r, const check_programme_t *p)
{
    const order_on_request_t *a = &p->modes->on_request;
    char path[PATH_SIZE];
    if (!(a->dose_ug > 0.0))
        return;
    if (a->duration_ms > a->lockout_ms) {
        snprintf(path, sizeof path, "%s.on_request.duration", p->prefix);
        ERROR_AT(r, path, "%.9g min is above the lockout, %.9g min",
                 (double)a->duration_ms / MS_PER_MINUTE, (double)a->lockout_ms / MS_PER_MINUTE);
    }
    if (a->interval_ms < a->lockout_ms) {
        snprintf(path, sizeof path, "%s.on_request.interval", p->prefix);
        ERROR_AT(r, path, "%.9g min is below the lockout, %.9g min",
                 (double)a->interval_ms / MS_PER_MINUTE, (double)a->lockout_ms / MS_PER_MINUTE);
    }
}

void check_programme(const reading_t *r, const check_programme_t *p)
{
    if (reading_failed(r, p->mode) || *p->mode == STUDY_THERAPY_STOPPED)
        return;
    if (steps_known(r, p->modes))
        check_steps(r, p);
    if (timed_known(r, p->modes))
        check_timed(r, p);
    if (request_known(r, &p->modes->on_request))
        check_request(r, p);
}
