/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes of a prime by release, and the drug that leaves before and lacks after. */
#include "host/prime.h"

#include <math.h>

#define MINUTES_PER_DAY 1440.0
#define HOURS_PER_DAY 24.0
#define RECOVERED 0.95
#define HALVINGS 60

static int check(const prime_order_t *o, error_t *e)
{
    const struct {
        const char *what;
        double value;
    } positive[] = {{"the concentration in ug/mL", o->ug_per_ml},
                    {"the rate of the prime in mL/day", o->rate_ml_per_day},
                    {"the basal rate in mL/day", o->basal_ml_per_day}};
    for (unsigned i = 0; i < sizeof positive / sizeof positive[0]; i++) {
        if (!(positive[i].value > 0.0 && isfinite(positive[i].value))) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "prime: %s is %g; give more than 0",
                               positive[i].what, positive[i].value);
        }
    }
    if (!(o->allowed_ug >= 0.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "prime: %g ug are allowed to leave the tip; give 0 or more",
                           o->allowed_ug);
    }
    return 0;
}

/* The most that may be pushed into `volume_ml` before more than `allowed_ml` of new fluid has left it. */
static double push_ml(double volume_ml, double stages, double allowed_ml)
{
    double low = 0.0;
    double high = volume_ml;
    if (path_passed_ml(volume_ml, stages, volume_ml) <= allowed_ml) {
        return volume_ml;
    }
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        const bool beyond = path_passed_ml(volume_ml, stages, middle) > allowed_ml;
        high = beyond ? middle : high;
        low = beyond ? low : middle;
    }
    return low;
}

static void judge(prime_plan_t *plan, const prime_order_t *o, double path_ml)
{
    const double pushed_ml = plan->tubing_ml + plan->catheter_ml;
    const double passed_ml = path_passed_ml(path_ml, o->system.stages, pushed_ml);
    const double full_ml = path_front_ml(path_ml, o->system.stages, RECOVERED);
    plan->minutes = pushed_ml / o->rate_ml_per_day * MINUTES_PER_DAY;
    plan->early_ug = passed_ml * o->ug_per_ml;
    plan->missing_ug = fmax(0.0, path_ml - (pushed_ml - passed_ml)) * o->ug_per_ml;
    plan->low_hours = fmax(0.0, full_ml - pushed_ml) / o->basal_ml_per_day * HOURS_PER_DAY;
}

/* `is` and `taken`: the path as it is, and as the release takes it to be. */
static void plan_it(prime_plan_t *plan, const prime_order_t *order, path_volume_t is,
                    path_volume_t taken)
{
    if (order->tubing_filled) {
        is.tubing_ml = 0.0;
        taken.tubing_ml = 0.0;
    }
    const double path_ml = is.tubing_ml + is.catheter_ml;
    if (path_release(order->release)->mixes) {
        const double ml =
            push_ml(path_ml, order->system.stages, order->allowed_ug / order->ug_per_ml);
        taken.tubing_ml = fmin(ml, taken.tubing_ml);
        taken.catheter_ml = ml - taken.tubing_ml;
    }
    *plan = (prime_plan_t){.tubing_ml = taken.tubing_ml, .catheter_ml = taken.catheter_ml};
    judge(plan, order, path_ml);
}

int prime_plan(prime_plan_t *plan, const prime_order_t *order, error_t *e)
{
    path_volume_t is;
    path_volume_t taken;
    int status = check(order, e);
    status = status == 0 ? path_true(&is, &order->system, e) : status;
    status = status == 0 ? path_declared(&taken, &order->system, order->release, e) : status;
    if (status == 0) {
        plan_it(plan, order, is, taken);
    }
    return status;
}

int prime_plan_over(prime_plan_t *plan, const prime_order_t *order, const path_volume_t *is,
                    error_t *e)
{
    const path_constants_t *c = path_release(order->release);
    const int status = check(order, e);
    if (status == 0) {
        const path_volume_t taken = {
            (isnan(c->tubing_ml) ? is->tubing_ml : c->tubing_ml) + c->port_ml, is->catheter_ml};
        plan_it(plan, order, *is, taken);
    }
    return status;
}
