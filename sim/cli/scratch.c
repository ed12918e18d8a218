/* SPDX-License-Identifier: Apache-2.0 */
/* Places for what a command needs while it runs. */
#define _XOPEN_SOURCE 700 /* mkdtemp, mkstemp, P_tmpdir */
#include "cli/scratch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void name(const char *what, char path[SCRATCH_PATH_SIZE])
{
    const char *root = getenv("TMPDIR");
    (void)snprintf(path, SCRATCH_PATH_SIZE, "%.440s/thecasim-%.40s-XXXXXX",
                   root != NULL ? root : P_tmpdir, what);
}

static int failed(char path[SCRATCH_PATH_SIZE], error_t *e)
{
    const int why = errno;
    (void)ERROR_RAISE(e, ERROR_FILE_OPEN, "%s cannot be made: %s; set TMPDIR", path, strerror(why));
    path[0] = '\0';
    return e->code;
}

int scratch_folder(const char *what, char path[SCRATCH_PATH_SIZE], error_t *e)
{
    name(what, path);
    return mkdtemp(path) != NULL ? 0 : failed(path, e);
}

int scratch_file(const char *what, char path[SCRATCH_PATH_SIZE], error_t *e)
{
    name(what, path);
    const int fd = mkstemp(path);
    if (fd < 0) {
        return failed(path, e);
    }
    (void)close(fd);
    return 0;
}
