/* SPDX-License-Identifier: Apache-2.0 */
/* The trumpet curve of a trace: its pulses against the flow that was commanded. Thread rule: a reader is used by one thread.
 *
 * The record is the trace from its first pulse to its last. The rate is the nominal volume of a pulse over their mean
 * distance, that is the mean of what was commanded: of a programme that changes, the curve shows the change too. */
#ifndef ANALYSIS_TRUMPET_TRACE_H
#define ANALYSIS_TRUMPET_TRACE_H

#include <stddef.h>
#include <stdio.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/trumpet.h"

#define TRUMPET_TRACE_WINDOWS 11

typedef struct trumpet_trace_t {
    size_t
        pulses; /* 0: nothing to tell: no trace, fewer than two pulses, or of a pump without a core */
    double period_s;
    double rate_ml_per_day;
    trumpet_t window
        [TRUMPET_TRACE_WINDOWS]; /* windows in ms: of 1 to 100 periods, then 1 h, 6 h, 24 h, 7 d */
} trumpet_trace_t;

/* Computes *t of a trace; of a dataset it is empty. Errors of the reader and of trumpet_compute. */
int trumpet_trace_compute(trumpet_trace_t *t, reader_t *r, error_t *e)
    __attribute__((warn_unused_result));

/* Prints the table; nothing where there is nothing to tell. Failures show in ferror(out). */
void trumpet_trace_print(const trumpet_trace_t *t, FILE *out);

#endif
