/* SPDX-License-Identifier: Apache-2.0 */
/* The person whom a study draws for a patient, and the body of that person.
 *
 * Pure functions of study and key.
 */
#ifndef SIM_COHORT_EMBODY_H
#define SIM_COHORT_EMBODY_H

#include "body/body.h"
#include "body/person.h"
#include "config/study.h"
#include "dataset/record.h"
#include "error.h"

/* Regime of the body while CSF drains through an open catheter or beside one; there only where the study can make one. */
#define EMBODY_DRAINING 1

/* What a person of the arm's study is when every factor is 1. */
void embody_centre(const study_t *arm, person_centre_t *centre);

/* Both take the study of the key's arm and replicate. A person of a frozen cohort is given as
 * it is. Errors: those of population_draw, of the cohort's file and of body_init; ERROR_ARGUMENT: a cohort that was not opened (thaw.h). The body is at time 0 and the
 * caller's to free, also after an error; *lumbar is the site of record.lumbar. */
int embody_person(const study_t *arm, const record_key_t *key, person_t *person, error_t *e)
    __attribute__((warn_unused_result));
int embody_body(const study_t *arm, const person_t *person, body_t *body, int *lumbar, error_t *e)
    __attribute__((warn_unused_result));

/* Tries persons and bodies of the first `patients` of a study, as study_load gives it, in every arm, and of the first patient
 * in its first `replicates` draws. Returns 0, or the error of the first who cannot be, with *who and e->patient: a run of
 * the study will stop there. */
int embody_try(const study_t *s, int64_t patients, int64_t replicates, record_key_t *who,
               error_t *e) __attribute__((warn_unused_result));

#endif
