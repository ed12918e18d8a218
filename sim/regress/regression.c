/* SPDX-License-Identifier: Apache-2.0 */
/* Two cores on a whole suite, and the verdict. */
#include "regress/regression.h"

#include <stdlib.h>
#include <string.h>

/* What is known while units come in, in any order. */
typedef struct gathering_t {
    regression_t *r;
    testimony_t *waiting; /* [units][POOL_SIDES], owned: of a unit whose other side has not come */
    population_t *keep;   /* or NULL */
    bool look;            /* for the first difference */
    size_t soonest;       /* unit that parts soonest; units: none */
    int64_t soonest_calls;
    testimony_t parted[POOL_SIDES]; /* its testimonies */
} gathering_t;

const char *regression_verdict_name(regression_verdict_t verdict)
{
    static const char *const name[REGRESSION_VERDICTS] = {"same",      "within", "by design",
                                                          "different", "broken", "baseline"};
    return name[verdict];
}

bool regression_verdict_passes(regression_verdict_t verdict)
{
    return verdict <= REGRESSION_DEPARTS;
}

/* ---- one unit ------------------------------------------------------------------------------------------------ */

static regression_end_t end_of(const testimony_t *t)
{
    return (regression_end_t){t->end, t->signal, t->error, t->calls, t->clock_ms};
}

/* Whether the simulation told how it ended: no design is a crash. */
static bool is_a_life(const testimony_t *t)
{
    return t->end == TESTIMONY_LIVED || t->end == TESTIMONY_ERROR;
}

static regression_verdict_t judge(const suite_t *suite, const suite_scenario_t *scenario,
                                  const testimony_t *sides, const compare_t *c)
{
    const testimony_t *candidate = &sides[POOL_CANDIDATE];
    const bool lived = candidate->end == TESTIMONY_LIVED;
    /* A therapy that the core does not take at enrolment is what a core is for. */
    const bool may_end = !suite->must_live || candidate->error.code == ERROR_CORE_REFUSED;
    if (c->passes && (lived || may_end)) {
        return c->same ? REGRESSION_SAME : REGRESSION_WITHIN;
    }
    if (scenario->departs != NULL && is_a_life(candidate) && is_a_life(&sides[POOL_BASELINE])) {
        return REGRESSION_DEPARTS;
    }
    if (lived) {
        return sides[POOL_BASELINE].end == TESTIMONY_LIVED ? REGRESSION_DIFFERENT
                                                           : REGRESSION_BASELINE;
    }
    return REGRESSION_BROKEN;
}

/* The number of calls after which a unit parts, to choose the shortest story; -1: it does not. */
static int64_t parts_at(const testimony_t *sides)
{
    if (sides[POOL_CANDIDATE].end != TESTIMONY_LIVED) {
        return sides[POOL_CANDIDATE].calls;
    }
    if (sides[POOL_BASELINE].end != TESTIMONY_LIVED) {
        return sides[POOL_BASELINE].calls;
    }
    return trace_differ(&sides[POOL_BASELINE].trace, &sides[POOL_CANDIDATE].trace);
}

static void free_both(testimony_t *sides)
{
    testimony_free(&sides[POOL_BASELINE]);
    testimony_free(&sides[POOL_CANDIDATE]);
}

/* Whether a unit that parts after `calls` calls tells the story better than the one kept: one that does not pass before one that
 * does, the sooner before the later, of equals the first; so the order in which they come is without effect. */
static bool tells_better(const gathering_t *g, size_t unit, int64_t calls)
{
    const regression_unit_t *all = g->r->unit;
    if (g->soonest == g->r->units) {
        return true;
    }
    const bool passes = regression_verdict_passes(all[unit].verdict);
    const bool kept_passes = regression_verdict_passes(all[g->soonest].verdict);
    if (passes != kept_passes) {
        return kept_passes;
    }
    return calls != g->soonest_calls ? calls < g->soonest_calls : unit < g->soonest;
}

static void keep_soonest(gathering_t *g, size_t unit, testimony_t *sides)
{
    const int64_t calls = parts_at(sides);
    if (g->r->unit[unit].verdict == REGRESSION_SAME || calls < 0 || !tells_better(g, unit, calls)) {
        free_both(sides);
        return;
    }
    free_both(g->parted);
    memcpy(g->parted, sides, sizeof g->parted);
    testimony_init(&sides[POOL_BASELINE]);
    testimony_init(&sides[POOL_CANDIDATE]);
    g->soonest = unit;
    g->soonest_calls = calls;
}

