/* SPDX-License-Identifier: Apache-2.0 */
/* Plays the scripted orders in order of time with nominal flows and judges each. */
#include "config/check_schedule.h"

#include <stdio.h>
#include <math.h>
#include <stdlib.h>

#include "config/check_events.h"
#include "config/check_programme.h"
#include "config/repeat.h"

#define ERROR_AT(r, path, ...) reading_report((r), DIAGNOSTIC_ERROR, (path), __VA_ARGS__)
#define MS_PER_DAY 86400000.0
#define MS_PER_MINUTE INT64_C(60000)
#define PATH_SIZE 64
#define PREFIX_SIZE 32
/* Doses that meet a limit by decimal arithmetic must not miss it by a rounding. */
#define TOLERANCE 1e-9
/* Hours that a pump may count as a day where it counts whole ones: 24, one begun and one about to end. Before
 * the first dose none has begun. */
#define HOURS_AT_START 25.0
#define HOURS_LATER 26.0

/* A timed bolus may wait an hour for another delivery, and last an hour. */
#define REACH_HOURS 2.0

/* What is in force between two events. */
typedef struct state_t {
    int known; /* 0: a field it depends on was reported */
    check_programme_t programme;
    char prefix[PREFIX_SIZE]; /* of the programme */
    double ug_per_ml;
    double volume_ml;
    double at_ms;
    double bolus_end_ms; /* of the latest bolus; 0 if none */
    size_t bolus;        /* its event */
    int dry;             /* warned already; a refill ends it */
    int warn;            /* 0: only errors are wanted */
    int dead;            /* everybody has died; 2: warned already */
    int64_t died_ms;     /* then: when it comes, after all else of that time */
} state_t;

static void event_path(char *path, size_t index, const char *key)
{
    snprintf(path, PATH_SIZE, "events[%zu].%s", index, key);
}

/* On average, boluses on request apart. */
static double flow(const reading_t *r, const state_t *now)
{
    const study_pump_t *pump = &r->study->pump;
    return pump->kind == STUDY_PUMP_CONSTANT_FLOW
               ? pump->flow_ml_per_day
               : check_programme_mean(&now->programme) / now->ug_per_ml;
}

/* Warns where a dose within the limit is above it as a pump may count. */
static void check_count(const reading_t *r, const char *path, const state_t *now, double bolus_ug,
                        double hours)
{
    double limit = r->study->therapy.limit_dose_ug_per_day;
    double counted =
        now->warn ? bolus_ug + check_programme_worst_ug(&now->programme, hours, REACH_HOURS) : 0.0;
    if (counted > limit)
        reading_report(r, DIAGNOSTIC_WARNING, path,
                       "a pump that counts whole hours counts up to %.0f of them as a day, %.9g "
                       "ug, above therapy.limits.daily_dose, %.9g ug/day, and refuses; raise the "
                       "limit or give less",
                       hours, counted, limit);
}

/* One dose rate at the concentration in force. */
static void check_dose(const reading_t *r, const char *path, const state_t *now, double ug_per_day)
{
    const study_therapy_t *limits = &r->study->therapy;
    double rate = ug_per_day / now->ug_per_ml;
    if (rate < STUDY_RATE_MIN_ML_PER_DAY * (1 - TOLERANCE) ||
        rate > STUDY_RATE_MAX_ML_PER_DAY * (1 + TOLERANCE))
        ERROR_AT(
            r, path,
            "%.9g ug/day at %.9g ug/mL is %.6g mL/day, outside the pump's %.3f to %.0f mL/day; "
            "change the dose or the concentration",
            ug_per_day, now->ug_per_ml, rate, STUDY_RATE_MIN_ML_PER_DAY, STUDY_RATE_MAX_ML_PER_DAY);
    else if (!reading_failed(r, &limits->limit_rate_ml_per_day) &&
             rate > limits->limit_rate_ml_per_day * (1 + TOLERANCE))
        ERROR_AT(r, path,
                 "%.9g ug/day at %.9g ug/mL is %.6g mL/day, above therapy.limits.rate, %.9g mL/day",
                 ug_per_day, now->ug_per_ml, rate, limits->limit_rate_ml_per_day);
}

