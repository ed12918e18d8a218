/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a dataset: everything that a reader of it is told, in one file of HTML.
 *
 * The same dataset gives the same page, byte for byte, with the same gnuplot.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_PAGE_H
#define ANALYSIS_PAGE_H

#include <stdio.h>

#include "error.h"
#include "page/source.h"

/* Errors of figure_put, of explorer_put and of the statistics. Those of writing are the stream's: the caller asks ferror. */
int page_put(const source_t *s, FILE *out, error_t *e) __attribute__((warn_unused_result));

#endif
