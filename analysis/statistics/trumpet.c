/* SPDX-License-Identifier: Apache-2.0 */
/* Slides a window along a record, from one portion's end to the next. */
#include "statistics/trumpet.h"

#include <math.h>
#include <stdlib.h>

/* The volume delivered as a function of time: straight between knots, at each of which it may step. */
typedef struct knots_t {
    size_t count;
    double *time;   /* [count], ascending */
    double *before; /* [count], volume just before and at the knot */
    double *after;
} knots_t;

static int check(const trumpet_record_t *r, error_t *e)
{
    double last = r->start;
    if (!(r->rate > 0.0) || !(r->end >= r->start)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a record from %g to %g with the rate %g", r->start,
                           r->end, r->rate);
    }
    for (size_t i = 0; i < r->n; i++) {
        const trumpet_portion_t *p = &r->portion[i];
        if (!(p->start >= last) || !(p->end >= p->start) || !(p->end <= r->end) ||
            !(p->volume >= 0.0)) {
            return ERROR_RAISE(e, ERROR_ARGUMENT,
                               "portion %zu, %g from %g to %g, does not follow the one before", i,
                               p->volume, p->start, p->end);
        }
        last = p->end;
    }
    return 0;
}

/* Adds a knot whose volume just before it is that of the last; the last one's own time takes the step in. */
static void step_to(knots_t *k, double time, double volume)
{
    k->time[k->count] = time;
    k->before[k->count] = k->count > 0 ? k->after[k->count - 1] : 0.0;
    k->after[k->count] = k->before[k->count] + volume;
    k->count++;
}

static void slope_to(knots_t *k, double time, double volume)
{
    k->time[k->count] = time;
    k->before[k->count] = k->after[k->count] = k->after[k->count - 1] + volume;
    k->count++;
}

static int make_knots(knots_t *k, const trumpet_record_t *r, error_t *e)
{
    const size_t room = 2 * r->n + 2;
    double *block = calloc(3 * room, sizeof *block);
    if (block == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu portions", r->n);
    }
    *k = (knots_t){0, block, block + room, block + 2 * room};
    step_to(k, r->start, 0.0);
    for (size_t i = 0; i < r->n; i++) {
        const trumpet_portion_t *p = &r->portion[i];
        step_to(k, p->start, p->end > p->start ? 0.0 : p->volume);
        if (p->end > p->start) {
            slope_to(k, p->end, p->volume);
        }
    }
    step_to(k, r->end, 0.0);
    return 0;
}

/* Volume just before, or just after, a time that has come forward since the last call; *at remembers where that was. */
static double volume_at(const knots_t *k, double time, int after, size_t *at)
{
    const double *volume = after ? k->after : k->before;
    /* Of several knots at one time the first holds what was before it, the last what is after. */
    while (*at < k->count && (k->time[*at] < time || (after && k->time[*at] <= time))) {
        ++*at;
    }
    if (*at < k->count && k->time[*at] <= time) {
        return volume[*at];
    }
    if (*at == 0 || *at == k->count) {
        return *at == 0 ? k->before[0] : k->after[k->count - 1];
    }
    const size_t i = *at - 1;
    const double share = (time - k->time[i]) / (k->time[i + 1] - k->time[i]);
    return k->after[i] + share * (k->before[i + 1] - k->after[i]);
}

/* The two places in the list of knots where a window's beginning and its end are, for its two readings. */
typedef struct hands_t {
    size_t from[2], to[2];
} hands_t;

static void try_window(const knots_t *k, hands_t *h, double from, double to, trumpet_t *t)
{
    const double most = volume_at(k, to, 1, &h->to[1]) - volume_at(k, from, 0, &h->from[0]);
    const double least = volume_at(k, to, 0, &h->to[0]) - volume_at(k, from, 1, &h->from[1]);
    t->highest = fmax(t->highest, most);
    t->lowest = fmin(t->lowest, least);
}

static double earlier(const knots_t *k, size_t i, double shift, double none)
{
    return i < k->count ? k->time[i] - shift : none;
}

/* In order of time, each window that begins or ends at a knot. Where it ends at one, its end is the knot's own time to the
 * bit, and so for its beginning: rounding must not take a pulse out of a window. */
static void slide(const knots_t *k, trumpet_t *t)
{
    hands_t h = {{0, 0}, {0, 0}};
    const double last = k->time[k->count - 1] - t->window;
    size_t begins = 0, ends = 0;
    while (ends < k->count && k->time[ends] - t->window < k->time[0]) {
        ends++;
    }
    t->highest = -(double)INFINITY;
    t->lowest = (double)INFINITY;
    while (begins < k->count || ends < k->count) {
        const double a = earlier(k, begins, 0.0, (double)INFINITY);
        const double b = earlier(k, ends, t->window, (double)INFINITY);
        if (fmin(a, b) > last) {
            return;
        }
        if (a <= b && b <= a) {
            try_window(k, &h, a, k->time[ends], t);
            begins++;
            ends++;
        } else if (a < b) {
            try_window(k, &h, a, a + t->window, t);
            begins++;
        } else {
            try_window(k, &h, b, k->time[ends], t);
            ends++;
        }
    }
}

int trumpet_compute(const trumpet_record_t *record, trumpet_t *out, size_t windows, error_t *e)
{
    knots_t knots = {0, NULL, NULL, NULL};
    int rc = check(record, e);
    for (size_t i = 0; rc == 0 && i < windows; i++) {
        if (!(out[i].window > 0.0)) {
            rc = ERROR_RAISE(e, ERROR_ARGUMENT, "a window of length %g", out[i].window);
        }
    }
    rc = rc != 0 ? rc : make_knots(&knots, record, e);
    if (rc != 0) {
        return rc;
    }
    for (size_t i = 0; i < windows; i++) {
        const double expected = record->rate * out[i].window;
        if (out[i].window > record->end - record->start) {
            out[i].highest = out[i].lowest = (double)NAN;
            continue;
        }
        slide(&knots, &out[i]);
        out[i].highest = 100.0 * (out[i].highest / expected - 1.0);
        out[i].lowest = 100.0 * (out[i].lowest / expected - 1.0);
    }
    free(knots.time);
    return 0;
}
