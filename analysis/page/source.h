/* SPDX-License-Identifier: Apache-2.0 */
/* What a page and its figures are made of: one dataset, read once, and what the other rooms compute of it.
 *
 * Memory: a few numbers per record, and what bands.h holds at a time; it does not grow with days.
 *
 * Thread rule: a reader is used by one thread; else constant once opened.
 */
#ifndef ANALYSIS_SOURCE_H
#define ANALYSIS_SOURCE_H

#include "dataset/reader.h"
#include "dataset/results.h"
#include "error.h"
#include "statistics/bands.h"
#include "summary/history.h"
#include "summary/outcomes.h"
#include "summary/summary.h"

/* The daily values that are drawn as bands, in the order of source_t.bands. */
enum source_daily {
#define DAILY(symbol) SOURCE_##symbol,
#include "page/daily.def"
#undef DAILY
    SOURCE_DAILIES
};

typedef struct source_t {
    const char *path; /* borrowed, as the reader gave it */
    reader_t *reader;
    outcomes_t outcomes;
    summary_t summary;
    history_t history;
    bands_t bands;        /* of the fields of daily.def, on more days than history's */
    results_t validation; /* rows 0 where none was given */
} source_t;

/* Opens a dataset and, unless it is NULL, the file of a validation. source_close is legal after a failure. Errors of central_open,
 * results_read and the computations; ERROR_DATASET_FOREIGN also for a trace, whose one patient makes no page. */
int source_open(source_t *s, const char *path, const char *validation, error_t *e)
    __attribute__((warn_unused_result));
void source_close(source_t *s);

/* The part of source_open that computes, of s->reader, the rest of *s being zero. */
int source_read(source_t *s, error_t *e) __attribute__((warn_unused_result));

/* The name of an arm. */
const char *source_arm(const source_t *s, size_t arm);

/* The field of table `daily`. */
enum fields_id source_field(enum source_daily daily);

#endif
