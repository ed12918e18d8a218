/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that come again: `every` and `times` of events[].
 *
 * While a study is checked each order stands once, as in the file, so that messages name what was written. Then it is made as
 * many as it comes, each by itself in study.event: what follows knows of no repetition, and a list written out is the same.
 */
#ifndef CONFIG_REPEAT_H
#define CONFIG_REPEAT_H

#include <stddef.h>

#include "config/reading.h"
#include "config/study.h"

/* An order at one of its moments. */
typedef struct repeat_turn_t {
    int64_t at_ms;
    size_t index; /* of the order in the file */
} repeat_turn_t;

/* All orders as often as they come, by time, those at one time in the order of the file; those whose time differs between
 * patients or is unknown are left out. Reports what comes again after the horizon, and more than STUDY_EVENTS_MAX in all: then
 * each stands once. The caller frees it; NULL: no memory. */
repeat_turn_t *repeat_turns(const reading_t *r, size_t *n);

/* Makes each order as many as it comes, in the order of the file. 0: no memory; the study is as it was. */
int repeat_expand(study_t *s);

#endif
