/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes of a dataset move with values alone. */
#include "tests/sim/dataset/sound.h"

#include "dataset/verify.h"

#include <criterion/criterion.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static verify_hashes_t hashes_of(const sound_fault_t *fault, const provenance_t *p)
{
    char path[256];
    verify_hashes_t h;
    reader_t *r = NULL;
    error_t e = {0};
    fixture_path(path, sizeof path, "a.h5");
    sound_make(path, fault, p);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    cr_assert_eq(verify_hash(r, &h, &e), 0, "%s", e.text);
    reader_close(&r);
    return h;
}

Test(verify, one_bit_of_one_value_moves_its_field_and_the_total_alone)
{
    const enum fields_id field = FIELD_DAILY_DOSE_UG;
    const provenance_t p = sound_provenance();
    const double value = sound_value(field, 2, 1);
    const sound_fault_t bit = {field, 1, (double)nextafterf((float)value, 9.0F)};
    const verify_hashes_t a = hashes_of(&sound_none, &p), b = hashes_of(&bit, &p);
    for (int f = 0; f < FIELD_COUNT; f++) {
        cr_assert_eq(memcmp(a.field[f], b.field[f], VERIFY_HASH_SIZE) != 0,
                     (enum fields_id)f == field, "%s", fields_get((enum fields_id)f)->name);
    }
    cr_assert_neq(memcmp(a.total, b.total, VERIFY_HASH_SIZE), 0);
}

Test(verify, provenance_is_not_in_the_hashes)
{
    const provenance_t p = sound_provenance();
    provenance_t other = p;
    other.version = "9.9.9";
    other.build = "another compiler";
    const verify_hashes_t a = hashes_of(&sound_none, &p), b = hashes_of(&sound_none, &other);
    cr_assert_eq(memcmp(&a, &b, sizeof a), 0);
}

/* BLAKE2b-256 of the 24 bytes of three little-endian int64: 1, 2, 3; by `b2sum -l 256`. */
Test(verify, the_hash_is_blake2b_of_the_raw_little_endian_values)
{
    static const char known[] = "4309cdc8741445bfc9bcdbe384e54da89b00f953dfc4b01763cfed613426736b";
    const provenance_t p = sound_provenance();
    const verify_hashes_t h = hashes_of(&sound_none, &p);
    char text[2 * VERIFY_HASH_SIZE + 1];
    for (size_t i = 0; i < VERIFY_HASH_SIZE; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", h.field[FIELD_PATIENTS_PATIENT][i]);
    }
    cr_assert_str_eq(text, known);
}
