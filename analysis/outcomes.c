/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what each patient came to from patients, events and refills. */
#include "outcomes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_DAY 86400000.0
#define MONTH_MS (365.0 / 12.0 * MS_PER_DAY)
#define YEAR_MS (365.25 * MS_PER_DAY)
#define TOLERANT_UG_PER_DAY_YEAR 100.0
#define BOLUSES 3
#define DAYS_BLOCK 512

enum column {
    EVENT_TIME,
    EVENT_KIND,
    EVENT_REASON,
    EVENT_VALUE2,
    REFILL_TIME,
    REFILL_WITHDRAWN,
    STOP_TIME,
    BEFORE,
    AFTER,
    LUMBAR,
    COMMANDED,
    DELIVERED,
    COLUMNS
};

static const enum fields_id field_of[COLUMNS] = {
    [EVENT_TIME] = FIELD_EVENTS_TIME_MS,
    [EVENT_KIND] = FIELD_EVENTS_KIND,
    [EVENT_REASON] = FIELD_EVENTS_REASON,
    [EVENT_VALUE2] = FIELD_EVENTS_VALUE2,
    [REFILL_TIME] = FIELD_REFILLS_TIME_MS,
    [REFILL_WITHDRAWN] = FIELD_REFILLS_WITHDRAWN_ML,
    [STOP_TIME] = FIELD_PATIENTS_STOP_TIME_MS,
    [BEFORE] = FIELD_PATIENTS_ASHWORTH_BEFORE,
    [AFTER] = FIELD_PATIENTS_ASHWORTH_AFTER,
    [LUMBAR] = FIELD_PATIENTS_LUMBAR_NG_PER_ML,
    [COMMANDED] = FIELD_PATIENTS_VOLUME_COMMANDED_ML,
    [DELIVERED] = FIELD_PATIENTS_VOLUME_DELIVERED_ML,
};

/* One record while it is read: its rows of events and refills, and what the events tell. */
typedef struct story_t {
    size_t record;
    double *const *column;
    size_t event, events; /* first row, rows */
    size_t refill, refills;
    int boluses;      /* screening boluses so far */
    int screened;     /* 1: any */
    int implanted;    /* 1: an implant event */
    double filled_ms; /* of the pump, by implant or enrolment: the first interval begins */
} story_t;

