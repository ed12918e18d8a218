/* SPDX-License-Identifier: Apache-2.0 */
/* Death from the underlying disease and from age, in closed form. */
#include "body/mortality.h"

#include <math.h>

static double factor_of(const mortality_param_t *p, enum person_diagnosis diagnosis)
{
    if (diagnosis == PERSON_SCI)
        return 1.0;
    return diagnosis == PERSON_MS ? p->factor_ms : p->factor_other;
}

double mortality_hazard_per_year(const mortality_param_t *p, enum person_diagnosis diagnosis,
                                 double age_years)
{
    return p->rate_per_year * factor_of(p, diagnosis) *
           exp(p->growth_per_year * (age_years - p->reference_age_years));
}

double mortality_spent(const mortality_param_t *p, enum person_diagnosis diagnosis,
                       double age_years, double years)
{
    const double per_year = mortality_hazard_per_year(p, diagnosis, age_years);
    const double growth = p->growth_per_year;
    return growth > 0.0 ? per_year * expm1(growth * years) / growth : per_year * years;
}

double mortality_years(const mortality_param_t *p, enum person_diagnosis diagnosis,
                       double age_years, double exponential)
{
    const double per_year = mortality_hazard_per_year(p, diagnosis, age_years);
    const double growth = p->growth_per_year;
    if (!(per_year > 0.0))
        return (double)INFINITY;
    return growth > 0.0 ? log1p(growth * exponential / per_year) / growth : exponential / per_year;
}
