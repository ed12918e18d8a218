/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the patients of the explorer. */
#include "page/explorer_choice.h"

#include <math.h>
#include <stdlib.h>

#include "page/explorer.h"

/* As many points of a series as a chart of usual width can show: coarser than this is never chosen, fewer patients are. */
#define LEAST_POINTS 120
#define VALUE_BYTES (2.0 * 4.0 / 3.0) /* 16 bits in base64 */
#define EVENT_BYTES 22.0
#define RECORD_BYTES 900.0 /* outcomes, pumps, names */

typedef struct ranked_t {
    double value;
    size_t record;
} ranked_t;

static int by_value(const void *a, const void *b)
{
    const ranked_t *x = a, *y = b;
    return x->value < y->value ? -1 : x->value > y->value ? 1 : x->record < y->record ? -1 : 1;
}

static size_t rank(const source_t *s, int outcome, int32_t arm, ranked_t *ranked)
{
    size_t n = 0;
    for (size_t i = 0; i < s->outcomes.records; i++) {
        const record_key_t *key = &s->outcomes.key[i];
        const double value = s->outcomes.value[outcome][i];
        if (key->arm == arm && key->replicate == 0 && !isnan(value)) {
            ranked[n++] = (ranked_t){value, i};
        }
    }
    qsort(ranked, n, sizeof *ranked, by_value);
    return n;
}

/* Takes a patient in every arm. Records are in order of patient, arm and replicate. */
static void take(explorer_choice_t *c, const source_t *s, size_t record)
{
    const record_key_t *key = s->outcomes.key;
    size_t i = record;
    while (i > 0 && key[i - 1].patient == key[record].patient) {
        i--;
    }
    for (; i < s->outcomes.records && key[i].patient == key[record].patient; i++) {
        if (key[i].replicate == 0 && !c->taken[i]) {
            c->taken[i] = 1;
            c->records++;
        }
    }
}

static int take_worst(explorer_choice_t *c, const source_t *s, error_t *e)
{
    ranked_t *ranked = calloc(s->outcomes.records + 1, sizeof *ranked);
    if (ranked == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to rank %zu records", s->outcomes.records);
    }
    for (int outcome = 0; outcome < OUTCOMES_COUNT; outcome++) {
        for (size_t arm = 0; arm < s->history.people.arms; arm++) {
            const size_t n = rank(s, outcome, (int32_t)arm, ranked);
            for (size_t i = 0; i < n; i++) {
                if (i < EXPLORER_WORST || i + EXPLORER_WORST >= n) {
                    take(c, s, ranked[i].record);
                }
            }
        }
    }
    free(ranked);
    return 0;
}

/* Then others, as evenly spread over the study as the room allows. */
static void take_others(explorer_choice_t *c, const source_t *s, size_t most)
{
    const size_t records = s->outcomes.records;
    const size_t room = most > c->records ? most - c->records : 0;
    const size_t wanted = room / (s->history.people.arms > 0 ? s->history.people.arms : 1);
    for (size_t i = 0; i < wanted && c->records < most; i++) {
        take(c, s, i * records / wanted);
    }
}

static double cost(const source_t *s, double days, int per_point)
{
    const double records = (double)s->outcomes.records;
    const double events = (double)reader_rows(s->reader, TABLE_EVENTS) / records;
    const double points = ceil(days / per_point) * (per_point > 1 ? 2.0 : 1.0);
    return RECORD_BYTES + SOURCE_DAILIES * points * VALUE_BYTES +
           EVENT_BYTES * (events < EXPLORER_EVENTS ? events : EXPLORER_EVENTS);
}

int explorer_choice(explorer_choice_t *c, const source_t *s, size_t bytes, error_t *e)
{
    const size_t records = s->outcomes.records;
    *c = (explorer_choice_t){calloc(records + 1, 1), 0, 0, 1};
    if (c->taken == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu records", records);
    }
    if (records == 0) {
        return 0;
    }
    for (size_t i = 0; i < records; i++) {
        c->of += s->outcomes.key[i].replicate == 0 ? 1 : 0;
    }
    const double days = (double)reader_rows(s->reader, TABLE_DAILY) / (double)records;
    while (cost(s, days, c->days) * (double)c->of > (double)bytes &&
           days / (c->days + 1) >= LEAST_POINTS) {
        c->days++;
    }
    const size_t most = (size_t)((double)bytes / cost(s, days, c->days));
    if (most >= c->of) {
        for (size_t i = 0; i < records; i++) {
            take(c, s, i);
        }
        return 0;
    }
    const int rc = take_worst(c, s, e);
    take_others(c, s, most);
    return rc;
}

void explorer_choice_free(explorer_choice_t *c)
{
    free(c->taken);
    c->taken = NULL;
}
