/* SPDX-License-Identifier: Apache-2.0 */
/* The lives of pumps, from the table `pumps`: how many are left after whole years, and what ended the others.
 *
 * A life begins when its pump is put in, new, and ends when it is taken out, or stops for good where no clinic takes it
 * out, for the reason that the table gives; one that still worked when its trajectory ended is cut off there. Lives of one patient are taken as independent: units are
 * drawn anew for each pump. Time is in years of 365.25 days. Beyond the longest life nothing is known, except where all have
 * ended: then none is left, and what ended them stays as it is.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_LIVES_H
#define ANALYSIS_LIVES_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/survival.h"

#define LIVES_YEARS 7
#define LIVES_MS_PER_YEAR (365.25 * 86400000.0)
#define LIVES_CAUSES 12
#define LIVES_ALL_ARMS (-1)

/* One cause of an end: FIELDS_REASON_*. */
typedef struct lives_cause_t {
    int cause;
    size_t ended;
    survival_point_t
        at[LIVES_YEARS]; /* cumulative incidence, the others competing; [y]: after y + 1 years */
} lives_cause_t;

typedef struct lives_t {
    size_t lives;
    size_t ended;
    double longest_years;
    survival_point_t left[LIVES_YEARS]; /* survival from all causes, a patient's death among them */
    size_t died;                        /* lives that a patient's death ended */
    survival_point_t outlast[LIVES_YEARS]; /* survival where those are cut off: of the pump alone */
    size_t causes;                         /* rows of cause[] */
    lives_cause_t cause[LIVES_CAUSES];     /* those that ended any, by their number */
} lives_t;

/* The lives of an arm, or of LIVES_ALL_ARMS: causes are FIELDS_REASON_*, 0 where the life was cut off; `whose` is the patient. *life is allocated,
 * [*n] and never NULL on success; the caller frees it. Errors of the reader; ERROR_DATASET_TRUNCATED: a life ends before it
 * begins. */
int lives_pumps(reader_t *r, int32_t arm, survival_life_t **life, size_t *n, error_t *e)
    __attribute__((warn_unused_result));

/* Cuts life[n] off where a patient's death ended them: what is left is of the unit alone. */
void lives_cut_deaths(survival_life_t *life, size_t n);

/* The lives of all arms and replicates of a reader that shows all, those of people_apart(draws, arm, replicate) from
 * (*start)[that] to the next; both are allocated, as above. The same errors, and for an arm or a replicate that is not there. */
int lives_apart(reader_t *r, int32_t draws, survival_life_t **life, size_t **start, error_t *e)
    __attribute__((warn_unused_result));

/* Describes life[n], which is put in order. Causes beyond LIVES_CAUSES have no row, and are in `left` and `ended` all the
 * same. Errors of survival_estimate. */
int lives_describe(lives_t *l, survival_life_t *life, size_t n, error_t *e)
    __attribute__((warn_unused_result));

#endif