static const outcomes_row_t rows[OUTCOMES_COUNT] = {
#define OUTCOME(symbol, key, label, unit, kind, reference)                                         \
    {key, label, unit, OUTCOMES_##kind, REFERENCE_##reference},
#include "outcomes.def"
#undef OUTCOME
};

const outcomes_row_t *outcomes_row(enum outcomes_id outcome)
{
    return &rows[outcome];
}

static void set(outcomes_t *o, const story_t *s, enum outcomes_id outcome, double value)
{
    o->value[outcome][s->record] = value;
}

static double get(const outcomes_t *o, const story_t *s, enum outcomes_id outcome)
{
    return o->value[outcome][s->record];
}

/* ---- events ---- */

static void hear_response(outcomes_t *o, const story_t *s, int reason)
{
    const double responded = reason == FIELDS_REASON_RESPONDED ? 1.0 : 0.0;
    if (s->boluses >= 1 && s->boluses <= BOLUSES) {
        set(o, s, (enum outcomes_id)(OUTCOMES_RESPONDED_1 + s->boluses - 1), responded);
    }
    set(o, s, OUTCOMES_RESPONDED, fmax(responded, get(o, s, OUTCOMES_RESPONDED)));
}

/* The programmed dose from `time_ms` on: each milestone not before it takes it, until a later commit does. */
static void hear_programme(outcomes_t *o, const story_t *s, double time_ms, double dose)
{
    static const struct {
        enum outcomes_id outcome;
        int months;
    } milestone[] = {{OUTCOMES_DOSE_1M, 1},
                     {OUTCOMES_DOSE_3M, 3},
                     {OUTCOMES_DOSE_6M, 6},
                     {OUTCOMES_DOSE_12M, 12},
                     {OUTCOMES_DOSE_18M, 18}};
    const double end_ms = s->column[STOP_TIME][s->record];
    for (size_t i = 0; i < sizeof milestone / sizeof milestone[0]; i++) {
        const double at_ms = milestone[i].months * MONTH_MS;
        if (time_ms <= at_ms && at_ms <= end_ms) {
            set(o, s, milestone[i].outcome, dose);
        }
    }
    if (dose > 0.0 && isnan(get(o, s, OUTCOMES_DOSE_START))) {
        set(o, s, OUTCOMES_DOSE_START, dose);
    }
    set(o, s, OUTCOMES_DOSE_END, dose);
}

static void hear_event(outcomes_t *o, story_t *s, size_t row)
{
    const double time_ms = s->column[EVENT_TIME][row];
    const int kind = (int)s->column[EVENT_KIND][row];
    const int reason = (int)s->column[EVENT_REASON][row];
    if (kind == FIELDS_EVENT_SCREENING_BOLUS) {
        s->boluses++;
        s->screened = 1;
    } else if (kind == FIELDS_EVENT_SCREENING_RESPONSE) {
        hear_response(o, s, reason);
    } else if (kind == FIELDS_EVENT_IMPLANT) {
        s->implanted = 1;
        s->filled_ms = time_ms;
    } else if (kind == FIELDS_EVENT_PROGRAMME) {
        hear_programme(o, s, time_ms, s->column[EVENT_VALUE2][row]);
    } else if (kind == FIELDS_EVENT_VISIT && reason == FIELDS_REASON_MISSED) {
        set(o, s, OUTCOMES_MISSED, get(o, s, OUTCOMES_MISSED) + 1.0);
    }
}

/* ---- the record ---- */

static void judge_tolerance(outcomes_t *o, const story_t *s)
{
    const double past_ms = s->column[STOP_TIME][s->record] - 12.0 * MONTH_MS;
    const double rise = get(o, s, OUTCOMES_DOSE_END) - get(o, s, OUTCOMES_DOSE_12M);
    if (past_ms >= 6.0 * MONTH_MS && !isnan(rise)) {
        set(o, s, OUTCOMES_TOLERANT,
            rise / (past_ms / YEAR_MS) > TOLERANT_UG_PER_DAY_YEAR ? 1.0 : 0.0);
    }
}

static void note_refills(outcomes_t *o, const story_t *s)
{
    double before_ms = s->filled_ms;
    double sum_day = 0.0;
    double sum_ml = 0.0;
    double least_ml = (double)NAN;
    for (size_t k = 0; k < s->refills; k++) {
        const double time_ms = s->column[REFILL_TIME][s->refill + k];
        const double found_ml = s->column[REFILL_WITHDRAWN][s->refill + k];
        o->interval_day[o->intervals] = (time_ms - before_ms) / MS_PER_DAY;
        o->interval_arm[o->intervals] = o->key[s->record].arm;
        sum_day += o->interval_day[o->intervals++];
        sum_ml += found_ml;
        least_ml = fmin(least_ml, found_ml);
        before_ms = time_ms;
    }
    set(o, s, OUTCOMES_REFILLS, (double)s->refills);
    if (s->refills > 0) {
        set(o, s, OUTCOMES_REFILL_INTERVAL, sum_day / (double)s->refills);
        set(o, s, OUTCOMES_LEAST_FOUND, least_ml);
        set(o, s, OUTCOMES_DISCARDED, sum_ml);
    }
}

/* Where there was screening, those without a pump have no outcome of one. */
static void note_end(outcomes_t *o, const story_t *s)
{
    const double before = s->column[BEFORE][s->record], after = s->column[AFTER][s->record];
    const double commanded = s->column[COMMANDED][s->record];
    set(o, s, OUTCOMES_ASHWORTH_BEFORE, before);
    set(o, s, OUTCOMES_ASHWORTH_AFTER, after);
    set(o, s, OUTCOMES_ASHWORTH_CHANGE, after - before);
    set(o, s, OUTCOMES_LUMBAR, s->column[LUMBAR][s->record]);
    if (commanded > 0.0) {
        set(o, s, OUTCOMES_VOLUME_RATIO, s->column[DELIVERED][s->record] / commanded);
    }
    judge_tolerance(o, s);
    note_refills(o, s);
}

static void read_story(outcomes_t *o, story_t *s)
{
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        set(o, s, (enum outcomes_id)i, (double)NAN);
    }
    set(o, s, OUTCOMES_MISSED, 0.0);
    for (size_t k = 0; k < s->events; k++) {
        hear_event(o, s, s->event + k);
    }
    if (s->screened) {
        set(o, s, OUTCOMES_IMPLANTED, s->implanted ? 1.0 : 0.0);
    }
    if (!s->screened || s->implanted) {
        note_end(o, s);
    }
}

