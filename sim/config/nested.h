/* SPDX-License-Identifier: Apache-2.0 */
/* A study inside another config file: the mapping under one of its keys. */
#ifndef CONFIG_NESTED_H
#define CONFIG_NESTED_H

#include "config/document.h"
#include "config/study.h"
#include "config/units.h"

/* Reads the study written under `node`, a mapping of the document, as study_parse would: includes, arms and warnings too. It
 * has `patients` patients, or what the file says where that is 0. With `laid` 1 settings were laid over it as over an arm: other keys
 * that do not apply are passed over. Its diagnostics are added to the document's, each after
 * `name` and ": "; its warnings are its own alone. Returns 1, or 0 without memory; s is the caller's to free in any case, and
 * holds nothing of use where errors were added. */
int nested_study(document_t *doc, units_t *units, document_node_t *node, const char *name,
                 int64_t patients, int laid, study_t *s);

#endif
