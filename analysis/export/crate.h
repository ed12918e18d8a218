/* SPDX-License-Identifier: Apache-2.0 */
/* The dataset and the papers of its study as an RO-Crate, version 1.2 of its specification: a folder whose
 * ro-crate-metadata.json (JSON-LD) says what was run, with what, and gives the size and SHA-256 of every file.
 *
 * Thread rule: as export.h.
 */
#ifndef ANALYSIS_CRATE_H
#define ANALYSIS_CRATE_H

#include "error.h"
#include "export/export.h"

/* ERROR_ARGUMENT: options->date is no day, which the specification requires of a crate; ERROR_FILE_OPEN, ERROR_FILE_READ: the
 * dataset's file; ERROR_MEMORY; ERROR_INTERRUPTED; those of the outbox. */
int crate_write(export_t *x, error_t *e) __attribute__((warn_unused_result));

#endif
