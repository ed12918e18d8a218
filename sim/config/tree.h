/* SPDX-License-Identifier: Apache-2.0 */
/* YAML text into the nodes of a document. */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include "config/document.h"

/* Parses a text into nodes of the document whose places carry `source`. Returns the root, NULL on failure, which
 * is in the diagnostics or in out_of_memory, and NULL for a text without a value. */
document_node_t *tree_build(document_t *doc, const char *text, size_t length, int source);

#endif
