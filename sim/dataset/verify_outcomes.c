/* SPDX-License-Identifier: Apache-2.0 */
/* Holds the table of outcomes against what it was counted from: patients, events, refills and days. */
#include "dataset/verify.h"

#include <math.h>
#include <stdio.h>

#include "dataset/walk.h"

/* Largest relative difference of a mean that is computed again. */
#define MEAN_TOLERANCE 1e-9

/* Columns that are walked along. */
enum column {
    EVENT_KIND,
    EVENT_REASON,
    EVENT_VALUE2,
    REFILL_INTERVAL,
    BEFORE,
    AFTER,
    PATIENT,
    ARM,
    REPLICATE,
    RESPONDED,
    IMPLANTED,
    DOSE_END,
    TOLD_BEFORE,
    TOLD_AFTER,
    REFILLS,
    INTERVAL,
    DRY,
    DRY_DAYS,
    MISSED,
    CALLS,
    FAILED,
    COLUMNS
};

static const enum fields_id field_of[COLUMNS] = {
    [EVENT_KIND] = FIELD_EVENTS_KIND,
    [EVENT_REASON] = FIELD_EVENTS_REASON,
    [EVENT_VALUE2] = FIELD_EVENTS_VALUE2,
    [REFILL_INTERVAL] = FIELD_REFILLS_INTERVAL_DAY,
    [BEFORE] = FIELD_PATIENTS_ASHWORTH_BEFORE,
    [AFTER] = FIELD_PATIENTS_ASHWORTH_AFTER,
    [PATIENT] = FIELD_OUTCOMES_PATIENT,
    [ARM] = FIELD_OUTCOMES_ARM,
    [REPLICATE] = FIELD_OUTCOMES_REPLICATE,
    [RESPONDED] = FIELD_OUTCOMES_RESPONDED,
    [IMPLANTED] = FIELD_OUTCOMES_IMPLANTED,
    [DOSE_END] = FIELD_OUTCOMES_DOSE_END,
    [TOLD_BEFORE] = FIELD_OUTCOMES_ASHWORTH_BEFORE,
    [TOLD_AFTER] = FIELD_OUTCOMES_ASHWORTH_AFTER,
    [REFILLS] = FIELD_OUTCOMES_REFILLS,
    [INTERVAL] = FIELD_OUTCOMES_REFILL_INTERVAL,
    [DRY] = FIELD_OUTCOMES_DRY,
    [DRY_DAYS] = FIELD_OUTCOMES_DRY_DAYS,
    [MISSED] = FIELD_OUTCOMES_MISSED,
    [CALLS] = FIELD_OUTCOMES_CALLS,
    [FAILED] = FIELD_OUTCOMES_ORDERS_FAILED,
};

/* What is told and what is found differ: how often, and where first. */
typedef struct difference_t {
    size_t count, record;
    double told, found;
} difference_t;

typedef struct check_t {
    reader_t *reader;
    walk_t walk;
    difference_t different[COLUMNS];
    error_t *e;
} check_t;

/* What the rows of one record say. */
typedef struct found_t {
    double responded, dose_end, between_day;
    size_t missed, calls, failed, refills, days;
} found_t;

static double at(check_t *c, enum column column, size_t row)
{
    return walk_at(&c->walk, column, row);
}

/* Both are no values, or differ by no more than `most` of what is found. */
static void compare(check_t *c, enum column column, size_t record, double found, double most)
{
    const double told = at(c, column, record);
    difference_t *d = &c->different[column];
    if ((isnan(told) && isnan(found)) || fabs(told - found) <= most * fabs(found)) {
        return;
    }
    if (d->count++ == 0) {
        d->record = record;
        d->told = told;
        d->found = found;
    }
}

static void hear(check_t *c, size_t row, found_t *f)
{
    const int kind = (int)at(c, EVENT_KIND, row), reason = (int)at(c, EVENT_REASON, row);
    if (kind == FIELDS_EVENT_SCREENING_RESPONSE) {
        f->responded = fmax(f->responded, reason == FIELDS_REASON_RESPONDED ? 1.0 : 0.0);
    } else if (kind == FIELDS_EVENT_PROGRAMME) {
        f->dose_end = at(c, EVENT_VALUE2, row);
    }
    f->missed += kind == FIELDS_EVENT_VISIT && reason == FIELDS_REASON_MISSED;
    f->calls += kind == FIELDS_EVENT_CALL;
    f->failed += kind == FIELDS_EVENT_ORDER_FAILED;
}

