/* SPDX-License-Identifier: Apache-2.0 */
/* The people of one frozen cohort, one by one: whatever the size of the file, two blocks of rows in memory.
 *
 * Thread rule: opened, asked for its file and closed by one thread; any number of threads may ask for people, while others use HDF5 in
 * OpenMP's critical section cohort_hdf5 only, as assembly.h does.
 */
#ifndef SIM_COHORT_THAW_PEOPLE_H
#define SIM_COHORT_THAW_PEOPLE_H

#include "config/study.h"
#include "dataset/frozen.h"
#include "error.h"

typedef struct thaw_people_t thaw_people_t;

/* Opens s->cohort.path and holds it against the study. *t is NULL on an error: ERROR_CONFIG where it has too few people, other drugs or
 * another hash; ERROR_DATASET_VERSION where a field is missing; ERROR_MEMORY; the errors of frozen_open and
 * frozen_verify_identity. */
int thaw_people_open(thaw_people_t **t, const study_t *s, error_t *e)
    __attribute__((warn_unused_result));

/* The file, and the number in it of a column of person_row.h. */
const frozen_t *thaw_people_file(const thaw_people_t *t);
size_t thaw_people_at(const thaw_people_t *t, size_t column);

/* What a study asks; whoever holds it frees *t by its `release`. */
study_people_t thaw_people_source(thaw_people_t *t);

#endif
