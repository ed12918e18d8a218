/* SPDX-License-Identifier: Apache-2.0 */
/* Primes of the path. */
#include "estimator_prime.h"

#include <stdlib.h>

#include "spread.h"

/* Columns of one source's events. */
typedef struct primes_t {
    int64_t *kind;
    double *tubing_ml; /* value2 of a prime */
    size_t rows;
} primes_t;

static int read_primes(primes_t *p, reader_t *r, error_t *e)
{
    *p = (primes_t){NULL, NULL, reader_rows(r, TABLE_EVENTS)};
    const int rc = reader_column_i64(r, FIELD_EVENTS_KIND, &p->kind, e);
    return rc != 0 ? rc : reader_column_f64(r, FIELD_EVENTS_VALUE2, &p->tubing_ml, e);
}

static int add_primes(const primes_t *p, double **values, size_t *n, error_t *e)
{
    double *grown = realloc(*values, (*n + p->rows + 1) * sizeof *grown);
    if (grown == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu primes", *n + p->rows);
    }
    *values = grown;
    for (size_t i = 0; i < p->rows; i++) {
        if (p->kind[i] == FIELDS_EVENT_PRIME) {
            grown[(*n)++] = p->tubing_ml[i];
        }
    }
    return 0;
}

int estimator_prime_tubing(const estimator_source_t *source, size_t sources, estimate_t *out,
                           error_t *e)
{
    double *values = NULL;
    size_t n = 0;
    int rc = 0;
    *out = estimator_none("primes in the table events");
    for (size_t i = 0; rc == 0 && i < sources; i++) {
        primes_t primes;
        rc = read_primes(&primes, source[i].reader, e);
        rc = rc != 0 ? rc : add_primes(&primes, &values, &n, e);
        free(primes.kind);
        free(primes.tubing_ml);
    }
    if (rc == 0 && n > 0) {
        const spread_t s = spread_of(values, n);
        *out = (estimate_t){s.mean, interval_half(s.mean_ci), n, NULL};
    }
    free(values);
    return rc;
}
