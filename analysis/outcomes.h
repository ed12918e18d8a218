/* SPDX-License-Identifier: Apache-2.0 */
/* What each patient of a dataset came to: one row of numbers per record, by outcomes.def.
 *
 * Outcomes are read from patients, events, refills and the daily volume:
 *   responded        any screening response with reason `responded`; by number of the bolus, of those who got it
 *   implanted        an implant event; only where there was screening
 *   dose             of the first drug as last programmed: at the first commit above 0 (start), at the end, and at whole
 *                    months of 365/12 days since enrolment while the patient is followed that long
 *   tolerant         the programmed dose rose by more than 100 ug/day per year from month 12 to the end, where the end is at
 *                    month 18 or later (the rule of Heetla 2009, Spinal Cord 47:751)
 *   Ashworth         as rated, and its change; like the lumbar level, of patients who got a pump
 *   between refills  mean time from implant (or enrolment with a pump) to the first refill and between refills
 *   least found, withdrawn  of the volumes drawn from the reservoir at refills
 *   found dry        rows of the daily series with nothing above the residual: any, and how many
 *
 * Thread rule: a reader is used by one thread; an outcomes_t is constant once read.
 */
#ifndef ANALYSIS_OUTCOMES_H
#define ANALYSIS_OUTCOMES_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "reference.h"

enum outcomes_id {
#define OUTCOME(symbol, key, label, unit, kind, reference) OUTCOMES_##symbol,
#include "outcomes.def"
#undef OUTCOME
    OUTCOMES_COUNT
};

enum outcomes_kind { OUTCOMES_MEAN, OUTCOMES_SHARE };

typedef struct outcomes_row_t {
    const char *key;
    const char *label;
    const char *unit;
    enum outcomes_kind kind;
    enum reference_quantity reference; /* REFERENCE_COUNT: none */
} outcomes_row_t;

typedef struct outcomes_t {
    const provenance_t *provenance; /* borrowed from the reader */
    size_t records;
    record_key_t *key;             /* owned, [records], ascending */
    double *value[OUTCOMES_COUNT]; /* owned, [records] each; NaN where it does not apply */
    size_t intervals;              /* all times between refills */
    double *interval_day;          /* owned, [intervals] */
    int32_t *interval_arm;         /* owned, [intervals] */
} outcomes_t;

/* Label, unit and kind of an outcome. Static storage. */
const outcomes_row_t *outcomes_row(enum outcomes_id outcome);

/* Reads all outcomes; *o is valid while the reader is open, and outcomes_free is legal after a failure. Errors of
 * reader_column_*; ERROR_MEMORY. */
int outcomes_read(outcomes_t *o, reader_t *r, error_t *e) __attribute__((warn_unused_result));
void outcomes_free(outcomes_t *o);

#endif
