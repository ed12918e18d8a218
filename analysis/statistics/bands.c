/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers each asked day's values of all patients, and sorts them. */
#include "statistics/bands.h"

#include <gsl/gsl_sort_float.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const double bands_share[BANDS_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* The days of one reading: day[first] to day[first + days - 1] of those asked for. */
typedef struct gather_t {
    const people_t *people;
    const bands_ask_t *ask;
    size_t first, days;
    size_t *before;      /* [arms]: patients of the arms before */
    size_t patients;     /* of all arms, with a pump */
    float *value;        /* [days][fields][patients]; NaN: none */
    size_t record, next; /* whose row was the last, and the day that comes next in it */
} gather_t;

static float *values_of(const gather_t *g, size_t day, size_t field)
{
    return g->value + (day * g->ask->fields + field) * g->patients;
}

/* Days of a record ascend, and so do those asked for: the next one is all that a row is held against. */
static void gather_row(void *context, const daily_row_t *row)
{
    gather_t *g = context;
    const double *day = g->ask->day + g->first;
    g->next = row->record == g->record ? g->next : 0;
    g->record = row->record;
    while (g->next < g->days && day[g->next] < row->day) {
        g->next++;
    }
    if (g->next == g->days || day[g->next] > row->day) {
        return;
    }
    const people_record_t *who = &g->people->record[row->record];
    for (size_t f = 0; f < g->ask->fields; f++) {
        values_of(g, g->next, f)[g->before[who->key.arm] + who->place] = (float)row->value[f];
    }
}

/* Describes the values of one day, field and arm, of which those that are NaN are nobody's. */
static void describe(bands_point_t *point, float *value, size_t patients, double *sorted)
{
    size_t n = 0;
    for (size_t i = 0; i < patients; i++) {
        if (!isnan(value[i])) {
            value[n++] = value[i];
        }
    }
    gsl_sort_float(value, 1, n);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = (double)value[i];
    }
    point->n = n;
    for (int q = 0; q < BANDS_QUANTILES; q++) {
        point->quantile[q] =
            n > 0 ? gsl_stats_quantile_from_sorted_data(sorted, 1, n, bands_share[q]) : (double)NAN;
        point->ci[q] = interval_quantile(sorted, n, bands_share[q]);
    }
}

static void describe_days(bands_t *b, const gather_t *g, double *sorted)
{
    for (size_t arm = 0; arm < b->arms; arm++) {
        for (size_t f = 0; f < b->fields; f++) {
            for (size_t d = 0; d < g->days; d++) {
                bands_point_t *point = &b->point[(arm * b->fields + f) * b->days + g->first + d];
                point->day = g->ask->day[g->first + d];
                describe(point, values_of(g, d, f) + g->before[arm], g->people->with_pump[arm],
                         sorted);
            }
        }
    }
}

/* One reading, of the days from g->first on. */
static int read_days(bands_t *b, reader_t *r, gather_t *g, double *sorted, error_t *e)
{
    const bands_ask_t *ask = g->ask;
    const daily_visitor_t visitor[] = {{gather_row, g}, ask->also};
    g->record = SIZE_MAX;
    const size_t visitors = g->first == 0 && ask->also.visit != NULL ? 2 : 1;
    for (size_t i = 0; i < g->days * ask->fields * g->patients; i++) {
        g->value[i] = NAN;
    }
    const int rc = daily_each(r, g->people, ask->field, ask->fields, visitor, visitors, e);
    if (rc == 0) {
        describe_days(b, g, sorted);
    }
    return rc;
}

static int check(const bands_ask_t *ask, error_t *e)
{
    for (size_t i = 0; i < ask->days; i++) {
        const double day = ask->day[i];
        if (!(day >= 0.0 && floor(day) >= day) || (i > 0 && !(day > ask->day[i - 1]))) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "day %zu of a band is %g: whole days, ascending",
                               i, day);
        }
    }
    return 0;
}

/* How many days fit at a time. */
static size_t fitting(const bands_ask_t *ask, size_t patients)
{
    const size_t bytes = ask->bytes > 0 ? ask->bytes : BANDS_BYTES;
    const size_t a_day = (patients + 1) * ask->fields * sizeof(float);
    const size_t fit = a_day > 0 && bytes / a_day > 0 ? bytes / a_day : 1;
    return fit < ask->days ? fit : ask->days;
}

static int begin(bands_t *b, gather_t *g, size_t *at_a_time, double **sorted, error_t *e)
{
    const bands_ask_t *ask = g->ask;
    g->before = calloc(b->arms + 1, sizeof *g->before);
    for (size_t arm = 0; g->before != NULL && arm < b->arms; arm++) {
        g->before[arm] = g->patients;
        g->patients += g->people->with_pump[arm];
    }
    *at_a_time = fitting(ask, g->patients);
    g->value = calloc(*at_a_time * ask->fields * g->patients + 1, sizeof *g->value);
    *sorted = calloc(g->patients + 1, sizeof **sorted);
    b->point = calloc(b->arms * b->fields * b->days + 1, sizeof *b->point);
    if (g->before == NULL || g->value == NULL || *sorted == NULL || b->point == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the bands of %zu patients", g->patients);
    }
    return 0;
}

int bands_compute(bands_t *b, reader_t *r, const people_t *p, const bands_ask_t *ask, error_t *e)
{
    gather_t g = {.people = p, .ask = ask};
    double *sorted = NULL;
    size_t at_a_time = 0;
    *b = (bands_t){NULL, p->arms, ask->fields, ask->days};
    int rc = check(ask, e);
    rc = rc != 0 ? rc : begin(b, &g, &at_a_time, &sorted, e);
    for (; rc == 0 && g.first < ask->days; g.first += g.days) {
        g.days = ask->days - g.first < at_a_time ? ask->days - g.first : at_a_time;
        rc = read_days(b, r, &g, sorted, e);
    }
    free(g.before);
    free(g.value);
    free(sorted);
    return rc;
}

void bands_free(bands_t *b)
{
    free(b->point);
    memset(b, 0, sizeof *b);
}

const bands_point_t *bands_of(const bands_t *b, size_t arm, size_t field)
{
    return b->point + (arm * b->fields + field) * b->days;
}

size_t bands_days(double horizon_d, size_t most, double *day)
{
    const double last = fmax(0.0, floor(horizon_d) - 1.0);
    size_t n = 0;
    for (size_t i = 0; i < most; i++) {
        const double at = round(last * (double)i / (double)(most - 1));
        if (n == 0 || at > day[n - 1]) {
            day[n++] = at;
        }
    }
    return n;
}
