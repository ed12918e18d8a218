/* SPDX-License-Identifier: Apache-2.0 */
/* Survival of pumps, pooled over sources. */
#include "estimator_lives.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interval.h"
#include "lives.h"
#include "spread.h"

#define STALL_YEARS 6.0
#define ANY_EVENT 1 /* a cause that stands for every event of the pump */

static int none(estimate_t *out, const char *needs)
{
    *out = (estimate_t){(double)NAN, (double)NAN, 0, needs};
    return 0;
}

/* The lives of all sources; the caller frees *life, which is never NULL on success. */
static int gather(const estimator_source_t *source, size_t sources, survival_life_t **life,
                  size_t *n, error_t *e)
{
    int rc = 0;
    *n = 0;
    *life = calloc(1, sizeof **life);
    for (size_t i = 0; rc == 0 && *life != NULL && i < sources; i++) {
        survival_life_t *some = NULL, *more;
        size_t count = 0;
        rc = lives_pumps(source[i].reader, source[i].arm, &some, &count, e);
        more = rc == 0 ? realloc(*life, (*n + count + 1) * sizeof **life) : NULL;
        if (rc == 0 && more == NULL) {
            rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu lives", *n + count);
        }
        *life = more != NULL ? more : *life;
        for (size_t k = 0; rc == 0 && k < count; k++) {
            (*life)[(*n)++] = some[k];
        }
        free(some);
    }
    if (rc == 0 && *life == NULL) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for the lives of pumps");
    }
    if (rc != 0) {
        free(*life);
        *life = NULL;
    }
    return rc;
}

/* Where nothing happened yet to those at risk, their number bounds the rate: Wilson's interval for none of them. */
static void take_point(const survival_point_t *p, size_t n, estimate_t *out)
{
    out->value = p->value;
    out->n = n;
    out->needs = isnan(p->value) ? "lives that last as long" : NULL;
    out->half_width = interval_half(p->band);
    if (isnan(out->half_width) && !isnan(p->value) && p->at_risk > 0) {
        out->half_width = interval_share(0, p->at_risk).high / 2.0;
    }
}

static int is_battery(int cause)
{
    return cause == FIELDS_REASON_BATTERY_LOW || cause == FIELDS_REASON_BATTERY_SPENT ||
           cause == FIELDS_REASON_AGE;
}

static int is_event(int cause)
{
    return cause > 0 && !is_battery(cause) && cause != FIELDS_REASON_DECLINED &&
           cause != FIELDS_REASON_NO_PUMP;
}

/* Survival of all lives until `cause`; of ANY_EVENT, until what is_event says. *n lives; the caller frees the curve, also on error. */
static int estimate(survival_curve_t *curve, const estimator_source_t *source, size_t sources,
                    int cause, size_t *n, error_t *e)
{
    survival_life_t *life = NULL;
    memset(curve, 0, sizeof *curve);
    int rc = gather(source, sources, &life, n, e);
    for (size_t i = 0; rc == 0 && cause == ANY_EVENT && i < *n; i++) {
        life[i].cause = is_event(life[i].cause) ? ANY_EVENT : 0;
    }
    rc = rc == 0 ? survival_estimate(curve, life, *n, cause, e) : rc;
    free(life);
    return rc;
}

int estimator_lives_free_of_stall(const estimator_source_t *source, size_t sources, estimate_t *out,
                                  error_t *e)
{
    survival_curve_t curve;
    size_t n = 0;
    const int rc = estimate(&curve, source, sources, FIELDS_REASON_STALL, &n, e);
    if (rc == 0) {
        const survival_point_t p = survival_at(&curve, STALL_YEARS);
        take_point(&p, n, out);
    }
    survival_free(&curve);
    return rc;
}

int estimator_lives_event_free(const estimator_source_t *source, size_t sources, estimate_t *out,
                               error_t *e)
{
    survival_curve_t curve;
    size_t n = 0;
    const int rc = estimate(&curve, source, sources, ANY_EVENT, &n, e);
    (void)none(out, "lives of at least a year");
    for (int y = 1; rc == 0 && y <= LIVES_YEARS; y++) {
        const survival_point_t p = survival_at(&curve, (double)y);
        if (!isnan(p.value)) {
            take_point(&p, n, out);
        }
    }
    survival_free(&curve);
    return rc;
}

int estimator_lives_median(const estimator_source_t *source, size_t sources, estimate_t *out,
                           error_t *e)
{
    survival_curve_t curve;
    interval_t band;
    size_t n = 0;
    const int rc = estimate(&curve, source, sources, SURVIVAL_ANY, &n, e);
    if (rc == 0) {
        out->value = survival_median(&curve, &band);
        out->half_width = interval_half(band);
        out->n = n;
        out->needs = isnan(out->value) ? "more than half of the lives to end" : NULL;
    }
    survival_free(&curve);
    return rc;
}

int estimator_lives_battery(const estimator_source_t *source, size_t sources, estimate_t *out,
                            error_t *e)
{
    survival_life_t *life = NULL;
    size_t n = 0, kept = 0;
    const int rc = gather(source, sources, &life, &n, e);
    double *years = rc == 0 ? calloc(n + 1, sizeof *years) : NULL;
    if (rc == 0 && years == NULL) {
        free(life);
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu lives", n);
    }
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (is_battery(life[i].cause)) {
            years[kept++] = life[i].time;
        }
    }
    (void)none(out, "lives that a battery ended");
    if (kept > 0) {
        const spread_t years_to = spread_of(years, kept);
        *out = (estimate_t){years_to.median, interval_half(years_to.median_ci), kept, NULL};
    }
    free(years);
    free(life);
    return rc;
}
