/* SPDX-License-Identifier: Apache-2.0 */
/* Does what was simulated agree with what was published? The rules, row by row and for all rows of a study.
 *
 * A row is inside when its estimate is in the published interval and its Monte Carlo half-width (95 %) is at most a third of
 * that interval. It is outside when it is not in it and either the half-width is at most a third, or even the estimate's own
 * interval does not reach it. It is out of reach when it cannot be computed. Else it has too few. A two-sided interval that spans
 * more than a factor of two is weak: its row is judged, and not counted. Rows whose number is a parameter (imposed) are never
 * counted either.
 *
 * Thread rule: pure functions.
 */
#ifndef ANALYSIS_VERDICT_H
#define ANALYSIS_VERDICT_H

#include <stddef.h>

#include "statistics/interval.h"

enum verdict {
    VERDICT_INSIDE,
    VERDICT_OUTSIDE,
    VERDICT_TOO_FEW,
    VERDICT_OUT_OF_REACH,
    VERDICT_COUNT
};

enum verdict_role {
    VERDICT_IMPOSED,  /* the number is a parameter */
    VERDICT_FITTED,   /* a parameter was set by it */
    VERDICT_DERIVED,  /* it follows from a fitted one */
    VERDICT_EMERGENT, /* nothing was set by it */
    VERDICT_ROLES
};

#define VERDICT_SHARE 0.8 /* of the counted rows that must be inside */

/* Rows judged so far. Zero-initialise. */
typedef struct verdict_sum_t {
    size_t rows[VERDICT_ROLES][VERDICT_COUNT];
    size_t counted;        /* neither imposed nor weak */
    size_t counted_inside; /* of these */
    size_t weak;           /* not imposed, and not counted because they are weak */
    size_t gates_outside;
} verdict_sum_t;

/* Judges an estimate by the published interval, low <= high, ends included. A value of NaN is out of reach; a half-width of NaN
 * is too wide. */
enum verdict verdict_judge(interval_t published, double value, double half_width);

/* 1 if the interval spans more than a factor of two: both ends on one side of 0, and neither is 0. */
int verdict_is_weak(interval_t published);

void verdict_add(verdict_sum_t *sum, enum verdict_role role, int gate, int weak, enum verdict v);

/* 1 if nothing speaks against it: no gate outside; and of a full run no row with too few and at least VERDICT_SHARE of the
 * counted rows inside, of a quick one no row outside. */
int verdict_passes(const verdict_sum_t *sum, int quick);

/* "inside", "too few"; "fitted". */
const char *verdict_name(enum verdict v);
const char *verdict_role_name(enum verdict_role role);

#endif
