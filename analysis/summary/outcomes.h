/* SPDX-License-Identifier: Apache-2.0 */
/* What each patient of a dataset came to: the table `outcomes`, read column by column, and the times between refills.
 *
 * Nothing is computed here: what an outcome is, the run has decided (its row of table `outcomes`).
 *
 * Memory: a number per record and outcome, and per refill; it does not grow with days or events.
 *
 * Thread rule: a reader is used by one thread; an outcomes_t is constant once read.
 */
#ifndef ANALYSIS_OUTCOMES_H
#define ANALYSIS_OUTCOMES_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "summary/reference.h"

enum outcomes_id {
#define OUTCOME(symbol, label, kind, reference) OUTCOMES_##symbol,
#include "summary/outcomes.def"
#undef OUTCOME
    OUTCOMES_COUNT
};

enum outcomes_kind { OUTCOMES_MEAN, OUTCOMES_SHARE, OUTCOMES_AMOUNT };

typedef struct outcomes_row_t {
    const char *key; /* the field's name; in JSON */
    const char *label;
    const char *unit;
    enum outcomes_kind kind;
    enum reference_quantity reference; /* REFERENCE_COUNT: none */
} outcomes_row_t;

typedef struct outcomes_t {
    const provenance_t *provenance; /* borrowed from the reader */
    int32_t
        draws; /* of the uncertain parameters in the dataset, whose records are not among these; 0: none */
    size_t records;
    record_key_t *key;             /* owned, [records], ascending */
    double *value[OUTCOMES_COUNT]; /* owned, [records] each; NaN where it does not apply */
    size_t intervals;              /* all times between refills, in order of records */
    double *interval_day;          /* owned, [intervals] */
    size_t *interval_record;       /* owned, [intervals]; ascending */
    size_t cohort; /* asked for by who read them: to tell where a cohort of so many lies; 0: not */
} outcomes_t;

/* Label, unit and kind of an outcome. */
outcomes_row_t outcomes_row(enum outcomes_id outcome);

/* Reads all outcomes; *o is valid while the reader is open, and outcomes_free is legal after a failure. Errors of
 * reader_column_*; ERROR_DATASET_TRUNCATED when outcomes has not one row for each record; ERROR_MEMORY. */
int outcomes_read(outcomes_t *o, reader_t *r, error_t *e) __attribute__((warn_unused_result));
void outcomes_free(outcomes_t *o);

/* Whether a record is of somebody who has or had a pump: not of who was screened and not implanted. */
int outcomes_has_pump(const outcomes_t *o, size_t record);

/* The published value to set beside an outcome, or NULL. Published courses of dose are of people `titrated` after a
 * screening: beside a dose that a study sets from the first day they would say nothing. Static storage. */
const reference_t *outcomes_published(const outcomes_t *o, enum outcomes_id outcome, int titrated);

#endif
