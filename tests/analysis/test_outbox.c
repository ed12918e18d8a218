/* SPDX-License-Identifier: Apache-2.0 */
/* A folder that is there whole or not at all, and that replaces nothing but its like. */
#define _XOPEN_SOURCE 700
#include "export/outbox.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/folder.h"

static bool there(const char *name)
{
    char path[256];
    return access(folder_path(path, sizeof path, name), F_OK) == 0;
}

static void write_box(outbox_t *o, int overwrite, const char *text)
{
    char path[256];
    error_t e = {0};
    cr_assert_eq(outbox_begin(o, folder_path(path, sizeof path, "box"), overwrite, &e), 0, "%s",
                 e.text);
    cr_assert_eq(outbox_text(o, "a.txt", "A text", "text/plain", text, &e), 0, "%s", e.text);
    cr_assert_eq(outbox_text(o, OUTBOX_README, "Read me", "text/plain", OUTBOX_MARK "\n", &e), 0);
}

static void commit(outbox_t *o)
{
    error_t e = {0};
    cr_assert_eq(outbox_commit(o, &e), 0, "%s", e.text);
    outbox_abandon(o);
}

Test(outbox, nothing_has_the_name_before_all_is_whole)
{
    outbox_t o;
    write_box(&o, 0, "abc");
    cr_expect_not(there("box"));
    cr_expect(there("box.part/a.txt"));
    commit(&o);
    cr_expect(there("box/a.txt"));
    cr_expect_not(there("box.part"));
}

Test(outbox, files_are_told_with_their_bytes_and_hash)
{
    outbox_t o;
    write_box(&o, 0, "abc");
    /* FIPS 180-2, appendix B.1. */
    cr_expect_str_eq(o.file[0].sha256,
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_expect_eq(o.file[0].bytes, 3);
    outbox_abandon(&o);
}

Test(outbox, what_is_given_up_leaves_nothing)
{
    outbox_t o;
    write_box(&o, 0, "abc");
    outbox_abandon(&o);
    cr_expect_not(there("box"));
    cr_expect_not(there("box.part"));
    outbox_abandon(&o);
}

Test(outbox, what_exists_is_kept_unless_forced_and_then_replaced_at_once)
{
    outbox_t o;
    char path[256];
    error_t e = {0};
    write_box(&o, 0, "abc");
    commit(&o);
    cr_expect_eq(outbox_begin(&o, folder_path(path, sizeof path, "box"), 0, &e), ERROR_EXISTS);
    cr_expect_neq(strstr(e.text, "--force"), NULL, "%s", e.text);
    outbox_abandon(&o);
    write_box(&o, 1, "other");
    cr_expect(there("box/a.txt"));
    commit(&o);
    cr_expect(there("box/a.txt"));
    cr_expect_not(there("box.old"));
    cr_expect_not(there("box.part"));
}

Test(outbox, a_folder_that_no_export_wrote_is_never_replaced)
{
    outbox_t o;
    char path[256];
    error_t e = {0};
    cr_assert_eq(mkdir(folder_path(path, sizeof path, "box"), 0777), 0);
    cr_expect_eq(outbox_begin(&o, path, 1, &e), ERROR_EXISTS);
    cr_expect_neq(strstr(e.text, "is not replaced"), NULL, "%s", e.text);
    outbox_abandon(&o);
    cr_expect(there("box"));
}

Test(outbox, what_another_export_writes_is_not_touched)
{
    outbox_t first, second;
    char path[256];
    error_t e = {0};
    write_box(&first, 0, "abc");
    cr_expect_eq(outbox_begin(&second, folder_path(path, sizeof path, "box/"), 0, &e),
                 ERROR_EXISTS);
    outbox_abandon(&second);
    cr_expect(there("box.part/a.txt"), "giving up took the other's files");
    commit(&first);
}
