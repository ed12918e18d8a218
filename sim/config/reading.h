/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a study from a document, field by field of the table. */
#ifndef CONFIG_READING_H
#define CONFIG_READING_H

#include <stddef.h>

#include "config/document.h"
#include "config/study.h"
#include "config/units.h"

/* A reading in progress. Study, document and units are borrowed; `failed` is owned. */
typedef struct reading_t {
    study_t *study;
    document_t *doc;
    units_t *units;
    const void **failed; /* [n_failed] members whose value was reported and means nothing */
    size_t n_failed;
    size_t capacity;
    int arm; /* 1: of the keys that do not apply only the arm's own are errors */
    int out_of_memory;
} reading_t;

/* Reads every field into *r->study, which must be all zero: values, defaults, missing ones reported.
 * structure_check comes first. Allocates study->event. */
void reading_run(reading_t *r);

/* 1 if the member (an address inside the study) was reported, so that no rule may judge it. */
int reading_failed(const reading_t *r, const void *member);

/* Adds a diagnostic about a path ("events[2].volume"), placed at its value, or at the nearest section that
 * the file has where the value is a default. */
void reading_report(const reading_t *r, diagnostic_severity_t severity, const char *path,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

void reading_free(reading_t *r);

#endif
