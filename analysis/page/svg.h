/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a drawing of gnuplot's a part of a page. Thread rule: any thread. */
#ifndef ANALYSIS_SVG_H
#define ANALYSIS_SVG_H

#include <stdio.h>

/* Copies SVG from `drawn` to `out` from its <svg> on, without ids, which a page may hold once only, and without what is defined and not
 * used; what is said of the page's colours (style.css) becomes these. `label`: for who does not see it. */
void svg_put(FILE *drawn, const char *label, FILE *out);

#endif
