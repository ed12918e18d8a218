/* SPDX-License-Identifier: Apache-2.0 */
/* The field table printed for people and editors.
 *
 * Each function writes to a stream of the caller's, in the order of the table, and returns 0, or -1 if
 * the stream failed or memory ran out. Numbers are in the numeric locale in force. One thread at a time
 * for one stream.
 */
#ifndef CONFIG_REFERENCE_H
#define CONFIG_REFERENCE_H

#include <stdio.h>

#include "config/field.h"
#include "config/study.h"

/* Every key in Markdown, a table for each section: key, type or unit, default, range, help, source. */
int reference_markdown(FILE *out) __attribute__((warn_unused_result));

/* The same for the parameters of the models alone, with their spread: what models/PARAMETERS.md holds. */
int reference_parameters(FILE *out) __attribute__((warn_unused_result));

/* The row that is the spread of a model's parameter between people or units, by its name: KEY_cv (coefficient of variation) or
 * KEY_sd; NULL if there is none. Static storage. */
const field_t *reference_spread(const field_t *f);

/* A JSON Schema (draft 7) of a study, for editors. It is less strict than the reader: units, conditions
 * and rules over several fields are not in it. */
int reference_schema_json(FILE *out) __attribute__((warn_unused_result));

/* The values of a study that rest on an assumption, a line each: "key: value (assumption ...)". */
int reference_assumptions(const study_t *s, FILE *out) __attribute__((warn_unused_result));

#endif
