/* SPDX-License-Identifier: Apache-2.0 */
/* The arms of a study: the base with the settings of each laid over it. */
#ifndef CONFIG_ARMS_H
#define CONFIG_ARMS_H

#include "config/document.h"
#include "config/study.h"
#include "config/units.h"

/* Makes s->arm from the items of study.arms, once the base is in *s. A `set` is laid over a copy of the tree as
 * `--set` would be, after those; its errors stand in doc->diagnostics at their own places, the arm's name in
 * front. What is the same in all arms (study.*, the list and names of drugs, `uncertain` and its keys) may not be set. Returns 1, or
 * 0 without memory. */
int arms_read(study_t *s, document_t *doc, units_t *units) __attribute__((warn_unused_result));

#endif
