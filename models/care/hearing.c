/* SPDX-License-Identifier: Apache-2.0 */
/* Hearing: whether a tone of the pump reaches its patient. */
#include "care/hearing.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define YOUNG_YEARS 18.0

static double lost_db(const clinic_param_t *p, double age_years)
{
    const double years = fmax(age_years - YOUNG_YEARS, 0.0);
    return p->hearing_loss_db * years * years;
}

double hearing_share(const clinic_param_t *p, double level_db, double age_years)
{
    if (p->tone_heard <= 0.0 || p->tone_heard >= 1.0) {
        return p->tone_heard;
    }
    const double more_db =
        level_db - p->tone_level_db + lost_db(p, p->hearing_age_year) - lost_db(p, age_years);
    return gsl_cdf_ugaussian_P(gsl_cdf_ugaussian_Pinv(p->tone_heard) +
                               more_db / p->hearing_spread_db);
}
