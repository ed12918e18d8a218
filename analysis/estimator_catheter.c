/* SPDX-License-Identifier: Apache-2.0 */
/* Events of catheters, pooled over sources. */
#include "estimator_catheter.h"

#include <stdlib.h>
#include <string.h>

#include "interval.h"
#include "spread.h"
#include "survival.h"

#define MONTHS_PER_YEAR 12.0
#define FREE_YEARS 5.0

/* The rows of one source that are asked for. */
typedef struct source_t {
    record_key_t *key; /* [records] */
    int64_t *offset, *count;
    int64_t *kind, *reason;
    double *age_years, *which; /* of an event of a catheter; columns value2 and value */
    double *stop_ms;
} source_t;

/* All sources together. */
typedef struct sample_t {
    double *occlusion; /* [events] 1: an occlusion, else 0 */
    double *years;     /* [events] */
    size_t *unit;      /* [events], ascending: whose */
    size_t events;
    survival_life_t *life; /* [records], until the first event */
    size_t records, failed;
} sample_t;

static void source_free(source_t *s)
{
    free(s->key);
    free(s->offset);
    free(s->count);
    free(s->kind);
    free(s->reason);
    free(s->age_years);
    free(s->which);
    free(s->stop_ms);
}

static int source_open(source_t *s, reader_t *r, error_t *e)
{
    int rc;
    memset(s, 0, sizeof *s);
    rc = reader_keys(r, &s->key, e);
    rc = rc != 0 ? rc : reader_index(r, TABLE_EVENTS, &s->offset, &s->count, e);
    rc = rc != 0 ? rc : reader_column_i64(r, FIELD_EVENTS_KIND, &s->kind, e);
    rc = rc != 0 ? rc : reader_column_i64(r, FIELD_EVENTS_REASON, &s->reason, e);
    rc = rc != 0 ? rc : reader_column_f64(r, FIELD_EVENTS_VALUE, &s->which, e);
    rc = rc != 0 ? rc : reader_column_f64(r, FIELD_EVENTS_VALUE2, &s->age_years, e);
    return rc != 0 ? rc : reader_column_f64(r, FIELD_PATIENTS_STOP_TIME_MS, &s->stop_ms, e);
}

static void sample_free(sample_t *s)
{
    free(s->occlusion);
    free(s->years);
    free(s->unit);
    free(s->life);
}

static int grow(sample_t *s, size_t events, size_t records, error_t *e)
{
    const size_t room = s->events + events + 1, lives = s->records + records + 1;
    double *occlusion = realloc(s->occlusion, room * sizeof *occlusion);
    double *years = realloc(s->years, room * sizeof *years);
    size_t *unit = realloc(s->unit, room * sizeof *unit);
    survival_life_t *life = realloc(s->life, lives * sizeof *life);
    s->occlusion = occlusion != NULL ? occlusion : s->occlusion;
    s->years = years != NULL ? years : s->years;
    s->unit = unit != NULL ? unit : s->unit;
    s->life = life != NULL ? life : s->life;
    return occlusion != NULL && years != NULL && unit != NULL && life != NULL
               ? 0
               : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu events of catheters", room);
}

static void add_record(sample_t *to, const source_t *s, size_t record)
{
    survival_life_t *life = &to->life[to->records];
    *life = (survival_life_t){s->stop_ms[record] / LIVES_MS_PER_YEAR, 0, 0};
    for (int64_t i = 0; i < s->count[record]; i++) {
        const size_t row = (size_t)(s->offset[record] + i);
        if (s->kind[row] != FIELDS_EVENT_CATHETER_FAILED || s->which[row] > 1.0) {
            continue;
        }
        if (life->cause == 0) {
            *life = (survival_life_t){s->age_years[row], 1, 0};
            to->failed++;
        }
        to->occlusion[to->events] = s->reason[row] == FIELDS_REASON_OCCLUSION ? 1.0 : 0.0;
        to->years[to->events] = s->age_years[row];
        to->unit[to->events++] = to->records;
    }
    to->records++;
}

static int add_source(sample_t *to, const estimator_source_t *from, error_t *e)
{
    const size_t records = reader_rows(from->reader, TABLE_PATIENTS);
    source_t s;
    int rc = source_open(&s, from->reader, e);
    rc = rc != 0 ? rc : grow(to, reader_rows(from->reader, TABLE_EVENTS), records, e);
    for (size_t record = 0; rc == 0 && record < records; record++) {
        if (from->arm == LIVES_ALL_ARMS || s.key[record].arm == from->arm) {
            add_record(to, &s, record);
        }
    }
    source_free(&s);
    return rc;
}

static int gather(sample_t *sample, const estimator_source_t *source, size_t sources,
                  estimate_t *out, error_t *e)
{
    int rc = 0;
    memset(sample, 0, sizeof *sample);
    *out = estimator_none("patients");
    for (size_t i = 0; rc == 0 && i < sources; i++) {
        rc = add_source(sample, &source[i], e);
    }
    if (rc != 0) {
        sample_free(sample);
    }
    return rc;
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

int estimator_catheter_free(const estimator_source_t *source, size_t sources, estimate_t *out,
                            error_t *e)
{
    sample_t s;
    survival_curve_t curve;
    int rc = gather(&s, source, sources, out, e);
    if (rc != 0) {
        return rc;
    }
    rc = survival_estimate(&curve, s.life, s.records, SURVIVAL_ANY, e);
    if (rc == 0) {
        *out = of_point(survival_at(&curve, FREE_YEARS), s.records);
    }
    survival_free(&curve);
    sample_free(&s);
    return rc;
}

int estimator_catheter_share(const estimator_source_t *source, size_t sources, estimate_t *out,
                             error_t *e)
{
    sample_t s;
    const int rc = gather(&s, source, sources, out, e);
    if (rc != 0) {
        return rc;
    }
    if (s.records > 0) {
        *out = (estimate_t){(double)s.failed / (double)s.records,
                            interval_half(interval_share(s.failed, s.records)), s.records, NULL};
    }
    sample_free(&s);
    return 0;
}

int estimator_catheter_occlusion(const estimator_source_t *source, size_t sources, estimate_t *out,
                                 error_t *e)
{
    sample_t s;
    const int rc = gather(&s, source, sources, out, e);
    if (rc != 0) {
        return rc;
    }
    out->needs = "events of catheters";
    if (s.events > 0) {
        const spread_t share = spread_clustered(s.occlusion, s.unit, s.events);
        const size_t k = (size_t)llround(share.mean * (double)s.events);
        const double wilson = interval_half(interval_share(k, s.events));
        /* A sample that does not vary cannot say how rare another kind is. */
        *out = (estimate_t){share.mean, fmax(wilson, interval_half(share.mean_ci)), s.events, NULL};
    }
    sample_free(&s);
    return 0;
}

int estimator_catheter_median(const estimator_source_t *source, size_t sources, estimate_t *out,
                              error_t *e)
{
    sample_t s;
    const int rc = gather(&s, source, sources, out, e);
    if (rc != 0) {
        return rc;
    }
    out->needs = "events of catheters";
    if (s.events > 0) {
        const spread_t years = spread_of(s.years, s.events);
        *out = (estimate_t){MONTHS_PER_YEAR * years.median,
                            MONTHS_PER_YEAR * interval_half(years.median_ci), s.events, NULL};
    }
    sample_free(&s);
    return 0;
}
