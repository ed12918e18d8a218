/* SPDX-License-Identifier: Apache-2.0 */
/* The hash of a frozen cohort: BLAKE2b over its drugs, settings and fields with their names and central values, then over the
 * people row by row, each value as the bytes of a little-endian double. What drew them, when and for which study is not in it.
 *
 * Thread rule: a digest belongs to one thread at a time.
 */
#ifndef DATASET_FROZEN_DIGEST_H
#define DATASET_FROZEN_DIGEST_H

#include <sodium.h>

#include "dataset/frozen.h"

typedef struct frozen_digest_t {
    crypto_generichash_state state;
} frozen_digest_t;

void frozen_digest_begin(frozen_digest_t *d, const frozen_head_t *head);

/* Adds values[count] of the rows, field after field. */
void frozen_digest_add(frozen_digest_t *d, const double *values, size_t count);

void frozen_digest_end(frozen_digest_t *d, char hash[FROZEN_HASH_SIZE]);

#endif
