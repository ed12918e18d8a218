/* SPDX-License-Identifier: Apache-2.0 */
/* Many patients: trajectories in parallel, a journal of finished ones, and the dataset at the end.
 *
 * Each patient lives once in every arm and, of that, in every replicate: 0 has the study's own values, the others the draws
 * of its uncertain parameters, which all patients and arms of a replicate share. A patient of an arm and replicate is one
 * record, computed from the study alone, by
 * whichever thread is free, and appended to PATH.journal when finished; the dataset is assembled in order of
 * patients, arms and replicates and then gets its name. So neither the number of threads nor an interruption changes a
 * byte. Memory is constant in patients and replicates but for 40 bytes a record of index and, in the dataset, 8 bytes a
 * draw of each uncertain parameter: the study of a replicate is made where it is lived, and let go.
 *
 * Arms share their random numbers: a draw is keyed by what it is for and by patient and replicate, never by
 * the arm. So the same person with the same pump meets the same chance in each arm, and what arms differ in
 * moves only what it causes.
 */
#ifndef SIM_COHORT_COHORT_H
#define SIM_COHORT_COHORT_H

#include "config/study.h"
#include "error.h"
#include "host/core.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct cohort_t {
    const study_t *study; /* borrowed, read by all threads */
    const core_t *core;   /* borrowed, read by all threads */
    const char *path;     /* of the dataset */
    int jobs;             /* threads, >= 1 */
    bool overwrite;       /* replace a dataset of that name, and drop a journal beside it */
    bool resume;          /* go on with the journal beside it, if there is one */
    int64_t shard,
        shards; /* only the patients p with (p - 1) mod shards + 1 == shard; shards 0: all */
    void (*progress)(void *context, int64_t done,
                     int64_t total); /* NULL: none; called under a lock; counts records */
    void *context;
    const volatile sig_atomic_t *interrupt; /* not 0: finish the patients in flight and return */
} cohort_t;

typedef struct cohort_outcome_t {
    int64_t resumed;    /* records found in the journal */
    int64_t run;        /* records simulated now */
    int32_t failed_arm; /* of the error's patient; 0 without one */
    int32_t failed_replicate;
} cohort_outcome_t;

/* Runs the study. Returns 0 with the dataset under its name and no journal left.
 * ERROR_INTERRUPTED: the journal holds what is done and --resume goes on from it. An error of a trajectory
 * is that of the lowest patient id, and there of the lowest arm and replicate, with patient and time; the journal is kept if anybody is in it. ERROR_ARGUMENT: a journal of another
 * shard. ERROR_EXISTS where the
 * dataset or its journal exists and neither overwrite nor resume was asked for. Else the errors of
 * journal.h and writer.h. */
int cohort_run(const cohort_t *c, cohort_outcome_t *outcome, error_t *e)
    __attribute__((warn_unused_result));

#endif
