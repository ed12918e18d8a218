/* SPDX-License-Identifier: Apache-2.0 */
/* Product-limit survival and cumulative incidence, in one pass over the lives in order of time. */
#include "statistics/survival.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_time(const void *a, const void *b)
{
    const survival_life_t *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

static int check(const survival_life_t *life, size_t n, error_t *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!(life[i].time >= 0.0) || isinf(life[i].time) || life[i].cause < 0) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "life %zu lasted %g and ended by cause %d", i,
                               life[i].time, life[i].cause);
        }
    }
    return 0;
}

/* A curve with room for a step of each life, and the times in order. */
static int begin(survival_curve_t *c, survival_life_t *life, size_t n, double start, error_t *e)
{
    int rc;
    memset(c, 0, sizeof *c);
    c->start = start;
    c->last = (double)NAN;
    rc = check(life, n, e);
    if (rc < 0) {
        return rc;
    }
    c->step = calloc(n + 1, sizeof *c->step);
    c->time = calloc(n + 1, sizeof *c->time);
    if (c->step == NULL || c->time == NULL) {
        survival_free(c);
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu lives", n);
    }
    if (n > 0) {
        qsort(life, n, sizeof *life, by_time);
        c->last = life[n - 1].time;
    }
    for (size_t i = 0; i < n; i++) {
        c->time[i] = life[i].time;
    }
    c->lives = n;
    return 0;
}

/* Counts the ends at the time of life[from] into *step; returns the first life after it. */
static size_t gather(survival_step_t *step, const survival_life_t *life, size_t from, size_t n,
                     int cause)
{
    size_t i = from;
    *step = (survival_step_t){.time = life[from].time, .at_risk = n - from};
    for (; i < n && life[i].time <= step->time; i++) {
        const int asked = cause == SURVIVAL_ANY ? life[i].cause > 0 : life[i].cause == cause;
        step->ended += (size_t)asked;
        step->other += (size_t)(!asked && life[i].cause > 0);
    }
    return i;
}

/* On the scale log(-log value); the same for a survival and for an incidence. */
static interval_t band_of(double value, double se)
{
    if (!(value > 0.0 && value < 1.0) || isnan(se)) {
        return (interval_t){(double)NAN, (double)NAN};
    }
    const double slope = INTERVAL_Z_95 * se / (value * log(value));
    const double a = pow(value, exp(slope)), b = pow(value, exp(-slope));
    return (interval_t){fmin(a, b), fmax(a, b)};
}

int survival_estimate(survival_curve_t *c, survival_life_t *life, size_t n, int cause, error_t *e)
{
    double survival = 1.0, greenwood = 0.0;
    const int rc = begin(c, life, n, 1.0, e);
    for (size_t i = 0; rc == 0 && i < n;) {
        survival_step_t step;
        i = gather(&step, life, i, n, cause);
        if (step.ended == 0) {
            continue;
        }
        const double d = (double)step.ended, r = (double)step.at_risk;
        survival *= (r - d) / r;
        greenwood += d / (r * (r - d));
        step.value = survival;
        step.se = step.ended < step.at_risk ? survival * sqrt(greenwood) : (double)NAN;
        step.band = band_of(step.value, step.se);
        c->step[c->steps++] = step;
    }
    c->over = !(survival > 0.0);
    return rc;
}

/* Running sums of the incidence's variance, with F the incidence and S the survival from all causes:
 * sum (F(t) - F_i)^2 d/(r (r - d)) + sum S^2 d_k (r - d_k)/r^3 - 2 sum (F(t) - F_i) S d_k/r^2, the square multiplied out. */
typedef struct variance_t {
    double g, fg, ffg; /* sums of d/(r (r - d)) times F_i to the power 0, 1, 2 */
    double own;        /* the second sum */
    double h, fh;      /* sums of S d_k/r^2 times F_i to the power 0, 1 */
} variance_t;

static double add_variance(variance_t *v, const survival_step_t *s, double before, double f)
{
    const double r = (double)s->at_risk, k = (double)s->ended, d = k + (double)s->other;
    /* Where nobody is left nothing can change any more: F(t) - F_i is then 0. */
    const double g = s->ended + s->other < s->at_risk ? d / (r * (r - d)) : 0.0;
    const double h = before * k / (r * r);
    v->g += g;
    v->fg += f * g;
    v->ffg += f * f * g;
    v->own += before * before * k * (r - k) / (r * r * r);
    v->h += h;
    v->fh += f * h;
    return f * f * v->g - 2.0 * f * v->fg + v->ffg + v->own - 2.0 * (f * v->h - v->fh);
}

int survival_incidence(survival_curve_t *c, survival_life_t *life, size_t n, int cause, error_t *e)
{
    double survival = 1.0, incidence = 0.0;
    variance_t sums = {0};
    const int rc = begin(c, life, n, 0.0, e);
    for (size_t i = 0; rc == 0 && i < n;) {
        survival_step_t step;
        i = gather(&step, life, i, n, cause);
        if (step.ended + step.other == 0) {
            continue;
        }
        const double r = (double)step.at_risk, before = survival;
        incidence += before * (double)step.ended / r;
        survival *= (r - (double)(step.ended + step.other)) / r;
        step.value = incidence;
        step.se = sqrt(fmax(0.0, add_variance(&sums, &step, before, incidence)));
        step.band = band_of(step.value, step.se);
        c->step[c->steps++] = step;
    }
    c->over = !(survival > 0.0);
    return rc;
}

void survival_free(survival_curve_t *c)
{
    free(c->step);
    free(c->time);
    memset(c, 0, sizeof *c);
}

/* The number of times[n], ascending, below `time`. */
static size_t count_below(const double *times, size_t n, double time)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (times[middle] < time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

survival_point_t survival_at(const survival_curve_t *c, double time)
{
    const interval_t none = {(double)NAN, (double)NAN};
    survival_point_t p = {c->start, 0.0, none, c->lives - count_below(c->time, c->lives, time)};
    size_t low = 0, high = c->steps;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->step[middle].time <= time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low > 0) {
        p.value = c->step[low - 1].value;
        p.se = c->step[low - 1].se;
        p.band = c->step[low - 1].band;
    }
    if (!(time <= c->last)) {
        p.value = p.se = (double)NAN;
        p.band = none;
    }
    return p;
}

survival_point_t survival_stays(const survival_curve_t *c, double time)
{
    survival_point_t p = survival_at(c, c->over && time > c->last ? c->last : time);
    p.at_risk = time > c->last ? 0 : p.at_risk;
    return p;
}

double survival_median(const survival_curve_t *c, interval_t *band)
{
    double median = (double)NAN;
    *band = (interval_t){(double)NAN, (double)NAN};
    for (size_t i = c->steps; i-- > 0;) {
        const survival_step_t *s = &c->step[i];
        median = s->value <= 0.5 ? s->time : median;
        band->low = s->value <= 0.0 || s->band.low <= 0.5 ? s->time : band->low;
        band->high = s->value <= 0.0 || s->band.high <= 0.5 ? s->time : band->high;
    }
    return median;
}
