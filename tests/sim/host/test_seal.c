/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, tags and nonces, each another for whatever goes in. */
#include "host/seal.h"

#include <criterion/criterion.h>
#include <string.h>

Test(seal, crc_check_value)
{
    cr_expect_eq(seal_crc32((const uint8_t *)"123456789", 9u), 0xCBF43926u);
}

Test(seal, keys_and_tags_differ_by_everything_that_goes_in)
{
    const uint8_t secret[] = "a secret";
    seal_key_t key[4];
    uint8_t tag[2][SEAL_TAG_BYTES];
    uint8_t nonce[2][SEAL_TAG_BYTES];
    error_t e = {0};
    cr_assert_eq(seal_key_derive(&key[0], secret, 8u, 1u, 1u, &e), 0);
    cr_assert_eq(seal_key_derive(&key[1], secret, 8u, 1u, 2u, &e), 0);
    cr_assert_eq(seal_key_derive(&key[2], secret, 8u, 2u, 1u, &e), 0);
    cr_assert_eq(seal_key_derive(&key[3], secret, 7u, 1u, 1u, &e), 0);
    for (int i = 1; i < 4; i++) {
        cr_expect_neq(memcmp(&key[0], &key[i], sizeof key[0]), 0, "key %d", i);
    }
    cr_assert_eq(seal_tag(&key[0], secret, 8u, tag[0], &e), 0);
    cr_assert_eq(seal_tag(&key[0], secret, 7u, tag[1], &e), 0);
    cr_expect_neq(memcmp(tag[0], tag[1], sizeof tag[0]), 0);
    cr_assert_eq(seal_nonce(&key[0], 1u, nonce[0], 16u, &e), 0);
    cr_assert_eq(seal_nonce(&key[0], 2u, nonce[1], 16u, &e), 0);
    cr_expect_neq(memcmp(nonce[0], nonce[1], sizeof nonce[0]), 0);
    const uint8_t fresh[2][SEAL_PAIR_BYTES] = {{1u}, {2u}};
    seal_key_t paired[4];
    cr_assert_eq(seal_key_pair(&paired[0], &key[0], 2u, fresh[0], &e), 0);
    cr_assert_eq(seal_key_pair(&paired[1], &key[0], 2u, fresh[1], &e), 0);
    cr_assert_eq(seal_key_pair(&paired[2], &key[0], 3u, fresh[0], &e), 0);
    cr_assert_eq(seal_key_pair(&paired[3], &key[2], 2u, fresh[0], &e), 0);
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            cr_expect_neq(memcmp(&paired[i], &key[j], sizeof key[j]), 0, "%d is key %d", i, j);
            cr_expect(i == j || memcmp(&paired[i], &paired[j], sizeof key[j]) != 0, "%d %d", i, j);
        }
    }
    cr_expect_eq(seal_key_derive(&key[0], secret, 0u, 1u, 1u, &e), ERROR_ARGUMENT);
    cr_expect_eq(seal_nonce(&key[0], 1u, nonce[0], 15u, &e), ERROR_ARGUMENT);
}
