/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a whole file its name: contents first, then the name, then the folder that holds it. */
#include "dataset/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 0 or an errno. */
static int sync_path(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC);
    const int reason = fd < 0 || fsync(fd) != 0 ? errno : 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return reason;
}

int durable_rename(const char *part, const char *path, error_t *e)
{
    int reason = sync_path(part, O_RDONLY);
    if (reason == 0 && rename(part, path) != 0) {
        reason = errno;
    }
    if (reason != 0) {
        return ERROR_RAISE(e, ERROR_FILE_WRITE, "cannot write %s: %s", path, strerror(reason));
    }
    char *copy = strdup(path);
    if (copy != NULL) {
        /* The file is whole and named; a folder that cannot be synced only weakens what a loss of power keeps. */
        (void)sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
        free(copy);
    }
    return 0;
}
