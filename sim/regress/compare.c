/* SPDX-License-Identifier: Apache-2.0 */
/* Two testimonies of one unit held against each other. */
#include "regress/compare.h"

#include "regress/compare_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

/* ---- the list -------------------------------------------------------------------------------------------- */

static compare_difference_t *find(compare_t *c, const compare_difference_t *found)
{
    for (size_t i = 0; i < c->differences; i++) {
        if (c->difference[i].level == found->level &&
            strcmp(c->difference[i].what, found->what) == 0) {
            return &c->difference[i];
        }
    }
    return NULL;
}

static compare_difference_t *append(compare_t *c, const compare_difference_t *found, error_t *e)
{
    if (c->differences == c->capacity) {
        const size_t capacity = 2 * c->capacity + 16;
        compare_difference_t *more = realloc(c->difference, capacity * sizeof *more);
        if (more == NULL) {
            (void)ERROR_RAISE(e, ERROR_MEMORY, "out of memory for differences");
            return NULL;
        }
        c->difference = more;
        c->capacity = capacity;
    }
    c->difference[c->differences] = *found;
    return &c->difference[c->differences++];
}

/* How far a value is off, over what is allowed; a missing value is off by more than anything is. */
static double excess(const compare_difference_t *d)
{
    const double off = fabs(d->candidate - d->baseline);
    return isnan(off) ? (double)INFINITY : off / (d->allowed > 0.0 ? d->allowed : 1e-300);
}

int compare_value(compare_t *c, const compare_difference_t *found, error_t *e)
{
    const bool both_missing = isnan(found->baseline) && isnan(found->candidate);
    compare_difference_t *known, now = *found;
    if (found->baseline == found->candidate || both_missing) {
        return 0;
    }
    now.count = 1;
    now.beyond = !(excess(found) <= 1.0);
    c->level[found->level] = true;
    known = find(c, found);
    if (known == NULL) {
        return append(c, &now, e) != NULL ? 0 : e->code;
    }
    now.count = known->count + 1;
    now.beyond = now.beyond || known->beyond;
    now.time_ms = known->time_ms;
    if (excess(found) <= excess(known)) {
        now.baseline = known->baseline;
        now.candidate = known->candidate;
        now.allowed = known->allowed;
    }
    *known = now;
    return 0;
}

/* ---- what the processes ended with -------------------------------------------------------------------------- */

static bool ended_alike(const testimony_t *a, const testimony_t *b)
{
    return a->end == b->end &&
           (a->end == TESTIMONY_LIVED ||
            (a->end == TESTIMONY_ERROR && a->error.code == b->error.code &&
             a->error.time_ms == b->error.time_ms && strcmp(a->error.text, b->error.text) == 0));
}

/* ---- traces -------------------------------------------------------------------------------------------------- */

static int compare_traces(compare_t *c, const testimony_t *a, const testimony_t *b, error_t *e)
{
    int code = 0;
    for (int f = 0; code == 0 && f < TRACE_FAMILIES; f++) {
        c->family[f] = a->trace.family[f].calls != b->trace.family[f].calls ||
                       a->trace.family[f].sum != b->trace.family[f].sum;
        compare_difference_t d = {.level = SUITE_TRACE,
                                  .unit = "calls",
                                  .time_ms = -1,
                                  .baseline = (double)a->trace.family[f].calls,
                                  .candidate = (double)b->trace.family[f].calls};
        (void)snprintf(d.what, sizeof d.what, "calls of %s", trace_family_name((trace_family_t)f));
        if (c->family[f] && d.baseline == d.candidate) {
            (void)snprintf(d.what, sizeof d.what, "calls of %s: as many, but others",
                           trace_family_name((trace_family_t)f));
            d.candidate = (double)NAN;
        }
        code = compare_value(c, &d, e);
    }
    c->level[SUITE_TRACE] |=
        trace_differ(&a->trace, &b->trace) >= 0; /* the same calls in another order */
    return code;
}

/* ---- volumes -------------------------------------------------------------------------------------------------- */

