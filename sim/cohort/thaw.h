/* SPDX-License-Identifier: Apache-2.0 */
/* A study takes its people from a frozen cohort: opened once the study is read, before anything runs.
 *
 * The people stand in for the draw, and the settings that they were drawn by for the study's: population but for mortality, body.csf, body.response,
 * body.tolerance, drugs[].kinetics, catheter.tip. So the study is what it was when they were frozen, whatever its file or this program's
 * defaults say of these today. Of arms that share a cohort none may differ in them.
 */
#ifndef SIM_COHORT_THAW_H
#define SIM_COHORT_THAW_H

#include "config/study.h"
#include "error.h"

/* A line for people: "population.age_mean: …". */
typedef void thaw_warning_t(void *context, const char *text);

/* Opens the cohorts of *s and of its arms, which *s then owns; nothing where there are none. population.cohort becomes the name of the file
 * without its folder and population.cohort_hash its hash, so that the resolved config names these people and no others. What
 * differs from the file is told to `warn` (NULL: nobody) and added to s->warnings.
 * ERROR_CONFIG: fewer people than patients, other drugs, another hash, an arm that would be as another; the errors of frozen_open
 * and frozen_verify_identity. *s is as it was read after an error, but not to be run. */
int thaw_study(study_t *s, thaw_warning_t *warn, void *context, error_t *e)
    __attribute__((warn_unused_result));

/* 1 where the people of a frozen cohort bring the value of this key of a study, so that the study's own is not used: "body.csf.leak". */
int thaw_brings(const char *key);

#endif
