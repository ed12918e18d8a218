/* SPDX-License-Identifier: Apache-2.0 */
/* Survival of pumps, pooled over sources. */
#include "validation/estimator_lives.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/interval.h"
#include "statistics/lives.h"
#include "statistics/spread.h"

#define STALL_YEARS 6.0
#define ANY_EVENT 1 /* a cause that stands for every event of the pump */

/* The lives of all sources, cut off where the patient died, as in what is published of pumps; the caller frees *life, which is never NULL on success. */
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
        if (rc == 0) {
            lives_cut_deaths(some, count);
        }
        for (size_t k = 0; rc == 0 && k < count; k++) {
            some[k].whose += (int64_t)i << 40; /* patients of another run are others */
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
    *out = estimator_none("lives of at least a year");
    for (int y = 1; rc == 0 && y <= LIVES_YEARS; y++) {
        const survival_point_t p = survival_at(&curve, (double)y);
        if (!isnan(p.value)) {
            take_point(&p, n, out);
        }
    }
    survival_free(&curve);
    return rc;
}

/* ---- medians --------------------------------------------------------------------------------------- */

static int by_owner(const void *a, const void *b)
{
    const survival_life_t *x = a, *y = b;
    return (x->whose > y->whose) - (x->whose < y->whose);
}

static int by_time(const void *a, const void *b)
{
    const survival_life_t *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* Half of the interval of the share of lives that ended by `median`, patients being the unit: one who lives in every arm says of
 * their mixture what a patient of each arm alone could not. NaN without memory, or of one patient. */
static double share_half(survival_life_t *life, size_t n, double median)
{
    double *ended = calloc(n, sizeof *ended), half = (double)NAN;
    size_t *unit = calloc(n, sizeof *unit);
    qsort(life, n, sizeof *life, by_owner);
    for (size_t i = 0; ended != NULL && unit != NULL && i < n; i++) {
        ended[i] = life[i].time <= median ? 1.0 : 0.0;
        unit[i] = i > 0 ? unit[i - 1] + (life[i].whose != life[i - 1].whose ? 1 : 0) : 0;
    }
    if (ended != NULL && unit != NULL) {
        half = interval_half(spread_clustered(ended, unit, n).mean_ci);
    }
    free(ended);
    free(unit);
    return half;
}

/* Half of the interval of the median of lives none of which was cut off before it (Woodruff 1952, J Am Stat Assoc 47:635): the
 * times by which so much less, and so much more, than a half have ended. Reorders life[n]; NaN where one of them is not known. */
static double median_half(survival_life_t *life, size_t n, double median)
{
    const double half = share_half(life, n, median), last = (double)(n - 1);
    if (!(half < 0.5)) {
        return (double)NAN;
    }
    qsort(life, n, sizeof *life, by_time);
    const survival_life_t *low = &life[(size_t)floor(last * (0.5 - half))];
    const survival_life_t *high = &life[(size_t)ceil(last * (0.5 + half))];
    return low->cause > 0 && high->cause > 0 ? (high->time - low->time) / 2.0 : (double)NAN;
}

/* life[n] is in order of time. */
static int cut_off_before(const survival_life_t *life, size_t n, double time)
{
    for (size_t i = 0; i < n && life[i].time < time; i++) {
        if (life[i].cause == 0) {
            return 1;
        }
    }
    return 0;
}

int estimator_lives_median(const estimator_source_t *source, size_t sources, estimate_t *out,
                           error_t *e)
{
    survival_life_t *life = NULL;
    survival_curve_t curve = {.step = NULL};
    interval_t band;
    size_t n = 0;
    int rc = gather(source, sources, &life, &n, e);
    rc = rc != 0 ? rc : survival_estimate(&curve, life, n, SURVIVAL_ANY, e);
    *out = estimator_none("more than half of the lives to end");
    const double median = rc == 0 ? survival_median(&curve, &band) : (double)NAN;
    if (!isnan(median)) {
        const int cut_off = cut_off_before(life, n, median);
        *out = (estimate_t){median, cut_off ? interval_half(band) : median_half(life, n, median), n,
                            NULL};
    }
    survival_free(&curve);
    free(life);
    return rc;
}

int estimator_lives_battery(const estimator_source_t *source, size_t sources, estimate_t *out,
                            error_t *e)
{
    survival_life_t *life = NULL;
    size_t n = 0, kept = 0;
    const int rc = gather(source, sources, &life, &n, e);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (is_battery(life[i].cause)) {
            life[kept++] = life[i];
        }
    }
    *out = estimator_none("lives that a battery ended");
    if (kept > 0) {
        qsort(life, kept, sizeof *life, by_time);
        const double median = 0.5 * (life[(kept - 1) / 2].time + life[kept / 2].time);
        *out = (estimate_t){median, median_half(life, kept, median), kept, NULL};
    }
    free(life);
    return rc;
}

/* ---- over-infusion --------------------------------------------------------------------------------- */

static int count_over(const estimator_source_t *source, size_t *over, size_t *lives, error_t *e)
{
    const size_t rows = reader_rows(source->reader, TABLE_PUMPS);
    int64_t *arm = NULL;
    double *excess = NULL;
    int rc = reader_column_i64(source->reader, FIELD_PUMPS_ARM, &arm, e);
    rc = rc != 0 ? rc : reader_column_f64(source->reader, FIELD_PUMPS_OVER_INFUSION, &excess, e);
    for (size_t i = 0; rc == 0 && i < rows; i++) {
        if (source->arm == LIVES_ALL_ARMS || arm[i] == source->arm) {
            *over += excess[i] > ESTIMATOR_LIVES_OVER ? 1 : 0;
            ++*lives;
        }
    }
    free(arm);
    free(excess);
    return rc;
}

int estimator_lives_over(const estimator_source_t *source, size_t sources, estimate_t *out,
                         error_t *e)
{
    size_t over = 0, lives = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sources; i++) {
        rc = count_over(&source[i], &over, &lives, e);
    }
    *out = estimator_none("lives of pumps");
    if (rc == 0 && lives > 0) {
        *out = (estimate_t){(double)over / (double)lives,
                            interval_half(interval_share(over, lives)), lives, NULL};
    }
    return rc;
}