static int find(check_t *c, size_t record, found_t *f)
{
    size_t start = 0;
    size_t count = 0;
    int rc = reader_range(c->reader, TABLE_EVENTS, record, &start, &count, c->e);
    *f = (found_t){.responded = (double)NAN, .dose_end = (double)NAN};
    for (size_t row = start; rc == 0 && row < start + count; row++) {
        hear(c, row, f);
    }
    rc = rc != 0 ? rc : reader_range(c->reader, TABLE_REFILLS, record, &start, &f->refills, c->e);
    for (size_t row = start; rc == 0 && row < start + f->refills; row++) {
        f->between_day += at(c, REFILL_INTERVAL, row);
    }
    return rc != 0 ? rc : reader_range(c->reader, TABLE_DAILY, record, &start, &f->days, c->e);
}

static double if_pump(int pump, double value)
{
    return pump ? value : (double)NAN;
}

static void check_record(check_t *c, size_t record, const record_key_t *key, const found_t *f)
{
    const int pump = !(at(c, IMPLANTED, record) <= 0.0);
    const double dry = at(c, DRY_DAYS, record);
    compare(c, PATIENT, record, (double)key->patient, 0.0);
    compare(c, ARM, record, key->arm, 0.0);
    compare(c, REPLICATE, record, key->replicate, 0.0);
    compare(c, RESPONDED, record, f->responded, 0.0);
    compare(c, DOSE_END, record, f->dose_end, 0.0);
    compare(c, TOLD_BEFORE, record, if_pump(pump, at(c, BEFORE, record)), 0.0);
    compare(c, TOLD_AFTER, record, if_pump(pump, at(c, AFTER, record)), 0.0);
    compare(c, REFILLS, record, if_pump(pump, (double)f->refills), 0.0);
    compare(c, INTERVAL, record,
            if_pump(pump && f->refills > 0, f->between_day / (double)f->refills), MEAN_TOLERANCE);
    compare(c, MISSED, record, if_pump(pump, (double)f->missed), 0.0);
    compare(c, CALLS, record, if_pump(pump, (double)f->calls), 0.0);
    compare(c, FAILED, record, if_pump(pump, (double)f->failed), 0.0);
    compare(c, DRY, record, if_pump(!isnan(dry), dry > 0.0 ? 1.0 : 0.0), 0.0);
    if (dry > (double)f->days) {
        compare(c, DRY_DAYS, record, (double)f->days, 0.0);
    }
}

/* One line a column; the number of them. */
static int tell(const check_t *c, const verify_sink_t *sink)
{
    int problems = 0;
    for (int i = 0; i < COLUMNS; i++) {
        const difference_t *d = &c->different[i];
        char text[256];
        if (d->count == 0) {
            continue;
        }
        (void)snprintf(text, sizeof text,
                       "outcomes/%s: %zu values are not what the other tables say, first %.9g, and "
                       "%.9g by them, of record %zu",
                       fields_get(field_of[i])->name, d->count, d->told, d->found, d->record);
        sink->problem(sink->context, text);
        problems++;
    }
    return problems;
}

/* A row for each record, in their order: then row and record have one number. */
static int has_rows(reader_t *r, const verify_sink_t *sink, error_t *e)
{
    char text[128];
    const size_t records = reader_rows(r, TABLE_PATIENTS);
    size_t record = 0;
    while (record < records) {
        size_t start = 0;
        size_t count = 0;
        const int rc = reader_range(r, TABLE_OUTCOMES, record, &start, &count, e);
        if (rc < 0) {
            return rc;
        }
        if (start != record || count != 1) {
            break;
        }
        record++;
    }
    if (record == records && reader_rows(r, TABLE_OUTCOMES) == records) {
        return 1;
    }
    (void)snprintf(text, sizeof text, "outcomes: not one row for each of %zu records, from %zu on",
                   records, record);
    sink->problem(sink->context, text);
    return 0;
}

int verify_outcomes(reader_t *r, const record_key_t *keys, const verify_sink_t *sink, error_t *e)
{
    check_t c = {.reader = r, .e = e};
    const int rows = has_rows(r, sink, e);
    int rc = 0;
    if (rows <= 0) {
        return rows < 0 ? rows : 1;
    }
    rc = walk_begin(&c.walk, r, field_of, COLUMNS, e);
    for (size_t i = 0; rc == 0 && i < reader_rows(r, TABLE_PATIENTS); i++) {
        found_t found;
        rc = find(&c, i, &found);
        if (rc == 0) {
            check_record(&c, i, &keys[i], &found);
        }
        rc = rc != 0 ? rc : c.walk.failed;
    }
    rc = rc < 0 ? rc : tell(&c, sink);
    walk_end(&c.walk);
    return rc;
}
