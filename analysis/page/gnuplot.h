/* SPDX-License-Identifier: Apache-2.0 */
/* Has gnuplot, an outside program, draw a script. Thread rule: any thread, one at a time. */
#ifndef ANALYSIS_GNUPLOT_H
#define ANALYSIS_GNUPLOT_H

#include <stdio.h>

#include "error.h"

/* Runs gnuplot, with nobody's own settings, on a script from its beginning; what it draws to its standard output goes to `drawn`, at
 * whose beginning the caller then stands. Both are files of the system's own, as tmpfile makes them. ERROR_LIBRARY: gnuplot is not
 * there, or did not like the script, whose first complaint the text tells; ERROR_FILE_WRITE. */
int gnuplot_draw(FILE *script, FILE *drawn, error_t *e) __attribute__((warn_unused_result));

#endif