/* A bolus of the programme: more than the pump's slowest rate by itself, and with the greatest dose not too fast. */
static void check_bolus_rate(const reading_t *r, const char *path, const state_t *now, double ug,
                             int64_t ms)
{
    const double *most = &r->study->therapy.limit_rate_ml_per_day;
    double alone = ug / now->ug_per_ml / ((double)ms / MS_PER_DAY);
    double rate = alone + check_programme_peak(&now->programme) / now->ug_per_ml;
    if (alone <= STUDY_RATE_MIN_ML_PER_DAY)
        ERROR_AT(r, path,
                 "the bolus flows at %.6g mL/day, not above the pump's %.3f mL/day; give it over a "
                 "shorter time",
                 alone, STUDY_RATE_MIN_ML_PER_DAY);
    else if (!reading_failed(r, most) && rate > *most)
        ERROR_AT(
            r, path,
            "with the greatest dose the bolus flows at %.6g mL/day, above therapy.limits.rate, "
            "%.9g mL/day; give it over a longer time",
            rate, *most);
}

/* Where to place what is wrong with a part of the programme: at `blame`, which brought it, or at the part. */
static const char *place(char *path, const char *blame, const state_t *now, const char *key)
{
    snprintf(path, PATH_SIZE, "%s.%s", now->prefix, key);
    return blame != NULL ? blame : path;
}

static void check_steps(const reading_t *r, const char *blame, const state_t *now)
{
    const order_modes_t *m = now->programme.modes;
    double mean = check_programme_basal(&now->programme);
    char path[PATH_SIZE], key[PREFIX_SIZE];
    for (int64_t i = 0; i < m->n_steps; i++) {
        snprintf(key, sizeof key, "steps[%d].dose", (int)i);
        if (m->step[i].dose_ug_per_day > 0.0)
            check_dose(r, place(path, blame, now, key), now, m->step[i].dose_ug_per_day);
    }
    if (mean / now->ug_per_ml < STUDY_RATE_MIN_ML_PER_DAY * (1 - TOLERANCE))
        ERROR_AT(
            r, place(path, blame, now, "steps"),
            "the week's mean, %.9g ug/day at %.9g ug/mL, is %.6g mL/day, below the pump's %.3f "
            "mL/day",
            mean, now->ug_per_ml, mean / now->ug_per_ml, STUDY_RATE_MIN_ML_PER_DAY);
}

static void check_boluses(const reading_t *r, const char *blame, const state_t *now)
{
    const order_modes_t *m = now->programme.modes;
    char path[PATH_SIZE], key[PREFIX_SIZE];
    for (int64_t i = 0; i < m->n_timed; i++) {
        snprintf(key, sizeof key, "timed[%d].dose", (int)i);
        check_bolus_rate(r, place(path, blame, now, key), now, m->timed[i].dose_ug,
                         m->timed[i].duration_ms);
    }
    if (m->on_request.dose_ug > 0.0)
        check_bolus_rate(r, place(path, blame, now, "on_request.dose"), now, m->on_request.dose_ug,
                         m->on_request.duration_ms);
}

/* The most of any day against the limit. */
static void check_day(const reading_t *r, const char *blame, const state_t *now, double hours)
{
    const double *limit = &r->study->therapy.limit_dose_ug_per_day;
    const order_modes_t *m = now->programme.modes;
    int simple = *now->programme.mode == STUDY_THERAPY_SIMPLE;
    double day = check_programme_worst_ug(&now->programme, 24.0, 0.0);
    char path[PATH_SIZE];
    const char *at = place(path, blame, now, simple ? "dose" : "steps");
    if (!reading_failed(r, limit) && day > *limit * (1 + TOLERANCE) && simple && m->n_timed == 0 &&
        !(m->on_request.dose_ug > 0.0))
        ERROR_AT(r, at, "%.9g ug/day is above therapy.limits.daily_dose, %.9g ug/day", day, *limit);
    else if (!reading_failed(r, limit) && day > *limit * (1 + TOLERANCE))
        ERROR_AT(r, at,
                 "with its boluses the therapy gives up to %.9g ug in 24 hours, above "
                 "therapy.limits.daily_dose, %.9g ug/day",
                 day, *limit);
    else
        check_count(r, at, now, 0.0, hours);
}

