/* SPDX-License-Identifier: Apache-2.0 */
/* Events of catheters, pooled over sources. */
#include "validation/estimator_catheter.h"

#include <stdlib.h>

#include "statistics/catheters.h"
#include "statistics/interval.h"
#include "statistics/spread.h"
#include "statistics/survival.h"

#define MONTHS_PER_YEAR 12.0
#define FREE_YEARS 5.0

enum { KIND, REASON, WHICH, AGE_YEARS, STOP_MS, COLUMNS };

/* WHICH and AGE_YEARS are of an event of a catheter. */
static const estimator_pool_read_t events = {.table = {TABLE_EVENTS},
                                             .tables = 1,
                                             .field = {[KIND] = FIELD_EVENTS_KIND,
                                                       [REASON] = FIELD_EVENTS_REASON,
                                                       [WHICH] = FIELD_EVENTS_VALUE,
                                                       [AGE_YEARS] = FIELD_EVENTS_VALUE2,
                                                       [STOP_MS] = FIELD_PATIENTS_STOP_TIME_MS},
                                             .fields = COLUMNS};

static int is_failure(const estimator_pool_from_t *from, size_t row)
{
    return (int)from->column[KIND][row] == FIELDS_EVENT_CATHETER_FAILED &&
           from->column[WHICH][row] <= 1.0;
}

/* Every event, 1 for an occlusion, else 0. */
static int add_events(estimator_pool_t *to, const estimator_pool_from_t *from, size_t record,
                      error_t *e)
{
    const estimator_pool_rows_t rows = estimator_pool_rows(from, 0, record);
    int rc = 0;
    for (size_t row = rows.begin; rc == 0 && row < rows.end; row++) {
        const double occlusion =
            (int)from->column[REASON][row] == FIELDS_REASON_OCCLUSION ? 1.0 : 0.0;
        if (is_failure(from, row)) {
            rc = estimator_pool_add(to, to->records, occlusion, from->column[AGE_YEARS][row], e);
        }
    }
    return rc;
}

/* The record's first event, 1, or that it has none, 0. */
static int add_first(estimator_pool_t *to, const estimator_pool_from_t *from, size_t record,
                     error_t *e)
{
    const estimator_pool_rows_t rows = estimator_pool_rows(from, 0, record);
    for (size_t row = rows.begin; row < rows.end; row++) {
        if (is_failure(from, row)) {
            return estimator_pool_add(to, to->records, 1.0, from->column[AGE_YEARS][row], e);
        }
    }
    return estimator_pool_add(to, to->records, 0.0,
                              from->column[STOP_MS][record] / LIVES_MS_PER_YEAR, e);
}

/* Where nothing happened yet, the number of those at risk bounds it: Wilson's interval for none of them. */
static estimate_t of_point(survival_point_t p, size_t n)
{
    const interval_t none = interval_share(0, p.at_risk > 0 ? p.at_risk : 1);
    const double half = interval_half(p.band);
    if (isnan(p.value)) {
        return estimator_none("catheters in place as long");
    }
    return (estimate_t){p.value, isnan(half) ? none.high / 2.0 : half, n, NULL};
}

/* First catheters of all sources behind each other; the caller frees *life. */
static int gather(const estimator_source_t *source, size_t sources, survival_life_t **life,
                  size_t *n, error_t *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sources; i++) {
        survival_life_t *some = NULL, *more;
        size_t count = 0;
        rc = catheters_lives(source[i].reader, source[i].arm, CATHETERS_FIRST, &some, &count, e);
        more = rc == 0 ? realloc(*life, (*n + count + 1) * sizeof **life) : NULL;
        if (rc == 0 && more == NULL) {
            rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu catheters", *n + count);
        }
        *life = more != NULL ? more : *life;
        for (size_t k = 0; rc == 0 && k < count; k++) {
            (*life)[(*n)++] = some[k];
        }
        free(some);
    }
    return rc;
}

int estimator_catheter_free(const estimator_source_t *source, size_t sources, estimate_t *out,
                            error_t *e)
{
    survival_life_t *life = NULL;
    survival_curve_t curve = {.step = NULL};
    size_t n = 0;
    int rc = gather(source, sources, &life, &n, e);
    *out = estimator_none("catheters");
    if (rc == 0 && n > 0) {
        lives_cut_deaths(life, n);
        rc = survival_estimate(&curve, life, n, SURVIVAL_ANY, e);
    }
    if (rc == 0 && n > 0) {
        *out = of_point(survival_at(&curve, FREE_YEARS), n);
    }
    survival_free(&curve);
    free(life);
    return rc;
}

const estimator_pool_plan_t estimator_catheter_share = {&events, add_first, estimator_pool_share,
                                                        "patients"};

static int judge_occlusion(estimator_pool_t *pool, estimate_t *out, error_t *e)
{
    const spread_t share = spread_clustered(pool->value, pool->unit, pool->n);
    const size_t k = (size_t)llround(share.mean * (double)pool->n);
    (void)e;
    out->value = share.mean;
    /* A sample that does not vary cannot say how rare another kind is. */
    out->half_width = fmax(interval_half(interval_share(k, pool->n)), interval_half(share.mean_ci));
    return 0;
}

const estimator_pool_plan_t estimator_catheter_occlusion = {&events, add_events, judge_occlusion,
                                                            "events of catheters"};

static int judge_median(estimator_pool_t *pool, estimate_t *out, error_t *e)
{
    const spread_t years = spread_of(pool->years, pool->n);
    (void)e;
    out->value = MONTHS_PER_YEAR * years.median;
    out->half_width = MONTHS_PER_YEAR * interval_half(years.median_ci);
    return 0;
}

const estimator_pool_plan_t estimator_catheter_median = {&events, add_events, judge_median,
                                                         "events of catheters"};
