/* SPDX-License-Identifier: Apache-2.0 */
/* Ratios of refills with their patients, pooled over sources, and days of lost flow. */
#include "estimator_refill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interval.h"
#include "lives.h"
#include "spread.h"

#define MS_PER_DAY 86400000.0
#define ROWS_OF_HALF_DAY 0.5 /* a row of `daily` stands at noon */

/* One source: the rows of refills and of daily, and whose they are. */
typedef struct source_t {
    record_key_t *key; /* [records] */
    size_t records;
    int32_t arm;
    int64_t *offset, *count;             /* of refills */
    int64_t *daily_offset, *daily_count; /* NULL where days are not asked for */
    int64_t *pumps_offset, *pumps_count;
    double *time_ms, *read_ml, *expected_ml, *commanded_ml, *interval_day, *ended_ms;
    double *day, *daily_ml;
} source_t;

static void source_free(source_t *s)
{
    free(s->key);
    free(s->offset);
    free(s->count);
    free(s->daily_offset);
    free(s->daily_count);
    free(s->pumps_offset);
    free(s->pumps_count);
    free(s->time_ms);
    free(s->read_ml);
    free(s->expected_ml);
    free(s->commanded_ml);
    free(s->interval_day);
    free(s->ended_ms);
    free(s->day);
    free(s->daily_ml);
}

static int source_open(source_t *s, const estimator_source_t *from, int days, error_t *e)
{
    const struct {
        enum fields_id field;
        double **to;
        int daily;
    } column[] = {
        {FIELD_REFILLS_TIME_MS, &s->time_ms, 0},
        {FIELD_REFILLS_READ_ML, &s->read_ml, 0},
        {FIELD_REFILLS_EXPECTED_ML, &s->expected_ml, 0},
        {FIELD_REFILLS_COMMANDED_SINCE_ML, &s->commanded_ml, 0},
        {FIELD_REFILLS_INTERVAL_DAY, &s->interval_day, 0},
        {FIELD_PUMPS_ENDED_MS, &s->ended_ms, 0},
        {FIELD_DAILY_DAY, &s->day, 1},
        {FIELD_DAILY_VOLUME_DELIVERED_ML, &s->daily_ml, 1},
    };
    int rc;
    memset(s, 0, sizeof *s);
    s->records = reader_rows(from->reader, TABLE_PATIENTS);
    s->arm = from->arm;
    rc = reader_keys(from->reader, &s->key, e);
    rc = rc != 0 ? rc : reader_index(from->reader, TABLE_REFILLS, &s->offset, &s->count, e);
    rc = rc != 0 ? rc
                 : reader_index(from->reader, TABLE_PUMPS, &s->pumps_offset, &s->pumps_count, e);
    if (rc == 0 && days) {
        rc = reader_index(from->reader, TABLE_DAILY, &s->daily_offset, &s->daily_count, e);
    }
    for (size_t i = 0; rc == 0 && i < sizeof column / sizeof column[0]; i++) {
        if (days || !column[i].daily) {
            rc = reader_column_f64(from->reader, column[i].field, column[i].to, e);
        }
    }
    return rc;
}

static int is_of(const source_t *s, size_t record)
{
    return s->arm == LIVES_ALL_ARMS || s->key[record].arm == s->arm;
}

/* ---- ratios ---------------------------------------------------------------------------------------- */

typedef struct sample_t {
    double *ratio; /* [n] */
    double *years; /* [n], since enrolment */
    size_t *unit;  /* [n], ascending: whose */
    size_t n;
    size_t units;
} sample_t;

static void sample_free(sample_t *s)
{
    free(s->ratio);
    free(s->years);
    free(s->unit);
}

static int sample_grow(sample_t *s, size_t more, error_t *e)
{
    const size_t room = s->n + more + 1;
    double *ratio = realloc(s->ratio, room * sizeof *ratio);
    double *years = realloc(s->years, room * sizeof *years);
    size_t *unit = realloc(s->unit, room * sizeof *unit);
    s->ratio = ratio != NULL ? ratio : s->ratio;
    s->years = years != NULL ? years : s->years;
    s->unit = unit != NULL ? unit : s->unit;
    return ratio != NULL && years != NULL && unit != NULL
               ? 0
               : ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu refills", room);
}

