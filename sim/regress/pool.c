/* SPDX-License-Identifier: Apache-2.0 */
/* Two cores on the units of a suite, in processes side by side. */
#include "regress/pool.h"

#include "host/core.h"
#include "regress/unit.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A process that says nothing for this many times the processor time of a patient sleeps, or waits for what never comes. */
#define SILENCE_FACTOR 4

/* One process after another, over every n-th unit with one core. */
typedef struct lane_t {
    child_task_t task; /* its `first` moves on with every process */
    int side;
    child_t child;
    bool over;
} lane_t;

typedef struct lanes_t {
    pool_t *pool;
    size_t units, count;
    lane_t *lane;       /* [count], owned */
    struct pollfd *fds; /* [count], owned */
    int refused;        /* side whose core was refused; -1: none */
} lanes_t;

/* What the candidate's pumps have before an upgrade; lived alone it upgrades itself. */
static const char *before_of(const pool_t *p, int side)
{
    if (side != POOL_CANDIDATE || p->candidate_alone) {
        return NULL;
    }
    return p->core[POOL_BASELINE] != NULL ? p->core[POOL_BASELINE] : CORE_CODE_BUILTIN;
}

static child_task_t task_of(const pool_t *p, int side)
{
    return (child_task_t){.program = p->program,
                          .suite = p->path,
                          .core = p->core[side],
                          .before = before_of(p, side),
                          .first = 0,
                          .stride = 1,
                          .patients = p->suite->first,
                          .others = p->suite->population.unpaired != 0 && side == POOL_CANDIDATE};
}

static int start_lane(lanes_t *l, lane_t *lane, error_t *e)
{
    lane->over = lane->task.first >= l->units;
    return lane->over ? 0 : child_start(&lane->child, &lane->task, e);
}

static int start(lanes_t *l, error_t *e)
{
    const size_t sides = l->pool->candidate_alone ? 1 : POOL_SIDES;
    const size_t each = l->count / sides;
    int code = 0;
    for (size_t i = 0; i < l->count; i++) {
        l->lane[i].child.fd = -1;
        l->lane[i].over = true;
    }
    for (size_t i = 0; code == 0 && i < l->count; i++) {
        lane_t *lane = &l->lane[i];
        lane->side = sides == 1 ? POOL_CANDIDATE : (int)(i % POOL_SIDES);
        lane->task = task_of(l->pool, lane->side);
        lane->task.first = i / sides;
        lane->task.stride = each;
        code = start_lane(l, lane, e);
    }
    return code;
}

static int hand_on(const pool_t *p, lane_t *lane, error_t *e)
{
    testimony_t t;
    const size_t unit = lane->child.unit;
    if (unit != lane->task.first) {
        return ERROR_RAISE(e, ERROR_LIBRARY, "%s witness lived unit %zu where %zu was asked for",
                           p->program, unit, lane->task.first);
    }
    child_take(&lane->child, &t);
    lane->task.first = unit + lane->task.stride;
    return p->take(p->context, unit, lane->side, &t, e);
}

/* A candidate's witness loads the baseline too, for upgrades, and loads it first: where neither can be loaded, all say the baseline. */
static int refuse(lanes_t *l, const lane_t *lane, error_t *e)
{
    l->refused = lane->child.refused == CHILD_BEFORE ? POOL_BASELINE : lane->side;
    *e = lane->child.testimony.error;
    return e->code;
}

static int tell_early_end(const pool_t *p, size_t unit, error_t *e)
{
    return ERROR_RAISE(e, ERROR_LIBRARY, "%s witness ended before unit %zu of %s", p->program, unit,
                       p->path);
}

/* A process is over: the next goes on behind the unit that it died of. One that dies between units tells of no core. */
static int go_on(lanes_t *l, lane_t *lane, error_t *e)
{
    const size_t before = lane->task.first;
    int code = 0;
    if (lane->child.refused != CHILD_NO_CORE) {
        return refuse(l, lane, e);
    }
    if (lane->child.in_unit) {
        code = hand_on(l->pool, lane, e);
    } else if (before < l->units) {
        return tell_early_end(l->pool, before, e);
    }
    child_end(&lane->child);
    return code != 0 ? code : start_lane(l, lane, e);
}

static int hear(lanes_t *l, lane_t *lane, error_t *e)
{
    child_news_t heard, news;
    int code = child_listen(&lane->child, &heard, e);
    char *id = l->pool->id[lane->side];
    do {
        code = code != 0 ? code : child_next(&lane->child, &news, e);
        if (code == 0 && news == CHILD_UNIT) {
            code = hand_on(l->pool, lane, e);
        }
    } while (code == 0 && news == CHILD_UNIT);
    if (lane->child.core[0] != '\0') {
        (void)snprintf(id, sizeof l->pool->id[0], "%s", lane->child.core);
    }
    return code == 0 && heard == CHILD_OVER ? go_on(l, lane, e) : code;
}

