/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a config, whichever kind it is of, up to its tree and from its errors on: what every reader of one does.
 *
 * One thread of the process at a time, as of study.h.
 */
#ifndef CONFIG_CONFIG_TEXT_H
#define CONFIG_CONFIG_TEXT_H

#include "config/diagnostic.h"
#include "config/document.h"
#include "config/study.h"
#include "config/units.h"
#include "error.h"

/* Reads a tree into `to`; what is wrong goes to the document's diagnostics. Returns 0 where memory ran out, else 1. */
typedef int config_text_reader_t(void *to, document_t *doc, units_t *units);

/* Parses source->text, with numbers as in the "C" locale, and has its tree read. ERROR_CONFIG: *d holds every error of it.
 * ERROR_MEMORY, ERROR_LIBRARY as of study_load. What is in `to` then is the caller's to free. */
int config_text_read(const study_source_t *source, config_text_reader_t *read, void *to,
                     diagnostic_t *d, error_t *e) __attribute__((warn_unused_result));

/* The same for a file. ERROR_FILE_OPEN, ERROR_FILE_READ too. */
int config_text_load(const char *path, config_text_reader_t *read, void *to, diagnostic_t *d,
                     error_t *e) __attribute__((warn_unused_result));

#endif
