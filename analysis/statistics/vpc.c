/* SPDX-License-Identifier: Apache-2.0 */
/* Draws cohorts of the observed design from the simulated patients, and compares percentiles bin by bin. */
#include "statistics/vpc.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "statistics/daily.h"

const double vpc_share[VPC_PERCENTILES] = {0.1, 0.5, 0.9};

/* What each bin tells: the percentiles, then the share below the limit. */
#define NUMBERS (VPC_PERCENTILES + 1)

typedef struct vpc_work_t {
    vpc_t *v;
    const people_t *people;
    const observed_t *observed;
    double *day; /* [days]: whole days sampled, ascending */
    size_t days;
    size_t *day_of; /* [samples]: place of a sample's day */
    size_t *bin_of; /* [samples] */
    float *value;   /* [simulated][days]; NaN: none */
    size_t *drawn;  /* [simulated]: an order of the simulated patients */
    double *pooled; /* [samples]: one bin's values of one cohort */
    double *result; /* [bins][NUMBERS][VPC_COHORTS] */
} vpc_work_t;

/* ---- the design ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The whole days of all samples, each once, in w->day; and each sample's place among them. */
static void list_days(vpc_work_t *w)
{
    const observed_t *o = w->observed;
    for (size_t i = 0; i < o->samples; i++) {
        w->day[i] = floor(o->sample[i].day);
    }
    qsort(w->day, o->samples, sizeof *w->day, by_value);
    for (size_t i = 0; i < o->samples; i++) {
        if (w->days == 0 || w->day[i] > w->day[w->days - 1]) {
            w->day[w->days++] = w->day[i];
        }
    }
    for (size_t i = 0; i < o->samples; i++) {
        const double day = floor(o->sample[i].day);
        const double *found = bsearch(&day, w->day, w->days, sizeof day, by_value);
        w->day_of[i] = (size_t)(found - w->day);
    }
}

/* Gives each day a bin of about equal numbers of samples; a day is never parted. count: of samples, [days]. */
static void bin_days(vpc_work_t *w, const size_t *count, size_t *bin)
{
    const size_t bins = w->days < VPC_BINS_MAX ? w->days : VPC_BINS_MAX;
    size_t before = 0, used = 0, last = 0;
    for (size_t d = 0; d < w->days; d++) {
        /* Where its middle sample lies among all. */
        const size_t at =
            bins == w->days ? d : bins * (2 * before + count[d]) / (2 * w->observed->samples);
        used += d > 0 && at > last ? 1 : 0;
        last = at;
        bin[d] = used;
        before += count[d];
    }
    w->v->bins = used + 1;
}

static int choose_bins(vpc_work_t *w, error_t *e)
{
    const observed_t *o = w->observed;
    size_t *count = calloc(2 * w->days + 1, sizeof *count);
    if (count == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu days", w->days);
    }
    for (size_t i = 0; i < o->samples; i++) {
        count[w->day_of[i]]++;
    }
    bin_days(w, count, count + w->days);
    for (size_t i = 0; i < o->samples; i++) {
        w->bin_of[i] = count[w->days + w->day_of[i]];
    }
    free(count);
    return 0;
}

static void describe_bins(vpc_work_t *w)
{
    for (size_t i = 0; i < w->observed->samples; i++) {
        const observed_sample_t *s = &w->observed->sample[i];
        vpc_bin_t *b = &w->v->bin[w->bin_of[i]];
        b->from = b->samples == 0 ? s->day : fmin(b->from, s->day);
        b->to = b->samples == 0 ? s->day : fmax(b->to, s->day);
        b->middle += s->day;
        b->samples++;
        b->below += isnan(s->value) ? 1 : 0;
        b->limits |= !isnan(s->lloq);
    }
    for (size_t k = 0; k < w->v->bins; k++) {
        w->v->bin[k].middle /= (double)w->v->bin[k].samples;
    }
}

/* ---- the simulated patients ---- */

static void take_day(void *context, const daily_row_t *row)
{
    vpc_work_t *w = context;
    const people_record_t *who = &w->people->record[row->record];
    const double day = floor(row->day - who->pump_from_d);
    const double *found =
        who->key.arm == w->v->arm ? bsearch(&day, w->day, w->days, sizeof day, by_value) : NULL;
    if (found != NULL) {
        w->value[who->place * w->days + (size_t)(found - w->day)] = (float)row->value[0];
    }
}

