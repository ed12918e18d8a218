/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a dataset: each a script for gnuplot and, for who does not see it, a table of the same numbers.
 *
 * Colours are those of style.css, so that a figure within a page can follow its theme. Every figure says that it is simulated.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_FIGURE_H
#define ANALYSIS_FIGURE_H

#include <stdio.h>

#include "error.h"
#include "page/source.h"

enum figure_id {
#define FIGURE(symbol, name, kind, what, title, axis) FIGURE_##symbol,
#include "page/figure.def"
#undef FIGURE
    FIGURE_COUNT
};

enum figure_lives { FIGURE_LEFT, FIGURE_CAUSES, FIGURE_CATHETERS_LEFT, FIGURE_CATHETERS_CAUSES };
enum figure_refills { FIGURE_DELIVERED, FIGURE_FOUND };
enum figure_format { FIGURE_SVG, FIGURE_PNG };

/* The figure of this name in *id. ERROR_ARGUMENT, with the names that there are. */
int figure_find(const char *name, enum figure_id *id, error_t *e)
    __attribute__((warn_unused_result));

/* Draws it to `out`: whole SVG or PNG. ERROR_ARGUMENT where there is nothing to show; errors of gnuplot_draw and of the reader. */
int figure_draw(const source_t *s, enum figure_id id, enum figure_format format, FILE *out,
                error_t *e) __attribute__((warn_unused_result));

/* The same as a part of a page: <figure>, its text and its table. Nothing where there is nothing to show. */
int figure_put(const source_t *s, enum figure_id id, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

/* ---- for the drawings ---- */

#define FIGURE_COLOURS 6

/* "rgb '#0072b2'" of series i; those beyond the colours have the last. */
const char *figure_colour(size_t i);

/* Text within the quotes of a script: what could end them, or begin markup, is left out. */
void figure_text(const char *text, FILE *script);

#endif
