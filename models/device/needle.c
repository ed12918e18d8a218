/* SPDX-License-Identifier: Apache-2.0 */
/* The needle: emptying that leaves something, injecting through dead volumes. */
#include "device/needle.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "draw.h"

double needle_left_ml(const needle_param_t *p, double uniform)
{
    const double median_ml = p->left_ml / sqrt(1.0 + p->left_cv * p->left_cv);
    return median_ml > 0.0 ? draw_lognormal_of(uniform, median_ml, p->left_cv) : 0.0;
}

double needle_slip(const needle_param_t *p, const double uniform[2])
{
    const double share = p->pocket_least_share + (1.0 - p->pocket_least_share) * uniform[1];
    return uniform[0] < p->pocket_fill_share ? share : 0.0;
}

double needle_withdraw(const needle_param_t *p, reservoir_t *r, double uniform, double mass_ug[])
{
    return reservoir_withdraw(r, needle_left_ml(p, uniform), mass_ug);
}

double needle_read_ml(const needle_param_t *p, double withdrawn_ml, double uniform)
{
    const double seen_ml = withdrawn_ml + p->syringe_sd_ml * gsl_cdf_ugaussian_Pinv(uniform);
    const double step_ml = p->syringe_step_ml;
    return fmax(0.0, step_ml > 0.0 ? step_ml * round(seen_ml / step_ml) : seen_ml);
}

int needle_inject(const needle_param_t *p, reservoir_t *r, const needle_syringe_t *syringe,
                  needle_injection_t *out, error_t *e)
{
    const double dead_ml =
        fmin(fmax(syringe->volume_ml, 0.0), p->needle_ml + p->extension_ml + p->filter_ml);
    const double pushed_ml = syringe->volume_ml - dead_ml;
    double taken_ml;
    const int code = reservoir_inject(r, pushed_ml, syringe->ug_per_ml, &taken_ml, e);
    if (code >= 0) {
        *out = (needle_injection_t){taken_ml, dead_ml, pushed_ml - taken_ml};
    }
    return code;
}
