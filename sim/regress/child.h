/* SPDX-License-Identifier: Apache-2.0 */
/* A process that lives patients with one core, seen from the process that asked for it: started, listened to, ended.
 *
 * Thread rule: one thread at a time.
 */
#ifndef SIM_REGRESS_CHILD_H
#define SIM_REGRESS_CHILD_H

#include "error.h"
#include "regress/message.h"
#include "regress/testimony.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILD_CORE_SIZE 64

/* Who listens to calls as they come, one by one; a negative result ends it. */
typedef struct child_ear_t {
    int (*call)(void *context, const recorder_call_t *call, error_t *e);
    void *context; /* borrowed */
} child_ear_t;

/* What it is asked, as of witness_t. All borrowed. */
typedef struct child_task_t {
    const char *program; /* this program's executable */
    const char *suite;   /* path of the suite */
    const char *core;    /* path of a core; NULL: the built-in one */
    const char *before;  /* path of the core before an upgrade, or CORE_CODE_BUILTIN; NULL: none */
    size_t first, stride, most;
    bool others;
    int64_t patients; /* of each scenario at most; 0: all */
    int64_t window, window_calls;
    const child_ear_t
        *ear; /* gets the calls of the window, which are then not kept; NULL: nobody */
} child_task_t;

/* Which of its cores cannot be loaded. */
typedef enum child_refused_t {
    CHILD_NO_CORE = 0,
    CHILD_OWN = 1,
    CHILD_BEFORE = 2 /* the one before an upgrade */
} child_refused_t;

typedef struct child_t {
    pid_t pid; /* 0: not running */
    int fd;    /* its messages; -1: none */
    message_buffer_t buffer;
    bool in_unit; /* `unit` has begun and not ended */
    size_t unit;
    testimony_t testimony;      /* of that unit, so far */
    char core[CHILD_CORE_SIZE]; /* id that its core gives of itself; "" until it did */
    const child_ear_t *ear;     /* of its task */
    child_refused_t refused;    /* testimony.error says why */
    int64_t silent_s;           /* since its last message */
} child_t;

/* What came of listening once. */
typedef enum child_news_t {
    CHILD_NOTHING = 0, /* no whole message */
    CHILD_UNIT = 1,    /* testimony is whole: take it by child_take */
    CHILD_OVER = 2 /* the process has ended; where a unit was going on, its testimony says how */
} child_news_t;

/* Starts it. ERROR_LIBRARY: no pipe, no process. */
int child_start(child_t *c, const child_task_t *task, error_t *e)
    __attribute__((warn_unused_result));

/* Takes the next message that was read already. ERROR_MEMORY. */
int child_next(child_t *c, child_news_t *news, error_t *e) __attribute__((warn_unused_result));

/* Reads what is in the pipe; at its end, waits for the process and gives CHILD_OVER. ERROR_MEMORY, ERROR_FILE_READ. */
int child_listen(child_t *c, child_news_t *news, error_t *e) __attribute__((warn_unused_result));

/* Hands over the testimony of the unit; *to need not be initialised and is the caller's to free. */
void child_take(child_t *c, testimony_t *to);

/* Ends it, however far it is, and frees all. Legal on one that is zero, or over. */
void child_end(child_t *c);

/* Ends a process that has been silent for too long; its unit counts as endless. */
void child_stop_silent(child_t *c);

#endif
