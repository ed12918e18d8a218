/* SPDX-License-Identifier: Apache-2.0 */
/* The dataset put together while patients still run: whoever has finished a record appends those that are next in the order of
 * keys, unless somebody is at it.
 *
 * It is ahead of its time and nothing hangs on it: where anything is amiss it gives up what it has, and assembly_finish puts
 * the whole together from the journal as if nothing had been done before, and tells what was amiss. The same bytes either way.
 *
 * Thread rule: assembly_note is called under what guards the journal, OpenMP's critical section cohort_shared; assembly_advance and
 * assembly_make_room by any thread outside of it; all else by one thread while no other is at work. HDF5 is used by the one thread that holds
 * the lock, in the critical section cohort_hdf5, since others may read the people of a frozen cohort meanwhile.
 */
#ifndef COHORT_ASSEMBLY_H
#define COHORT_ASSEMBLY_H

#include <omp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset/journal.h"
#include "dataset/provenance.h"
#include "dataset/writer.h"
#include "error.h"

/* From where to where; all pointers are borrowed until assembly_free. */
typedef struct assembly_param_t {
    journal_t *journal;
    const char *path;
    const provenance_t *p;
    writer_options_t options;
    int64_t total;                          /* records in the journal when all are done */
    const volatile sig_atomic_t *interrupt; /* not 0: assembly_advance returns soon */
} assembly_param_t;

/* Private. Must not move. */
typedef struct assembly_t {
    assembly_param_t param;
    size_t
        *place; /* [total], owned: 1 + where each record stands in the journal; 0: not there yet */
    omp_lock_t lock;  /* of what follows */
    writer_t *writer; /* NULL before the first record, and where it was given up */
    bool given_up;
    bool made_room; /* there was a dataset to give up */
    int64_t next;   /* record that is due */
} assembly_t;

/* Begins with nothing. Errors: ERROR_MEMORY; assembly_free is legal then. */
int assembly_init(assembly_t *a, const assembly_param_t *param, error_t *e)
    __attribute__((warn_unused_result));

/* Record `index`, from 0 in the order of keys, is at `place` of the journal's entries. */
void assembly_note(assembly_t *a, int64_t index, size_t place);

/* Appends what is next in order. Returns at once where another thread is at it. */
void assembly_advance(assembly_t *a);

/* Gives up what there is of a dataset, for a disk that is full: the journal is worth more. Whether there was any, now or when
 * another thread asked before: whoever failed to write may try once more. */
bool assembly_make_room(assembly_t *a);

/* All records are in the journal: appends the rest, and gives the dataset its name. Errors of writer_assemble. */
int assembly_finish(assembly_t *a, error_t *e) __attribute__((warn_unused_result));

/* Drops a dataset that did not get its name, and frees. */
void assembly_free(assembly_t *a);

#endif
