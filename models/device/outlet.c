/* SPDX-License-Identifier: Apache-2.0 */
/* How much of a flow an obstructed outlet lets through. */
#include "device/outlet.h"

#include <math.h>

bool outlet_is_wide(const outlet_t *o)
{
    return o->kpa_day_per_ml <= OUTLET_WIDE_KPA_DAY_PER_ML && o->open >= 1.0;
}

double outlet_share(const outlet_t *o, double ml_per_day, double limit_kpa, double *kpa)
{
    const double needed_kpa = ml_per_day * o->kpa_day_per_ml;
    const double share = o->open * (needed_kpa > limit_kpa ? limit_kpa / needed_kpa : 1.0);
    *kpa = share < 1.0 ? limit_kpa : needed_kpa;
    return share;
}

double outlet_share_pressed(const outlet_t *o, double ml_per_day_kpa)
{
    if (outlet_is_wide(o)) {
        return 1.0;
    }
    return ml_per_day_kpa > 0.0 ? o->open / (1.0 + ml_per_day_kpa * o->kpa_day_per_ml) : o->open;
}
