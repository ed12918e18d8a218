/* SPDX-License-Identifier: Apache-2.0 */
/* The week of a programme: which basal dose holds at a local moment, its mean, and the heaviest stretch of it.
 *
 * Pure functions of a programme that dosing_programme_read has accepted. A moment of the week is in ms since Monday 00:00,
 * local time, below DOSING_WEEK_MS.
 */
#ifndef DOSING_WEEK_H
#define DOSING_WEEK_H

#include "dosing_programme.h"

#define DOSING_DAY_MS 86400000u
#define DOSING_WEEK_DAYS 7u
#define DOSING_WEEK_MS 604800000u

/* A stretch of one basal dose. */
typedef struct dosing_stretch_t {
    uint64_t dose_ng_per_day;
    uint32_t left_ms; /* from the moment asked for to the next step of the day, or midnight; > 0 */
} dosing_stretch_t;

/* The basal dose at a moment, and how long it holds at least. Outside flex the programme's one dose, a week long. */
dosing_stretch_t dosing_week_at(const dosing_programme_t *p, uint32_t week_ms);

/* Mean over the week, timed boluses included: ng/day, rounded down. What runs where local time is not known. */
uint64_t dosing_week_mean(const dosing_programme_t *p);

/* The greatest basal dose of any step, ng/day. */
uint64_t dosing_week_peak(const dosing_programme_t *p);

/* The heaviest stretch of `window_ms` (at most a week) wherever it begins, basal alone: the integral of the dose rate, in
 * (ng/day) * ms; at most 9e9 * 6e8. */
uint64_t dosing_week_worst(const dosing_programme_t *p, uint32_t window_ms);

#endif
