/* SPDX-License-Identifier: Apache-2.0 */
/* Holds the table of the canal against itself and against the daily series: whole samples, each level once and in order, on days
 * that rise and that the daily series has. */
#include "dataset/verify.h"

#include <stdio.h>

#include "dataset/walk.h"

#define LEVELS ((size_t)FIELDS_LEVEL_CISTERNAL + 1)

enum column { DAY, LEVEL, DAILY_DAY, COLUMNS };

static const enum fields_id field_of[COLUMNS] = {
    [DAY] = FIELD_CANAL_DAY, [LEVEL] = FIELD_CANAL_LEVEL, [DAILY_DAY] = FIELD_DAILY_DAY};

/* Rows of the record at hand. */
typedef struct rows_t {
    size_t start, count;
} rows_t;

typedef struct samples_t {
    walk_t walk;
    rows_t canal, daily;
} samples_t;

static int is_whole(samples_t *s, size_t row)
{
    for (size_t i = 0; i < LEVELS; i++) {
        if (walk_at(&s->walk, LEVEL, row + i) != (double)i ||
            walk_at(&s->walk, DAY, row + i) != walk_at(&s->walk, DAY, row)) {
            return 0;
        }
    }
    return 1;
}

/* Whether the daily series has the day, from row *daily of the record on, which is moved there. */
static int has_day(samples_t *s, double day, size_t *daily)
{
    while (*daily < s->daily.count && walk_at(&s->walk, DAILY_DAY, s->daily.start + *daily) < day) {
        ++*daily;
    }
    return *daily < s->daily.count && walk_at(&s->walk, DAILY_DAY, s->daily.start + *daily) == day;
}

static const char *fault_of(samples_t *s)
{
    size_t daily = 0;
    if (s->canal.count % LEVELS != 0) {
        return "its last sample lacks levels";
    }
    for (size_t i = 0; i < s->canal.count; i += LEVELS) {
        const size_t row = s->canal.start + i;
        if (!is_whole(s, row)) {
            return "a sample does not have each level once, in order, on one day";
        }
        if (i > 0 && walk_at(&s->walk, DAY, row) <= walk_at(&s->walk, DAY, row - 1)) {
            return "days do not rise from sample to sample";
        }
        if (!has_day(s, walk_at(&s->walk, DAY, row), &daily)) {
            return "a sample is of a day that the daily series does not have";
        }
    }
    return NULL;
}

int verify_canal(reader_t *r, const verify_sink_t *sink, error_t *e)
{
    samples_t s = {.canal = {0, 0}};
    size_t bad = 0;
    char text[224] = "";
    int rc = walk_begin(&s.walk, r, field_of, COLUMNS, e);
    for (size_t record = 0; rc == 0 && record < reader_rows(r, TABLE_PATIENTS); record++) {
        rc = reader_range(r, TABLE_CANAL, record, &s.canal.start, &s.canal.count, e);
        rc = rc != 0 ? rc : reader_range(r, TABLE_DAILY, record, &s.daily.start, &s.daily.count, e);
        const char *fault = rc == 0 ? fault_of(&s) : NULL;
        rc = rc != 0 ? rc : s.walk.failed;
        if (rc == 0 && fault != NULL && bad++ == 0) {
            (void)snprintf(text, sizeof text, "canal: record %zu: %s", record, fault);
        }
    }
    walk_end(&s.walk);
    if (rc == 0 && bad > 0) {
        sink->problem(sink->context, text);
    }
    return rc < 0 ? rc : bad > 0;
}
