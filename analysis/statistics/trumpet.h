/* SPDX-License-Identifier: Apache-2.0 */
/* The trumpet curve: the largest and smallest error of a flow over all windows of one length.
 *
 * For each length of window, the greatest and the least of 100 (volume in the window / (rate times length) - 1) over every
 * window of that length that lies within the record. Informed by the trumpet curve of IEC 60601-2-24, which samples volumes
 * at intervals; here no window is sampled: the volume delivered is steps (pulses) and straight lines (steady flow), so the
 * extremes lie where a window's end meets an end of one of these, and each of them is tried. A pulse on the edge of a window is in it
 * for the greatest and out of it for the least. Time per length is linear in the number of portions.
 *
 * A steady flow at the rate gives 0. Pulses of equal volume, a period P apart, at the rate of their mean, give
 * (floor(W/P) + 1) P/W - 1 and (ceil(W/P) - 1) P/W - 1: for a window of m periods, 1/m above and below.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_TRUMPET_H
#define ANALYSIS_TRUMPET_H

#include <stddef.h>

#include "error.h"

/* Volume that flowed evenly from start to end; a pulse where both are equal. Any one unit of time, any one of volume. */
typedef struct trumpet_portion_t {
    double start;
    double end;
    double volume;
} trumpet_portion_t;

typedef struct trumpet_t {
    double window;
    double highest; /* per cent; NaN where the record is shorter than the window */
    double lowest;
} trumpet_t;

/* A record of portion[n], in order and none overlapping the next, observed from start to end. Borrowed. */
typedef struct trumpet_record_t {
    const trumpet_portion_t *portion;
    size_t n;
    double start;
    double end;
    double rate; /* volume per time that the errors are relative to, > 0 */
} trumpet_record_t;

/* Fills out[windows].highest and .lowest for each out[].window > 0. ERROR_ARGUMENT: portions out of order, outside the
 * record or of a negative volume, a rate or window not above 0; ERROR_MEMORY. */
int trumpet_compute(const trumpet_record_t *record, trumpet_t *out, size_t windows, error_t *e)
    __attribute__((warn_unused_result));

#endif
