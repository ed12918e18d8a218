/* SPDX-License-Identifier: Apache-2.0 */
/* Groups patients by dose, and correlates ranks. */
#include "statistics/dose_effect.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_dose(const void *a, const void *b)
{
    const dose_effect_pair_t *x = a, *y = b;
    const int order = (x->dose > y->dose) - (x->dose < y->dose);
    return order != 0 ? order : (x->effect > y->effect) - (x->effect < y->effect);
}

static void describe_group(dose_effect_t *d, const dose_effect_pair_t *pair, size_t n,
                           double *scratch)
{
    dose_effect_group_t *g = &d->group[d->groups++];
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += pair[i].dose;
        scratch[i] = pair[i].effect;
    }
    g->low = pair[0].dose;
    g->high = pair[n - 1].dose;
    g->dose = sum / (double)n;
    g->effect = spread_of(scratch, n);
}

/* The k-th group ends at k fifths of the patients, or where the dose there ends that several have. */
static void make_groups(dose_effect_t *d, const dose_effect_pair_t *pair, double *scratch)
{
    size_t start = 0;
    for (size_t k = 1; k <= DOSE_EFFECT_GROUPS; k++) {
        size_t end = d->n * k / DOSE_EFFECT_GROUPS;
        while (end > 0 && end < d->n && !(pair[end].dose > pair[end - 1].dose)) {
            end++;
        }
        if (end > start) {
            describe_group(d, pair + start, end - start, scratch);
            start = end;
        }
    }
}

/* The interval of a rank correlation from n pairs. */
static interval_t fisher(double r, size_t n)
{
    if (n < 4 || !(fabs(r) < 1.0)) {
        return (interval_t){(double)NAN, (double)NAN};
    }
    const double half = INTERVAL_Z_95 * sqrt(1.06 / ((double)n - 3.0));
    return (interval_t){tanh(atanh(r) - half), tanh(atanh(r) + half)};
}

/* Equal values share the mean of their ranks. */
static void rank_values(const double *value, const size_t *order, size_t n, double *rank)
{
    for (size_t i = 0, next = 0; i < n; i = next) {
        for (next = i; next < n && !(value[order[next]] > value[order[i]]); next++) {
        }
        for (size_t k = i; k < next; k++) {
            rank[order[k]] = 0.5 * (double)(i + next - 1) + 1.0;
        }
    }
}

/* scratch[4 n]. */
static int correlate(dose_effect_t *d, const dose_effect_pair_t *pair, double *scratch, error_t *e)
{
    const size_t n = d->n;
    double *value[2] = {scratch, scratch + n}, *rank[2] = {scratch + 2 * n, scratch + 3 * n};
    size_t *order = calloc(n + 1, sizeof *order);
    if (order == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the ranks of %zu patients", n);
    }
    for (size_t i = 0; i < n; i++) {
        value[0][i] = pair[i].dose;
        value[1][i] = pair[i].effect;
    }
    for (int k = 0; k < 2; k++) {
        gsl_sort_index(order, value[k], 1, n);
        rank_values(value[k], order, n, rank[k]);
    }
    /* Constant ranks have no variance: 0 over 0. */
    d->correlation = n > 1 ? gsl_stats_correlation(rank[0], 1, rank[1], 1, n) : (double)NAN;
    d->ci = fisher(d->correlation, n);
    free(order);
    return 0;
}

int dose_effect_describe(dose_effect_t *d, dose_effect_pair_t *pair, size_t n, error_t *e)
{
    double *scratch = calloc(4 * n + 1, sizeof *scratch);
    int rc;
    memset(d, 0, sizeof *d);
    if (scratch == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu doses", n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isnan(pair[i].dose) && !isnan(pair[i].effect)) {
            pair[d->n++] = pair[i];
        }
    }
    qsort(pair, d->n, sizeof *pair, by_dose);
    make_groups(d, pair, scratch);
    rc = correlate(d, pair, scratch, e);
    free(scratch);
    return rc;
}
