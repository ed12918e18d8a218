/* SPDX-License-Identifier: Apache-2.0 */
/* A whole file is on the disk before it has its name. This program's fsync is the one below. */
#include "dataset/durable.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sim/dataset/fixture.h"

#define SYNCS_MAX 8
#define PATH_SIZE 160

static struct stat synced[SYNCS_MAX];
static size_t syncs;
static int disk_fails;

int fsync(int fd)
{
    if (disk_fails) {
        errno = EIO;
        return -1;
    }
    if (syncs < SYNCS_MAX) {
        (void)fstat(fd, &synced[syncs++]);
    }
    return fdatasync(fd);
}

static int has_text(const char *path, const char *text)
{
    char found[16] = "";
    FILE *file = fopen(path, "r");
    const size_t n = file != NULL ? fread(found, 1, sizeof found - 1, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    return n == strlen(text) && strcmp(found, text) == 0;
}

/* A part file with "new" in it, and the name that it is to have. */
static void name_part(const char *name, char part[PATH_SIZE], char path[PATH_SIZE])
{
    fixture_path(part, PATH_SIZE, "a.part");
    fixture_path(path, PATH_SIZE, name);
    fixture_write(part, "new", 3);
}

Test(durable, a_file_is_synced_before_its_folder_and_stands_in_the_place_of_the_old_one)
{
    char part[PATH_SIZE], path[PATH_SIZE], folder[PATH_SIZE];
    struct stat file, holder;
    error_t e = {0};
    name_part("a", part, path);
    fixture_path(folder, sizeof folder, ".");
    fixture_write(path, "old", 3);
    cr_assert_eq(stat(part, &file), 0);
    cr_assert_eq(stat(folder, &holder), 0);
    syncs = 0;
    cr_assert_eq(durable_rename(part, path, &e), 0, "%s", e.text);
    cr_expect(has_text(path, "new"));
    cr_expect_neq(access(part, F_OK), 0);
    cr_assert_eq(syncs, 2);
    cr_expect_eq(synced[0].st_ino, file.st_ino);
    cr_expect_eq(synced[1].st_ino, holder.st_ino);
}

Test(durable, a_file_that_is_not_on_the_disk_gets_no_name)
{
    char part[PATH_SIZE], path[PATH_SIZE];
    error_t e = {0};
    name_part("a", part, path);
    fixture_write(path, "old", 3);
    disk_fails = 1;
    cr_expect_eq(durable_rename(part, path, &e), ERROR_FILE_WRITE);
    cr_expect(strstr(e.text, strerror(EIO)) != NULL, "%s", e.text);
    cr_expect(has_text(path, "old"));
    cr_expect(has_text(part, "new"));
}

Test(durable, a_name_that_cannot_be_given_is_told_with_the_reason)
{
    char part[PATH_SIZE], path[PATH_SIZE];
    error_t e = {0};
    name_part("none/a", part, path);
    cr_expect_eq(durable_rename(part, path, &e), ERROR_FILE_WRITE);
    cr_expect(strstr(e.text, strerror(ENOENT)) != NULL, "%s", e.text);
    cr_expect(has_text(part, "new"));
}
