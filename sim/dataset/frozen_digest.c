/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes a frozen cohort. */
#include "dataset/frozen_digest.h"

#include <string.h>

#include "dataset/little.h"

#define BYTES 32

/* With its final zero, so that no two texts run into one another. */
static void add_text(frozen_digest_t *d, const char *text)
{
    (void)crypto_generichash_update(&d->state, (const uint8_t *)text, strlen(text) + 1);
}

void frozen_digest_add(frozen_digest_t *d, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[8];
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        little_put64(bytes, bits);
        (void)crypto_generichash_update(&d->state, bytes, sizeof bytes);
    }
}

void frozen_digest_begin(frozen_digest_t *d, const frozen_head_t *head)
{
    (void)crypto_generichash_init(&d->state, NULL, 0, BYTES);
    for (size_t i = 0; i < head->provenance.drugs.count; i++) {
        add_text(d, head->provenance.drugs.name[i]);
    }
    for (size_t i = 0; i < head->settings; i++) {
        add_text(d, head->setting[i].name);
        add_text(d, head->setting[i].unit);
        frozen_digest_add(d, &head->setting[i].value, 1);
    }
    for (size_t i = 0; i < head->fields; i++) {
        const frozen_field_t *f = &head->field[i];
        add_text(d, f->name);
        add_text(d, f->unit);
        add_text(d, f->meanings);
        if (f->key[0] != '\0') {
            frozen_digest_add(d, &f->central, 1);
        }
    }
}

void frozen_digest_end(frozen_digest_t *d, char hash[FROZEN_HASH_SIZE])
{
    unsigned char bytes[BYTES];
    (void)crypto_generichash_final(&d->state, bytes, sizeof bytes);
    (void)sodium_bin2hex(hash, FROZEN_HASH_SIZE, bytes, sizeof bytes);
}
