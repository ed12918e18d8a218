/* SPDX-License-Identifier: Apache-2.0 */
/* The canal of one record for the explorer: every n-th of its samples, each value one byte. As JSON, after "c":
 *
 *   [least, greatest, day of the first sample, days between samples, base64 of a byte for each level of each sample], or null
 *
 * A byte of 1 to EXPLORER_CANAL_STEPS is a logarithmic step from the least to the greatest of the record; 0: none, or less than
 * the least; 255: no value. The least is not further below the greatest than EXPLORER_CANAL_DECADES.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_EXPLORER_CANAL_H
#define ANALYSIS_EXPLORER_CANAL_H

#include <stdio.h>

#include "dataset/walk.h"
#include "error.h"

#define EXPLORER_CANAL_STEPS 254
#define EXPLORER_CANAL_DECADES 5
#define EXPLORER_CANAL_LEVELS ((size_t)FIELDS_LEVEL_CISTERNAL + 1) /* rows of a sample */

/* Samples that the dataset has of its records on average; 0: the canal is not recorded. */
double explorer_canal_samples(reader_t *r, size_t records);

/* Private to explorer_canal.c. */
typedef struct explorer_canal_t {
    walk_t walk;
    reader_t *reader; /* borrowed */
    size_t each;      /* of so many samples the first is taken */
} explorer_canal_t;

/* Begins; explorer_canal_end is legal after a failure. ERROR_MEMORY. */
int explorer_canal_begin(explorer_canal_t *c, reader_t *r, size_t each, error_t *e)
    __attribute__((warn_unused_result));
void explorer_canal_end(explorer_canal_t *c);

/* Writes a record's; cheapest in the order of records. Errors of the reader. */
int explorer_canal_put(explorer_canal_t *c, size_t record, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
