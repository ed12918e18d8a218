/* SPDX-License-Identifier: Apache-2.0 */
/* Replay: one patient of a study or dataset, run again with a trace, and compared to the dataset's rows bit by bit. */
#ifndef SIM_COHORT_REPLAY_H
#define SIM_COHORT_REPLAY_H

#include "config/study.h"
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

/* The study that a dataset holds; the caller frees it. ERROR_CONFIG: this program cannot read it. */
int replay_study(const reader_t *from, study_t *s, error_t *e) __attribute__((warn_unused_result));

/* Runs the patient of `key` with every call and pulse traced, into *r (initialised by the caller), and finishes the
 * record. ERROR_ARGUMENT: the study has no such patient, arm and replicate; those of trajectory_run and
 * record_finish. */
int replay_run(const study_t *s, const core_t *core, record_key_t key, record_t *r, error_t *e)
    __attribute__((warn_unused_result));

/* Compares a finished record to the dataset's rows of the same key. ERROR_ARGUMENT: the dataset has no
 * such record; errors of the reader. */
int replay_compare(reader_t *from, const record_t *r, replay_difference_t *d, error_t *e)
    __attribute__((warn_unused_result));

#endif
