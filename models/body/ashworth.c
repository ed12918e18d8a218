/* SPDX-License-Identifier: Apache-2.0 */
/* Sigmoid inhibition of latent tone, and what a rater makes of it. */
#include "body/ashworth.h"

#include <math.h>
#include <string.h>

static double hold(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

int ashworth_init(ashworth_t *a, const ashworth_param_t *p,
                  const double group_normal[ASHWORTH_GROUPS], error_t *e)
{
    memset(a, 0, sizeof *a);
    const int rc = parameters_check_ashworth(p, e);
    if (rc != ERROR_OK)
        return rc;
    a->param = *p;
    for (int g = 0; g < ASHWORTH_GROUPS; g++) {
        if (!isfinite(group_normal[g]))
            return ERROR_RAISE(e, ERROR_ARGUMENT, "the normal of muscle group %d is not finite", g);
        a->tone[g] =
            hold(p->baseline + p->group_sd * group_normal[g], ASHWORTH_FLOOR, ASHWORTH_TOP);
    }
    return ERROR_OK;
}

double ashworth_inhibition(const ashworth_param_t *p, double effect_ng_per_ml)
{
    if (!(effect_ng_per_ml > 0.0))
        return 0.0;
    return p->greatest / (1.0 + pow(p->ec50_ng_per_ml / effect_ng_per_ml, p->hill));
}

static double latent(const ashworth_t *a, int group, double left)
{
    return ASHWORTH_FLOOR + (a->tone[group] - ASHWORTH_FLOOR) * left;
}

double ashworth_latent(const ashworth_t *a, double effect_ng_per_ml)
{
    const double left = 1.0 - ashworth_inhibition(&a->param, effect_ng_per_ml);
    double sum = 0.0;
    for (int g = 0; g < ASHWORTH_GROUPS; g++)
        sum += latent(a, g, left);
    return sum / ASHWORTH_GROUPS;
}

double ashworth_rated(const ashworth_t *a, double effect_ng_per_ml,
                      const double rater_normal[ASHWORTH_GROUPS])
{
    const double left = 1.0 - ashworth_inhibition(&a->param, effect_ng_per_ml);
    double sum = 0.0;
    for (int g = 0; g < ASHWORTH_GROUPS; g++) {
        const double seen = latent(a, g, left) + a->param.rater_sd * rater_normal[g];
        sum += hold(round(seen), ASHWORTH_FLOOR, ASHWORTH_TOP);
    }
    return sum / ASHWORTH_GROUPS;
}
