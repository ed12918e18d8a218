/* SPDX-License-Identifier: Apache-2.0 */
/* Ratios of refills with their patients, pooled over sources, and days of lost flow. */
#include "validation/estimator_refill.h"

#include <math.h>

#include "statistics/interval.h"
#include "statistics/spread.h"

#define MS_PER_DAY 86400000.0
#define ROWS_OF_HALF_DAY 0.5 /* a row of `daily` stands at noon */

/* ---- ratios ---------------------------------------------------------------------------------------- */

/* Columns for both parts, then those of ratios, and those of days; tables likewise. */
enum { TIME_MS, EXPECTED_ML, COMMANDED_ML };
enum { READ_ML = COMMANDED_ML + 1, ENDED_MS, RATIO_COLUMNS };
enum { INTERVAL_DAY = COMMANDED_ML + 1, DAY, DAILY_ML, DAY_COLUMNS };
enum { REFILLS };
enum { PUMPS = REFILLS + 1, DAILY = PUMPS };

static const estimator_pool_read_t ratios = {
    .table = {[REFILLS] = TABLE_REFILLS, [PUMPS] = TABLE_PUMPS},
    .tables = 2,
    .field = {[TIME_MS] = FIELD_REFILLS_TIME_MS,
              [EXPECTED_ML] = FIELD_REFILLS_EXPECTED_ML,
              [COMMANDED_ML] = FIELD_REFILLS_COMMANDED_SINCE_ML,
              [READ_ML] = FIELD_REFILLS_READ_ML,
              [ENDED_MS] = FIELD_PUMPS_ENDED_MS},
    .fields = RATIO_COLUMNS};

#define NEEDS_RATIOS "refills at which somebody reads the syringe"

/* When the last pump of a record ended, or the trajectory. */
static double last_ended_ms(const estimator_pool_from_t *from, size_t record)
{
    const estimator_pool_rows_t pumps = estimator_pool_rows(from, PUMPS, record);
    return pumps.end > pumps.begin ? from->column[ENDED_MS][pumps.end - 1] : HUGE_VAL;
}

static int add_ratios(estimator_pool_t *to, const estimator_pool_from_t *from, size_t record,
                      error_t *e)
{
    const estimator_pool_rows_t rows = estimator_pool_rows(from, REFILLS, record);
    const double until_ms = last_ended_ms(from, record);
    double *const *column = from->column;
    int rc = 0;
    for (size_t row = rows.begin; rc == 0 && row < rows.end; row++) {
        const double missing_ml = column[EXPECTED_ML][row] - column[READ_ML][row];
        const double ratio = 1.0 + missing_ml / column[COMMANDED_ML][row];
        if (isfinite(ratio) && column[TIME_MS][row] <= until_ms) {
            rc = estimator_pool_add(to, to->patients, ratio,
                                    column[TIME_MS][row] / LIVES_MS_PER_YEAR, e);
        }
    }
    return rc;
}

static int judge_mean(estimator_pool_t *pool, estimate_t *out, error_t *e)
{
    const spread_t s = spread_clustered(pool->value, pool->unit, pool->n);
    (void)e;
    out->value = s.mean;
    out->half_width = interval_half(s.mean_ci);
    return 0;
}

const estimator_pool_plan_t estimator_refill_mean = {&ratios, add_ratios, judge_mean, NEEDS_RATIOS};

