/* SPDX-License-Identifier: Apache-2.0 */
/* A person as a row of numbers and back, to the bit: all that a person_t holds. The columns follow the models' lists of
 * parameters, so that none can be forgotten.
 *
 * Thread rule: pure functions.
 */
#ifndef SIM_COHORT_PERSON_ROW_H
#define SIM_COHORT_PERSON_ROW_H

#include "body/person.h"
#include "dataset/frozen.h"
#include "error.h"

/* The columns of people with so many drugs, 1 to SEGMENT_DRUGS_MAX: at most FROZEN_FIELDS_MAX. The first is the patient's number. */
size_t person_row_columns(int drugs);

/* What column i is; `central` is NaN. Static storage. */
const frozen_field_t *person_row_field(size_t i);

/* Writes row[person_row_columns(person->drugs)]. ERROR_ARGUMENT: the tip is at no level. */
int person_row_write(const person_t *person, int64_t patient, double *row, error_t *e)
    __attribute__((warn_unused_result));

/* Fills *person, all of it, from row[person_row_columns(drugs)]. ERROR_ARGUMENT: a named number that names nothing. */
int person_row_read(person_t *person, int drugs, const double *row, error_t *e)
    __attribute__((warn_unused_result));

/* The people of a study's arm when every factor is 1, as a person who is that centre: what has no key in a study is 0. The errors of
 * anatomy_shift. */
int person_row_central(const person_centre_t *centre, person_t *person, error_t *e)
    __attribute__((warn_unused_result));

#endif
