/* SPDX-License-Identifier: Apache-2.0 */
/* The journal: cut it anywhere, what was whole is kept and the rest can be appended again. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset/crc32.h"
#include "tests/sim/dataset/fixture.h"

#define N 3

static const uint8_t hash[PROVENANCE_HASH_SIZE] = {1, 2, 3};

/* A journal of N records; ends[i] is its size before record i, ends[N] its whole size. */
static void make(const char *path, size_t ends[N + 1])
{
    journal_t j;
    record_t r;
    error_t e = {0};
    record_init(&r);
    cr_assert_eq(journal_create(&j, path, hash, &e), 0, "%s", e.text);
    for (int64_t i = 0; i < N; i++) {
        ends[i] = (size_t)j.end;
        fixture_record(&r, N - i, 1, 0);
        cr_assert_eq(journal_append(&j, &r, &e), 0, "%s", e.text);
    }
    ends[N] = (size_t)j.end;
    cr_assert_eq(journal_sync(&j, &e), 0, "%s", e.text);
    journal_close(&j);
    record_free(&r);
}

Test(journal, the_checksum_is_the_published_one)
{
    cr_assert_eq(crc32_of((const uint8_t *)"123456789", 9), 0xcbf43926u);
}

Test(journal, a_tail_torn_at_any_byte_is_dropped_and_the_rest_kept)
{
    char path[128];
    size_t ends[N + 1];
    size_t size = 0;
    fixture_path(path, sizeof path, "a.journal");
    make(path, ends);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t cut = ends[0]; cut <= size; cut++) {
        journal_t j;
        struct stat status;
        error_t e = {0};
        size_t whole = 0;
        while (whole < N && ends[whole + 1] <= cut) {
            whole++;
        }
        fixture_write(path, bytes, cut);
        cr_assert_eq(journal_open(&j, path, hash, &e), 0, "cut at %zu: %s", cut, e.text);
        cr_assert_eq(j.count, whole, "cut at %zu: %zu records", cut, j.count);
        cr_assert_eq((size_t)j.end, ends[whole], "cut at %zu", cut);
        cr_assert_eq((size_t)j.dropped, cut - ends[whole], "cut at %zu", cut);
        cr_assert_eq(stat(path, &status), 0);
        cr_assert_eq((size_t)status.st_size, ends[whole], "cut at %zu: the tail is still there",
                     cut);
        journal_close(&j);
    }
    free(bytes);
}

/* What a kill at the very first write leaves is an empty journal of the study. */
Test(journal, a_header_cut_at_any_byte_is_begun_again)
{
    char path[128];
    size_t ends[N + 1];
    size_t size = 0;
    fixture_path(path, sizeof path, "a.journal");
    make(path, ends);
    unsigned char *bytes = fixture_bytes(path, &size);
    for (size_t cut = 0; cut < ends[0]; cut++) {
        journal_t j;
        error_t e = {0};
        size_t again = 0;
        fixture_write(path, bytes, cut);
        cr_assert_eq(journal_open(&j, path, hash, &e), 0, "cut at %zu: %s", cut, e.text);
        cr_assert(j.count == 0 && (size_t)j.end == ends[0], "cut at %zu", cut);
        journal_close(&j);
        unsigned char *header = fixture_bytes(path, &again);
        cr_assert(again == ends[0] && memcmp(header, bytes, again) == 0, "cut at %zu", cut);
        free(header);
    }
    free(bytes);
}

Test(journal, a_cut_header_of_another_study_or_file_is_refused_by_name)
{
    static const uint8_t other[PROVENANCE_HASH_SIZE] = {3, 2, 1};
    char path[128];
    size_t ends[N + 1];
    size_t size = 0;
    journal_t j;
    fixture_path(path, sizeof path, "a.journal");
    make(path, ends);
    unsigned char *bytes = fixture_bytes(path, &size);
    fixture_write(path, bytes, ends[0] - 1);
    cr_assert_eq(journal_open(&j, path, other, NULL), ERROR_DATASET_TRUNCATED);
    fixture_write(path, "Dear reader", 11);
    cr_assert_eq(journal_open(&j, path, hash, NULL), ERROR_DATASET_FOREIGN);
    free(bytes);
}

Test(journal, a_torn_tail_filled_with_other_bytes_is_dropped)
{
    char path[128];
    size_t ends[N + 1];
    size_t size = 0;
    journal_t j;
    error_t e = {0};
    fixture_path(path, sizeof path, "a.journal");
    make(path, ends);
    unsigned char *bytes = fixture_bytes(path, &size);
    memset(bytes + ends[2] + 40, 0, size - ends[2] - 40);
    fixture_write(path, bytes, size);
    cr_assert_eq(journal_open(&j, path, hash, &e), 0, "%s", e.text);
    cr_assert_eq(j.count, 2);
    journal_close(&j);
    free(bytes);
}

