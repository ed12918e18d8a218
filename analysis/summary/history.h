/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to the patients of a study between its beginning and its end: bands over time, events, time in target, dose
 * beside effect.
 *
 * Memory: 300 bytes a record and, for the bands, as bands.h says; it does not grow with days or events.
 *
 * Thread rule: a reader is used by one thread; a history is constant once computed.
 */
#ifndef ANALYSIS_HISTORY_H
#define ANALYSIS_HISTORY_H

#include <stddef.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/bands.h"
#include "statistics/dose_effect.h"
#include "statistics/occurrence.h"
#include "statistics/people.h"
#include "statistics/target.h"

#define HISTORY_FIELDS 3
#define HISTORY_BAND_DAYS 41
#define HISTORY_CURVE_DAYS                                                                         \
    29 /* from 0 to the horizon; of each fourth after the first a text tells */
#define HISTORY_WINDOWS 2

/* Owned, but for the text of a window. */
typedef struct history_t {
    enum fields_id field[HISTORY_FIELDS]; /* of the bands */
    people_t people;
    bands_t bands;
    occurrences_t occurrences;
    target_window_t window[HISTORY_WINDOWS];
    const char
        *window_text[HISTORY_WINDOWS]; /* what it is; at most 44 characters; static storage */
    const char *window_source[HISTORY_WINDOWS];
    size_t windows;
    target_t target;
    dose_effect_t
        *dose_effect; /* [arms]: dose as last programmed, fall of the latent Ashworth score */
} history_t;

/* Computes *h; its parts point into it: it must not be moved. history_free is legal after a failure and on a zeroed struct.
 * Errors of its parts. */
int history_compute(history_t *h, reader_t *r, error_t *e) __attribute__((warn_unused_result));
void history_free(history_t *h);

#endif
