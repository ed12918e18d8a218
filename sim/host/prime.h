/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of a priming bolus: how much, how long, and what it does that nobody ordered.
 *
 * A prime brings the drug to the tip at the pump's fastest rate, and is meant to end before any of it leaves. Masses are of
 * the drug whose concentration is given; those of other drugs in the fluid are in proportion.
 *
 * Pure functions of their arguments. Thread rule: none.
 */
#ifndef HOST_PRIME_H
#define HOST_PRIME_H

#include <stdbool.h>

#include "error.h"
#include "host/path.h"

typedef struct prime_order_t {
    path_release_t release; /* of the programmer that plans it */
    path_system_t system;
    bool tubing_filled;      /* the pump was primed before implant: the catheter only */
    double ug_per_ml;        /* in the reservoir, > 0; the path holds drug-free fluid */
    double rate_ml_per_day;  /* of the prime, > 0: the pump's fastest */
    double basal_ml_per_day; /* that follows, > 0 */
    double allowed_ug; /* >= 0: what may leave the tip before the end; only PATH_OWN asks for it */
} prime_order_t;

typedef struct prime_plan_t {
    double tubing_ml; /* as the pump is told; access port included */
    double catheter_ml;
    double minutes;    /* at that rate */
    double early_ug;   /* leaves the tip before the prime ends: none of it is ordered */
    double missing_ug; /* what the path lacks at the end of being full of drug */
    double low_hours;  /* from there until the tip gives 95 % of the concentration, at basal rate */
} prime_plan_t;

/* The cards prime the whole path by their constants. PATH_OWN primes as far as lets allowed_ug leave the tip, and the
 * basal rate does the rest. ERROR_ARGUMENT: a member outside its range; *plan is then untouched. */
int prime_plan(prime_plan_t *plan, const prime_order_t *order, error_t *e)
    __attribute__((warn_unused_result));

/* The same over a path of these volumes, whatever catheter order->system names; only its stages count. */
int prime_plan_over(prime_plan_t *plan, const prime_order_t *order, const path_volume_t *is,
                    error_t *e) __attribute__((warn_unused_result));

#endif
