/* SPDX-License-Identifier: Apache-2.0 */
/* A report that goes into a file. */
#include "cli/report_file.h"

#include "dataset/durable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".partial"

static int fill(const char *path, int (*write)(const void *context, FILE *out, error_t *e),
                const void *context, error_t *e)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", path, strerror(errno));
    }
    int code = write(context, out, e);
    const int lost = fflush(out) != 0 || ferror(out) != 0;
    const int why = errno;
    if ((fclose(out) != 0 || lost) && code == 0) {
        code = ERROR_RAISE(e, ERROR_FILE_WRITE, "%s: %s; free some space, then run it again", path,
                           strerror(why));
    }
    return code;
}

int report_file(const char *path, int (*write)(const void *context, FILE *out, error_t *e),
                const void *context, error_t *e)
{
    const size_t size = strlen(path) + sizeof SUFFIX;
    char *partial = malloc(size);
    if (partial == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a path");
    }
    (void)snprintf(partial, size, "%s" SUFFIX, path);
    int code = fill(partial, write, context, e);
    code = code != 0 ? code : durable_rename(partial, path, e);
    if (code != 0) {
        (void)unlink(partial);
    }
    free(partial);
    return code;
}
