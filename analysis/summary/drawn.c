/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a frozen cohort column by column, and describes it. */
#include "summary/drawn.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const double drawn_quantile[DRAWN_QUANTILES] = {0.025, 0.25, 0.5, 0.75, 0.975};

void drawn_label(const frozen_field_t *f, char *label, size_t size)
{
    const char *from = f->key[0] != '\0' ? f->key : f->name;
    (void)snprintf(label, size, "%s", strncmp(from, "body.", 5) == 0 ? from + 5 : from);
    char *kinetics = strstr(label, ".kinetics");
    if (kinetics != NULL) {
        memmove(kinetics, kinetics + 9, strlen(kinetics + 9) + 1);
    }
}

/* A whole column, to be freed; NULL after an error. */
static double *column_of(frozen_t *f, size_t field, size_t people, error_t *e)
{
    double *values = calloc(people + 1, sizeof *values);
    if (values == NULL) {
        (void)ERROR_RAISE(e, ERROR_MEMORY, "no memory for the values of %zu people", people);
    } else if (frozen_read(f, field, 0, people, values, e) != 0) {
        free(values);
        values = NULL;
    }
    return values;
}

/* ---- numbers ---- */

static void count_bins(drawn_field_t *d, const double *sorted, size_t n)
{
    const double low = d->spread.low, width = (d->spread.high - low) / DRAWN_BINS;
    for (size_t i = 0; i < n && width > 0.0; i++) {
        const double bin = fmin((sorted[i] - low) / width, DRAWN_BINS - 1);
        d->bin[(size_t)bin]++;
    }
}

static void describe(drawn_t *d, size_t at, double *values)
{
    drawn_field_t *field = &d->field[d->fields++];
    field->field = &d->head->field[at];
    field->at = at;
    field->spread = spread_of(values, d->people); /* sorts them */
    field->varies = field->spread.low < field->spread.high;
    field->cv = field->spread.low >= 0.0 && field->spread.mean > 0.0
                    ? field->spread.sd / field->spread.mean
                    : (double)NAN;
    for (int q = 0; q < DRAWN_QUANTILES; q++) {
        field->quantile[q] =
            gsl_stats_quantile_from_sorted_data(values, 1, field->spread.n, drawn_quantile[q]);
    }
    count_bins(field, values, field->spread.n);
}

/* ---- names ---- */

/* The i-th of names separated by blanks; 0: there are fewer. */
static int name_of(const char *meanings, size_t i, char *name, size_t size)
{
    for (; i > 0 && meanings != NULL; i--) {
        meanings = strchr(meanings, ' ');
        meanings = meanings != NULL ? meanings + 1 : NULL;
    }
    if (meanings == NULL) {
        return 0;
    }
    (void)snprintf(name, size, "%.*s", (int)strcspn(meanings, " "), meanings);
    return 1;
}

/* Names that nobody has are left out. */
static void share(drawn_t *d, size_t at, const double *values)
{
    const frozen_field_t *field = &d->head->field[at];
    for (size_t i = 0; d->shares < DRAWN_SHARES_MAX; i++) {
        drawn_share_t *s = &d->share[d->shares];
        if (!name_of(field->meanings, i, s->name, sizeof s->name)) {
            return;
        }
        s->field = field;
        s->people = 0;
        for (size_t k = 0; k < d->people; k++) {
            s->people += fabs(values[k] - (double)i) < 0.5;
        }
        s->share = (double)s->people / (double)d->people;
        s->ci = interval_share(s->people, d->people);
        d->shares += s->people > 0;
    }
}

/* ---- fields ---- */

static double sum_of(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum;
}

/* The first field counts the people. */
static int compute_fields(drawn_t *d, frozen_t *f, error_t *e)
{
    for (size_t at = 1; at < d->head->fields; at++) {
        const frozen_field_t *field = &d->head->field[at];
        double *values = column_of(f, at, d->people, e);
        if (values == NULL) {
            return e->code;
        }
        if (field->meanings[0] != '\0') {
            share(d, at, values);
        } else if (!field->whole) {
            describe(d, at, values);
        } else if (strcmp(field->name, "draw_attempts") == 0) {
            d->attempts = sum_of(values, d->people);
        } else if (strcmp(field->name, "values_held") == 0) {
            d->held = sum_of(values, d->people);
        }
        free(values);
    }
    return 0;
}

/* ---- correlations ---- */

static int score(double *values, const double *within, size_t n, error_t *e)
{
    int *stratum = within != NULL ? calloc(n + 1, sizeof *stratum) : NULL;
    for (size_t i = 0; stratum != NULL && i < n; i++) {
        stratum[i] = (int)within[i];
    }
    const int rc = within == NULL    ? correlation_scores(values, n, e)
                   : stratum == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu people", n)
                                     : correlation_scores_within(values, stratum, n, e);
    free(stratum);
    return rc;
}

static int compute_pair(drawn_t *d, frozen_t *f, const frozen_pair_t *pair, error_t *e)
{
    const int at[3] = {frozen_find(f, pair->first), frozen_find(f, pair->second),
                       pair->within[0] != '\0' ? frozen_find(f, pair->within) : -1};
    double *column[3] = {NULL};
    int rc = 0;
    if (at[0] < 0 || at[1] < 0) {
        return 0; /* of a file whose fields are others */
    }
    for (int i = 0; rc == 0 && i < 3; i++) {
        column[i] = at[i] < 0 ? NULL : column_of(f, (size_t)at[i], d->people, e);
        rc = at[i] >= 0 && column[i] == NULL ? e->code : 0;
    }
    for (int i = 0; rc == 0 && i < 2; i++) {
        rc = score(column[i], column[2], d->people, e);
    }
    if (rc == 0) {
        d->pair[d->pairs++] = (drawn_pair_t){pair, correlation_of(column[0], column[1], d->people)};
    }
    for (int i = 0; i < 3; i++) {
        free(column[i]);
    }
    return rc;
}

static int compute_matrix(drawn_t *d, frozen_t *f, error_t *e)
{
    const size_t n = d->people < DRAWN_MATRIX_PEOPLE ? d->people : DRAWN_MATRIX_PEOPLE;
    double *column[FROZEN_FIELDS_MAX] = {NULL};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < d->fields; i++) {
        if (d->field[i].varies) {
            column[d->rows] = column_of(f, d->field[i].at, n, e);
            rc = column[d->rows] == NULL ? e->code : score(column[d->rows], NULL, n, e);
            d->rows++;
        }
    }
    d->matrix = calloc(d->rows * d->rows + 1, sizeof *d->matrix);
    d->matrix_people = n;
    if (rc == 0 && d->matrix == NULL) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu correlations", d->rows * d->rows);
    }
    for (size_t i = 0; rc == 0 && i < d->rows * d->rows; i++) {
        d->matrix[i] = correlation_of(column[i / d->rows], column[i % d->rows], n).r;
    }
    for (size_t i = 0; i < d->rows; i++) {
        free(column[i]);
    }
    return rc;
}

/* ---- all ---- */

int drawn_compute(drawn_t *d, frozen_t *f, int with_matrix, error_t *e)
{
    d->head = frozen_head(f);
    d->identity = frozen_identity(f);
    d->people = frozen_people(f);
    int rc = compute_fields(d, f, e);
    for (size_t i = 0; rc == 0 && i < d->head->pairs; i++) {
        rc = compute_pair(d, f, &d->head->pair[i], e);
    }
    return rc == 0 && with_matrix ? compute_matrix(d, f, e) : rc;
}

void drawn_free(drawn_t *d)
{
    free(d->matrix);
    d->matrix = NULL;
}
