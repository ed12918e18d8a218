/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of a bridge: the earlier fluid that is still in the path after a change of concentration runs at the rate
 * that keeps its dose, then the new fluid at its own.
 *
 * Concentrations and doses are of the primary drug. While the earlier fluid runs, other drugs are given in the
 * proportions of the earlier fluid.
 *
 * Pure functions of their arguments. Thread rule: none.
 */
#ifndef HOST_BRIDGE_H
#define HOST_BRIDGE_H

#include "error.h"
#include "host/path.h"

typedef struct bridge_order_t {
    path_release_t release; /* of the programmer that plans it */
    path_system_t system;
    double upstream_ml;   /* earlier fluid before the tubing, 0 where none is known; at most 1 */
    double old_ug_per_ml; /* > 0 */
    double new_ug_per_ml; /* > 0: what really is in the reservoir, see bridge_mixed_ug_per_ml */
    double dose_ug_per_day;
    double rate_min_ml_per_day; /* the pump's range */
    double rate_max_ml_per_day;
} bridge_order_t;

typedef struct bridge_plan_t {
    double volume_ml;             /* of the earlier fluid, as the pump is told */
    double rate_ml_per_day;       /* at which it runs: dose over its concentration */
    double after_ml_per_day;      /* at which the new fluid runs */
    double hours;                 /* that the bridge lasts */
    double dose_least_ug_per_day; /* the doses that the pump's range allows of both fluids */
    double dose_most_ug_per_day;
} bridge_plan_t;

/* What a bridge of some volume does, when the dose is never changed. Dose rates are those at the tip. */
typedef struct bridge_outcome_t {
    double least_ug_per_day; /* the slowest and fastest that drug leaves */
    double most_ug_per_day;
    double ahead_ug; /* given less prescribed when the bridge ends */
    double error_ug; /* the same once the path holds new fluid alone */
} bridge_outcome_t;

/* Volume, rates and duration by the release's constants. ERROR_ARGUMENT: a member outside its range, no dose that the
 * pump can give of both fluids, or the dose not among them; *plan is then untouched. */
int bridge_plan(bridge_plan_t *plan, const bridge_order_t *order, error_t *e)
    __attribute__((warn_unused_result));

/* `volume_ml` is what the pump was told, whatever a plan says; 0: the bridge was forgotten. The same errors. Whatever the
 * mixing, error_ug is (volume_ml - path) * (new - old): mixing only moves the dose in time. */
int bridge_outcome(bridge_outcome_t *outcome, const bridge_order_t *order, double volume_ml,
                   error_t *e) __attribute__((warn_unused_result));

/* What a fill of `fill_ml` >= 0 becomes with the residual that no needle reaches, mixed fully. */
double bridge_mixed_ug_per_ml(double fill_ml, double new_ug_per_ml, double residual_ml,
                              double old_ug_per_ml);

#endif
