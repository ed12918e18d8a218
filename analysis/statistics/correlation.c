/* SPDX-License-Identifier: Apache-2.0 */
/* Correlation of normal scores. */
#include "statistics/correlation.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* Scores of values[order[0..n)], which `order` sorts. */
static void score(double *values, const size_t *order, size_t n)
{
    for (size_t i = 0, end = 0; i < n; i = end) {
        const double value = values[order[i]];
        while (end < n && values[order[end]] <= value) {
            end++;
        }
        /* Ranks i + 1 to end. */
        const double rank = 0.5 * (double)(i + 1 + end);
        const double normal = gsl_cdf_ugaussian_Pinv((rank - 0.375) / ((double)n + 0.25));
        for (size_t k = i; k < end; k++) {
            values[order[k]] = normal;
        }
    }
}

int correlation_scores(double *values, size_t n, error_t *e)
{
    size_t *order = calloc(n + 1, sizeof *order);
    if (order == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for the ranks of %zu values", n);
    }
    gsl_sort_index(order, values, 1, n);
    score(values, order, n);
    free(order);
    return 0;
}

int correlation_scores_within(double *values, const int *stratum, size_t n, error_t *e)
{
    size_t *order = calloc(n + 1, sizeof *order), *part = calloc(n + 1, sizeof *part);
    char *done = calloc(n + 1, 1);
    const int rc = order == NULL || part == NULL || done == NULL
                       ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for the ranks of %zu values", n)
                       : 0;
    if (rc == 0) {
        gsl_sort_index(order, values, 1, n);
    }
    for (size_t i = 0; rc == 0 && i < n; i++) {
        size_t count = 0;
        for (size_t k = i; k < n && !done[order[i]]; k++) {
            if (stratum[order[k]] == stratum[order[i]]) {
                part[count++] = order[k];
            }
        }
        for (size_t k = 0; k < count; k++) {
            done[part[k]] = 1;
        }
        score(values, part, count);
    }
    free(order);
    free(part);
    free(done);
    return rc;
}

correlation_t correlation_of(const double *a, const double *b, size_t n)
{
    correlation_t c = {n, (double)NAN, {(double)NAN, (double)NAN}};
    if (n < 2 || gsl_stats_variance(a, 1, n) <= 0.0 || gsl_stats_variance(b, 1, n) <= 0.0) {
        return c;
    }
    c.r = fmin(fmax(gsl_stats_correlation(a, 1, b, 1, n), -1.0), 1.0);
    if (n > 3 && fabs(c.r) < 1.0) {
        const double half = INTERVAL_Z_95 / sqrt((double)n - 3.0);
        c.ci = (interval_t){tanh(atanh(c.r) - half), tanh(atanh(c.r) + half)};
    }
    return c;
}
