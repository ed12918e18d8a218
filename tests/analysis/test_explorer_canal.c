/* SPDX-License-Identifier: Apache-2.0 */
/* The canal of the explorer: its bytes mean what explorer_canal.h says, and many samples are thinned before patients are left out. */
#include <criterion/criterion.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/base64.h"
#include "page/explorer_canal.h"
#include "page/explorer_choice.h"
#include "tests/analysis/small.h"

#define SAMPLES 120
#define LEVELS ((int)FIELDS_LEVEL_CISTERNAL + 1)

/* Nothing in the first sample; then 100 in the sac, 1 at L5, next to nothing at L4, no value at L3, 10 elsewhere. */
static double value(int sample, int level)
{
    return sample == 0  ? 0.0
           : level == 0 ? 100.0
           : level == 1 ? 1.0
           : level == 2 ? 1e-6
           : level == 3 ? (double)NAN
                        : 10.0;
}

static void put_canal(record_t *r, int samples)
{
    for (int i = 0; i < samples * LEVELS; i++) {
        record_row(r, TABLE_CANAL);
        record_put_i64(r, FIELD_CANAL_DAY, 7 * (i / LEVELS));
        record_put_i64(r, FIELD_CANAL_LEVEL, i % LEVELS);
        record_put_f64(r, FIELD_CANAL_NG_PER_ML, value(i / LEVELS, i % LEVELS));
    }
}

/* The second patient has no canal. */
static void put(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    small_rest(r, TABLE_OUTCOMES);
    put_canal(r, key.patient == 2 ? 0 : 3);
}

static char *written(size_t each, size_t record)
{
    error_t e = {0};
    char *text = NULL;
    size_t size;
    explorer_canal_t c = {.walk = {.block = NULL}};
    reader_t *reader = small_dataset(2, 1, 0, put);
    FILE *out = open_memstream(&text, &size);
    cr_assert_neq(out, NULL);
    cr_assert_eq(explorer_canal_begin(&c, reader, each, &e), 0, "%s", e.text);
    cr_assert_eq(explorer_canal_put(&c, record, out, &e), 0, "%s", e.text);
    explorer_canal_end(&c);
    (void)fclose(out);
    reader_close(&reader);
    return text;
}

/* The bytes after `head`; their number. */
static size_t unpacked(const char *text, const char *head, unsigned char *bytes, size_t room)
{
    size_t n = 0;
    cr_assert_eq(strncmp(text, head, strlen(head)), 0, "%s", text);
    const char *from = text + strlen(head), *to = strchr(from, '"');
    cr_assert_eq(sodium_base642bin(bytes, room, from, (size_t)(to - from), NULL, &n, NULL,
                                   sodium_base64_VARIANT_ORIGINAL),
                 0);
    cr_expect_str_eq(to, "\"]");
    return n;
}

Test(explorer_canal, is_logarithmic_steps_of_the_record_s_own_range)
{
    unsigned char bytes[256];
    char *text = written(1, 0);
    /* Five decades below 100; of 253 steps three fifths lie below 1, and four below 10. */
    cr_assert_eq(unpacked(text, "[0.001,100,0,7,\"", bytes, sizeof bytes), 3 * 26);
    for (int level = 0; level < LEVELS; level++) {
        cr_expect_eq(bytes[level], 0);
    }
    const unsigned char *second = bytes + LEVELS;
    cr_expect_eq(second[0], 254);
    cr_expect_eq(second[1], 153);
    cr_expect_eq(second[2], 0);
    cr_expect_eq(second[3], 255);
    cr_expect_eq(second[25], 203);
    free(text);
}

Test(explorer_canal, of_every_second_sample_says_how_far_they_are_apart)
{
    unsigned char bytes[256];
    char *text = written(2, 0);
    cr_assert_eq(unpacked(text, "[0.001,100,0,14,\"", bytes, sizeof bytes), 2 * 26);
    cr_expect_eq(bytes[LEVELS], 254);
    free(text);
}

Test(explorer_canal, of_who_has_none_is_null)
{
    char *text = written(1, 1);
    cr_expect_str_eq(text, "null");
    free(text);
}

/* ---- how much of it ---- */

static void put_long(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    small_rest(r, TABLE_OUTCOMES);
    record_row(r, TABLE_DAILY);
    small_rest(r, TABLE_DAILY);
    record_row(r, TABLE_LEDGER);
    small_rest(r, TABLE_LEDGER);
    put_canal(r, SAMPLES);
}

Test(explorer_canal, is_thinned_before_a_patient_is_left_out)
{
    error_t e = {0};
    source_t source = {.path = "a.h5", .reader = small_dataset(30, 1, 0, put_long)};
    explorer_choice_t c;
    cr_assert_eq(source_read(&source, &e), 0, "%s", e.text);
    cr_assert_eq(explorer_choice(&c, &source, 1000000, &e), 0);
    cr_expect_eq(c.samples, 1);
    explorer_choice_free(&c);
    /* All of 120 samples take 4,160 bytes a patient, every second one half of them. */
    cr_assert_eq(explorer_choice(&c, &source, 30 * 3500, &e), 0);
    cr_expect_eq(c.samples, 2);
    cr_expect_eq(c.records, 30);
    explorer_choice_free(&c);
    source_close(&source);
}

/* ---- base64 ---- */

Test(base64, of_any_length_reads_back)
{
    for (unsigned n = 0; n < 2 * BASE64_BYTES + 5; n += 1 + n / 7) {
        static unsigned char back[2 * BASE64_BYTES + 8];
        char *text = NULL;
        size_t size = 0, got = 0;
        FILE *out = open_memstream(&text, &size);
        base64_t b = {.out = out};
        for (unsigned i = 0; i < n; i++) {
            base64_put(&b, i * 31u & 255u);
        }
        base64_end(&b);
        (void)fclose(out);
        cr_assert_eq(sodium_base642bin(back, sizeof back, text, size, NULL, &got, NULL,
                                       sodium_base64_VARIANT_ORIGINAL),
                     0, "%u bytes", n);
        cr_assert_eq(got, n);
        for (unsigned i = 0; i < n; i++) {
            cr_assert_eq(back[i], (i * 31u & 255u));
        }
        free(text);
    }
}
