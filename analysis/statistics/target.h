/* SPDX-License-Identifier: Apache-2.0 */
/* Time in target: on what share of their days patients are inside a window of effect or exposure.
 *
 * Estimand, per window: the mean over the patients of an arm with a pump of the share of their days with a value, from the day
 * after the first pump was put in (or from enrolment, where it was there) to the end of follow-up, on which the value as
 * recorded that day lies within the window, ends included. Every patient counts once, however long followed. The 95 %
 * interval is interval_amount: patients are the unit, days of one patient are not independent.
 *
 * Memory: 8 bytes a record and window.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_TARGET_H
#define ANALYSIS_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/daily.h"
#include "statistics/people.h"
#include "statistics/spread.h"

typedef struct target_window_t {
    size_t column;   /* which of the fields that the visitor is shown */
    double low;      /* -INFINITY: no end; in the field's unit */
    double high;     /* INFINITY: no end */
    int from_before; /* 1: of the value less the patient's latent Ashworth score before therapy */
} target_window_t;

/* The share of days of one window in one arm, over patients. */
typedef struct target_share_t {
    spread_t spread;
    interval_t ci; /* of the mean */
} target_share_t;

/* Owned. Private but for what target_of gives. */
typedef struct target_t {
    const people_t *people;        /* borrowed */
    const target_window_t *window; /* borrowed, [windows] */
    size_t windows;
    double *before;        /* [records] */
    uint32_t *days;        /* [windows][records]: with a value */
    uint32_t *inside;      /* the same, in the window */
    target_share_t *share; /* [arms][windows] */
} target_t;

/* Makes *t ready to be shown days by target_visitor. target_free is legal after a failure and on a zeroed struct. Errors of the
 * reader; ERROR_MEMORY. */
int target_begin(target_t *t, reader_t *r, const people_t *p, const target_window_t *window,
                 size_t windows, error_t *e) __attribute__((warn_unused_result));

/* Takes the days as they are shown; t is borrowed. */
daily_visitor_t target_visitor(target_t *t);

/* Describes what was shown. ERROR_MEMORY. */
int target_finish(target_t *t, error_t *e) __attribute__((warn_unused_result));

const target_share_t *target_of(const target_t *t, size_t arm, size_t window);
void target_free(target_t *t);

#endif