static int compare_window(compare_t *c, const suite_t *suite, const suite_scenario_t *scenario,
                          const volume_t *sides[2], size_t hours, error_t *e)
{
    const volume_tolerance_t tolerance = {suite->tolerance.volume,
                                          1e-3 * suite->tolerance.pulses *
                                              scenario->study.pump.head.pulse_ul};
    const volume_gap_t gap = volume_gap(sides[0], sides[1], hours, tolerance);
    compare_difference_t d = {.level = SUITE_DEVICE,
                              .unit = "mL",
                              .time_ms = (int64_t)gap.hour * HOUR_MS,
                              .baseline = gap.first_ml,
                              .candidate = gap.first_ml + gap.ml,
                              .allowed = gap.allowed_ml};
    (void)snprintf(d.what, sizeof d.what, "volume of %zu h", hours);
    return compare_value(c, &d, e);
}

static int compare_volumes(compare_t *c, const suite_t *suite, const suite_scenario_t *scenario,
                           const testimony_t *a, const testimony_t *b, error_t *e)
{
    static const size_t window[] = {1, 24, 168};
    const volume_t *sides[2] = {&a->volume, &b->volume};
    int code = 0;
    if (a->volume.hours != b->volume.hours) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "lives of %zu and %zu hours are of no one unit",
                           a->volume.hours, b->volume.hours);
    }
    for (size_t i = 0; code == 0 && i < sizeof window / sizeof window[0]; i++) {
        if (window[i] < a->volume.hours) {
            code = compare_window(c, suite, scenario, sides, window[i], e);
        }
    }
    return code != 0 ? code : compare_window(c, suite, scenario, sides, a->volume.hours, e);
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

/* What people ask first: what flowed, then what happened, then the rest. */
static int rank(const compare_difference_t *d)
{
    return strncmp(d->what, "volume", 6) == 0 ? 0 : strncmp(d->what, "event", 5) == 0 ? 1 : 2;
}

static int by_level(const void *a, const void *b)
{
    const compare_difference_t *x = a, *y = b;
    const int level = (int)x->level - (int)y->level, order = rank(x) - rank(y);
    const int beyond =
        (int)y->beyond - (int)x->beyond; /* what does not pass before what is allowed */
    return level != 0    ? level
           : beyond != 0 ? beyond
           : order != 0  ? order
                         : strcmp(x->what, y->what);
}

static bool is_left_out(const suite_t *suite, const char *what)
{
    for (size_t i = 0; i < suite->lefts; i++) {
        if (strcmp(suite->left_out[i], what) == 0) {
            return true;
        }
    }
    return false;
}

static void judge(compare_t *c, const suite_t *suite, const suite_scenario_t *scenario)
{
    c->same = true;
    c->passes = true;
    for (int level = 0; level < SUITE_POPULATION; level++) {
        c->same = c->same && !(scenario->level[level] && c->level[level]);
    }
    if (scenario->level[SUITE_TRACE] && c->level[SUITE_TRACE]) {
        c->passes = false;
    }
    for (size_t i = 0; i < c->differences; i++) {
        compare_difference_t *d = &c->difference[i];
        d->beyond = d->beyond && !is_left_out(suite, d->what);
        c->passes = c->passes && !(d->beyond && scenario->level[d->level]);
    }
}

int compare_unit(compare_t *c, const suite_t *suite, const suite_scenario_t *scenario,
                 const testimony_t *baseline, const testimony_t *candidate, error_t *e)
{
    int code = 0;
    memset(c, 0, sizeof *c);
    if (!ended_alike(baseline, candidate)) {
        return 0;
    }
    if (baseline->end == TESTIMONY_LIVED) {
        code = compare_traces(c, baseline, candidate, e);
        code = code != 0 ? code : compare_volumes(c, suite, scenario, baseline, candidate, e);
        code = code != 0 ? code : compare_rows(c, suite, scenario, baseline, candidate, e);
    }
    judge(c, suite, scenario);
    if (c->differences > 0) {
        qsort(c->difference, c->differences, sizeof *c->difference, by_level);
    }
    return code;
}

void compare_free(compare_t *c)
{
    free(c->difference);
    memset(c, 0, sizeof *c);
}
