/* SPDX-License-Identifier: Apache-2.0 */
/* What a pump gave, hour by hour, and how far two pumps differ over any window of hours.
 *
 * Shape: one double for each hour since enrolment, mL that left the pump's outlet in it. A segment that reaches over an hour's
 * end is divided evenly by time.
 * Thread rule: one thread at a time.
 */
#ifndef SIM_REGRESS_VOLUME_H
#define SIM_REGRESS_VOLUME_H

#include "device/segment.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct volume_t {
    double *hour_ml; /* [hours], owned */
    size_t hours;
} volume_t;

/* By how much a window may differ: a share of what the first gave in it, `least_ml` at least; a share of 0: by nothing. */
typedef struct volume_tolerance_t {
    double share, least_ml;
} volume_tolerance_t;

/* The widest difference between two over windows of one length: of all windows the one that most exceeds, or comes nearest to, what
 * is allowed in it. */
typedef struct volume_gap_t {
    double ml;         /* second less first */
    double first_ml;   /* what the first gave in that window */
    double allowed_ml; /* size that is allowed there */
    size_t hour;       /* at which the window begins */
} volume_gap_t;

/* Empty, for a life of horizon_ms > 0. ERROR_MEMORY. */
int volume_init(volume_t *v, int64_t horizon_ms, error_t *e) __attribute__((warn_unused_result));
void volume_free(volume_t *v);

/* Adds a segment; what lies behind the last hour is counted in it. */
void volume_add(volume_t *v, const segment_t *s);

/* Over all windows of `hours` >= 1 whole hours; where the life is shorter, over the whole of it. Of equal ones the first.
 * Both have the same number of hours. All zero where no window differs. */
volume_gap_t volume_gap(const volume_t *a, const volume_t *b, size_t hours, volume_tolerance_t t);

#endif