Test(journal, going_on_after_a_cut_gives_the_same_dataset)
{
    char path[128];
    char out[2][160];
    unsigned char *bytes[2];
    size_t size[2];
    size_t ends[N + 1];
    journal_t j;
    record_t r;
    provenance_t p;
    error_t e = {0};
    record_init(&r);
    fixture_provenance(&p);
    fixture_path(path, sizeof path, "a.journal");
    make(path, ends);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(journal_open(&j, path, hash, &e), 0, "%s", e.text);
        for (int64_t patient = 1; patient <= N; patient++) {
            if (!journal_has(&j, &(record_key_t){patient, 0, 0})) {
                fixture_record(&r, patient, 1, 0);
                cr_assert_eq(journal_append(&j, &r, &e), 0, "%s", e.text);
            }
        }
        cr_assert_eq(j.count, N);
        (void)snprintf(out[i], sizeof out[i], "%s.%d.h5", path, i);
        cr_assert_eq(writer_assemble(&j, out[i], &p, &(writer_options_t){0, 0}, &e), 0, "%s",
                     e.text);
        journal_close(&j);
        bytes[i] = fixture_bytes(out[i], &size[i]);
        cr_assert_eq(truncate(path, (off_t)ends[1] + 100), 0);
    }
    cr_assert(size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0, "%s and %s differ",
              out[0], out[1]);
    free(bytes[0]);
    free(bytes[1]);
    record_free(&r);
}

Test(journal, another_study_is_refused)
{
    char path[128];
    size_t ends[N + 1];
    journal_t j;
    const uint8_t other[PROVENANCE_HASH_SIZE] = {9};
    fixture_path(path, sizeof path, "a.journal");
    make(path, ends);
    cr_assert_eq(journal_open(&j, path, other, NULL), ERROR_ARGUMENT);
}

Test(journal, an_existing_journal_is_not_overwritten)
{
    char path[128];
    size_t ends[N + 1];
    journal_t j;
    fixture_path(path, sizeof path, "a.journal");
    make(path, ends);
    cr_assert_eq(journal_create(&j, path, hash, NULL), ERROR_EXISTS);
    cr_assert_eq(journal_open(&j, path, hash, NULL), 0);
    cr_assert_eq(j.count, N);
    journal_close(&j);
}

Test(journal, a_record_twice_is_refused)
{
    char path[128];
    journal_t j;
    record_t r;
    error_t e = {0};
    record_init(&r);
    fixture_path(path, sizeof path, "a.journal");
    cr_assert_eq(journal_create(&j, path, hash, &e), 0, "%s", e.text);
    fixture_record(&r, 7, 1, 0);
    cr_assert_eq(journal_append(&j, &r, &e), 0);
    cr_assert_eq(journal_append(&j, &r, &e), 0);
    cr_assert_eq(journal_sort(&j, &e), ERROR_INVARIANT);
    cr_assert_not_null(strstr(e.text, "patient 7"), "%s", e.text);
    journal_close(&j);
    record_free(&r);
}

Test(journal, a_full_disk_is_named_and_leaves_whole_records)
{
    char path[128];
    journal_t j;
    record_t r;
    error_t e = {0};
    struct rlimit old;
    int64_t n = 0;
    record_init(&r);
    (void)signal(SIGXFSZ, SIG_IGN);
    fixture_path(path, sizeof path, "a.journal");
    cr_assert_eq(journal_create(&j, path, hash, &e), 0, "%s", e.text);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){10000, old.rlim_max}), 0);
    do {
        fixture_record(&r, ++n, 1, 0);
    } while (n < 1000 && journal_append(&j, &r, &e) == 0);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    cr_assert_eq(e.code, ERROR_FILE_WRITE, "%s", error_symbol(e.code));
    cr_assert_not_null(strstr(e.text, path));
    cr_assert_not_null(strstr(e.text, "File too large"), "%s", e.text);
    cr_assert_eq(journal_append(&j, &r, &e), 0, "after the disk has room: %s", e.text);
    journal_close(&j);
    cr_assert_eq(journal_open(&j, path, hash, &e), 0, "%s", e.text);
    cr_assert_eq(j.count, (size_t)n);
    cr_assert_eq(j.dropped, 0);
    journal_close(&j);
    record_free(&r);
}

Test(journal, an_unfinished_record_is_refused)
{
    char path[128];
    journal_t j;
    record_t r;
    record_init(&r);
    fixture_path(path, sizeof path, "a.journal");
    cr_assert_eq(journal_create(&j, path, hash, NULL), 0);
    cr_assert_eq(journal_append(&j, &r, NULL), ERROR_ARGUMENT);
    cr_assert_eq(journal_remove(&j, NULL), 0);
    cr_assert_neq(access(path, F_OK), 0);
}
