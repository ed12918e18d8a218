/* SPDX-License-Identifier: Apache-2.0 */
/* Goes through the records of sources and pools what a plan takes of each. */
#include "validation/estimator_pool.h"

#include <stdlib.h>

#include "statistics/interval.h"
#include "statistics/spread.h"

static void from_free(estimator_pool_from_t *from)
{
    free(from->key);
    for (size_t i = 0; i < ESTIMATOR_POOL_TABLES; i++) {
        free(from->offset[i]);
        free(from->count[i]);
    }
    for (size_t i = 0; i < ESTIMATOR_POOL_FIELDS; i++) {
        free(from->column[i]);
    }
}

static int from_read(estimator_pool_from_t *from, const estimator_pool_read_t *read, reader_t *r,
                     error_t *e)
{
    int rc = reader_keys(r, &from->key, e);
    for (size_t i = 0; rc == 0 && i < read->tables; i++) {
        rc = reader_index(r, read->table[i], &from->offset[i], &from->count[i], e);
    }
    for (size_t i = 0; rc == 0 && i < read->fields; i++) {
        rc = reader_column_f64(r, read->field[i], &from->column[i], e);
    }
    return rc;
}

static int add_source(estimator_pool_t *to, const estimator_pool_plan_t *plan,
                      const estimator_source_t *source, error_t *e)
{
    const size_t records = reader_rows(source->reader, TABLE_PATIENTS);
    estimator_pool_from_t from = {.key = NULL};
    int64_t patient = -1;
    int rc = from_read(&from, plan->read, source->reader, e);
    for (size_t record = 0; rc == 0 && record < records; record++) {
        const record_key_t *key = &from.key[record];
        if (source->arm == LIVES_ALL_ARMS || key->arm == source->arm) {
            /* A patient lives in every arm, one record after the other. */
            to->patients += key->patient != patient ? 1 : 0;
            patient = key->patient;
            to->records++;
            rc = plan->visit(to, &from, record, e);
        }
    }
    from_free(&from);
    return rc;
}

int estimator_pool_estimate(const estimator_pool_plan_t *plan, const estimator_source_t *source,
                            size_t sources, estimate_t *out, error_t *e)
{
    estimator_pool_t pool = {.n = 0};
    int rc = 0;
    *out = estimator_none(plan->needs);
    for (size_t i = 0; rc == 0 && i < sources; i++) {
        rc = add_source(&pool, plan, &source[i], e);
    }
    if (rc == 0 && pool.n > 0) {
        *out = estimator_none(NULL);
        out->n = pool.n;
        rc = plan->judge(&pool, out, e);
    }
    free(pool.value);
    free(pool.years);
    free(pool.unit);
    return rc;
}

static int make_room(estimator_pool_t *to, error_t *e)
{
    const size_t room = 2 * to->room + 64;
    double *value = realloc(to->value, room * sizeof *value);
    to->value = value != NULL ? value : to->value;
    double *years = realloc(to->years, room * sizeof *years);
    to->years = years != NULL ? years : to->years;
    size_t *unit = realloc(to->unit, room * sizeof *unit);
    to->unit = unit != NULL ? unit : to->unit;
    if (value == NULL || years == NULL || unit == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu values of sources", room);
    }
    to->room = room;
    return 0;
}

int estimator_pool_add(estimator_pool_t *to, size_t unit, double value, double years, error_t *e)
{
    const int rc = to->n < to->room ? 0 : make_room(to, e);
    if (rc == 0) {
        to->value[to->n] = value;
        to->years[to->n] = years;
        to->unit[to->n++] = unit;
    }
    return rc;
}

estimator_pool_rows_t estimator_pool_rows(const estimator_pool_from_t *from, size_t table,
                                          size_t record)
{
    const size_t begin = (size_t)from->offset[table][record];
    return (estimator_pool_rows_t){begin, begin + (size_t)from->count[table][record]};
}

int estimator_pool_mean(estimator_pool_t *pool, estimate_t *out, error_t *e)
{
    const spread_t s = spread_of(pool->value, pool->n);
    (void)e;
    out->value = s.mean;
    out->half_width = interval_half(s.mean_ci);
    return 0;
}

int estimator_pool_share(estimator_pool_t *pool, estimate_t *out, error_t *e)
{
    size_t k = 0;
    (void)e;
    for (size_t i = 0; i < pool->n; i++) {
        k += pool->value[i] > 0.0 ? 1 : 0;
    }
    out->value = (double)k / (double)pool->n;
    out->half_width = interval_half(interval_share(k, pool->n));
    return 0;
}
