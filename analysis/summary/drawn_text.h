/* SPDX-License-Identifier: Apache-2.0 */
/* The people of a frozen cohort for people, and for programs. Thread rule: any thread. */
#ifndef ANALYSIS_DRAWN_TEXT_H
#define ANALYSIS_DRAWN_TEXT_H

#include <stdio.h>

#include "error.h"
#include "summary/drawn.h"

/* Tables. ERROR_FILE_WRITE. */
int drawn_text_print(const drawn_t *d, FILE *out, error_t *e) __attribute__((warn_unused_result));

/* The same as JSON, all digits, with what does not vary. ERROR_FILE_WRITE; ERROR_MEMORY. */
int drawn_text_json(const drawn_t *d, FILE *out, error_t *e) __attribute__((warn_unused_result));

#endif
