/* SPDX-License-Identifier: Apache-2.0 */
/* Two cores on the units of a suite, in processes side by side.
 *
 * Each process has one core and every n-th unit. Where one dies, its unit has that for its end, and another goes on with the
 * next; so a core that dies of every patient costs one process each and nothing else. What is handed on is handed on in the order
 * in which it comes, which differs from run to run: whoever takes it puts it in order.
 */
#ifndef SIM_REGRESS_POOL_H
#define SIM_REGRESS_POOL_H

#include "config/suite.h"
#include "error.h"
#include "regress/child.h"
#include "regress/testimony.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* The two that are compared. */
enum { POOL_BASELINE = 0, POOL_CANDIDATE = 1, POOL_SIDES = 2 };

typedef struct pool_t {
    const char *program;          /* this program's executable; borrowed like all here */
    const char *path;             /* of the suite */
    const suite_t *suite;         /* as read from there */
    const char *core[POOL_SIDES]; /* paths; NULL: the built-in one */
    bool candidate_alone;         /* the baseline is not lived */
    int jobs;                     /* processes, >= 1; at least one for each core */
    const volatile sig_atomic_t *interrupt;
    /* Takes over *t. An error ends the pool. */
    char id[POOL_SIDES][CHILD_CORE_SIZE]; /* out: as the cores name themselves */
    int (*take)(void *context, size_t unit, int side, testimony_t *t, error_t *e);
    void *context;
} pool_t;

/* Lives every unit with both cores. ERROR_CORE_LOAD or ERROR_CORE_ABI with *side: that core cannot be loaded, nothing was handed on
 * of it; ERROR_INTERRUPTED; ERROR_LIBRARY; ERROR_MEMORY; errors of `take`. No process is left in any case. */
int pool_run(pool_t *p, int *side, error_t *e) __attribute__((warn_unused_result));

/* One unit with one core again, telling `calls` calls from `window` on. */
int pool_again(const pool_t *p, size_t unit, int side, int64_t window, int64_t calls,
               testimony_t *t, error_t *e) __attribute__((warn_unused_result));

/* One unit with one core again, its calls told to `ear` as they come and not kept in *t. p->id[side] is set. Where the core cannot be loaded, t->end is
 * TESTIMONY_NONE and t->error says why. ERROR_INTERRUPTED too. */
int pool_hear(pool_t *p, size_t unit, int side, const child_ear_t *ear, testimony_t *t, error_t *e)
    __attribute__((warn_unused_result));

#endif
