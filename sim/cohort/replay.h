/* SPDX-License-Identifier: Apache-2.0 */
/* Replay: one patient of a dataset, run again from what the dataset says, and compared to its rows bit by bit. */
#ifndef SIM_COHORT_REPLAY_H
#define SIM_COHORT_REPLAY_H

#include "dataset/reader.h"
#include "dataset/record.h"
#include "error.h"
#include "host/core.h"

#include <stddef.h>

/* The first value that differs; table is TABLE_COUNT where none does. */
typedef struct replay_difference_t {
    enum fields_table table;
    enum fields_id field;
    size_t row;       /* within the patient's rows of the table */
    double stored;    /* in the dataset; NaN where the row is missing there */
    double replayed;  /* now; NaN where the row is missing here */
    size_t different; /* values that differ in all */
} replay_difference_t;

/* Runs the patient of `key` again with every call and pulse traced, into *r (initialised by the caller), and
 * finishes the record. ERROR_ARGUMENT: the dataset has no such patient, arm and replicate; ERROR_CONFIG: its
 * config cannot be read by this program; those of trajectory_run and record_finish. */
int replay_run(reader_t *from, const core_t *core, record_key_t key, record_t *r, error_t *e)
    __attribute__((warn_unused_result));

/* Compares a finished record to the dataset's rows of the same key. Errors of the reader. */
int replay_compare(reader_t *from, const record_t *r, replay_difference_t *d, error_t *e)
    __attribute__((warn_unused_result));

#endif
