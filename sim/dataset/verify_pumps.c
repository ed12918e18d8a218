/* SPDX-License-Identifier: Apache-2.0 */
/* Holds the table of pumps against itself and against patients: lives follow one another, and add up. */
#include "dataset/verify.h"

#include <math.h>
#include <stdio.h>

#include "dataset/walk.h"

/* Largest relative difference of a sum. */
#define SUM_TOLERANCE 1e-9

/* Columns that are walked along. */
enum column {
    PATIENT,
    ARM,
    REPLICATE,
    PUMP,
    SERIAL,
    IMPLANTED,
    ENDED,
    END,
    COMMANDED,
    DELIVERED,
    CHARGE,
    TOLD_PUMPS,
    TOLD_STOP,
    TOLD_STOP_MS,
    TOLD_COMMANDED,
    TOLD_DELIVERED,
    TOLD_CHARGE,
    COLUMNS
};

static const enum fields_id field_of[COLUMNS] = {
    [PATIENT] = FIELD_PUMPS_PATIENT,
    [ARM] = FIELD_PUMPS_ARM,
    [REPLICATE] = FIELD_PUMPS_REPLICATE,
    [PUMP] = FIELD_PUMPS_PUMP,
    [SERIAL] = FIELD_PUMPS_SERIAL,
    [IMPLANTED] = FIELD_PUMPS_IMPLANTED_MS,
    [ENDED] = FIELD_PUMPS_ENDED_MS,
    [END] = FIELD_PUMPS_END,
    [COMMANDED] = FIELD_PUMPS_VOLUME_COMMANDED_ML,
    [DELIVERED] = FIELD_PUMPS_VOLUME_DELIVERED_ML,
    [CHARGE] = FIELD_PUMPS_CHARGE_USED_MAH,
    [TOLD_PUMPS] = FIELD_PATIENTS_PUMPS,
    [TOLD_STOP] = FIELD_PATIENTS_STOP_REASON,
    [TOLD_STOP_MS] = FIELD_PATIENTS_STOP_TIME_MS,
    [TOLD_COMMANDED] = FIELD_PATIENTS_VOLUME_COMMANDED_ML,
    [TOLD_DELIVERED] = FIELD_PATIENTS_VOLUME_DELIVERED_ML,
    [TOLD_CHARGE] = FIELD_PATIENTS_BATTERY_CHARGE_USED_MAH,
};

typedef struct lives_t {
    reader_t *reader;
    walk_t walk;
    size_t start, count; /* rows of the record at hand */
    size_t record;
} lives_t;

static double at(lives_t *l, enum column column, size_t row)
{
    return walk_at(&l->walk, column, row);
}

static int is_key(lives_t *l, size_t row, const record_key_t *key)
{
    return at(l, PATIENT, row) == (double)key->patient && at(l, ARM, row) == key->arm &&
           at(l, REPLICATE, row) == key->replicate;
}

/* Whether the pump is in place at the end of the trajectory. */
static int is_left(int end)
{
    return end == FIELDS_REASON_HORIZON || end == FIELDS_REASON_DIED;
}

/* The end of the last life: with the trajectory, which leaves it censored unless the pump was taken out or the patient died then;
 * or before, by itself, of a pump that nobody took out. */
static int is_last_end(lives_t *l, size_t row)
{
    const int end = (int)at(l, END, row);
    const int own = end == FIELDS_REASON_STALL || end == FIELDS_REASON_BATTERY_SPENT;
    const int stop = (int)at(l, TOLD_STOP, l->record);
    const int left = stop == FIELDS_STOP_DEATH ? FIELDS_REASON_DIED : FIELDS_REASON_HORIZON;
    const int with_it = at(l, ENDED, row) >= at(l, TOLD_STOP_MS, l->record);
    return stop == FIELDS_STOP_EXPLANT ? with_it && !is_left(end) : own || (with_it && end == left);
}

/* One life: numbered from 1, not before the one before it, and over but for the last. */
static int is_life(lives_t *l, size_t i)
{
    const size_t row = l->start + i;
    const double stop_ms = at(l, TOLD_STOP_MS, l->record);
    if (at(l, PUMP, row) != (double)(i + 1) || at(l, IMPLANTED, row) > at(l, ENDED, row) ||
        at(l, ENDED, row) > stop_ms) {
        return 0;
    }
    if (i > 0 && (at(l, IMPLANTED, row) < at(l, ENDED, row - 1) ||
                  at(l, SERIAL, row) <= at(l, SERIAL, row - 1))) {
        return 0;
    }
    return i + 1 == l->count ? is_last_end(l, row) : !is_left((int)at(l, END, row));
}

static int adds_up(lives_t *l, enum column part, enum column whole)
{
    const double told = at(l, whole, l->record);
    double sum = 0.0;
    for (size_t row = l->start; row < l->start + l->count; row++) {
        sum += at(l, part, row);
    }
    return fabs(sum - told) <= SUM_TOLERANCE * fabs(told);
}

static const char *fault_of(lives_t *l, const record_key_t *key)
{
    for (size_t i = 0; i < l->count; i++) {
        if (!is_key(l, l->start + i, key)) {
            return "a row is another patient's";
        }
        if (!is_life(l, i)) {
            return "lives do not follow one another to the end of the trajectory";
        }
    }
    if (at(l, TOLD_PUMPS, l->record) != (double)l->count) {
        return "patients/pumps counts another number";
    }
    if (!adds_up(l, COMMANDED, TOLD_COMMANDED) || !adds_up(l, DELIVERED, TOLD_DELIVERED) ||
        !adds_up(l, CHARGE, TOLD_CHARGE)) {
        return "volumes or charge do not add up to those of patients";
    }
    return NULL;
}

static int check(lives_t *l, const record_key_t *keys, const verify_sink_t *sink, error_t *e)
{
    size_t bad = 0;
    char first[160] = "";
    int rc = 0;
    for (l->record = 0; rc == 0 && l->record < reader_rows(l->reader, TABLE_PATIENTS);
         l->record++) {
        rc = reader_range(l->reader, TABLE_PUMPS, l->record, &l->start, &l->count, e);
        const char *fault = rc == 0 ? fault_of(l, &keys[l->record]) : NULL;
        rc = rc != 0 ? rc : l->walk.failed;
        if (fault != NULL && bad++ == 0) {
            (void)snprintf(first, sizeof first, "first record %zu: %s", l->record, fault);
        }
    }
    if (rc == 0 && bad > 0) {
        char text[224];
        (void)snprintf(text, sizeof text, "pumps: %zu records are not sound, %s", bad, first);
        sink->problem(sink->context, text);
    }
    return rc < 0 ? rc : bad > 0;
}

int verify_pumps(reader_t *r, const record_key_t *keys, const verify_sink_t *sink, error_t *e)
{
    lives_t l = {.reader = r};
    int rc = walk_begin(&l.walk, r, field_of, COLUMNS, e);
    rc = rc != 0 ? rc : check(&l, keys, sink, e);
    walk_end(&l.walk);
    return rc;
}
