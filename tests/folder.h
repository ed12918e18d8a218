/* SPDX-License-Identifier: Apache-2.0 */
/* A folder for the process of a test, below $TMPDIR; it goes with all that is in it when the process ends. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#define FOLDER_SIZE 200

static char folder_made[FOLDER_SIZE];
static pid_t folder_maker;

/* A child that the test forks leaves the folder to the test. */
static inline void folder_remove(void)
{
    char line[FOLDER_SIZE + 16];
    if (getpid() == folder_maker) {
        (void)snprintf(line, sizeof line, "rm -rf '%s'", folder_made);
        cr_assert_eq(system(line), 0);
    }
}

/* The folder, without a final slash, one for each source file that asks; made on the first call. */
static inline const char *folder_of_test(void)
{
    const char *root = getenv("TMPDIR");
    if (folder_made[0] == '\0') {
        (void)snprintf(folder_made, sizeof folder_made, "%.160s/thecasim-test-XXXXXX",
                       root != NULL ? root : "/tmp");
        cr_assert_not_null(mkdtemp(folder_made), "no folder can be made in %s", folder_made);
        folder_maker = getpid();
        cr_assert_eq(atexit(folder_remove), 0);
    }
    return folder_made;
}

/* Writes the path of a file in it to path[size]; returns path. */
static inline char *folder_path(char *path, size_t size, const char *name)
{
    (void)snprintf(path, size, "%s/%s", folder_of_test(), name);
    return path;
}

/* Reads a file of it, which is there, up to size - 1 bytes, into text[size] with a final zero. */
static inline void folder_read(const char *name, char *text, size_t size)
{
    char path[2 * FOLDER_SIZE];
    FILE *f = fopen(folder_path(path, sizeof path, name), "rb");
    cr_assert_not_null(f, "%s", path);
    text[fread(text, 1, size - 1, f)] = '\0';
    (void)fclose(f);
}

#endif
