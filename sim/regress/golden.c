/* SPDX-License-Identifier: Apache-2.0 */
/* Golden traces as text. */
#include "regress/golden.h"

#include "regress/unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ID_LINE "# core "

typedef struct gathering_t {
    const suite_t *suite;
    char **life; /* [units], owned: the lines of each */
} gathering_t;

/* ---- one life ----------------------------------------------------------------------------------------------------- */

static void put_days(const daybook_t *b, size_t first, size_t last, FILE *out)
{
    daybook_day_t sum = {0};
    for (size_t i = first; i <= last; i++) {
        const daybook_day_t *d = &b->day[i];
        sum = (daybook_day_t){sum.pulses + d->pulses,     sum.stops + d->stops,
                              sum.tones + d->tones,       sum.writes + d->writes,
                              sum.received + d->received, sum.sent + d->sent};
    }
    if (first == last) {
        (void)fprintf(out, "  day %zu: ", first + 1);
    } else {
        (void)fprintf(out, "  days %zu-%zu: ", first + 1, last + 1);
    }
    (void)fprintf(out,
                  "%" PRId64 " pulses, %" PRId64 " stops, %" PRId64 " tones, %" PRId64
                  " writes, %" PRId64 " received, %" PRId64 " sent\n",
                  sum.pulses, sum.stops, sum.tones, sum.writes, sum.received, sum.sent);
}

/* Whether nothing happened on a day but that it gave. */
static bool is_quiet(const daybook_day_t *d)
{
    return d->stops == 0 && d->tones == 0 && d->received == 0 && d->sent == 0;
}

static void put_daybook(const daybook_t *b, FILE *out)
{
    size_t first = 0;
    for (size_t i = 1; i <= b->days; i++) {
        if (i == b->days || !is_quiet(&b->day[i]) || !is_quiet(&b->day[first])) {
            put_days(b, first, i - 1, out);
            first = i;
        }
    }
}

static void put_life(const suite_t *suite, const unit_t *unit, const testimony_t *t, FILE *out)
{
    const suite_scenario_t *s = &suite->scenario[unit->scenario];
    (void)fprintf(out, "life %s %" PRId64 " %s %s calls %" PRId64 " sum %016" PRIx64 "\n", s->name,
                  unit->key.patient, s->study.arms.name[unit->key.arm], testimony_end_name(t->end),
                  t->trace.calls, t->trace.sum);
    put_daybook(&t->daybook, out);
}

static int take(void *context, size_t unit, int side, testimony_t *t, error_t *e)
{
    gathering_t *g = context;
    size_t size;
    const unit_t named = unit_at(g->suite, unit);
    FILE *out = open_memstream(&g->life[unit], &size);
    (void)side;
    if (out != NULL) {
        put_life(g->suite, &named, t, out);
    }
    testimony_free(t);
    return out != NULL && fclose(out) == 0
               ? 0
               : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a golden trace");
}

/* ---- all ------------------------------------------------------------------------------------------------------------ */

static int join(const gathering_t *g, const pool_t *pool, size_t units, char **text, error_t *e)
{
    size_t size;
    FILE *out = open_memstream(text, &size);
    if (out != NULL) {
        (void)fprintf(out, "# golden trace 1: suite %s\n" ID_LINE "%s\n", g->suite->name,
                      pool->id[POOL_CANDIDATE]);
        for (size_t i = 0; i < units; i++) {
            (void)fputs(g->life[i], out);
        }
    }
    return out != NULL && fclose(out) == 0
               ? 0
               : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a golden trace");
}

int golden_text(pool_t *pool, char **text, int *side, error_t *e)
{
    const size_t units = unit_count(pool->suite);
    gathering_t g = {pool->suite, calloc(units, sizeof(char *))};
    int code;
    *text = NULL;
    if (g.life == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a golden trace");
    }
    pool->candidate_alone = true;
    pool->take = take;
    pool->context = &g;
    code = pool_run(pool, side, e);
    code = code != 0 ? code : join(&g, pool, units, text, e);
    for (size_t i = 0; i < units; i++) {
        free(g.life[i]);
    }
    free(g.life);
    return code;
}

/* ---- what differs ------------------------------------------------------------------------------------------------------ */

/* A line of a text: from `at` up to its end, without it. */
typedef struct line_t {
    const char *at;
    size_t length;
} line_t;

static line_t line_at(const char *at)
{
    return (line_t){at, strcspn(at, "\n")};
}

static const char *after(line_t l)
{
    return l.at[l.length] == '\n' ? l.at + l.length + 1 : l.at + l.length;
}

static bool is_id(line_t l)
{
    return strncmp(l.at, ID_LINE, strlen(ID_LINE)) == 0;
}

static bool is_life(line_t l)
{
    return strncmp(l.at, "life ", 5) == 0;
}

static bool equal(line_t a, line_t b)
{
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static void put(char sign, line_t l, FILE *out)
{
    (void)fprintf(out, "%c %.*s\n", sign, (int)l.length, l.at);
}

/* The end of the block that begins here: a life's line with its days, or one line of the head. */
static const char *block_end(const char *at)
{
    const bool life = is_life(line_at(at));
    at = *at != '\0' ? after(line_at(at)) : at;
    while (life && *at != '\0' && !is_life(line_at(at))) {
        at = after(line_at(at));
    }
    return at;
}

static bool contains(const char *from, const char *end, line_t l)
{
    for (; from < end; from = after(line_at(from))) {
        if (equal(line_at(from), l)) {
            return true;
        }
    }
    return false;
}

/* Lines of a block that the other has not. */
static void put_rest(char sign, const char *from, const char *end, const char *other,
                     const char *other_end, FILE *out)
{
    for (; from < end; from = after(line_at(from))) {
        if (!contains(other, other_end, line_at(from))) {
            put(sign, line_at(from), out);
        }
    }
}

bool golden_differ(const char *was, const char *is, FILE *out)
{
    bool differs = false;
    while (*was != '\0' || *is != '\0') {
        const char *was_end = block_end(was), *is_end = block_end(is);
        const size_t n = (size_t)(was_end - was), m = (size_t)(is_end - is);
        const bool same =
            (n == m && memcmp(was, is, n) == 0) || (is_id(line_at(was)) && is_id(line_at(is)));
        if (!same) {
            differs = true;
            put_rest('-', was, was_end, is, is_end, out);
            put_rest('+', is, is_end, was, was_end, out);
        }
        was = was_end;
        is = is_end;
    }
    return differs;
}
