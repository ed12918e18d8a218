/* SPDX-License-Identifier: Apache-2.0 */
/* Two first-order relaxations of the EC50's multiplier, in closed form. */
#include "body/tolerance.h"

#include <math.h>
#include <string.h>

#define HOURS_PER_DAY 24.0

int tolerance_init(tolerance_t *t, const tolerance_param_t *p, error_t *e)
{
    memset(t, 0, sizeof *t);
    const int rc = parameters_check_tolerance(p, e);
    if (rc != ERROR_OK)
        return rc;
    t->param = *p;
    t->fast = p->start * p->rise;
    return ERROR_OK;
}

bool tolerance_off(const tolerance_t *t)
{
    return !(t->param.rise > 0.0 || t->param.slow_rise > 0.0);
}

/* The form x + (goal - x) (1 - exp(-h/tau)) keeps its digits for minutes against years. */
static double relaxed(double x, double goal, double hours, double tau_day)
{
    return x - (goal - x) * expm1(-hours / (HOURS_PER_DAY * tau_day));
}

void tolerance_advance(tolerance_t *t, double hours, double effect_ng_per_ml)
{
    const double c = fmax(effect_ng_per_ml, 0.0);
    const double exposure = c / (c + t->param.half_ng_per_ml);
    t->fast = relaxed(t->fast, t->param.rise * exposure, hours, t->param.tau_day);
    t->slow = relaxed(t->slow, t->param.slow_rise * exposure, hours, t->param.slow_tau_day);
}

double tolerance_multiplier(const tolerance_t *t)
{
    return 1.0 + t->fast + t->slow;
}
