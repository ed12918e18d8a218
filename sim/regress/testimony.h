/* SPDX-License-Identifier: Apache-2.0 */
/* What became of one patient with one dosing core: all that a comparison needs, from the process that lived it.
 *
 * A testimony ends in one of the ways of testimony_end_t. Only of TESTIMONY_LIVED everything below is known; of the others what
 * was heard before the end.
 */
#ifndef SIM_REGRESS_TESTIMONY_H
#define SIM_REGRESS_TESTIMONY_H

#include "error.h"
#include "regress/daybook.h"
#include "regress/trace.h"
#include "regress/volume.h"

#include <stddef.h>
#include <stdint.h>

typedef enum testimony_end_t {
    TESTIMONY_NONE = 0,  /* nobody has lived it */
    TESTIMONY_LIVED = 1, /* to its horizon, or to the last explant */
    TESTIMONY_ERROR =
        2, /* the simulation stopped it: a limit of the pump, the ledger, a core that does not start */
    TESTIMONY_CRASHED = 3, /* the process died by a signal */
    TESTIMONY_ENDLESS = 4, /* it used up its processor time */
    TESTIMONY_GONE = 5     /* the process ended by itself, or what it said was torn */
} testimony_end_t;

/* A call of the window, with its bytes. */
typedef struct testimony_call_t {
    int64_t number;       /* from 0 */
    recorder_call_t call; /* bytes point into the same allocation; NULL where there are none */
} testimony_call_t;

typedef struct testimony_t {
    testimony_end_t end;
    int signal;    /* of TESTIMONY_CRASHED */
    error_t error; /* of TESTIMONY_ERROR */
    int64_t calls; /* last heard of */
    int64_t clock_ms;
    trace_t trace;
    volume_t volume;
    daybook_t daybook;
    uint8_t *record; /* [record_size] a finished record's frame (dataset/record.h), owned */
    size_t record_size;
    testimony_call_t **window; /* [windowed] calls of the window asked for, each owned */
    size_t windowed, capacity;
} testimony_t;

void testimony_init(testimony_t *t);
void testimony_free(testimony_t *t);

/* "lived", "error", "crashed", "endless", "gone"; static. */
const char *testimony_end_name(testimony_end_t end);

/* Keeps a copy of a call. ERROR_MEMORY. */
int testimony_keep(testimony_t *t, int64_t number, const recorder_call_t *call, error_t *e)
    __attribute__((warn_unused_result));

#endif