/* Each day sampled must be one on which somebody is followed. */
static int check_days(const vpc_work_t *w, error_t *e)
{
    for (size_t d = 0; d < w->days; d++) {
        size_t there = 0;
        for (size_t i = 0; i < w->v->simulated; i++) {
            there += isnan(w->value[i * w->days + d]) ? 0 : 1;
        }
        if (there == 0) {
            return ERROR_RAISE(e, ERROR_ARGUMENT,
                               "there are samples of day %g, on which no simulated patient has a "
                               "value of %s: run the study with a longer study.horizon, or leave "
                               "them out",
                               w->day[d], fields_get(w->v->field)->name);
        }
    }
    return 0;
}

static int read_values(vpc_work_t *w, reader_t *r, error_t *e)
{
    const daily_visitor_t visitor = {take_day, w};
    for (size_t i = 0; i < w->v->simulated * w->days; i++) {
        w->value[i] = NAN;
    }
    const int rc = daily_each(r, w->people, &w->v->field, 1, &visitor, 1, e);
    return rc != 0 ? rc : check_days(w, e);
}

/* ---- one cohort ---- */

/* The numbers of value[n], of which those below a limit are -INFINITY; NaN without values. */
static void tell(double *value, size_t n, double number[NUMBERS])
{
    size_t below = 0;
    gsl_sort(value, 1, n);
    while (below < n && isinf(value[below])) {
        below++;
    }
    for (int q = 0; q < VPC_PERCENTILES; q++) {
        const size_t rank = n > 0 ? (size_t)floor(vpc_share[q] * (double)(n - 1)) : 0;
        number[q] = n == 0         ? (double)NAN
                    : rank < below ? -(double)INFINITY
                                   : gsl_stats_quantile_from_sorted_data(value, 1, n, vpc_share[q]);
    }
    number[VPC_PERCENTILES] = n > 0 ? (double)below / (double)n : (double)NAN;
}

static double censored(double value, double lloq)
{
    return isnan(value) || value < lloq ? -(double)INFINITY : value;
}

/* The numbers of one bin, of the observed samples (drawn NULL) or of the patients drawn for their designs. */
static void tell_bin(const vpc_work_t *w, size_t bin, const size_t *drawn, double number[NUMBERS])
{
    size_t n = 0;
    for (size_t i = 0; i < w->observed->samples; i++) {
        const observed_sample_t *s = &w->observed->sample[i];
        if (w->bin_of[i] != bin) {
            continue;
        }
        if (drawn == NULL) {
            w->pooled[n++] = censored(s->value, s->lloq);
        } else {
            const float value = w->value[drawn[s->patient] * w->days + w->day_of[i]];
            w->pooled[n] = censored((double)value, s->lloq);
            n += isnan(value) ? 0 : 1; /* not followed then: no sample */
        }
    }
    tell(w->pooled, n, number);
}

/* Puts as many simulated patients as are observed in front, at random (Fisher and Yates). */
static void draw_cohort(vpc_work_t *w, uint64_t seed, size_t cohort)
{
    draw_t d;
    draw_init(&d, seed, DRAW_RESAMPLE, 0, 0, cohort);
    for (size_t i = 0; i < w->v->simulated; i++) {
        w->drawn[i] = i;
    }
    for (size_t i = 0; i < w->v->patients; i++) {
        const size_t left = w->v->simulated - i;
        const size_t k = i + (size_t)(draw_uniform(&d) * (double)left);
        const size_t swap = w->drawn[i];
        w->drawn[i] = w->drawn[k];
        w->drawn[k] = swap;
    }
}

static void run_cohorts(vpc_work_t *w, uint64_t seed)
{
    for (size_t c = 0; c < VPC_COHORTS; c++) {
        draw_cohort(w, seed, c);
        for (size_t b = 0; b < w->v->bins; b++) {
            double number[NUMBERS];
            tell_bin(w, b, w->drawn, number);
            for (int k = 0; k < NUMBERS; k++) {
                w->result[(b * NUMBERS + (size_t)k) * VPC_COHORTS + c] = number[k];
            }
        }
    }
}

/* ---- observed among simulated ---- */

static double number_or_below(double value)
{
    return isinf(value) ? (double)NAN : value;
}