static void count_silence(const pool_t *p, child_t *c)
{
    if (++c->silent_s > SILENCE_FACTOR * (p->suite->cpu_ms / 1000 + 1)) {
        child_stop_silent(c);
    }
}

/* The lanes that still run; 0: all are over. */
static size_t watch(lanes_t *l)
{
    size_t running = 0;
    for (size_t i = 0; i < l->count; i++) {
        l->fds[i] = (struct pollfd){l->lane[i].over ? -1 : l->lane[i].child.fd, POLLIN, 0};
        running += !l->lane[i].over;
    }
    return running;
}

static int turn(lanes_t *l, error_t *e)
{
    const int ready = poll(l->fds, (nfds_t)l->count, 1000);
    int code = 0;
    if (*l->pool->interrupt != 0) {
        return ERROR_RAISE(e, ERROR_INTERRUPTED, "interrupted");
    }
    if (ready < 0 && errno != EINTR) {
        return ERROR_RAISE(e, ERROR_LIBRARY, "processes cannot be watched: %s", strerror(errno));
    }
    for (size_t i = 0; ready == 0 && i < l->count; i++) {
        if (!l->lane[i].over) {
            count_silence(l->pool, &l->lane[i].child);
        }
    }
    for (size_t i = 0; code == 0 && ready > 0 && i < l->count; i++) {
        if (l->fds[i].revents != 0) {
            code = hear(l, &l->lane[i], e);
        }
    }
    return code;
}

static int run_lanes(lanes_t *l, error_t *e)
{
    int code = start(l, e);
    while (code == 0 && watch(l) > 0) {
        code = turn(l, e);
    }
    for (size_t i = 0; i < l->count; i++) {
        child_end(&l->lane[i].child);
    }
    return code;
}

int pool_run(pool_t *p, int *side, error_t *e)
{
    const size_t each = p->jobs > POOL_SIDES ? (size_t)p->jobs / POOL_SIDES : 1;
    lanes_t l = {.pool = p, .units = unit_count(p->suite), .count = each * POOL_SIDES};
    int code;
    l.refused = -1;
    l.lane = calloc(l.count, sizeof *l.lane);
    l.fds = calloc(l.count, sizeof *l.fds);
    code = l.lane != NULL && l.fds != NULL
               ? run_lanes(&l, e)
               : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for %zu processes", l.count);
    *side = l.refused;
    free(l.lane);
    free(l.fds);
    return code;
}

/* A unit with one core, and the name that the core gives itself. */
static int again(const pool_t *p, const child_task_t *task, testimony_t *t,
                 char id[CHILD_CORE_SIZE], error_t *e)
{
    child_t c;
    child_news_t heard = CHILD_NOTHING, news = CHILD_NOTHING;
    testimony_init(t);
    int code = child_start(&c, task, e);
    while (code == 0 && news != CHILD_UNIT && heard != CHILD_OVER) {
        struct pollfd fd = {c.fd, POLLIN, 0};
        const int ready = poll(&fd, 1, 1000);
        if (*p->interrupt != 0) {
            code = ERROR_RAISE(e, ERROR_INTERRUPTED, "interrupted");
        } else if (ready == 0) {
            count_silence(p, &c);
        } else {
            code = child_listen(&c, &heard, e);
            code = code != 0 ? code : child_next(&c, &news, e);
        }
    }
    if (code == 0 && c.testimony.end == TESTIMONY_NONE && c.refused == CHILD_NO_CORE) {
        code = tell_early_end(p, task->first, e);
    }
    if (code == 0) {
        child_take(&c, t);
        (void)snprintf(id, CHILD_CORE_SIZE, "%s", c.core);
    }
    child_end(&c);
    return code;
}

int pool_again(const pool_t *p, size_t unit, int side, int64_t window, int64_t calls,
               testimony_t *t, error_t *e)
{
    char id[CHILD_CORE_SIZE];
    child_task_t task = task_of(p, side);
    task.first = unit;
    task.most = 1;
    task.window = window;
    task.window_calls = calls;
    return again(p, &task, t, id, e);
}

int pool_hear(pool_t *p, size_t unit, int side, const child_ear_t *ear, testimony_t *t, error_t *e)
{
    child_task_t task = task_of(p, side);
    task.first = unit;
    task.most = 1;
    task.window_calls = INT64_MAX;
    task.ear = ear;
    return again(p, &task, t, p->id[side], e);
}
