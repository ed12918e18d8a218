/* SPDX-License-Identifier: Apache-2.0 */
/* What a page carries with it: styles and scripts, in the program's own bytes since it was built.
 *
 * Ours lie beside this file; dygraphs (https://dygraphs.com, MIT) is the one that was installed where the program was built. So
 * a page can be written where neither is.
 *
 * Thread rule: constant.
 */
#ifndef ANALYSIS_ASSET_H
#define ANALYSIS_ASSET_H

#include <stddef.h>
#include <stdio.h>

enum asset_id {
#define ASSET(symbol, file) ASSET_##symbol,
#include "page/asset.def"
#undef ASSET
    ASSET_COUNT
};

/* The bytes of an asset and their number, without a comment at its end that names a source map. Static storage, not ended by a
 * zero. */
const char *asset_bytes(enum asset_id id, size_t *size);

/* Writes them. */
void asset_put(enum asset_id id, FILE *out);

#endif