/* When the last pump of a record ended, or the trajectory. */
static double last_ended_ms(const source_t *s, size_t record)
{
    const int64_t pumps = s->pumps_count[record];
    return pumps > 0 ? s->ended_ms[s->pumps_offset[record] + pumps - 1] : HUGE_VAL;
}

static void add_record(sample_t *to, const source_t *s, size_t record)
{
    const double until_ms = last_ended_ms(s, record);
    for (int64_t i = 0; i < s->count[record]; i++) {
        const size_t row = (size_t)(s->offset[record] + i);
        const double ratio = 1.0 + (s->expected_ml[row] - s->read_ml[row]) / s->commanded_ml[row];
        if (isfinite(ratio) && s->time_ms[row] <= until_ms) {
            to->ratio[to->n] = ratio;
            to->years[to->n] = s->time_ms[row] / LIVES_MS_PER_YEAR;
            to->unit[to->n++] = to->units;
        }
    }
}

static int add_source(sample_t *to, const estimator_source_t *from, error_t *e)
{
    source_t s;
    int64_t patient = 0;
    int rc = source_open(&s, from, 0, e);
    rc = rc != 0 ? rc : sample_grow(to, reader_rows(from->reader, TABLE_REFILLS), e);
    for (size_t record = 0; rc == 0 && record < s.records; record++) {
        if (is_of(&s, record)) {
            /* A patient lives in every arm, one record after the other. */
            to->units += s.key[record].patient != patient ? 1 : 0;
            patient = s.key[record].patient;
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
    for (size_t i = 0; rc == 0 && i < sources; i++) {
        rc = add_source(sample, &source[i], e);
    }
    *out = estimator_none(sample->n > 0 ? NULL : "refills at which somebody reads the syringe");
    out->n = sample->n;
    if (rc != 0) {
        sample_free(sample);
    }
    return rc;
}

int estimator_refill_mean(const estimator_source_t *source, size_t sources, estimate_t *out,
                          error_t *e)
{
    sample_t sample;
    const int rc = gather(&sample, source, sources, out, e);
    if (rc != 0) {
        return rc;
    }
    if (sample.n > 0) {
        const spread_t s = spread_clustered(sample.ratio, sample.unit, sample.n);
        out->value = s.mean;
        out->half_width = interval_half(s.mean_ci);
    }
    sample_free(&sample);
    return 0;
}

/* The variance is a mean of squares, whose interval is known; that of its root follows by its slope. */
int estimator_refill_prediction(const estimator_source_t *source, size_t sources, estimate_t *out,
                                error_t *e)
{
    sample_t sample;
    const int rc = gather(&sample, source, sources, out, e);
    double mean = 0.0;
    if (rc != 0) {
        return rc;
    }
    for (size_t i = 0; i < sample.n; i++) {
        mean += sample.ratio[i] / (double)sample.n;
    }
    for (size_t i = 0; i < sample.n; i++) {
        sample.ratio[i] = (sample.ratio[i] - mean) * (sample.ratio[i] - mean);
    }
    if (sample.n > 1) {
        const spread_t s = spread_clustered(sample.ratio, sample.unit, sample.n);
        const double sd = sqrt(s.mean * (double)sample.n / (double)(sample.n - 1));
        out->value = INTERVAL_Z_95 * sd;
        out->half_width =
            sd > 0.0 ? INTERVAL_Z_95 * interval_half(s.mean_ci) / (2.0 * sd) : (double)NAN;
    }
    sample_free(&sample);
    return 0;
}

/* Slope by least squares. To first order it is the mean of what each refill adds to it: that has a spread, with patients as the
 * unit. Overwrites the ratios. */
static void fit(sample_t *s, estimate_t *out)
{
    double x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    for (size_t i = 0; i < s->n; i++) {
        x += s->years[i] / (double)s->n;
        y += s->ratio[i] / (double)s->n;
    }
    for (size_t i = 0; i < s->n; i++) {
        xx += (s->years[i] - x) * (s->years[i] - x);
        xy += (s->years[i] - x) * (s->ratio[i] - y);
    }
    const double slope = xx > 0.0 ? xy / xx : (double)NAN;
    for (size_t i = 0; i < s->n; i++) {
        const double away = s->years[i] - x, residual = s->ratio[i] - y - slope * away;
        s->ratio[i] = slope + (double)s->n * away * residual / xx;
    }
    out->value = ESTIMATOR_REFILL_DRIFT_YEARS * slope;
    out->half_width = ESTIMATOR_REFILL_DRIFT_YEARS *
                      interval_half(spread_clustered(s->ratio, s->unit, s->n).mean_ci);
}

int estimator_refill_drift(const estimator_source_t *source, size_t sources, estimate_t *out,
                           error_t *e)
{
    sample_t sample;
    const int rc = gather(&sample, source, sources, out, e);
    if (rc != 0) {
        return rc;
    }
    if (sample.n > 0) {
        fit(&sample, out);
    }
    sample_free(&sample);
    return 0;
}

/* ---- flow lost early ------------------------------------------------------------------------------- */

/* Computed volume at the end of the first day of early loss between two fillings; NaN where there is none. */
static double loss_before(const source_t *s, size_t record, size_t refill)
{
    const double end = s->time_ms[refill] / MS_PER_DAY, begin = end - s->interval_day[refill];
    const double flow = s->commanded_ml[refill] / s->interval_day[refill];
    for (int64_t i = 0; i < s->daily_count[record]; i++) {
        const size_t row = (size_t)(s->daily_offset[record] + i);
        const double at = s->day[row] + ROWS_OF_HALF_DAY;
        const double left_ml = s->expected_ml[refill] + flow * (end - at);
        const int whole_day = at >= begin + 1.0 && at <= end;
        if (whole_day && s->daily_ml[row] < flow / 2.0 && left_ml > ESTIMATOR_REFILL_EARLY_ML) {
            return left_ml;
        }
    }
    return (double)NAN;
}

/* The volumes of records, a patient in an arm each, with an early loss; of `patients` records in all. */
typedef struct losses_t {
    double *ml; /* [n] */
    size_t n, patients;
} losses_t;

static int add_losses(losses_t *l, const estimator_source_t *from, error_t *e)
{
    source_t s;
    int rc = source_open(&s, from, 1, e);
    double *ml = rc == 0 ? realloc(l->ml, (l->n + s.records + 1) * sizeof *ml) : NULL;
    if (rc == 0 && ml == NULL) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu patients", s.records);
    }
    l->ml = ml != NULL ? ml : l->ml;
    for (size_t record = 0; rc == 0 && record < s.records; record++) {
        double first = (double)NAN;
        if (!is_of(&s, record)) {
            continue;
        }
        for (int64_t i = 0; isnan(first) && i < s.count[record]; i++) {
            first = loss_before(&s, record, (size_t)(s.offset[record] + i));
        }
        l->patients++;
        if (!isnan(first)) {
            l->ml[l->n++] = first;
        }
    }
    source_free(&s);
    return rc;
}

static int gather_losses(losses_t *l, const estimator_source_t *source, size_t sources, error_t *e)
{
    int rc = 0;
    memset(l, 0, sizeof *l);
    for (size_t i = 0; rc == 0 && i < sources; i++) {
        rc = add_losses(l, &source[i], e);
    }
    if (rc != 0) {
        free(l->ml);
    }
    return rc;
}

int estimator_refill_early_share(const estimator_source_t *source, size_t sources, estimate_t *out,
                                 error_t *e)
{
    losses_t l;
    const int rc = gather_losses(&l, source, sources, e);
    if (rc != 0) {
        return rc;
    }
    *out = estimator_none("patients");
    if (l.patients > 0) {
        out->n = l.patients;
        out->needs = NULL;
        out->value = (double)l.n / (double)l.patients;
        out->half_width = interval_half(interval_share(l.n, l.patients));
    }
    free(l.ml);
    return 0;
}

int estimator_refill_early_volume(const estimator_source_t *source, size_t sources, estimate_t *out,
                                  error_t *e)
{
    losses_t l;
    const int rc = gather_losses(&l, source, sources, e);
    if (rc != 0) {
        return rc;
    }
    *out = estimator_none("an early loss of flow");
    if (l.n > 0) {
        const spread_t s = spread_of(l.ml, l.n);
        *out = (estimate_t){s.mean, interval_half(s.mean_ci), l.n, NULL};
    }
    free(l.ml);
    return 0;
}
