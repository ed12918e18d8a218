/* SPDX-License-Identifier: Apache-2.0 */
/* From a tree to a study: structure, values and rules, in this order. */
#ifndef CONFIG_INTERPRET_H
#define CONFIG_INTERPRET_H

#include "config/document.h"
#include "config/study.h"
#include "config/units.h"

/* Fills *s, which must be all zero, from doc->root; what is wrong is added to doc->diagnostics. With `arm` 1 the
 * tree is an arm's: keys of the base that do not apply in the arm are passed over. Returns 1, or 0 without
 * memory. */
int interpret_tree(study_t *s, document_t *doc, units_t *units, int arm)
    __attribute__((warn_unused_result));

#endif