/* The flows and daily dose that the programme has from now on; `blame`: NULL, or the path of what changed under it. */
static void check_rate(const reading_t *r, const char *blame, const state_t *now, double hours)
{
    const check_programme_t *p = &now->programme;
    char path[PATH_SIZE];
    if (!now->known || *p->mode == STUDY_THERAPY_STOPPED ||
        r->study->pump.kind == STUDY_PUMP_CONSTANT_FLOW)
        return;
    if (*p->mode == STUDY_THERAPY_SIMPLE)
        check_dose(r, place(path, blame, now, "dose"), now, *p->dose_ug_per_day);
    else
        check_steps(r, blame, now);
    check_boluses(r, blame, now);
    check_day(r, blame, now, hours);
}

/* Boluses, up to this one, of which a part may lie in the hours that a pump counts. */
static double boluses_ug(const reading_t *r, const repeat_turn_t *turn, size_t k)
{
    double sum = 0.0;
    for (size_t i = 0; i <= k; i++) {
        const study_event_t *event = &r->study->event[turn[i].index];
        double end_ms = (double)(turn[i].at_ms + event->over_ms);
        if (event->order == STUDY_ORDER_BOLUS &&
            end_ms > (double)turn[k].at_ms - HOURS_LATER / 24.0 * MS_PER_DAY)
            sum += event->amount_ug;
    }
    return sum;
}

static void check_overlap(const reading_t *r, size_t index, const state_t *now)
{
    char path[PATH_SIZE];
    event_path(path, index, "at");
    if (now->warn && now->at_ms < now->bolus_end_ms)
        reading_report(r, DIAGNOSTIC_WARNING, path,
                       "the bolus of events[%zu] runs until day %.6g; the pump refuses another "
                       "before its end",
                       now->bolus, now->bolus_end_ms / MS_PER_DAY);
}

static void play_bolus(const reading_t *r, const repeat_turn_t *turn, size_t k, state_t *now)
{
    size_t index = turn[k].index;
    const study_event_t *event = &r->study->event[index];
    const study_therapy_t *limits = &r->study->therapy;
    char path[PATH_SIZE];
    event_path(path, index, "amount");
    if (!now->known || reading_failed(r, &event->amount_ug) || reading_failed(r, &event->over_ms))
        return;
    double rate = (check_programme_peak(&now->programme) +
                   event->amount_ug / ((double)event->over_ms / MS_PER_DAY)) /
                  now->ug_per_ml;
    if (!reading_failed(r, &limits->limit_rate_ml_per_day) &&
        rate > limits->limit_rate_ml_per_day * (1 + TOLERANCE))
        ERROR_AT(r, path,
                 "with the therapy in force the bolus flows at %.6g mL/day, above "
                 "therapy.limits.rate, %.9g mL/day; give it over a longer time",
                 rate, limits->limit_rate_ml_per_day);
    if (rate < STUDY_RATE_MIN_ML_PER_DAY * (1 - TOLERANCE))
        ERROR_AT(r, path,
                 "with the therapy in force the bolus flows at %.6g mL/day, below the pump's %.3f "
                 "mL/day; give it over a shorter time",
                 rate, STUDY_RATE_MIN_ML_PER_DAY);
    double day = event->amount_ug + check_programme_worst_ug(&now->programme, 24.0, 0.0);
    if (!reading_failed(r, &limits->limit_dose_ug_per_day) &&
        day > limits->limit_dose_ug_per_day * (1 + TOLERANCE))
        ERROR_AT(r, path,
                 "with the therapy in force the day's dose is %.9g ug, above "
                 "therapy.limits.daily_dose, %.9g ug/day",
                 day, limits->limit_dose_ug_per_day);
    else
        check_count(r, path, now, boluses_ug(r, turn, k), HOURS_LATER);
    check_overlap(r, index, now);
    now->volume_ml -= event->amount_ug / now->ug_per_ml;
    now->bolus_end_ms = (double)(turn[k].at_ms + event->over_ms);
    now->bolus = index;
}

