/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside the tables of an export: datapackage.json, variables.csv, README.txt and the papers of the study.
 *
 * datapackage.json is a Tabular Data Package of the Frictionless specifications, version 1: each table with its fields,
 * their types, constraints, keys and missing values, its bytes and SHA-256. Units stand as a property `unit` of each field,
 * in UDUNITS-2 spelling; provenance as a property `provenance` of the package.
 *
 * Thread rule: as export.h.
 */
#ifndef ANALYSIS_PACKAGE_H
#define ANALYSIS_PACKAGE_H

#include "error.h"
#include "export/export.h"

/* config.yaml, assumptions.txt and warnings.txt of the study. Errors of the outbox. */
int package_papers(export_t *x, error_t *e) __attribute__((warn_unused_result));

/* variables.csv: a row per column of every sheet so far. Errors of the outbox. */
int package_variables(export_t *x, error_t *e) __attribute__((warn_unused_result));

/* datapackage.json, of all files that are closed. `layout` is one sentence: after what the tables are laid out. ERROR_MEMORY;
 * those of the outbox. */
int package_describe(export_t *x, const char *layout, error_t *e)
    __attribute__((warn_unused_result));

/* README.txt: what the folder is and what is in it. Errors of the outbox, ERROR_MEMORY. */
int package_readme(export_t *x, const char *layout, error_t *e) __attribute__((warn_unused_result));

/* Members of the provenance as a JSON object, which the caller frees; without memory *failed is 1. */
struct json_t;
struct json_t *package_provenance(const export_t *x, int *failed);

#endif
