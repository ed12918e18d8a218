/* SPDX-License-Identifier: Apache-2.0 */
/* Observations of real patients from a file of comma-separated values.
 *
 * The first line names the columns, in any order: `patient` (any text that tells one from another), `day` (days since the pump
 * was put in, >= 0), `value`, and if there is one `lloq`, the lower limit of quantification, > 0, of that sample's assay. A value
 * that is empty, or below its lloq, is known to lie below it and no more; without a lloq it may not be empty. Lines that begin
 * with # and empty lines are skipped. Fields are not quoted. Values are in the unit of the field that they are held against.
 *
 * Thread rule: any thread.
 */
#ifndef ANALYSIS_OBSERVED_H
#define ANALYSIS_OBSERVED_H

#include <stddef.h>

#include "error.h"

typedef struct observed_sample_t {
    size_t patient; /* from 0, in order of first mention */
    double day;
    double value; /* NaN: below lloq */
    double lloq;  /* NaN: none */
} observed_sample_t;

/* Owned. */
typedef struct observed_t {
    observed_sample_t *sample; /* [samples], in order of the file */
    size_t samples;
    size_t patients;
} observed_t;

/* Reads the file; observed_free is legal after a failure and on a zeroed struct. ERROR_FILE_OPEN; ERROR_FILE_READ, as FILE:LINE:
 * what is wrong there; ERROR_MEMORY. */
int observed_read(observed_t *o, const char *path, error_t *e) __attribute__((warn_unused_result));
void observed_free(observed_t *o);

#endif
