/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps the two names of a file in the making. */
#include "dataset/part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dataset/durable.h"

#define SUFFIX ".part"

static int check_name(const part_t *p, error_t *e)
{
    return p->overwrite || access(p->path, F_OK) != 0
               ? 0
               : ERROR_RAISE(e, ERROR_EXISTS,
                             "%s exists already; give another name with -o, or --force", p->path);
}

/* Before HDF5 does, so that a name that cannot be opened is told from a disk that is full. */
static int make(part_t *p, error_t *e)
{
    const int fd = open(p->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "cannot open %s: %s", p->part, strerror(errno));
    }
    p->made = 1;
    (void)close(fd);
    return 0;
}

int part_begin(part_t *p, const char *path, int overwrite, error_t *e)
{
    const size_t size = strlen(path) + sizeof SUFFIX;
    *p = (part_t){.path = strdup(path), .part = malloc(size), .overwrite = overwrite};
    if (p->path == NULL || p->part == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory to write %s", path);
    }
    (void)snprintf(p->part, size, "%s" SUFFIX, path);
    const int rc = check_name(p, e);
    return rc != 0 ? rc : make(p, e);
}

int part_name(part_t *p, error_t *e)
{
    int rc = check_name(p, e);
    rc = rc != 0 ? rc : durable_rename(p->part, p->path, e);
    p->made = p->made && rc != 0;
    return rc;
}

void part_drop(part_t *p)
{
    if (p->made) {
        (void)unlink(p->part);
    }
    free(p->path);
    free(p->part);
    *p = (part_t){0};
}