/* Lets the reservoir empty at the flow in force up to an event or the horizon. */
static void pass(const reading_t *r, state_t *now, double until_ms, const char *path)
{
    double rate = now->known ? flow(r, now) : 0.0;
    double left_ms = rate > 0.0 ? fmax(now->volume_ml, 0.0) / rate * MS_PER_DAY : HUGE_VAL;
    if (now->warn && now->known && !now->dry && now->at_ms + left_ms < until_ms) {
        reading_report(r, DIAGNOSTIC_WARNING, path,
                       "at %.4g mL/day the reservoir runs dry on day %.1f, before this; refill "
                       "earlier or give less",
                       rate, (now->at_ms + left_ms) / MS_PER_DAY);
        now->dry = 1;
    }
    now->volume_ml -= rate * (until_ms - now->at_ms) / MS_PER_DAY;
    if (now->volume_ml < 0.0)
        now->volume_ml = 0.0;
    now->at_ms = until_ms;
}

static void play_refill(const reading_t *r, size_t index, state_t *now)
{
    const study_event_t *event = &r->study->event[index];
    char path[PATH_SIZE];
    if (reading_failed(r, &event->volume_ml) || reading_failed(r, event->concentration_ug_per_ml)) {
        now->known = 0;
        return;
    }
    const double told = event->told_ug_per_ml;
    const double ug_per_ml = told > 0.0 ? told : event->concentration_ug_per_ml[0];
    now->volume_ml = event->volume_ml;
    now->dry = 0;
    if (now->ug_per_ml == ug_per_ml)
        return;
    now->ug_per_ml = ug_per_ml;
    event_path(path, index, told > 0.0 ? "told_concentration" : "concentration");
    check_rate(r, path, now, HOURS_LATER);
}

static void play_therapy(const reading_t *r, size_t index, state_t *now)
{
    const study_event_t *event = &r->study->event[index];
    snprintf(now->prefix, PREFIX_SIZE, "events[%zu]", index);
    now->programme =
        (check_programme_t){now->prefix, &event->mode, &event->dose_ug_per_day, &event->modes};
    if (!check_programme_known(r, &now->programme)) {
        now->known = 0;
        return;
    }
    check_rate(r, NULL, now, HOURS_LATER);
}

static void play_request(const reading_t *r, size_t index, const state_t *now)
{
    char path[PATH_SIZE];
    event_path(path, index, "order");
    if (now->warn && now->known && !(now->programme.modes->on_request.dose_ug > 0.0))
        reading_report(r, DIAGNOSTIC_WARNING, path,
                       "the therapy in force gives nothing on request: the pump refuses; give it "
                       "on_request");
}

/* Nothing flows into whoever has died. */
static void play_death(state_t *now, int64_t at_ms)
{
    now->known = 0;
    if (now->dead)
        return;
    now->dead = 1;
    now->died_ms = (at_ms + MS_PER_MINUTE - 1) / MS_PER_MINUTE * MS_PER_MINUTE;
}

/* Warns of the first order after a death that spares nobody. */
static void check_dead(const reading_t *r, const char *path, int64_t at_ms, state_t *now)
{
    if (now->dead != 1 || at_ms <= now->died_ms)
        return;
    if (now->warn)
        reading_report(r, DIAGNOSTIC_WARNING, path,
                       "everybody has died before, so this never happens; let only some die, by "
                       "`fraction` or `patient`");
    now->dead = 2;
}

