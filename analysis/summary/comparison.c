/* SPDX-License-Identifier: Apache-2.0 */
/* Estimates of an arm, and differences of two arms patient by patient. */
#include "summary/comparison.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *numbers(size_t n, error_t *e)
{
    double *block = calloc(n + 1, sizeof *block);
    if (block == NULL) {
        (void)ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu numbers", n);
    }
    return block;
}

/* ---- one arm ---- */

static void estimate_of(const outcomes_t *o, int32_t arm, enum outcomes_id outcome, double *scratch,
                        comparison_estimate_t *to)
{
    size_t n = 0;
    for (size_t i = 0; i < o->records; i++) {
        if (o->key[i].arm == arm) {
            scratch[n++] = o->value[outcome][i];
        }
    }
    to->spread = spread_of(scratch, n);
    to->ci = to->spread.mean_ci;
    if (outcomes_row(outcome).kind == OUTCOMES_SHARE) {
        to->ci =
            interval_share((size_t)lround(to->spread.mean * (double)to->spread.n), to->spread.n);
    } else if (outcomes_row(outcome).kind == OUTCOMES_AMOUNT) {
        to->ci = interval_amount(scratch, to->spread.n);
    }
}

int comparison_arm(const outcomes_t *o, int32_t arm, comparison_estimate_t *estimate, error_t *e)
{
    double *scratch = numbers(o->records, e);
    if (scratch == NULL) {
        return ERROR_MEMORY;
    }
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        estimate_of(o, arm, (enum outcomes_id)i, scratch, &estimate[i]);
    }
    free(scratch);
    return 0;
}

int comparison_intervals(const outcomes_t *o, int32_t arm, spread_t *spread, error_t *e)
{
    double *scratch = numbers(o->intervals, e);
    size_t *owner = calloc(o->intervals + 1, sizeof *owner);
    size_t n = 0;
    int rc = scratch == NULL || owner == NULL ? ERROR_MEMORY : 0;
    for (size_t i = 0; rc == 0 && i < o->intervals; i++) {
        if (o->key[o->interval_record[i]].arm == arm) {
            owner[n] = o->interval_record[i];
            scratch[n++] = o->interval_day[i];
        }
    }
    if (rc == 0) {
        *spread = spread_clustered(scratch, owner, n);
    } else {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu numbers", o->intervals);
    }
    free(owner);
    free(scratch);
    return rc;
}

/* ---- two arms ---- */

/* Rows of the same patient and replicate in both: a merge, since keys ascend. */
typedef struct match_t {
    size_t n;
    size_t *first; /* owned */
    size_t *second;
} match_t;

static int compare_people(const record_key_t *a, const record_key_t *b)
{
    const record_key_t x = {a->patient, 0, a->replicate}, y = {b->patient, 0, b->replicate};
    return record_compare(&x, &y);
}

static size_t next_of(const outcomes_t *o, size_t i, int32_t arm)
{
    while (i < o->records && o->key[i].arm != arm) {
        i++;
    }
    return i;
}

static void match(match_t *m, const outcomes_t *first, int32_t first_arm, const outcomes_t *second,
                  int32_t second_arm)
{
    size_t i = next_of(first, 0, first_arm);
    size_t j = next_of(second, 0, second_arm);
    while (i < first->records && j < second->records) {
        const int order = compare_people(&first->key[i], &second->key[j]);
        if (order == 0) {
            m->first[m->n] = i;
            m->second[m->n++] = j;
        }
        i = order <= 0 ? next_of(first, i + 1, first_arm) : i;
        j = order >= 0 ? next_of(second, j + 1, second_arm) : j;
    }
}

/* x, y, d: room for all matches. */
static void pair_of(const match_t *m, const double *first, const double *second,
                    double *const at[3], comparison_pair_t *to)
{
    const double nan = (double)NAN;
    double *x = at[0], *y = at[1], *d = at[2];
    size_t n = 0;
    for (size_t k = 0; k < m->n; k++) {
        x[n] = first[m->first[k]];
        y[n] = second[m->second[k]];
        d[n] = y[n] - x[n];
        n += isnan(d[n]) ? 0 : 1;
    }
    *to = (comparison_pair_t){n, nan, nan, nan, {nan, nan}, nan};
    if (n > 0) {
        to->first = gsl_stats_mean(x, 1, n);
        to->second = gsl_stats_mean(y, 1, n);
        to->difference = gsl_stats_mean(d, 1, n);
    }
    if (n > 1) {
        to->ci = interval_mean(n, to->difference, gsl_stats_sd_m(d, 1, n, to->difference));
        if (gsl_stats_sd(x, 1, n) > 0.0 && gsl_stats_sd(y, 1, n) > 0.0) {
            to->correlation = gsl_stats_correlation(x, 1, y, 1, n);
        }
    }
}

