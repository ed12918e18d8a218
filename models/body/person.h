/* SPDX-License-Identifier: Apache-2.0 */
/* A drawn individual: central values and the spread of population.def make one person.
 *
 * Covariates: diagnosis, then sex and class of tolerance given the diagnosis; age (normal, truncated to 18..80); height (normal, by
 * sex); body mass index (log-normal), whence weight. The canal's length goes with height; CSF area is a
 * log-normal factor that falls with body mass index; the cranial node grows with age. Log-normal factors with
 * median 1: dispersion (whole profile: square of the stroke volume's factor times a residual); loss (spinal
 * and cranial, one factor for all drugs); tip drain; plasma clearance (one for all drugs); EC50; rise and time
 * constant of tolerance. Normal: baseline tone, truncated to 1..5. The catheter's tip lies a few levels from
 * where it was meant to. Each takes one uniform, by inverse CDF; some are correlated (person_normals). A person
 * is a pure function of the uniforms.
 *
 * Thread rule: pure functions.
 */
#ifndef BODY_PERSON_H
#define BODY_PERSON_H

#include "body/anatomy.h"
#include "body/ashworth.h"
#include "body/body.h"
#include "body/parameters.h"
#include "device/segment.h"
#include "error.h"

#define PERSON_AGE_LEAST_YEARS 18.0
#define PERSON_AGE_MOST_YEARS 80.0
#define PERSON_TIP_LEVELS_MOST 2 /* furthest the tip lies from where it was meant to */

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
    PERSON_AGE = PERSON_GROUP_FIRST + ASHWORTH_GROUPS,
    PERSON_HEIGHT,
    PERSON_BMI,
    PERSON_DIAGNOSIS,
    PERSON_SEX,
    PERSON_TIP,
    PERSON_TOLERANCE_CLASS,
    PERSON_TOLERANCE_RISE,
    PERSON_TOLERANCE_TAU,
    PERSON_DRAWS
};

enum person_sex { PERSON_MALE = 0, PERSON_FEMALE = 1 };

/* What made the spasticity; the numbers are part of every dataset's meaning. */
enum person_diagnosis { PERSON_SCI = 0, PERSON_MS = 1, PERSON_OTHER = 2 };

/* Tolerance that ends, or that keeps on rising by the slow component. */
enum person_tolerance { PERSON_TOLERANCE_ENDS = 0, PERSON_TOLERANCE_CONTINUES = 1 };

/* The centre of the population: what a person is when every factor is 1. */
typedef struct person_centre_t {
    csf_param_t csf; /* length_scale: at the height of population.def's canal_height */
    int drugs;       /* 1..SEGMENT_DRUGS_MAX */
    drug_param_t drug[SEGMENT_DRUGS_MAX];
    ashworth_param_t ashworth;
    tolerance_param_t tolerance;
    const char *tip_level; /* where the tip is meant to be, as of anatomy_find; borrowed */
} person_centre_t;

typedef struct person_t {
    double age_years;
    enum person_sex sex;
    double height_cm, weight_kg, bmi_kg_per_m2;
    enum person_diagnosis diagnosis;
    csf_param_t csf;
    int drugs;
    drug_param_t drug[SEGMENT_DRUGS_MAX];
    ashworth_param_t ashworth;
    double group_normal[ASHWORTH_GROUPS];
    tolerance_param_t tolerance;
    enum person_tolerance tolerance_class;
    double stroke_factor;              /* CSF stroke volume over the median */
    double clearance_factor;           /* plasma clearance over the median */
    double canal_csf_ml;               /* CSF volume of the canal */
    double canal_cm;                   /* its length, sac end to foramen magnum */
    char tip_level[ANATOMY_NAME_SIZE]; /* where the tip is */
    double tip_cm;                     /* its distance from the end of the dural sac */
    int held;     /* values that had to be held to the ends of their rows' ranges */
    int attempts; /* of population_draw, 1 for a first attempt; 0 from person_draw alone */
} person_t;

/* Every default of the .def lists, one drug, a tip meant for T10. */
person_centre_t person_centre_default(void);

/* The standard normals behind a person's uniforms, normal[PERSON_DRAWS], with the correlations of
 * population.def: volume with body mass index, stroke volume with height, clearance with age, baseline tone
 * with EC50. Where a correlation is 0, and for all others, it is the normal of the own uniform. */
void person_normals(const population_param_t *p, const double uniform[PERSON_DRAWS],
                    double normal[PERSON_DRAWS]);

/* Fills *person from PERSON_DRAWS uniforms. A drawn value outside the accepted range of its .def row is
 * held to that range and counted in `held`. Errors: ERROR_ARGUMENT where drugs is out of range, a uniform is
 * not in (0,1), a parameter is outside its row, shares add up to more than 1, or the tip's level is unknown. */
int person_draw(person_t *person, const population_param_t *population,
                const person_centre_t *centre, const double uniform[PERSON_DRAWS], error_t *e)
    __attribute__((warn_unused_result));

/* The body parameters of a person: one regime, tone by drug 0, tip and target as given (borrowed); the
 * person's own tip is person->tip_level. */
body_param_t person_body(const person_t *person, const char *tip_level, const char *target_level);

#endif
