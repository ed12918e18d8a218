/* SPDX-License-Identifier: Apache-2.0 */
/* The concentration along the whole canal, as often as record.canal says: the rows of table `canal`.
 *
 * One row for each level, read in its middle, from the sac to C1, and one for the cisterns: in the order of FIELDS_LEVEL_*. Nothing
 * is read, and no site of the body is taken, where the study records no canal or has no body.
 */
#ifndef SIM_COHORT_CANAL_H
#define SIM_COHORT_CANAL_H

#include "body/anatomy.h"
#include "body/body.h"
#include "body/person.h"
#include "config/study.h"
#include "dataset/record.h"
#include "error.h"

typedef struct canal_t {
    int64_t every_day; /* days from sample to sample; 0: none is taken */
    int site[ANATOMY_LEVELS];
} canal_t;

/* Takes the sites of every level of the body, or none: body NULL, or record.canal 0. Errors of body_site. */
int canal_init(canal_t *c, const study_t *study, body_t *body, error_t *e)
    __attribute__((warn_unused_result));

/* The rows of this day, where it is one that is recorded; the body's step must have ended here. */
void canal_day(const canal_t *c, body_t *body, int32_t day, record_t *r);

/* Level of a person's canal, FIELDS_LEVEL_*, in which the tip lies. */
int canal_tip_level(const person_t *person);

#endif
