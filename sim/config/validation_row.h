/* SPDX-License-Identifier: Apache-2.0 */
/* One published row of a validation. */
#ifndef CONFIG_VALIDATION_ROW_H
#define CONFIG_VALIDATION_ROW_H

#include "config/document.h"
#include "config/units.h"
#include "config/validation.h"

/* Reads the item `node` of observed[], shown as `shown`, into *row, all zero; `v` has its runs. What is wrong is added to the
 * diagnostics. */
void validation_row_read(const document_t *doc, units_t *units, const document_node_t *node,
                         const char *shown, const validation_t *v,
                         const validation_options_t *options, validation_row_t *row);

#endif
