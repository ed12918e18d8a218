/* SPDX-License-Identifier: Apache-2.0 */
/* Death from the underlying disease and from age.
 *
 * The hazard of a person of age a (years) is Gompertz's (1825, Phil Trans R Soc 115:513),
 *     h(a) = rate * factor * exp(growth * (a - reference_age))        (1/year)
 * with the factor of the diagnosis (1 in spinal cord injury). Over the t years from age a on it comes to
 *     H(t) = h(a) * (exp(growth * t) - 1) / growth,   and h(a) * t where growth is 0,
 * and whoever is given E to spend, a unit exponential, dies when H(t) = E:
 *     t = log(1 + growth * E / h(a)) / growth,        and E / h(a).
 *
 * These are the deaths that come with or without a pump, so they do not hang on anything that a therapy does. Those that follow
 * from it (overdose, withdrawal, an infection) do not arise: no model here knows a hazard of them; a study may impose them.
 * Sex, level of the injury and years since its onset make no difference: assumption.
 *
 * Thread rule: pure functions.
 */
#ifndef MODELS_BODY_MORTALITY_H
#define MODELS_BODY_MORTALITY_H

#include "body/parameters.h"
#include "body/person.h"

/* h at age_years, 1/year. */
double mortality_hazard_per_year(const mortality_param_t *p, enum person_diagnosis diagnosis,
                                 double age_years);

/* H: the hazard of the `years` >= 0 from age_years on, added up. */
double mortality_spent(const mortality_param_t *p, enum person_diagnosis diagnosis,
                       double age_years, double years);

/* Years from age_years on until `exponential` > 0 is spent; INFINITY where there is no hazard. The inverse of mortality_spent. */
double mortality_years(const mortality_param_t *p, enum person_diagnosis diagnosis,
                       double age_years, double exponential);

#endif
