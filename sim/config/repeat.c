/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that come again. */
#include "config/repeat.h"

#include <stdio.h>
#include <stdlib.h>

#define MS_PER_DAY 86400000.0
#define PATH_SIZE 64

/* Its first moment: since enrolment, or since the implant. */
static int64_t *moment(study_event_t *event)
{
    return event->when.after_implant ? &event->when.offset_ms : &event->at_ms;
}

static int64_t first_ms(const study_event_t *event)
{
    return event->when.after_implant ? event->when.offset_ms : event->at_ms;
}

/* How often an order comes, >= 1: `times`, or as often as the horizon has room for; at most STUDY_EVENTS_MAX + 1. */
static int64_t count_of(const study_t *s, const study_event_t *event)
{
    int64_t count = 1;
    if (event->every_ms > 0 && event->times > 0)
        count = event->times;
    else if (event->every_ms > 0 && s->horizon_ms > first_ms(event))
        count += (s->horizon_ms - first_ms(event)) / event->every_ms;
    return count <= STUDY_EVENTS_MAX ? count : STUDY_EVENTS_MAX + 1;
}

static int64_t total(const study_t *s)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < s->n_events; i++)
        sum += count_of(s, &s->event[i]);
    return sum;
}

/* The moment of the first is judged by itself. */
static void check_last(const reading_t *r, size_t index)
{
    const study_t *s = r->study;
    const study_event_t *event = &s->event[index];
    const int64_t last_ms = first_ms(event) + (count_of(s, event) - 1) * event->every_ms;
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "events[%zu].times", index);
    if (!reading_failed(r, &s->horizon_ms) && last_ms > s->horizon_ms &&
        first_ms(event) <= s->horizon_ms)
        reading_report(r, DIAGNOSTIC_ERROR, path,
                       "the last of %lld, on day %.9g, is after study.horizon, day %.9g; without "
                       "`times` it comes as often as there is time for",
                       (long long)event->times, (double)last_ms / MS_PER_DAY,
                       (double)s->horizon_ms / MS_PER_DAY);
}

/* Reports what comes after the horizon, and more than STUDY_EVENTS_MAX orders in all. 1: all may be played; 0: only the first
 * of each. */
static int check(const reading_t *r)
{
    const study_t *s = r->study;
    int known = !reading_failed(r, &s->horizon_ms);
    for (size_t i = 0; i < (size_t)s->n_events; i++) {
        const study_event_t *event = &s->event[i];
        if (reading_failed(r, &event->every_ms) || reading_failed(r, &event->times) ||
            reading_failed(r, &event->at_ms) || reading_failed(r, &event->when))
            known = 0;
        else
            check_last(r, i);
    }
    if (known && total(s) > STUDY_EVENTS_MAX) {
        reading_report(r, DIAGNOSTIC_ERROR, "events",
                       "with those that come again there are more than %d; let them come less "
                       "often, or give `times`",
                       STUDY_EVENTS_MAX);
        known = 0;
    }
    return known;
}

static int compare_turns(const void *a, const void *b)
{
    const repeat_turn_t *left = a, *right = b;
    if (left->at_ms != right->at_ms)
        return left->at_ms < right->at_ms ? -1 : 1;
    return (left->index > right->index) - (left->index < right->index);
}

/* How many turns an event has; what comes again after the horizon was reported and has none. */
static int64_t turns_of(const study_t *s, const study_event_t *event, int again)
{
    int64_t count = again ? count_of(s, event) : 1;
    while (count > 1 && event->at_ms + (count - 1) * event->every_ms > s->horizon_ms)
        count--;
    return count;
}

repeat_turn_t *repeat_turns(const reading_t *r, size_t *n)
{
    const int again = check(r);
    repeat_turn_t *turn = calloc(STUDY_EVENTS_MAX, sizeof *turn); /* all that check lets through */
    *n = 0;
    for (size_t i = 0; turn != NULL && i < (size_t)r->study->n_events; i++) {
        const study_event_t *event = &r->study->event[i];
        if (reading_failed(r, &event->at_ms) || event->when.after_implant)
            continue;
        for (int64_t k = 0; k < turns_of(r->study, event, again); k++)
            turn[(*n)++] = (repeat_turn_t){event->at_ms + k * event->every_ms, i};
    }
    if (turn != NULL)
        qsort(turn, *n, sizeof *turn, compare_turns);
    return turn;
}

int repeat_expand(study_t *s)
{
    const int64_t n = total(s);
    if (n == s->n_events && n == 0)
        return 1;
    study_event_t *all = calloc((size_t)n, sizeof *all), *to = all;
    if (all == NULL)
        return 0;
    for (int64_t i = 0; i < s->n_events; i++) {
        const int64_t count = count_of(s, &s->event[i]);
        for (int64_t k = 0; k < count; k++, to++) {
            *to = s->event[i];
            *moment(to) += k * to->every_ms;
            to->every_ms = to->times = 0;
        }
    }
    free(s->event);
    s->event = all;
    s->n_events = n;
    return 1;
}
