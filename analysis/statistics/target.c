/* SPDX-License-Identifier: Apache-2.0 */
/* Counts days inside windows. */
#include "statistics/target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int target_begin(target_t *t, reader_t *r, const people_t *p, const target_window_t *window,
                 size_t windows, error_t *e)
{
    *t = (target_t){.people = p, .window = window, .windows = windows};
    t->days = calloc(windows * p->records + 1, sizeof *t->days);
    t->inside = calloc(windows * p->records + 1, sizeof *t->inside);
    t->share = calloc(windows * p->arms + 1, sizeof *t->share);
    if (t->days == NULL || t->inside == NULL || t->share == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the days of %zu records", p->records);
    }
    return reader_column_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT, &t->before, e);
}

static void count_day(void *context, const daily_row_t *row)
{
    const target_t *t = context;
    const double from = t->people->record[row->record].pump_from_d;
    if (!(row->day >= from)) { /* nor where there never was one */
        return;
    }
    for (size_t i = 0; i < t->windows; i++) {
        const target_window_t *w = &t->window[i];
        const double value =
            row->value[w->column] - (w->from_before ? t->before[row->record] : 0.0);
        const size_t at = i * t->people->records + row->record;
        t->days[at] += isnan(value) ? 0 : 1;
        t->inside[at] += value >= w->low && value <= w->high ? 1 : 0;
    }
}

daily_visitor_t target_visitor(target_t *t)
{
    return (daily_visitor_t){count_day, t};
}

static void describe(target_t *t, size_t arm, size_t window, double *share)
{
    const people_t *p = t->people;
    target_share_t *to = &t->share[arm * t->windows + window];
    size_t n = 0;
    for (size_t k = 0; k < p->of_arm[arm]; k++) {
        const size_t at = window * p->records + people_of(p, arm)[k];
        if (t->days[at] > 0) {
            share[n++] = (double)t->inside[at] / (double)t->days[at];
        }
    }
    to->spread = spread_of(share, n); /* which leaves them in order */
    to->ci = interval_amount(share, n);
}

int target_finish(target_t *t, error_t *e)
{
    double *share = calloc(t->people->records + 1, sizeof *share);
    if (share == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu shares", t->people->records);
    }
    for (size_t i = 0; i < t->people->arms * t->windows; i++) {
        describe(t, i / t->windows, i % t->windows, share);
    }
    free(share);
    return 0;
}

const target_share_t *target_of(const target_t *t, size_t arm, size_t window)
{
    return &t->share[arm * t->windows + window];
}

void target_free(target_t *t)
{
    free(t->before);
    free(t->days);
    free(t->inside);
    free(t->share);
    memset(t, 0, sizeof *t);
}
