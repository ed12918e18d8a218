/* SPDX-License-Identifier: Apache-2.0 */
/* The feed: what leaves the catheter, gathered into steps of the body on the one-minute lattice.
 *
 * The device works in milliseconds, the body in whole minutes. Between two step ends the body receives
 * the mass that left in that window, at a constant rate. A sound catheter has one outlet, its tip; from
 * feed_widen on there are as many as it can lose fluid at. Masses are rows of SEGMENT_DRUGS_MAX, an outlet each,
 * the tip's first. Steps end
 *   - at a change of commanded flow: at the whole minute before it and at the one after, so that the
 *     minute of the change is a step of its own and carries that minute's mass;
 *   - wherever the trajectory closes one (a sample, an order, the horizon), which must lie on the lattice.
 * Successive trains of one programme differ by their remainders and by the rollers' ripple; they are no
 * change. A change is a relative difference of the pulse rate, or of a concentration at the tip, above
 * FEED_CHANGE, or a pause of a minute or more: so it is recognised for any core, for a pump without one,
 * and when new drug arrives at the tip or the reservoir runs dry.
 */
#ifndef SIM_COHORT_FEED_H
#define SIM_COHORT_FEED_H

#include "device/segment.h"
#include "error.h"

#include <stdint.h>

#define FEED_MINUTE_MS 60000

/* Relative. Periods are whole milliseconds, so trains of one programme differ by up to 1 ms in a period of 900 ms at
 * the fastest rate; a commanded change that matters is larger. */
#define FEED_CHANGE 0.005

/* Outlets at most: the tip, and four places where a catheter can lose fluid. */
#define FEED_OUTLETS 5

/* Receives one step: `minutes` >= 1 and the mass of each drug in it, of every outlet there is. */
typedef int (*feed_sink_t)(void *context, int32_t minutes, const double mass_ug[], error_t *e);

typedef struct feed_t {
    int drugs;
    int outlets;        /* 1, or FEED_OUTLETS */
    int64_t open_min;   /* the lattice minute at which the open step began */
    int64_t now_min;    /* the whole minute that `minute_ug` belongs to */
    int64_t close_min;  /* a step must end here; -1: none is due */
    double end_ms;      /* end of the last segment added */
    double rate_per_ms; /* pulse rate (or volume rate) of the running step */
    double ug_per_ml[FEED_OUTLETS * SEGMENT_DRUGS_MAX]; /* per volume pumped, of the running step */
    double
        settled_ug[FEED_OUTLETS * SEGMENT_DRUGS_MAX];   /* mass of the open step before `now_min` */
    double minute_ug[FEED_OUTLETS * SEGMENT_DRUGS_MAX]; /* of it, within minute `now_min` */
    int64_t steps;                                      /* steps passed on so far */
    feed_sink_t sink;
    void *context; /* borrowed */
} feed_t;

/* 1 <= drugs <= SEGMENT_DRUGS_MAX. Starts at time zero with nothing pending. */
void feed_init(feed_t *f, int drugs, feed_sink_t sink, void *context);

/* From now on there are all outlets: mass_ug below has FEED_OUTLETS rows, and so has the sink's. */
void feed_widen(feed_t *f);

/* Adds the mass that left the outlets during a segment. Segments come in order of time and do not overlap.
 * Errors: those of the sink. */
int feed_add(feed_t *f, const segment_t *s, const double mass_ug[], error_t *e)
    __attribute__((warn_unused_result));

/* The minute at hand is to be a step of its own from its last whole minute on: what was just added came at once. */
void feed_end_minute(feed_t *f);

/* Ends the open step at time_ms, a whole minute not before anything already added.
 * ERROR_ARGUMENT if it is off the lattice or in the past; else those of the sink. */
int feed_close(feed_t *f, int64_t time_ms, error_t *e) __attribute__((warn_unused_result));

/* Mass of one drug that has left the tip, or outlet 0..FEED_OUTLETS-1, and not yet been passed on, ug. */
double feed_pending_ug(const feed_t *f, int drug);
double feed_pending_at_ug(const feed_t *f, int outlet, int drug);

#endif
