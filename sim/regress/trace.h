/* SPDX-License-Identifier: Apache-2.0 */
/* What a dosing core did, as one stream of entries and HAL calls, folded into sums.
 *
 * A trace of years has millions of calls and is never kept: it is folded as it comes, and a mark is set every TRACE_MARK_CALLS
 * calls. Two traces that are equal have equal sums; where they are not, the first mark that differs says between which calls to
 * look, and the patient is run again with a window on these. Each family of calls has a sum of its own too, so that a
 * difference is named by what differs: a tone, a write into the store, a pulse.
 *
 * A sum is of 64 bits, each step a bijection of the sum and of the word folded in: a single word that differs is never missed,
 * of two sequences that differ otherwise one in 2^64.
 * Thread rule: one thread at a time.
 */
#ifndef SIM_REGRESS_TRACE_H
#define SIM_REGRESS_TRACE_H

#include "error.h"
#include "host/recorder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_MARK_CALLS 4096

/* What a call is about, in the order of what it may do to a patient. */
typedef enum trace_family_t {
    TRACE_MOTOR = 0,   /* arm, start and stop of trains */
    TRACE_SOUND = 1,   /* tones */
    TRACE_STORE = 2,   /* writes and erases */
    TRACE_RADIO = 3,   /* frames received and sent, pairing, authentication */
    TRACE_READING = 4, /* what it asked of its hardware, and when it wants to be woken */
} trace_family_t;

#define TRACE_FAMILIES 5

typedef struct trace_mark_t {
    int64_t calls;    /* folded so far */
    int64_t clock_ms; /* the pump's clock at the last of them */
    uint64_t sum;
} trace_mark_t;

typedef struct trace_t {
    int64_t calls;
    uint64_t sum; /* of all calls in order */
    struct {
        int64_t calls;
        uint64_t sum; /* of the family's calls in order, with their times */
    } family[TRACE_FAMILIES];
    trace_mark_t *mark; /* [marks], owned; the last one is of the end once trace_end was called */
    size_t marks, capacity;
    uint64_t clock_ms; /* of the last call */
    bool lost;         /* no memory for a mark */
} trace_t;

trace_family_t trace_family_of(recorder_call_id_t id);

/* "motor", "sound", "store", "radio" or "reading"; static. */
const char *trace_family_name(trace_family_t family);

void trace_init(trace_t *t);
void trace_free(trace_t *t);

/* Folds a call. */
void trace_fold(trace_t *t, const recorder_call_t *call);

/* Sets the last mark. ERROR_MEMORY: some mark could not be set. */
int trace_end(trace_t *t, error_t *e) __attribute__((warn_unused_result));

/* Number of the first call, from 0, of the stretch up to the first mark that differs; -1: the traces are equal. Both have
 * ended. */
int64_t trace_differ(const trace_t *a, const trace_t *b);

#endif
