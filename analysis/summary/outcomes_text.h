/* SPDX-License-Identifier: Apache-2.0 */
/* Prints outcomes as text: a table for each arm, and what differs between arms or datasets. At most 100 columns. */
#ifndef ANALYSIS_OUTCOMES_TEXT_H
#define ANALYSIS_OUTCOMES_TEXT_H

#include <stdio.h>

#include "error.h"
#include "summary/outcomes.h"
#include "summary/table.h"

/* Of which kind every interval of a summary is that does not say otherwise. */
#define OUTCOMES_TEXT_INTERVALS                                                                    \
    "95 %, Monte Carlo: chance between the patients simulated; parameters at central values"

/* The table of one arm: every outcome that any of its patients has, with published values beside it. ERROR_MEMORY. */
int outcomes_text_arm(const outcomes_t *o, int32_t arm, table_notes_t *notes, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

/* From the second arm on the differences to the first, patient by patient. Nothing of one arm. ERROR_MEMORY. */
int outcomes_text_pairs(const outcomes_t *o, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

/* Two datasets of the same patients, arm by arm: second less first. `name` are what the datasets are called. Errors of
 * comparison_check; ERROR_MEMORY; ERROR_FILE_WRITE. */
int outcomes_text_compare(const outcomes_t *first, const outcomes_t *second,
                          const char *const name[2], FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
