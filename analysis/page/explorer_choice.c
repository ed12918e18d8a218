/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the patients of the explorer. */
#include "page/explorer_choice.h"

#include <math.h>
#include <stdlib.h>

#include "page/explorer.h"
#include "page/explorer_canal.h"

/* As many points of a series as a chart of usual width can show: coarser than this is never chosen, fewer patients are. */
#define LEAST_POINTS 90
#define LEAST_SAMPLES 52              /* of the canal */
#define LEVEL_BYTES (4.0 / 3.0)       /* 8 bits in base64 */
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

/* What a record has on average. */
typedef struct usual_t {
    double days, samples, events;
} usual_t;

static usual_t usual_of(const source_t *s)
{
    const double records = (double)s->outcomes.records;
    return (usual_t){.days = (double)reader_rows(s->reader, TABLE_DAILY) / records,
                     .samples = explorer_canal_samples(s->reader, s->outcomes.records),
                     .events = (double)reader_rows(s->reader, TABLE_EVENTS) / records};
}

static double series_bytes(const usual_t *u, const explorer_choice_t *c)
{
    const double points = ceil(u->days / c->days) * (c->days > 1 ? 2.0 : 1.0);
    return SOURCE_DAILIES * points * VALUE_BYTES;
}

static double canal_bytes(const usual_t *u, const explorer_choice_t *c)
{
    return ceil(u->samples / c->samples) * (double)EXPLORER_CANAL_LEVELS * LEVEL_BYTES;
}

static double cost(const usual_t *u, const explorer_choice_t *c)
{
    return RECORD_BYTES + series_bytes(u, c) + canal_bytes(u, c) +
           EVENT_BYTES * (u->events < EXPLORER_EVENTS ? u->events : EXPLORER_EVENTS);
}

/* One step coarser, what takes more first; 0: neither can be. */
static int coarsen(const usual_t *u, explorer_choice_t *c)
{
    const int series = u->days / (c->days + 1) >= LEAST_POINTS;
    const int canal = u->samples / (c->samples + 1) >= LEAST_SAMPLES;
    if (canal && (!series || canal_bytes(u, c) > series_bytes(u, c))) {
        c->samples++;
    } else if (series) {
        c->days++;
    }
    return series || canal;
}

int explorer_choice(explorer_choice_t *c, const source_t *s, size_t bytes, error_t *e)
{
    const size_t records = s->outcomes.records;
    *c = (explorer_choice_t){calloc(records + 1, 1), 0, 0, 1, 1};
    if (c->taken == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for %zu records", records);
    }
    if (records == 0) {
        return 0;
    }
    for (size_t i = 0; i < records; i++) {
        c->of += s->outcomes.key[i].replicate == 0 ? 1 : 0;
    }
    const usual_t u = usual_of(s);
    while (cost(&u, c) * (double)c->of > (double)bytes && coarsen(&u, c)) {
    }
    const size_t most = (size_t)((double)bytes / cost(&u, c));
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
