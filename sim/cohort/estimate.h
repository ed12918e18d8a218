/* SPDX-License-Identifier: Apache-2.0 */
/* What a study will cost: time, files and memory, from constants measured once.
 *
 * The constants (estimate.c) were measured with the release build on a machine of two cores; another machine
 * is faster or slower by a factor, and a study differs from those measured. Good to within a factor of two,
 * which is what one wants to know before a run of an hour. Pure functions.
 */
#ifndef COHORT_ESTIMATE_H
#define COHORT_ESTIMATE_H

#include "config/study.h"

typedef struct estimate_t {
    double patient_years; /* over all arms and replicates */
    double time_s;        /* of the clock, all threads busy */
    double dataset_bytes;
    double journal_bytes; /* beside the dataset until it is assembled */
    double memory_bytes;  /* at the peak; grows by 40 bytes a record alone */
} estimate_t;

/* For a study as study_load gives it, run by `threads` >= 1 threads. */
void estimate_study(const study_t *s, int threads, estimate_t *out);

#endif
