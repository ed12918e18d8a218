/* SPDX-License-Identifier: Apache-2.0 */
/* Overrides: one `--set key=value` laid over the tree of a config file. */
#ifndef CONFIG_OVERRIDE_H
#define CONFIG_OVERRIDE_H

#include "config/document.h"

/* Applies doc->source->set[index] to a parsed document. The key is a path with indices from 0 in lists;
 * sections that the file lacks are made, list items are not. The value is plain text, or YAML where it
 * begins with a quote, "[" or "{". What does not fit is added to the diagnostics; a key that no field
 * has is found later, with those of the file. */
void override_apply(document_t *doc, size_t index);

/* Lays a value over the place that a path names, its key at key_place; the children of `value` are shared, not
 * copied. Returns the node there, NULL if the path does not fit the tree or memory ran out. */
document_node_t *override_lay(document_t *doc, const char *path, const document_node_t *value,
                              diagnostic_place_t key_place);

/* The same for an entry of a mapping, whose key is the path; what it lays is marked as its own. Where it does not fit, that is
 * reported at the key. */
void override_entry(document_t *doc, const document_node_t *entry);

#endif