static void play(const reading_t *r, const repeat_turn_t *turn, size_t k, state_t *now)
{
    size_t index = turn[k].index;
    const study_event_t *event = &r->study->event[index];
    char path[PATH_SIZE];
    event_path(path, index, "at");
    if (!reading_failed(r, &r->study->horizon_ms) && turn[k].at_ms > r->study->horizon_ms)
        ERROR_AT(r, path, "day %.9g is after study.horizon, day %.9g",
                 (double)turn[k].at_ms / MS_PER_DAY, (double)r->study->horizon_ms / MS_PER_DAY);
    else
        pass(r, now, (double)turn[k].at_ms, path);
    check_dead(r, path, turn[k].at_ms, now);
    event_path(path, index, "order");
    if (reading_failed(r, &event->order)) {
        now->known = 0;
        return;
    }
    /* An order for some is judged, but does not change what is in force for the others. */
    state_t aside = *now;
    aside.programme.prefix = aside.prefix;
    if (event->patient > 0 || event->fraction < 1.0)
        now = &aside;
    if (event->order == STUDY_ORDER_EXPOSURE || event->order == STUDY_ORDER_PORT ||
        event->order == STUDY_ORDER_FAULT)
        return;
    if (event->order == STUDY_ORDER_DEATH) {
        play_death(now, turn[k].at_ms);
        return;
    }
    if (event->order == STUDY_ORDER_REFILL)
        play_refill(r, index, now);
    else if (r->study->pump.kind == STUDY_PUMP_CONSTANT_FLOW)
        ERROR_AT(r, path, "a constant-flow pump cannot be programmed; only refill is possible");
    else if (event->order == STUDY_ORDER_THERAPY)
        play_therapy(r, index, now);
    else if (event->order == STUDY_ORDER_BOLUS)
        play_bolus(r, turn, k, now);
    else if (event->order == STUDY_ORDER_REQUEST)
        play_request(r, index, now);
    else if (event->order == STUDY_ORDER_STOP || event->order == STUDY_ORDER_IMAGE ||
             event->order == STUDY_ORDER_FRAME)
        now->known = 0; /* what becomes of the therapy is the pump's to say */
}

/* 1 if all that the flow depends on at enrolment was read. */
static int start_is_known(const reading_t *r)
{
    const study_t *s = r->study;
    const void *members[] = {&s->pump.kind, &s->pump.flow_ml_per_day, &s->pump.fill_ml,
                             &s->drug[0].concentration_ug_per_ml};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (reading_failed(r, members[i]))
            return 0;
    /* What a clinic will order is not known beforehand. */
    return s->n_drugs > 0 && s->clinic_policy == STUDY_POLICY_NONE &&
           !reading_failed(r, &s->clinic_policy);
}

static void play_all(const reading_t *r, const repeat_turn_t *turn, size_t n, int warn)
{
    const study_t *s = r->study;
    state_t now = {
        .known = start_is_known(r),
        .programme = {"therapy", &s->therapy.mode, &s->therapy.dose_ug_per_day, &s->therapy.modes},
        .prefix = "therapy",
        .ug_per_ml = s->drug[0].concentration_ug_per_ml,
        .volume_ml = s->pump.fill_ml,
        .warn = warn};
    now.known = now.known && check_programme_known(r, &now.programme);
    check_rate(r, NULL, &now, HOURS_AT_START);
    for (size_t k = 0; k < n; k++)
        play(r, turn, k, &now);
    if (!reading_failed(r, &s->horizon_ms))
        pass(r, &now, (double)s->horizon_ms, "study.horizon");
}

void check_schedule(const reading_t *r)
{
    size_t n = 0;
    repeat_turn_t *turn = repeat_turns(r, &n);
    if (turn == NULL) {
        r->doc->diagnostics->out_of_memory = 1;
        return;
    }
    check_events(r);
    play_all(r, turn, n, 0);
    /* Where something is wrong, what would follow from it is not worth a warning. */
    if (r->doc->diagnostics->errors == 0)
        play_all(r, turn, n, 1);
    free(turn);
}
