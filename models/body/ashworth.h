/* SPDX-License-Identifier: Apache-2.0 */
/* Muscle tone on the original Ashworth scale (1 to 5; 1 is no increase in tone) from an effect-site
 * concentration.
 *
 * Each of ASHWORTH_GROUPS muscle groups has a latent tone without drug, baseline + group_sd * normal,
 * held to 1..5. The drug takes away the fraction greatest * C^hill / (ec50^hill + C^hill) of the tone above
 * 1 (sigmoid inhibition). A rater sees latent tone + rater_sd * normal, rounded to the nearest whole
 * category 1..5; a score is the mean over the groups. Ashworth 1964, Practitioner 192:540 for the scale; the
 * rest is an assumption (ashworth.def).
 *
 * Nothing here draws: every normal is passed in. Thread rule: read-only after init.
 */
#ifndef BODY_ASHWORTH_H
#define BODY_ASHWORTH_H

#include "body/parameters.h"
#include "error.h"

#define ASHWORTH_GROUPS 8
#define ASHWORTH_FLOOR 1.0
#define ASHWORTH_TOP 5.0

typedef struct ashworth_t {
    ashworth_param_t param;
    double tone[ASHWORTH_GROUPS]; /* latent tone without drug, 1..5 */
} ashworth_t;

/* group_normal[ASHWORTH_GROUPS]: standard normals, one a muscle group, fixed for the person. Errors:
 * ERROR_ARGUMENT where a parameter is outside the range of ashworth.def or a normal is not finite. */
int ashworth_init(ashworth_t *a, const ashworth_param_t *p,
                  const double group_normal[ASHWORTH_GROUPS], error_t *e)
    __attribute__((warn_unused_result));

/* Fraction of the tone above 1 that is taken away, 0..greatest; concentrations below 0 count as 0. */
double ashworth_inhibition(const ashworth_param_t *p, double effect_ng_per_ml);

/* Mean latent tone over the groups, 1..5, free of rater error. */
double ashworth_latent(const ashworth_t *a, double effect_ng_per_ml);

/* Score a rater writes down: the mean of whole categories, 1..5. rater_normal[ASHWORTH_GROUPS]. */
double ashworth_rated(const ashworth_t *a, double effect_ng_per_ml,
                      const double rater_normal[ASHWORTH_GROUPS]);

#endif
