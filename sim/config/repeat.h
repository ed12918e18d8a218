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

/* How often an order comes, >= 1: `times`, or as often as the horizon has room for; at most STUDY_EVENTS_MAX + 1. */
int64_t repeat_count(const study_t *s, const study_event_t *event);

/* Reports what comes after the horizon, and more than STUDY_EVENTS_MAX orders in all. 1: all may be played; 0: only the first
 * of each. */
int repeat_check(const reading_t *r);

/* Makes each order as many as it comes, in the order of the file. 0: no memory; the study is as it was. */
int repeat_expand(study_t *s);

#endif
