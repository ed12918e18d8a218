/* SPDX-License-Identifier: Apache-2.0 */
/* Lives that end or are cut off: survival, and how often each cause ends them while the others compete.
 *
 * Survival is Kaplan's and Meier's product-limit estimate (1958, J Am Stat Assoc 53:457) with Greenwood's variance (1926);
 * it takes a life that another cause ended as cut off. The cumulative incidence of one cause is Aalen's and Johansen's
 * (1978, Scand J Stat 5:141), of which a life ended by another cause can never be; its variance is the delta method's
 * (Marubini and Valsecchi 1995, Analysing Survival Data, chapter 10), which for a single cause is Greenwood's. Bands are 95 %
 * and pointwise, on the scale log(-log): they stay within 0 and 1. A life cut off at the moment of another's end was still
 * at risk at it. Time is in any one unit, and the weights of patients are not applied.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_SURVIVAL_H
#define ANALYSIS_SURVIVAL_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "statistics/interval.h"

#define SURVIVAL_ANY (-1) /* any cause */

typedef struct survival_life_t {
    double time;   /* since its beginning, >= 0 */
    int cause;     /* what ended it, >= 1; 0: nothing did, it was cut off */
    int64_t whose; /* for the caller; no estimate here asks */
} survival_life_t;

/* One moment at which at least one life ended. */
typedef struct survival_step_t {
    double time;
    size_t at_risk;  /* just before it */
    size_t ended;    /* then, by the cause asked for */
    size_t other;    /* then, by other causes */
    double value;    /* from here on, until the next step: survival, or cumulative incidence */
    double se;       /* of it; NaN where it cannot be told: nobody is left of a survival */
    interval_t band; /* NaN where the value is 0 or 1 */
} survival_step_t;

/* Owned. Before the first step a survival is 1 and an incidence 0. */
typedef struct survival_curve_t {
    survival_step_t *step; /* [steps], in order of time */
    size_t steps;
    size_t lives;
    double last;  /* the longest time of all lives; nothing is known beyond */
    int over;     /* all lives have ended by then, none was cut off: the value stays as it is */
    double *time; /* [lives], ascending: all times, to count who is at risk */
    double start; /* the value before the first step */
} survival_curve_t;

/* What a curve says of one moment. */
typedef struct survival_point_t {
    double value; /* NaN beyond the last life */
    double se;    /* 0 before the first step */
    interval_t band;
    size_t at_risk; /* lives that reach that moment */
} survival_point_t;

/* Survival from `cause`, or SURVIVAL_ANY. Orders life[n]. survival_free is legal after a failure. ERROR_MEMORY;
 * ERROR_ARGUMENT: a time below 0 or not a number, a cause below 0. */
int survival_estimate(survival_curve_t *c, survival_life_t *life, size_t n, int cause, error_t *e)
    __attribute__((warn_unused_result));

/* Cumulative incidence of `cause` while all others compete; the same otherwise. */
int survival_incidence(survival_curve_t *c, survival_life_t *life, size_t n, int cause, error_t *e)
    __attribute__((warn_unused_result));

void survival_free(survival_curve_t *c);

survival_point_t survival_at(const survival_curve_t *c, double time);

/* The same; but beyond the last life too, where the curve is over. */
survival_point_t survival_stays(const survival_curve_t *c, double time);

/* First time at which survival is at most a half, and the times at which its band is (Brookmeyer and Crowley 1982, Biometrics
 * 38:29); NaN where none is. */
double survival_median(const survival_curve_t *c, interval_t *band);

#endif