static int conclude(gathering_t *g, size_t unit, testimony_t *sides, error_t *e)
{
    regression_unit_t *u = &g->r->unit[unit];
    const suite_t *suite = g->r->suite;
    u->unit = unit_at(suite, unit);
    u->side[POOL_BASELINE] = end_of(&sides[POOL_BASELINE]);
    u->side[POOL_CANDIDATE] = end_of(&sides[POOL_CANDIDATE]);
    int code = compare_unit(&u->compare, suite, &suite->scenario[u->unit.scenario],
                            &sides[POOL_BASELINE], &sides[POOL_CANDIDATE], e);
    for (int side = 0; code == 0 && g->keep != NULL && side < POOL_SIDES; side++) {
        code = population_keep(g->keep, &u->unit, side, &sides[side], e);
    }
    if (code == 0) {
        u->verdict = judge(suite, &suite->scenario[u->unit.scenario], sides, &u->compare);
        keep_soonest(g, unit, sides);
    }
    return code;
}

static int take(void *context, size_t unit, int side, testimony_t *t, error_t *e)
{
    gathering_t *g = context;
    testimony_t *sides = &g->waiting[POOL_SIDES * unit];
    testimony_free(&sides[side]);
    sides[side] = *t;
    if (sides[POOL_BASELINE].end == TESTIMONY_NONE || sides[POOL_CANDIDATE].end == TESTIMONY_NONE) {
        return 0;
    }
    return conclude(g, unit, sides, e);
}

/* ---- all ------------------------------------------------------------------------------------------------------- */

bool regression_departs(const regression_t *r, size_t scenario)
{
    bool departs = false;
    for (size_t k = 0; k < r->units && !departs; k++) {
        departs = r->unit[k].unit.scenario == scenario && r->unit[k].verdict == REGRESSION_DEPARTS;
    }
    return departs;
}

/* A scenario said to differ by design of which no life does. */
static const suite_scenario_t *find_stale(const regression_t *r)
{
    for (size_t i = 0; i < r->suite->scenarios; i++) {
        if (r->suite->scenario[i].departs != NULL && !regression_departs(r, i)) {
            return &r->suite->scenario[i];
        }
    }
    return NULL;
}

static void add_up(regression_t *r)
{
    r->passes = true;
    for (size_t i = 0; i < r->units; i++) {
        const regression_unit_t *u = &r->unit[i];
        r->verdicts[u->verdict]++;
        r->passes = r->passes && regression_verdict_passes(u->verdict);
        if (u->verdict == REGRESSION_DEPARTS) {
            continue;
        }
        const int *judged = r->suite->scenario[u->unit.scenario].level;
        bool any = false;
        for (int level = 0; level < SUITE_POPULATION; level++) {
            r->level[level] |= judged[level] && u->compare.level[level];
            any = any || judged[level];
        }
        for (int f = 0; f < TRACE_FAMILIES; f++) {
            r->family[f] |= any && u->compare.family[f];
        }
    }
    r->stale = find_stale(r);
    r->passes = r->passes && r->stale == NULL;
}

/* Of a side that died, the second life with a window on its last calls tells to the call how far it came. */
static void learn_ends(regression_t *r)
{
    const divergence_t *d = &r->divergence;
    for (int side = 0; d->found && side < POOL_SIDES; side++) {
        if (d->side[side].end != TESTIMONY_LIVED) {
            r->unit[d->unit].side[side] = end_of(&d->side[side]);
        }
    }
}

static int gather(gathering_t *g, pool_t *pool, int *side, error_t *e)
{
    pool->take = take;
    pool->context = g;
    int code = pool_run(pool, side, e);
    if (code == 0) {
        add_up(g->r);
        g->r->story = g->soonest;
    }
    if (code == 0 && g->look && g->soonest < g->r->units) {
        code = divergence_find(&g->r->divergence, pool, g->soonest, &g->parted[POOL_BASELINE],
                               &g->parted[POOL_CANDIDATE], e);
        learn_ends(g->r);
    }
    return code;
}

static int run(gathering_t *g, pool_t *pool, int *side, error_t *e)
{
    regression_t *r = g->r;
    int code;
    memset(r, 0, sizeof *r);
    r->suite = pool->suite;
    g->soonest = r->units = unit_count(pool->suite);
    r->unit = calloc(r->units, sizeof *r->unit);
    g->waiting = calloc(POOL_SIDES * r->units, sizeof *g->waiting);
    code = r->unit != NULL && g->waiting != NULL
               ? gather(g, pool, side, e)
               : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for %zu units", r->units);
    for (size_t i = 0; g->waiting != NULL && i < POOL_SIDES * r->units; i++) {
        testimony_free(&g->waiting[i]);
    }
    free(g->waiting);
    free_both(g->parted);
    return code;
}

int regression_run(regression_t *r, pool_t *pool, population_t *keep, int *side, error_t *e)
{
    gathering_t g = {.r = r, .keep = keep, .look = true};
    return run(&g, pool, side, e);
}

int regression_verdicts(regression_t *r, pool_t *pool, int *side, error_t *e)
{
    gathering_t g = {.r = r};
    return run(&g, pool, side, e);
}

void regression_free(regression_t *r)
{
    for (size_t i = 0; r->unit != NULL && i < r->units; i++) {
        compare_free(&r->unit[i].compare);
    }
    free(r->unit);
    divergence_free(&r->divergence);
    memset(r, 0, sizeof *r);
}
