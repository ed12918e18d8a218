/* SPDX-License-Identifier: Apache-2.0 */
/* Keyed BLAKE2b for keys, tags and nonces, each under its own first byte so that none can stand for another. */
#include "host/seal.h"

#include <sodium.h>
#include <string.h>
#include <zlib.h>

enum seal_purpose { SEAL_FOR_KEY = 1, SEAL_FOR_TAG = 2, SEAL_FOR_NONCE = 3, SEAL_FOR_PAIR = 4 };

static int ready(error_t *e)
{
    return sodium_init() < 0 ? ERROR_RAISE(e, ERROR_LIBRARY, "libsodium cannot be initialised") : 0;
}

typedef struct bytes_t {
    const uint8_t *at;
    size_t length;
} bytes_t;

static int hash(uint8_t *out, size_t out_length, uint8_t purpose, bytes_t subject,
                const seal_key_t *key, error_t *e)
{
    crypto_generichash_state state;
    if (crypto_generichash_init(&state, key->bytes, sizeof key->bytes, out_length) != 0 ||
        crypto_generichash_update(&state, &purpose, 1u) != 0 ||
        crypto_generichash_update(&state, subject.at, subject.length) != 0 ||
        crypto_generichash_final(&state, out, out_length) != 0) {
        return ERROR_RAISE(e, ERROR_LIBRARY, "libsodium's BLAKE2b failed");
    }
    return 0;
}

int seal_key_derive(seal_key_t *key, const uint8_t *secret, size_t length, uint32_t device_id,
                    uint8_t role, error_t *e)
{
    uint8_t subject[5] = {role};
    seal_key_t master;
    if (length < 1u || length > 64u) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a secret has %zu bytes; 1 to 64 are allowed",
                           length);
    }
    for (unsigned i = 0; i < 4u; i++) {
        subject[1u + i] = (uint8_t)(device_id >> 8u * i);
    }
    const int status = ready(e);
    if (status < 0) {
        return status;
    }
    if (crypto_generichash(master.bytes, sizeof master.bytes, secret, length, NULL, 0u) != 0) {
        return ERROR_RAISE(e, ERROR_LIBRARY, "libsodium's BLAKE2b failed");
    }
    return hash(key->bytes, sizeof key->bytes, SEAL_FOR_KEY, (bytes_t){subject, sizeof subject},
                &master, e);
}

int seal_key_pair(seal_key_t *key, const seal_key_t *clinician, uint8_t role, const uint8_t *nonce,
                  error_t *e)
{
    uint8_t subject[1u + SEAL_PAIR_BYTES] = {role};
    memcpy(subject + 1, nonce, SEAL_PAIR_BYTES);
    const int status = ready(e);
    return status < 0 ? status
                      : hash(key->bytes, sizeof key->bytes, SEAL_FOR_PAIR,
                             (bytes_t){subject, sizeof subject}, clinician, e);
}

int seal_tag(const seal_key_t *key, const uint8_t *bytes, size_t length, uint8_t *tag, error_t *e)
{
    return hash(tag, SEAL_TAG_BYTES, SEAL_FOR_TAG, (bytes_t){bytes, length}, key, e);
}

int seal_nonce(const seal_key_t *key, uint64_t index, uint8_t *out, size_t length, error_t *e)
{
    uint8_t subject[8];
    if (length < 16u || length > 32u) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a nonce of %zu bytes; 16 to 32 are allowed", length);
    }
    for (unsigned i = 0; i < 8u; i++) {
        subject[i] = (uint8_t)(index >> 8u * i);
    }
    return hash(out, length, SEAL_FOR_NONCE, (bytes_t){subject, sizeof subject}, key, e);
}

uint32_t seal_crc32(const uint8_t *bytes, size_t length)
{
    return (uint32_t)crc32_z(0, bytes, length);
}

void seal_factory(dosing_factory_t *factory)
{
    factory->magic = DOSING_FACTORY_MAGIC;
    factory->version = DOSING_FACTORY_VERSION;
    const uint32_t words[] = {factory->magic,
                              factory->version,
                              factory->device_id,
                              factory->pulse_volume_pl,
                              factory->capacity_nl,
                              factory->tubing_nl,
                              factory->rate_min_nl_per_day,
                              factory->rate_max_nl_per_day,
                              factory->volume_24h_max_nl,
                              factory->gap_ms,
                              factory->battery_uah,
                              factory->idle_na,
                              factory->wake_nc,
                              factory->pulse_nc,
                              factory->tone_nc,
                              factory->frame_nc,
                              factory->eri_mv,
                              factory->floor_mv};
    uint8_t bytes[sizeof words];
    _Static_assert(sizeof words + 4u == sizeof *factory, "every word is under the CRC");
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(words[i / 4u] >> 8u * (i % 4u));
    }
    factory->crc = seal_crc32(bytes, sizeof bytes);
}
