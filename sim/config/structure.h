/* SPDX-License-Identifier: Apache-2.0 */
/* The check that a config has only keys of the field table, each a section, list or value as it should. */
#ifndef CONFIG_STRUCTURE_H
#define CONFIG_STRUCTURE_H

#include "config/document.h"

/* Adds a diagnostic for every key that no field has (with the nearest that one has) and for every node of
 * the wrong kind; marks such nodes bad. */
void structure_check(document_t *doc);

#endif