/* Order statistics of result[n], which may be -INFINITY: no interpolation between a number and none. */
static double at_share(const double *sorted, size_t n, double share)
{
    return sorted[(size_t)lround(share * (double)(n - 1))];
}

static vpc_number_t place(double observed, double *result)
{
    size_t n = 0;
    for (size_t i = 0; i < VPC_COHORTS; i++) {
        if (!isnan(result[i])) {
            result[n++] = result[i];
        }
    }
    if (n == 0) {
        return (vpc_number_t){
            number_or_below(observed), (double)NAN, {(double)NAN, (double)NAN}, 0};
    }
    gsl_sort(result, 1, n);
    const double low = at_share(result, n, 0.025), high = at_share(result, n, 0.975);
    return (vpc_number_t){number_or_below(observed),
                          number_or_below(at_share(result, n, 0.5)),
                          {number_or_below(low), number_or_below(high)},
                          observed >= low && observed <= high};
}

static void compare(vpc_work_t *w)
{
    for (size_t b = 0; b < w->v->bins; b++) {
        vpc_bin_t *bin = &w->v->bin[b];
        double number[NUMBERS];
        tell_bin(w, b, NULL, number);
        for (size_t k = 0; k < NUMBERS; k++) {
            const vpc_number_t placed =
                place(number[k], w->result + (b * NUMBERS + k) * VPC_COHORTS);
            *(k < VPC_PERCENTILES ? &bin->percentile[k] : &bin->share_below) = placed;
            w->v->numbers += k < VPC_PERCENTILES ? 1 : 0;
            w->v->inside += k < VPC_PERCENTILES && placed.inside ? 1 : 0;
        }
    }
}

/* ---- all ---- */

static int check(const vpc_t *v, const people_t *p, error_t *e)
{
    if (fields_get(v->field)->table != TABLE_DAILY || v->field == FIELD_DAILY_DAY) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is no value of table daily",
                           fields_get(v->field)->name);
    }
    if (v->arm < 0 || (size_t)v->arm >= p->arms) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "no arm %d of %zu", v->arm, p->arms);
    }
    if (p->with_pump[v->arm] < v->patients) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "%zu observed patients, but %zu simulated ones with a pump to draw "
                           "cohorts from: run the study with study.patients of ten times as many",
                           v->patients, p->with_pump[v->arm]);
    }
    return 0;
}

static int begin(vpc_work_t *w, error_t *e)
{
    const size_t samples = w->observed->samples;
    w->day = calloc(samples + 1, sizeof *w->day);
    w->day_of = calloc(samples + 1, sizeof *w->day_of);
    w->bin_of = calloc(samples + 1, sizeof *w->bin_of);
    w->pooled = calloc(samples + 1, sizeof *w->pooled);
    w->drawn = calloc(w->v->simulated + 1, sizeof *w->drawn);
    w->result = calloc((size_t)VPC_BINS_MAX * NUMBERS * VPC_COHORTS, sizeof *w->result);
    if (w->day == NULL || w->day_of == NULL || w->bin_of == NULL || w->pooled == NULL ||
        w->drawn == NULL || w->result == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu samples", samples);
    }
    list_days(w);
    w->value = calloc(w->v->simulated * w->days + 1, sizeof *w->value);
    return w->value != NULL ? choose_bins(w, e)
                            : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu patients on %zu days",
                                          w->v->simulated, w->days);
}

int vpc_compute(vpc_t *v, reader_t *r, const people_t *p, int32_t arm, enum fields_id field,
                const observed_t *observed, error_t *e)
{
    vpc_work_t w = {.v = v, .people = p, .observed = observed};
    memset(v, 0, sizeof *v);
    v->field = field;
    v->arm = arm;
    v->patients = observed->patients;
    v->samples = observed->samples;
    int rc = check(v, p, e);
    if (rc == 0) {
        v->simulated = p->with_pump[arm];
        rc = begin(&w, e);
    }
    rc = rc != 0 ? rc : read_values(&w, r, e);
    if (rc == 0) {
        describe_bins(&w);
        run_cohorts(&w, reader_provenance(r)->seed);
        compare(&w);
    }
    free(w.day);
    free(w.day_of);
    free(w.bin_of);
    free(w.value);
    free(w.drawn);
    free(w.pooled);
    free(w.result);
    return rc;
}