/* The variance is a mean of squares, whose interval is known; that of its root follows by its slope. */
static int judge_prediction(estimator_pool_t *pool, estimate_t *out, error_t *e)
{
    const size_t n = pool->n;
    double mean = 0.0;
    (void)e;
    for (size_t i = 0; i < n; i++) {
        mean += pool->value[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        pool->value[i] = (pool->value[i] - mean) * (pool->value[i] - mean);
    }
    if (n > 1) {
        const spread_t s = spread_clustered(pool->value, pool->unit, n);
        const double sd = sqrt(s.mean * (double)n / (double)(n - 1));
        out->value = INTERVAL_Z_95 * sd;
        out->half_width =
            sd > 0.0 ? INTERVAL_Z_95 * interval_half(s.mean_ci) / (2.0 * sd) : (double)NAN;
    }
    return 0;
}

const estimator_pool_plan_t estimator_refill_prediction = {&ratios, add_ratios, judge_prediction,
                                                           NEEDS_RATIOS};

/* Slope by least squares. To first order it is the mean of what each refill adds to it: that has a spread, with patients as the
 * unit. Overwrites the ratios. */
static int judge_drift(estimator_pool_t *s, estimate_t *out, error_t *e)
{
    (void)e;
    double x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    for (size_t i = 0; i < s->n; i++) {
        x += s->years[i] / (double)s->n;
        y += s->value[i] / (double)s->n;
    }
    for (size_t i = 0; i < s->n; i++) {
        xx += (s->years[i] - x) * (s->years[i] - x);
        xy += (s->years[i] - x) * (s->value[i] - y);
    }
    const double slope = xx > 0.0 ? xy / xx : (double)NAN;
    for (size_t i = 0; i < s->n; i++) {
        const double away = s->years[i] - x, residual = s->value[i] - y - slope * away;
        s->value[i] = slope + (double)s->n * away * residual / xx;
    }
    out->value = ESTIMATOR_REFILL_DRIFT_YEARS * slope;
    out->half_width = ESTIMATOR_REFILL_DRIFT_YEARS *
                      interval_half(spread_clustered(s->value, s->unit, s->n).mean_ci);
    return 0;
}

const estimator_pool_plan_t estimator_refill_drift = {&ratios, add_ratios, judge_drift,
                                                      NEEDS_RATIOS};

/* ---- flow lost early ------------------------------------------------------------------------------- */

static const estimator_pool_read_t days = {
    .table = {[REFILLS] = TABLE_REFILLS, [DAILY] = TABLE_DAILY},
    .tables = 2,
    .field = {[TIME_MS] = FIELD_REFILLS_TIME_MS,
              [EXPECTED_ML] = FIELD_REFILLS_EXPECTED_ML,
              [COMMANDED_ML] = FIELD_REFILLS_COMMANDED_SINCE_ML,
              [INTERVAL_DAY] = FIELD_REFILLS_INTERVAL_DAY,
              [DAY] = FIELD_DAILY_DAY,
              [DAILY_ML] = FIELD_DAILY_VOLUME_DELIVERED_ML},
    .fields = DAY_COLUMNS};

/* Computed volume at the end of the first day of early loss between two fillings; NaN where there is none. */
static double loss_before(const estimator_pool_from_t *from, size_t record, size_t refill)
{
    const estimator_pool_rows_t rows = estimator_pool_rows(from, DAILY, record);
    double *const *column = from->column;
    const double interval_day = column[INTERVAL_DAY][refill];
    const double end = column[TIME_MS][refill] / MS_PER_DAY, begin = end - interval_day;
    const double flow = column[COMMANDED_ML][refill] / interval_day;
    for (size_t row = rows.begin; row < rows.end; row++) {
        const double at = column[DAY][row] + ROWS_OF_HALF_DAY;
        const double left_ml = column[EXPECTED_ML][refill] + flow * (end - at);
        const int whole_day = at >= begin + 1.0 && at <= end;
        if (whole_day && column[DAILY_ML][row] < flow / 2.0 &&
            left_ml > ESTIMATOR_REFILL_EARLY_ML) {
            return left_ml;
        }
    }
    return (double)NAN;
}

/* Computed volume at the first early loss of a record; NaN where it has none. */
static double first_loss(const estimator_pool_from_t *from, size_t record)
{
    const estimator_pool_rows_t rows = estimator_pool_rows(from, REFILLS, record);
    double first = (double)NAN;
    for (size_t row = rows.begin; isnan(first) && row < rows.end; row++) {
        first = loss_before(from, record, row);
    }
    return first;
}

/* Of every record, 1 where it has an early loss, else 0. */
static int add_whether(estimator_pool_t *to, const estimator_pool_from_t *from, size_t record,
                       error_t *e)
{
    return estimator_pool_add(to, to->records, isnan(first_loss(from, record)) ? 0.0 : 1.0, 0.0, e);
}

const estimator_pool_plan_t estimator_refill_early_share = {&days, add_whether,
                                                            estimator_pool_share, "patients"};

static int add_volume(estimator_pool_t *to, const estimator_pool_from_t *from, size_t record,
                      error_t *e)
{
    const double ml = first_loss(from, record);
    return isnan(ml) ? 0 : estimator_pool_add(to, to->records, ml, 0.0, e);
}

const estimator_pool_plan_t estimator_refill_early_volume = {&days, add_volume, estimator_pool_mean,
                                                             "an early loss of flow"};