int comparison_pairs(const outcomes_t *first, int32_t first_arm, const outcomes_t *second,
                     int32_t second_arm, comparison_pair_t *pair, error_t *e)
{
    const size_t most = first->records;
    match_t m = {0, calloc(most + 1, sizeof(size_t)), calloc(most + 1, sizeof(size_t))};
    double *const at[3] = {numbers(most, e), numbers(most, e), numbers(most, e)};
    int rc = 0;
    if (m.first == NULL || m.second == NULL || at[0] == NULL || at[1] == NULL || at[2] == NULL) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu pairs", most);
    } else {
        match(&m, first, first_arm, second, second_arm);
    }
    for (int i = 0; rc == 0 && i < OUTCOMES_COUNT; i++) {
        pair_of(&m, first->value[i], second->value[i], at, &pair[i]);
    }
    free(m.first);
    free(m.second);
    for (int i = 0; i < 3; i++) {
        free(at[i]);
    }
    return rc;
}

/* ---- two groups ---- */

/* The values of an arm that are there, into to[records]; their number. */
static size_t values_of(const outcomes_t *o, int32_t arm, enum outcomes_id outcome, double *to)
{
    size_t n = 0;
    for (size_t i = 0; i < o->records; i++) {
        if (o->key[i].arm == arm && !isnan(o->value[outcome][i])) {
            to[n++] = o->value[outcome][i];
        }
    }
    return n;
}

static void groups_of(const double *x, const double *y, const size_t n[2], comparison_pair_t *to)
{
    const double nan = (double)NAN;
    *to = (comparison_pair_t){n[0] < n[1] ? n[0] : n[1], nan, nan, nan, {nan, nan}, nan};
    if (to->n > 1) {
        const double sd[2] = {gsl_stats_sd(x, 1, n[0]), gsl_stats_sd(y, 1, n[1])};
        to->first = gsl_stats_mean(x, 1, n[0]);
        to->second = gsl_stats_mean(y, 1, n[1]);
        to->difference = to->second - to->first;
        to->ci = interval_difference(to->difference, n, sd);
    }
}

int comparison_groups(const outcomes_t *first, int32_t first_arm, const outcomes_t *second,
                      int32_t second_arm, comparison_pair_t *pair, error_t *e)
{
    double *x = numbers(first->records, e), *y = numbers(second->records, e);
    const int rc = x != NULL && y != NULL ? 0 : ERROR_MEMORY;
    for (int i = 0; rc == 0 && i < OUTCOMES_COUNT; i++) {
        const size_t n[2] = {values_of(first, first_arm, (enum outcomes_id)i, x),
                             values_of(second, second_arm, (enum outcomes_id)i, y)};
        groups_of(x, y, n, &pair[i]);
    }
    free(x);
    free(y);
    return rc;
}

/* ---- two datasets ---- */

static const char *first_drug(const provenance_t *p)
{
    return p->drugs.count > 0 ? p->drugs.name[0] : "";
}

int comparison_check(const provenance_t *first, const provenance_t *second, error_t *e)
{
    if (first->seed != second->seed) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "the two datasets have seeds %llu and %llu: their patients are not the "
                           "same people and cannot be paired",
                           (unsigned long long)first->seed, (unsigned long long)second->seed);
    }
    if (first->patients != second->patients) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "the two datasets have %lld and %lld patients and cannot be paired",
                           (long long)first->patients, (long long)second->patients);
    }
    if (first->arms.count != second->arms.count) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "the two datasets have %zu and %zu arms and cannot be paired",
                           first->arms.count, second->arms.count);
    }
    if (strcmp(first_drug(first), first_drug(second)) != 0) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "the two datasets are of %s and %s and cannot be paired",
                           first_drug(first), first_drug(second));
    }
    return 0;
}

interval_t comparison_cohort(const comparison_estimate_t *estimate, enum outcomes_kind kind,
                             size_t cohort)
{
    const spread_t *s = &estimate->spread;
    if (kind == OUTCOMES_SHARE) {
        return interval_cohort_share((size_t)llround(s->mean * (double)s->n), s->n, cohort);
    }
    interval_t i = interval_cohort_mean(s->n, s->mean, s->sd, cohort);
    if (kind == OUTCOMES_AMOUNT && i.low < 0.0) {
        i.low = 0.0;
    }
    return i;
}
