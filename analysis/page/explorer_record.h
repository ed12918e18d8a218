/* SPDX-License-Identifier: Apache-2.0 */
/* One record of the explorer's data, as JSON:
 *
 *   p, a      patient and arm
 *   first     day of the first daily row; rows: how many there are
 *   who       age (years), sex, diagnosis, tip (cm from the sac's end), length of the canal (cm), level of the tip
 *   o         its outcomes, in the order of outcomes.def; null: does not apply
 *   u         pumps: serial, in and out (ms), end, charge (mA h), share of its cell in truth and as believed, mL commanded, delivered
 *   s         daily series in the order of daily.def: [least, greatest, base64 of 16-bit steps between them, the lower byte first],
 *             65535 for no value; of several days to a point the least and the greatest
 *   c         the canal, as explorer_canal.h says
 *   e         events: [day, kind, reason, value, value2], without values that are 0 at the end
 *   more      kinds of events left out: [kind, how many]
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_EXPLORER_RECORD_H
#define ANALYSIS_EXPLORER_RECORD_H

#include <stdio.h>

#include "dataset/walk.h"
#include "error.h"
#include "page/explorer_canal.h"
#include "page/explorer_choice.h"
#include "page/source.h"

/* Private to explorer_record.c: blocks of the columns that records are read from. */
typedef struct explorer_record_t {
    const source_t *source; /* borrowed */
    int days;
    enum fields_id of_daily[SOURCE_DAILIES + 1]; /* the day first */
    walk_t patient, event, pump, daily;
    explorer_canal_t canal;
} explorer_record_t;

/* Begins, as finely as *c says. explorer_record_end is legal after a failure. ERROR_MEMORY. */
int explorer_record_begin(explorer_record_t *w, const source_t *s, const explorer_choice_t *c,
                          error_t *e) __attribute__((warn_unused_result));
void explorer_record_end(explorer_record_t *w);

/* Writes a record; cheapest in the order of records. Errors of the reader, which *e of the beginning tells. */
int explorer_record_put(explorer_record_t *w, size_t record, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
