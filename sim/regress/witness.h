/* SPDX-License-Identifier: Apache-2.0 */
/* The witness: a process of its own that lives patients with one dosing core and says what it saw, message by message.
 *
 * Whatever the core does, it does it here: a crash, an endless loop or memory without end are the end of this process alone.
 */
#ifndef SIM_REGRESS_WITNESS_H
#define SIM_REGRESS_WITNESS_H

#include "config/suite.h"
#include "error.h"
#include "host/core.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* By which the seed of other people is further. */
#define WITNESS_OTHERS 1000003

typedef struct witness_t {
    const suite_t *suite; /* borrowed */
    const core_t *core;   /* borrowed */
    const core_t
        *before; /* borrowed: what a pump of a scenario with `upgrade` has first; NULL: `core` */
    int fd;      /* of the pipe */
    size_t first, stride;         /* units first, first + stride and so on */
    size_t most;                  /* at most so many of them; 0: all */
    bool others;                  /* people drawn from another seed, WITNESS_OTHERS further */
    int64_t window, window_calls; /* calls to tell one by one, from 0; 0 calls: none */
} witness_t;

/* Lives the units and tells of each. An error of a unit is told and is none here. ERROR_FILE_WRITE: nobody listens any more. */
int witness_run(const witness_t *w, error_t *e) __attribute__((warn_unused_result));

/* Tells that the core, or the one before it, cannot be loaded. */
int witness_refuse(int fd, bool before, const error_t *why, error_t *e)
    __attribute__((warn_unused_result));

#endif
