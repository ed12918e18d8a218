/* SPDX-License-Identifier: Apache-2.0 */
/* Rates, duration and errors of a bridge. */
#include "host/bridge.h"

#include <math.h>

#define HOURS_PER_DAY 24.0
#define UPSTREAM_MAX_ML 1.0

static int check(const bridge_order_t *o, error_t *e)
{
    const struct {
        const char *what;
        double value;
    } positive[] = {{"the earlier concentration in ug/mL", o->old_ug_per_ml},
                    {"the new concentration in ug/mL", o->new_ug_per_ml},
                    {"the dose in ug/day", o->dose_ug_per_day},
                    {"the pump's slowest rate in mL/day", o->rate_min_ml_per_day}};
    for (unsigned i = 0; i < sizeof positive / sizeof positive[0]; i++) {
        if (!(positive[i].value > 0.0 && isfinite(positive[i].value))) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "bridge: %s is %g; give more than 0",
                               positive[i].what, positive[i].value);
        }
    }
    if (!(o->upstream_ml >= 0.0 && o->upstream_ml <= UPSTREAM_MAX_ML)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "bridge: %g mL of earlier fluid before the tubing; give 0 to %g mL",
                           o->upstream_ml, UPSTREAM_MAX_ML);
    }
    if (!(o->rate_max_ml_per_day >= o->rate_min_ml_per_day)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "bridge: the pump's rates are %g to %g mL/day",
                           o->rate_min_ml_per_day, o->rate_max_ml_per_day);
    }
    return 0;
}

static double least_ug_per_day(const bridge_order_t *o)
{
    return o->rate_min_ml_per_day * fmax(o->old_ug_per_ml, o->new_ug_per_ml);
}

static double most_ug_per_day(const bridge_order_t *o)
{
    return o->rate_max_ml_per_day * fmin(o->old_ug_per_ml, o->new_ug_per_ml);
}

static int check_range(const bridge_order_t *o, error_t *e)
{
    const double least = least_ug_per_day(o);
    const double most = most_ug_per_day(o);
    if (least > most) {
        return ERROR_RAISE(
            e, ERROR_ARGUMENT,
            "bridge: no dose can be given of %g and of %g ug/mL at %g to %g mL/day; change the "
            "concentration in smaller steps",
            o->old_ug_per_ml, o->new_ug_per_ml, o->rate_min_ml_per_day, o->rate_max_ml_per_day);
    }
    if (o->dose_ug_per_day < least || o->dose_ug_per_day > most) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "bridge: %g ug/day would run at %g and then %g mL/day, the pump's range "
                           "is %g to %g; order "
                           "%g to %g ug/day, or another concentration",
                           o->dose_ug_per_day, o->dose_ug_per_day / o->old_ug_per_ml,
                           o->dose_ug_per_day / o->new_ug_per_ml, o->rate_min_ml_per_day,
                           o->rate_max_ml_per_day, least, most);
    }
    return 0;
}

int bridge_plan(bridge_plan_t *plan, const bridge_order_t *order, error_t *e)
{
    path_volume_t taken;
    int status = check(order, e);
    status = status == 0 ? path_declared(&taken, &order->system, order->release, e) : status;
    status = status == 0 ? check_range(order, e) : status;
    if (status < 0) {
        return status;
    }
    const double volume_ml = order->upstream_ml + (taken.tubing_ml + taken.catheter_ml);
    const double rate = order->dose_ug_per_day / order->old_ug_per_ml;
    *plan = (bridge_plan_t){.volume_ml = volume_ml,
                            .rate_ml_per_day = rate,
                            .after_ml_per_day = order->dose_ug_per_day / order->new_ug_per_ml,
                            .hours = volume_ml / rate * HOURS_PER_DAY,
                            .dose_least_ug_per_day = least_ug_per_day(order),
                            .dose_most_ug_per_day = most_ug_per_day(order)};
    return 0;
}

/* Relative concentration at the tip, of the earlier fluid's, at a share of new fluid. */
static double relative(const bridge_order_t *o, double share)
{
    return 1.0 + (o->new_ug_per_ml / o->old_ug_per_ml - 1.0) * share;
}

int bridge_outcome(bridge_outcome_t *outcome, const bridge_order_t *order, double volume_ml,
                   error_t *e)
{
    path_volume_t is;
    int status = check(order, e);
    status = status == 0 ? path_true(&is, &order->system, e) : status;
    status = status == 0 ? check_range(order, e) : status;
    if (status == 0 && !(volume_ml >= 0.0 && isfinite(volume_ml))) {
        status =
            ERROR_RAISE(e, ERROR_ARGUMENT, "bridge: a bridge of %g mL; give 0 or more", volume_ml);
    }
    if (status < 0) {
        return status;
    }
    const double path_ml = order->upstream_ml + (is.tubing_ml + is.catheter_ml);
    const double stages = order->system.stages;
    const double dose = order->dose_ug_per_day;
    const double step = order->new_ug_per_ml - order->old_ug_per_ml;
    const double ratio = order->new_ug_per_ml / order->old_ug_per_ml;
    /* A plug's front stands at one volume: what leaves up to there is the earlier fluid, from there on the new. */
    const double upto =
        volume_ml > path_ml || isfinite(stages) ? path_front(path_ml, stages, volume_ml) : 0.0;
    const double from = path_front(path_ml, stages, volume_ml);
    const double before = dose * relative(order, upto);
    const double behind = dose * relative(order, from) / ratio;
    *outcome = (bridge_outcome_t){
        .least_ug_per_day = fmin(dose, fmin(before, behind)),
        .most_ug_per_day = fmax(dose, fmax(before, behind)),
        .ahead_ug = step * path_passed_ml(path_ml, stages, volume_ml),
        .error_ug = step * (volume_ml - path_ml),
    };
    return 0;
}

double bridge_mixed_ug_per_ml(double fill_ml, double new_ug_per_ml, double residual_ml,
                              double old_ug_per_ml)
{
    return (new_ug_per_ml * fill_ml + old_ug_per_ml * residual_ml) / (fill_ml + residual_ml);
}
