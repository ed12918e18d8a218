/* SPDX-License-Identifier: Apache-2.0 */
/* The week of a programme's image, read by the judge's own eyes: the basal dose as it changes, and moments of timed boluses.
 *
 * A place in the week is in ms since Monday 00:00.
 */
#ifndef FUZZ_WEEK_H
#define FUZZ_WEEK_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_frame.h"

#define WEEK_DAY_MS UINT64_C(86400000)
#define WEEK_MS (7u * WEEK_DAY_MS)
#define WEEK_PIECES_MAX (7u * DOSING_STEPS_MAX)
#define WEEK_MOMENTS_MAX (7u * DOSING_TIMED_MAX)

typedef struct week_moment_t {
    uint64_t at_ms;
    uint64_t duration_ms;
    uint64_t dose_ng;
} week_moment_t;

typedef struct week_t {
    uint32_t pieces; /* of one dose each, in order; the first at 0 */
    uint64_t from_ms[WEEK_PIECES_MAX + 1u];
    double ng_per_ms[WEEK_PIECES_MAX];
    double before_ng[WEEK_PIECES_MAX + 1u]; /* given before each, and in the whole week */
    double mean_ng_per_ms;                  /* over the week, timed boluses too, in whole ng/day */
    uint32_t moments;                       /* in no order */
    week_moment_t moment[WEEK_MOMENTS_MAX];
} week_t;

/* Length of the image that begins with this head. */
uint32_t week_image_bytes(const uint8_t *head);

/* NULL, or what the written format does not allow in this image's steps and timed boluses. */
const char *week_read(week_t *w, const uint8_t *image);

/* Basal dose over `ms` from a place in the week on, ng. */
double week_basal(const week_t *w, uint64_t place_ms, uint64_t ms);

/* The first moment after a place, how far ahead (1..WEEK_MS); NULL where there is none. */
const week_moment_t *week_next(const week_t *w, uint64_t place_ms, uint64_t *ahead_ms);

#endif
