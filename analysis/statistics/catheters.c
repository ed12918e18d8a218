/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the lives of catheters off the events of each record. */
#include "statistics/catheters.h"

#include <stdlib.h>

#include "dataset/record.h"
#include "dataset/walk.h"

enum { TIME, KIND, REASON, NUMBER, AGE_YEARS, PUT_MS, STOP_MS, STOP, COLUMNS };

/* NUMBER and AGE_YEARS are of an event of a catheter. */
static const enum fields_id field_of[COLUMNS] = {
    [TIME] = FIELD_EVENTS_TIME_MS,           [KIND] = FIELD_EVENTS_KIND,
    [REASON] = FIELD_EVENTS_REASON,          [NUMBER] = FIELD_EVENTS_VALUE,
    [AGE_YEARS] = FIELD_EVENTS_VALUE2,       [PUT_MS] = FIELD_PUMPS_IMPLANTED_MS,
    [STOP_MS] = FIELD_PATIENTS_STOP_TIME_MS, [STOP] = FIELD_PATIENTS_STOP_REASON};

typedef struct gathered_t {
    walk_t walk;
    survival_life_t *life; /* owned, [n] of [room] */
    size_t n, room;
    error_t *e;
} gathered_t;

/* The catheter at hand. */
typedef struct catheter_t {
    double number, put_ms;
    int failed;
    int64_t whose;
} catheter_t;

static int add(gathered_t *g, const catheter_t *c, double years, int cause)
{
    if (years < 0.0) {
        return ERROR_RAISE(g->e, ERROR_DATASET_TRUNCATED,
                           "a catheter of patient %lld ends before it is put in",
                           (long long)c->whose);
    }
    if (g->n == g->room) {
        const size_t room = 2 * g->room + 64;
        survival_life_t *more = realloc(g->life, room * sizeof *more);
        if (more == NULL) {
            return ERROR_RAISE(g->e, ERROR_MEMORY, "no memory for %zu catheters", room);
        }
        g->life = more;
        g->room = room;
    }
    g->life[g->n++] = (survival_life_t){years, cause, c->whose};
    return 0;
}

/* Ended at a moment, or cut off (cause 0), unless it had failed before. */
static int end(gathered_t *g, const catheter_t *c, double at_ms, int cause)
{
    return c->failed ? 0 : add(g, c, (at_ms - c->put_ms) / LIVES_MS_PER_YEAR, cause);
}

static int take_event(gathered_t *g, catheter_t *c, size_t row)
{
    const int kind = (int)walk_at(&g->walk, KIND, row);
    const double number = walk_at(&g->walk, NUMBER, row);
    int rc = 0;
    if (kind == FIELDS_EVENT_CATHETER_FAILED && !c->failed && !(number > c->number)) {
        rc = add(g, c, walk_at(&g->walk, AGE_YEARS, row), (int)walk_at(&g->walk, REASON, row));
        c->failed = 1;
    } else if (kind == FIELDS_EVENT_CATHETER_REPAIRED && number > c->number) {
        const double at_ms = walk_at(&g->walk, TIME, row);
        rc = end(g, c, at_ms, 0);
        *c = (catheter_t){number, at_ms, 0, c->whose};
    }
    return rc;
}

static int take_record(gathered_t *g, size_t record, int64_t whose, enum catheters_which which)
{
    size_t pump, pumps, start, count;
    reader_t *r = g->walk.reader;
    int rc = reader_range(r, TABLE_PUMPS, record, &pump, &pumps, g->e);
    rc = rc != 0 ? rc : reader_range(r, TABLE_EVENTS, record, &start, &count, g->e);
    if (rc != 0 || pumps == 0) {
        return rc;
    }
    catheter_t c = {1.0, walk_at(&g->walk, PUT_MS, pump), 0, whose};
    for (size_t row = start; rc == 0 && row < start + count; row++) {
        rc = take_event(g, &c, row);
        if (which == CATHETERS_FIRST && (c.failed || c.number > 1.0)) {
            return rc;
        }
    }
    const int died = (int)walk_at(&g->walk, STOP, record) == FIELDS_STOP_DEATH;
    rc = rc != 0 ? rc
                 : end(g, &c, walk_at(&g->walk, STOP_MS, record), died ? FIELDS_REASON_DIED : 0);
    return rc != 0 ? rc : g->walk.failed;
}

int catheters_lives(reader_t *r, int32_t arm, enum catheters_which which, survival_life_t **life,
                    size_t *n, error_t *e)
{
    gathered_t g = {.life = calloc(1, sizeof *g.life), .room = 1, .e = e};
    record_key_t *key = NULL;
    int rc = g.life == NULL ? ERROR_RAISE(e, ERROR_MEMORY, "no memory for the lives of catheters")
                            : walk_begin(&g.walk, r, field_of, COLUMNS, e);
    rc = rc != 0 ? rc : reader_keys(r, &key, e);
    for (size_t i = 0; rc == 0 && i < reader_rows(r, TABLE_PATIENTS); i++) {
        if (key[i].replicate == 0 && (arm == LIVES_ALL_ARMS || key[i].arm == arm)) {
            rc = take_record(&g, i, key[i].patient, which);
        }
    }
    walk_end(&g.walk);
    free(key);
    if (rc != 0) {
        free(g.life);
        g.life = NULL;
    }
    *life = g.life;
    *n = g.n;
    return rc;
}
