/* SPDX-License-Identifier: Apache-2.0 */
/* What one life was given of its first drug, dose by dose: the truth of the daily series, placed in time by the events.
 *
 * The daily series tells how much left the catheter tip in each interval between two of its rows. Within an interval, boluses
 * come as they were ordered; what is left is shared among the programmes by rate and time, each from the moment at which it was
 * committed. Where that does not fit (nothing was programmed, boluses were more than came), the whole comes evenly. A flex
 * programme's steps within the day are not told by events: its mean is.
 *
 * Thread rule: as people.h.
 */
#ifndef ANALYSIS_DOSES_H
#define ANALYSIS_DOSES_H

#include <stddef.h>
#include <stdint.h>

#include "export/people.h"

#define DOSES_MAX 64 /* of one interval; of one with more, what left the tip comes evenly */

/* Where a dose goes: through the catheter, by a lumbar puncture, beside the port. */
enum { DOSES_AT_TIP_ZONE = 1, DOSES_AT_LUMBAR, DOSES_AT_POCKET };

typedef struct doses_one_t {
    int64_t time_ms; /* its begin, since enrolment */
    double amount_ug;
    double rate_ug_per_h; /* 0: at once */
    int64_t more;         /* like it, each a day after the one before */
    int where;
} doses_one_t;

/* A life as far as it has been told. Private, but for doses and dose. */
typedef struct doses_t {
    size_t next;            /* the next event */
    double rate;            /* of the programme in force, mL/day; 0 without one */
    int64_t bolus_until_ms; /* the last bolus, and how fast it comes */
    double bolus_ug_per_h;
    size_t doses; /* of the present interval */
    doses_one_t dose[DOSES_MAX];
    double weight[DOSES_MAX]; /* of a base dose its share; negative of any other */
} doses_t;

/* Begins with the record at which `p` stands. */
void doses_begin(doses_t *l, const people_t *p);

/* The doses of the interval from since_ms to a row of daily are then l->dose[l->doses], in order of time. Returns for how many
 * rows after it they stand too, which are then passed over. Rows ascend. */
int64_t doses_interval(doses_t *l, people_t *p, size_t row, int64_t since_ms);

#endif
