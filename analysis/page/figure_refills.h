/* SPDX-License-Identifier: Apache-2.0 */
/* How true refills find the pump: a histogram of each arm's refills. Thread rule: a reader is used by one thread. */
#ifndef ANALYSIS_FIGURE_REFILLS_H
#define ANALYSIS_FIGURE_REFILLS_H

#include <stdio.h>

#include "error.h"
#include "page/figure.h"

#define FIGURE_REFILLS_BINS 40

/* One arm's refills: the share of them in each of `bins` bins of `width` from `low` on. */
typedef struct figure_refills_t {
    double low, width;
    size_t bins;
    size_t refills; /* those with a value */
    size_t count[FIGURE_REFILLS_BINS];
} figure_refills_t;

int figure_refills_has(const source_t *s, enum figure_refills what);

/* Counts the refills of an arm: DELIVERED 100 (delivered_since / commanded_since - 1) in %, FOUND read - expected in mL. Bins
 * are the same for all arms. Errors of walk_at. */
int figure_refills_count(const source_t *s, enum figure_refills what, size_t arm,
                         figure_refills_t *h, error_t *e) __attribute__((warn_unused_result));

/* The part of the script from the data on. Errors of walk_at. */
int figure_refills_plot(const source_t *s, enum figure_refills what, FILE *script, error_t *e)
    __attribute__((warn_unused_result));

int figure_refills_table(const source_t *s, enum figure_refills what, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
