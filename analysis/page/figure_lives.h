/* SPDX-License-Identifier: Apache-2.0 */
/* The lives of pumps or of catheters: how many are left, and what ended the others. Thread rule: a reader is used by one thread. */
#ifndef ANALYSIS_FIGURE_LIVES_H
#define ANALYSIS_FIGURE_LIVES_H

#include <stdio.h>

#include "error.h"
#include "page/figure.h"

/* 1 where there is a pump, or a catheter of a dataset in which any failed (of causes: where one ended). */
int figure_lives_has(const source_t *s, enum figure_lives what);

/* The part of the script from the data on. Errors of lives_pumps and survival_estimate. */
int figure_lives_plot(const source_t *s, enum figure_lives what, FILE *script, error_t *e)
    __attribute__((warn_unused_result));

/* The same year by year. Errors as above. */
int figure_lives_table(const source_t *s, enum figure_lives what, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
