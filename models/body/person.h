/* SPDX-License-Identifier: Apache-2.0 */
/* A drawn individual: central values and the spread of population.def make one person.
 *
 * Log-normal factors have median 1 and the CV of population.def: volume_scale; dispersion (whole profile:
 * square of the stroke volume's factor times a residual); loss (spinal and cranial, one factor for all
 * drugs); tip drain; plasma clearance (one factor for all drugs); EC50. Normal: baseline tone, truncated to
 * 1..5. All by inverse CDF, one uniform each, so that
 * a person is a pure function of its uniforms and monotone in each.
 *
 * Thread rule: pure functions.
 */
#ifndef BODY_PERSON_H
#define BODY_PERSON_H

#include "body/ashworth.h"
#include "body/body.h"
#include "body/parameters.h"
#include "device/segment.h"
#include "error.h"

/* Uniforms in (0,1) a person takes, in this order; append only. */
enum person_draw {
    PERSON_VOLUME,
    PERSON_STROKE,
    PERSON_DISPERSION,
    PERSON_LOSS,
    PERSON_TIP_DRAIN,
    PERSON_CLEARANCE,
    PERSON_SENSITIVITY,
    PERSON_BASELINE,
    PERSON_GROUP_FIRST, /* ASHWORTH_GROUPS of them */
    PERSON_DRAWS = PERSON_GROUP_FIRST + ASHWORTH_GROUPS
};

/* The centre of the population: what a person is when every factor is 1. */
typedef struct person_centre_t {
    csf_param_t csf;
    int drugs; /* 1..SEGMENT_DRUGS_MAX */
    drug_param_t drug[SEGMENT_DRUGS_MAX];
    ashworth_param_t ashworth;
} person_centre_t;

typedef struct person_t {
    csf_param_t csf;
    int drugs;
    drug_param_t drug[SEGMENT_DRUGS_MAX];
    ashworth_param_t ashworth;
    double group_normal[ASHWORTH_GROUPS];
    double stroke_factor; /* CSF stroke volume over the median */
    double canal_csf_ml;  /* CSF volume of the canal */
} person_t;

/* Every default of the .def lists, one drug. */
person_centre_t person_centre_default(void);

/* Fills *person from PERSON_DRAWS uniforms. A drawn value outside the accepted range of its .def row is
 * held to that range. Errors: ERROR_ARGUMENT where drugs is out of range or a uniform is not in (0,1). */
int person_draw(person_t *person, const population_param_t *population,
                const person_centre_t *centre, const double uniform[PERSON_DRAWS], error_t *e)
    __attribute__((warn_unused_result));

/* The body parameters of a person: one regime, tone by drug 0, tip and target as given (borrowed). */
body_param_t person_body(const person_t *person, const char *tip_level, const char *target_level);

#endif
