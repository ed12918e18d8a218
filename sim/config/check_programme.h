/* SPDX-License-Identifier: Apache-2.0 */
/* What a therapy amounts to, and the rules of its steps, timed boluses and boluses on request: those that hold at any
 * concentration. The same that a dosing core refuses a programme for. */
#ifndef CONFIG_CHECK_PROGRAMME_H
#define CONFIG_CHECK_PROGRAMME_H

#include "config/reading.h"

/* One therapy of a study, borrowed from it. */
typedef struct check_programme_t {
    const char *prefix; /* of its keys: "therapy", "events[3]" */
    const int *mode;
    const double *dose_ug_per_day;
    const order_modes_t *modes;
} check_programme_t;

/* 1 if everything in it was read. */
int check_programme_known(const reading_t *r, const check_programme_t *p);

/* Reports what is wrong with it. */
void check_programme(const reading_t *r, const check_programme_t *p);

/* The greatest dose rate, ug/day, without boluses. */
double check_programme_peak(const check_programme_t *p);

/* The mean over a week without boluses, and with timed ones, ug/day. */
double check_programme_basal(const check_programme_t *p);
double check_programme_mean(const check_programme_t *p);

/* The most that it can give in any `hours` (1 to 48), ug. A bolus counts whole; timed ones that begin up to `reach_h` before
 * count too, since they may wait and last. */
double check_programme_worst_ug(const check_programme_t *p, double hours, double reach_h);

#endif