/* ---- all ---- */

static int allocate(outcomes_t *o, size_t refills, error_t *e)
{
    int failed = 0;
    o->interval_day = calloc(refills + 1, sizeof *o->interval_day);
    o->interval_arm = calloc(refills + 1, sizeof *o->interval_arm);
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        o->value[i] = calloc(o->records + 1, sizeof *o->value[i]);
        failed |= o->value[i] == NULL;
    }
    return failed || o->interval_day == NULL || o->interval_arm == NULL
               ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for the outcomes of %zu", o->records)
               : 0;
}

/* Days on which the series finds nothing above the residual; before the implant its volume is NaN. Who never gets a pump has
 * no such days. */
static int count_dry(outcomes_t *o, reader_t *r, const story_t *s, error_t *e)
{
    size_t start = 0;
    size_t days = 0;
    size_t dry = 0;
    double volume_ml[DAYS_BLOCK];
    int rc = reader_range(r, TABLE_DAILY, s->record, &start, &days, e);
    for (size_t done = 0; rc == 0 && done < days; done += DAYS_BLOCK) {
        const size_t n = days - done < DAYS_BLOCK ? days - done : DAYS_BLOCK;
        rc = reader_read_f64(r, FIELD_DAILY_RESERVOIR_ML, start + done, n, volume_ml, e);
        for (size_t i = 0; rc == 0 && i < n; i++) {
            dry += volume_ml[i] <= 0.0 ? 1 : 0;
        }
    }
    if (rc == 0 && days > 0 && (!s->screened || s->implanted)) {
        set(o, s, OUTCOMES_DRY, dry > 0 ? 1.0 : 0.0);
        set(o, s, OUTCOMES_DRY_DAYS, (double)dry);
    }
    return rc;
}

static int read_stories(outcomes_t *o, reader_t *r, double *const column[COLUMNS], error_t *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < o->records; i++) {
        story_t s = {.record = i, .column = column};
        rc = reader_range(r, TABLE_EVENTS, i, &s.event, &s.events, e);
        rc = rc != 0 ? rc : reader_range(r, TABLE_REFILLS, i, &s.refill, &s.refills, e);
        if (rc == 0) {
            read_story(o, &s);
            rc = count_dry(o, r, &s, e);
        }
    }
    return rc;
}

int outcomes_read(outcomes_t *o, reader_t *r, error_t *e)
{
    double *column[COLUMNS] = {NULL};
    int rc;
    memset(o, 0, sizeof *o);
    o->provenance = reader_provenance(r);
    o->records = reader_rows(r, TABLE_PATIENTS);
    rc = reader_keys(r, &o->key, e);
    rc = rc != 0 ? rc : allocate(o, reader_rows(r, TABLE_REFILLS), e);
    for (int i = 0; rc == 0 && i < COLUMNS; i++) {
        rc = reader_column_f64(r, field_of[i], &column[i], e);
    }
    rc = rc != 0 ? rc : read_stories(o, r, column, e);
    for (int i = 0; i < COLUMNS; i++) {
        free(column[i]);
    }
    return rc;
}

void outcomes_free(outcomes_t *o)
{
    free(o->key);
    free(o->interval_day);
    free(o->interval_arm);
    for (int i = 0; i < OUTCOMES_COUNT; i++) {
        free(o->value[i]);
    }
    memset(o, 0, sizeof *o);
}
