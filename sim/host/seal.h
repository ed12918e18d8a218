/* SPDX-License-Identifier: Apache-2.0 */
/* Seals: keys, tags and nonces of telemetry (keyed BLAKE2b by libsodium), and the CRC of frames and factory blocks.
 *
 * Used by both ends: the implant's crypto engine and the programmer. Everything is a pure function of its
 * arguments, so a simulated session is reproducible. Thread rule: none.
 */
#ifndef HOST_SEAL_H
#define HOST_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "dosing_factory.h"

#include "error.h"

#define SEAL_KEY_BYTES 32u
#define SEAL_TAG_BYTES 16u
#define SEAL_PAIR_BYTES 16u

typedef struct seal_key_t {
    uint8_t bytes[SEAL_KEY_BYTES];
} seal_key_t;

/* The key of one role of one device, from secret bytes of 1..64 (a pump's share of the study's random streams).
 * `role` is DOSING_ROLE_*. ERROR_ARGUMENT, ERROR_LIBRARY. */
int seal_key_derive(seal_key_t *key, const uint8_t *secret, size_t length, uint32_t device_id,
                    uint8_t role, error_t *e) __attribute__((warn_unused_result));

/* The key that pairing gives to `role`, from the clinician's key of the same device and nonce[SEAL_PAIR_BYTES] that no
 * pairing had before. Both ends derive it: the key is never sent. ERROR_LIBRARY. */
int seal_key_pair(seal_key_t *key, const seal_key_t *clinician, uint8_t role, const uint8_t *nonce,
                  error_t *e) __attribute__((warn_unused_result));

/* Tag of SEAL_TAG_BYTES over bytes[length]. ERROR_LIBRARY. */
int seal_tag(const seal_key_t *key, const uint8_t *bytes, size_t length, uint8_t *tag, error_t *e)
    __attribute__((warn_unused_result));

/* Deterministic nonce: `length` (16..32) bytes that depend on the key and on `index`; the callers, both
 * ends of a link, never repeat an index under one key. ERROR_ARGUMENT, ERROR_LIBRARY. */
int seal_nonce(const seal_key_t *key, uint64_t index, uint8_t *out, size_t length, error_t *e)
    __attribute__((warn_unused_result));

/* CRC-32 of IEEE 802.3 (reflected 0xEDB88320, initial and final inversion): of "123456789" it is 0xCBF43926. */
uint32_t seal_crc32(const uint8_t *bytes, size_t length);

/* Fills magic, version and crc of a factory block whose other words are set. */
void seal_factory(dosing_factory_t *factory);

#endif
