/* SPDX-License-Identifier: Apache-2.0 */
/* Exact responses of a chain of first-order stages, free of cancellation where rates coincide.
 *
 * Stage k drains at rate[k] into stage k + 1 at unit gain: x0' = -rate0 x0, xk' = x(k-1) - ratek xk. The
 * response unit[a][b] is what a unit in stage a puts into stage b after `hours`: a divided difference of
 * exp(-rate * hours). It is the exponential of a bidiagonal matrix; shifted to be non-negative, its Taylor
 * series and its squarings add only positive terms (as in McCurdy, Ng & Parlett 1984, Math Comp 43:501),
 * in long double so that the squarings' growth stays under 1e-13.
 *
 * Thread rule: pure functions.
 */
#ifndef BODY_CASCADE_H
#define BODY_CASCADE_H

#define CASCADE_STAGES_MAX 5

typedef struct cascade_t {
    int stages;                                               /* 1..CASCADE_STAGES_MAX */
    long double unit[CASCADE_STAGES_MAX][CASCADE_STAGES_MAX]; /* upper triangle; the rest 0 */
} cascade_t;

/* Response over `hours` >= 0 of stages with rates >= 0, per h. */
cascade_t cascade_response(int stages, const double rate_per_h[], double hours);

/* Response over the time of a followed by that of b. */
cascade_t cascade_compose(const cascade_t *a, const cascade_t *b);

#endif
