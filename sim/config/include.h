/* SPDX-License-Identifier: Apache-2.0 */
/* Includes: sections of a study that other files hold. */
#ifndef CONFIG_INCLUDE_H
#define CONFIG_INCLUDE_H

#include "config/document.h"

#define INCLUDE_DEPTH_MAX 3 /* files that a file includes, which include, which include */

/* Takes every `include: PATH` out of the mappings of doc->root, but for those of `study` and of the root itself,
 * and adds the keys of that file; keys beside the include win, sections are joined key by key. A relative
 * path is looked for beside the file that includes, in each folder of $THECASIM_CONFIGS (separated by
 * colons), then among the installed configs. What cannot be included is added to the diagnostics at its
 * place; doc->source->path NULL refuses all. */
void include_expand(document_t *doc);

/* The same, and first of all the root's own include: another study, of which the keys beside the include change a part. */
void include_expand_whole(document_t *doc);

#define INCLUDE_PATH_SIZE 1024

/* The folders of configs, by number: `configs` here, those of $THECASIM_CONFIGS, the installed ones. Writes that of
 * `index` to out; 0 if there is no such number. */
int include_folder(size_t index, char out[INCLUDE_PATH_SIZE]);

#endif
