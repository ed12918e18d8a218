/* SPDX-License-Identifier: Apache-2.0 */
/* The tally: what a patient comes to, counted while it happens, and written as the row of `outcomes` at the end.
 *
 * This is the one place that says what an outcome is:
 *   responded        any screening response with reason `responded`; by number of the bolus, of those who got it
 *   implanted        an implant event; only where there was screening
 *   dose             of the first drug as last programmed: at the first commit above 0 (start), at the end, and at whole
 *                    months of 365/12 days since enrolment while the patient is followed that long
 *   tolerant         the programmed dose rose by more than 100 ug/day per year from month 12 to the end, where the end is at
 *                    month 18 or later (the rule of Heetla 2009, Spinal Cord 47:751)
 *   Ashworth         as rated, and its change
 *   between refills  mean time from implant (or enrolment with a pump) to the first refill and between refills
 *   least found, withdrawn  of the volumes drawn from the reservoir at refills
 *   found dry        days whose observation finds nothing above the residual: any, and how many
 *   missed, calls, orders failed  how many
 * Who gets no pump has the outcomes of the screening alone; all others are NaN.
 *
 * Thread rule: a tally belongs to one patient, hence to one thread at a time.
 */
#ifndef SIM_COHORT_TALLY_H
#define SIM_COHORT_TALLY_H

#include "dataset/record.h"

#include <stdbool.h>
#include <stdint.h>

#define TALLY_BOLUSES 3
#define TALLY_MONTHS 5 /* 1, 3, 6, 12 and 18 */

typedef struct tally_t {
    bool screened, pump; /* had a test bolus; has or had a pump */
    int boluses;
    double responded; /* 0 or 1; NaN before the first answer */
    double responded_to[TALLY_BOLUSES];
    double dose_start, dose_end, dose_month[TALLY_MONTHS]; /* ug/day; NaN: none yet */
    int64_t filled_ms;                                     /* latest filling, or the implant */
    int64_t refills;
    double between_day, withdrawn_ml; /* sums over refills */
    double least_ml;                  /* NaN without a refill */
    int64_t days, dry_days;
    int64_t missed, calls, failed;
} tally_t;

/* What is known at the end only. Concentration and scores are NaN without a body. */
typedef struct tally_end_t {
    record_key_t key;
    int64_t stop_ms;
    double ashworth_before, ashworth_after; /* as rated */
    double lumbar_ng_per_ml;
    double commanded_ml, delivered_ml;
} tally_end_t;

void tally_init(tally_t *t);

/* An event as table `events` has it, in order of time. */
void tally_event(tally_t *t, int64_t time_ms, int kind, int reason, double value2);

/* A refill; returns the days since the filling before it, or the implant. */
double tally_refill(tally_t *t, int64_t time_ms, double withdrawn_ml);

/* A day's observation of the usable volume; NaN before there is a pump. */
void tally_day(tally_t *t, double usable_ml);

/* Writes the row of `outcomes`. */
void tally_record(const tally_t *t, const tally_end_t *end, record_t *r);

#endif
