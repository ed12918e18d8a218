/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers that a reader wants first of a study, from its dataset.
 *
 * A patient lives in every arm, so arms are never pooled in a distribution: each arm stands for itself, and its unit is
 * the patient. Distributions of an arm are over its patients with a pump; one without a value (NaN) is left out
 * of that value's. Values of which a patient has several (refills) have intervals that take the patient as the unit. Sums
 * and counts (ledger, events, pulses) are over all records. Weights are not applied; `weighted` tells that some
 * differ from 1.
 *
 * Memory: some numbers per record (history.h), and one column of refills at a time; it does not grow with days or events.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_SUMMARY_H
#define ANALYSIS_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/provenance.h"
#include "dataset/reader.h"
#include "error.h"
#include "statistics/lives.h"
#include "summary/history.h"
#include "summary/nested_study.h"
#include "summary/outcomes.h"
#include "summary/reference.h"
#include "statistics/spread.h"
#include "summary/trumpet_trace.h"

#define SUMMARY_DRUGS 6
#define SUMMARY_REFILLS 16
#define SUMMARY_CHOICES 128 /* above every value of choices.def */

/* Places of the ledger, in the order of its fields from reservoir to spilled. */
#define SUMMARY_PLACES (FIELD_LEDGER_SPILLED_UG - FIELD_LEDGER_RESERVOIR_UG + 1)

/* One drug over all records, micrograms. */
typedef struct summary_ledger_t {
    size_t records;
    double from_vials_ug;
    double place_ug[SUMMARY_PLACES]; /* field FIELD_LEDGER_RESERVOIR_UG + i */
    double believed_given_ug;
    double worst_closure_error; /* relative, at the end, of any record */
} summary_ledger_t;

/* The k-th refill of every record that has one: means. */
typedef struct summary_refill_t {
    size_t records;
    double day;
    double withdrawn_ml;
    double expected_ml;
    double filled_ml;
    double found_minus_expected_ml;
    double concentration_ug_per_ml;
} summary_refill_t;

/* One arm. All distributions are over the patients with a pump. */
typedef struct summary_arm_t {
    size_t patients; /* records of the arm */
    size_t with_pump;
    spread_t quantity[REFERENCE_COUNT];
    spread_t ashworth_latent_before;
    spread_t ashworth_latent_after;
    spread_t volume_commanded_ml;
    spread_t volume_delivered_ml;
    spread_t reservoir_belief_error_ml; /* believed less true, at the end */
    spread_t battery_mah;
    lives_t lives;      /* of its pumps */
    lives_t catheters;  /* where any of the dataset failed of itself; else of none */
    size_t refills;     /* all of them */
    size_t refill_rows; /* rows of refill[] */
    summary_refill_t refill[SUMMARY_REFILLS]; /* of the first SUMMARY_REFILLS of each record */
} summary_arm_t;

typedef struct summary_t {
    const provenance_t *provenance; /* borrowed from the reader */
    const outcomes_t *outcomes;     /* borrowed */
    size_t records;
    size_t arms;
    summary_arm_t *arm; /* owned, [arms] */
    history_t history;  /* of a trace: empty */
    nested_study_t
        nested; /* of a dataset with replicates; all else here is of its central records alone */
    int trace;
    trumpet_trace_t trumpet; /* of a trace */
    int weighted;
    size_t stopped[SUMMARY_CHOICES]; /* records by stop reason */
    size_t events[SUMMARY_CHOICES];  /* events by kind */
    double patient_days;
    int64_t pulses_commanded;
    int64_t pulses_confirmed;
    int64_t wakes;
    int64_t draw_attempts; /* people drawn until as many as there are records were plausible */
    int64_t ledger_checks;
    int64_t negative_reads;
    double worst_ledger_error; /* largest of all checks along all runs */
    size_t drugs;              /* rows of ledger[], at most SUMMARY_DRUGS */
    summary_ledger_t ledger[SUMMARY_DRUGS];
} summary_t;

/* Computes *s from a dataset or trace and its outcomes, which are borrowed; *s stays valid while the reader is open, and
 * summary_free is legal after a failure. Errors of reader_column_*; ERROR_MEMORY; ERROR_DATASET_TRUNCATED when the dataset
 * contradicts itself: an arm or a drug that is not named, a choice that does not exist. */
int summary_compute(summary_t *s, const outcomes_t *o, reader_t *r, error_t *e)
    __attribute__((warn_unused_result));
void summary_free(summary_t *s);

/* Name of a drug by its number in the ledger, "drug 3" style where provenance has none. Writes to text[size] where
 * needed and returns what to print. */
const char *summary_drug(const summary_t *s, size_t drug, char *text, size_t size);

/* The published value for a quantity of this study's first drug, or NULL. */
const reference_t *summary_reference(const summary_t *s, enum reference_quantity quantity);

#endif
