/* SPDX-License-Identifier: Apache-2.0 */
/* The lives of catheters, from the table `events`: each from the day that it is put in until it first fails of itself.
 *
 * A patient's first catheter comes with the first pump; the next ones by a repair that gives them a number of their own. One that
 * never failed is cut off when the next takes its place, or when its trajectory ends; a patient's death ends it, as a cause of its
 * own (FIELDS_REASON_DIED). What a script imposes is no failure of the
 * catheter's own, and what fails again after a repair that left its number is not counted here. Lives of one patient are taken as
 * independent: each catheter has draws of its own. Only replicate 0. Time is in years of 365.25 days.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_CATHETERS_H
#define ANALYSIS_CATHETERS_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/lives.h"

enum catheters_which { CATHETERS_ALL, CATHETERS_FIRST /* each patient's first alone */ };

/* The lives of an arm, or of LIVES_ALL_ARMS: causes are FIELDS_REASON_*, 0 where the life was cut off; `whose` is the patient.
 * Nobody without a pump has one. *life is allocated, [*n] and never NULL on success; the caller frees it. Errors of the reader;
 * ERROR_MEMORY; ERROR_DATASET_TRUNCATED: a life ends before it begins. */
int catheters_lives(reader_t *r, int32_t arm, enum catheters_which which, survival_life_t **life,
                    size_t *n, error_t *e) __attribute__((warn_unused_result));

#endif
