/* SPDX-License-Identifier: Apache-2.0 */
/* Patient by patient: the controls of a page's explorer, and the data that its script (explorer.js) reads.
 *
 * All patients where they fit into EXPLORER_BYTES; else those that are among the EXPLORER_WORST highest or lowest by any outcome
 * in any arm, and others at even distances. Daily series keep every row, or the least and the greatest of each few days where
 * that is what fits; each value is a 16-bit step of its series' own range. The page says which it is.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_EXPLORER_H
#define ANALYSIS_EXPLORER_H

#include <stdio.h>

#include "error.h"
#include "page/source.h"

#define EXPLORER_BYTES 8800000 /* that the data may take, about: a page stays below 10 MB */
#define EXPLORER_WORST 10
#define EXPLORER_EVENTS                                                                            \
    600 /* of a record, at most: above it the most frequent kind is left out, and the page says so */

/* Errors of the reader; ERROR_MEMORY. */
int explorer_put(const source_t *s, FILE *out, error_t *e) __attribute__((warn_unused_result));

#endif
