/* SPDX-License-Identifier: Apache-2.0 */
/* What the printed tables share: numbers in columns, and sources cited by number. */
#ifndef ANALYSIS_TABLE_H
#define ANALYSIS_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "error.h"
#include "summary/reference.h"

/* Sources cited so far, in order of their first mention. Zero-initialise. */
typedef struct table_notes_t {
    const char *source[REFERENCE_COUNT]; /* static storage */
    size_t count;
} table_notes_t;

/* A space, then a number with four significant digits in a column of the given width; a dash where there is none. */
void table_number(FILE *out, int width, double value);

/* The number of a source, from 1: the next where it was not cited before. `source` is of static storage. */
size_t table_cite(table_notes_t *notes, const char *source);

/* A line of its own below a row: the published value and the number of its source. Nothing when reference is NULL. */
void table_published(const reference_t *reference, table_notes_t *notes, FILE *out);

/* The list of sources. Nothing when there is none. */
void table_sources(const table_notes_t *notes, FILE *out);

/* 0 where all that was printed has been written, else ERROR_FILE_WRITE. `what` is what the message calls it; errno was 0 before
 * the first of it, so that it tells why. */
int table_finish(FILE *out, const char *what, error_t *e) __attribute__((warn_unused_result));

#endif
