/* SPDX-License-Identifier: Apache-2.0 */
/* A suite drawn from a seed, in a file for as long as it is needed. */
#define _XOPEN_SOURCE 700 /* mkstemp, P_tmpdir */
#include "cli/regress_search.h"

#include "regress/search.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int make_file(char *path, error_t *e)
{
    const char *root = getenv("TMPDIR");
    (void)snprintf(path, REGRESS_SEARCH_PATH_SIZE, "%.440s/thecasim-search-XXXXXX",
                   root != NULL ? root : P_tmpdir);
    const int fd = mkstemp(path);
    if (fd < 0) {
        const int why = errno;
        (void)ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s; set TMPDIR", path, strerror(why));
        path[0] = '\0';
        return e->code;
    }
    (void)close(fd);
    return 0;
}

int regress_search_begin(regress_search_t *s, const suite_t *like, uint64_t seed, size_t count,
                         error_t *e)
{
    diagnostic_t found;
    suite_t strict = *like;
    memset(s, 0, sizeof *s);
    strict.must_live = 1;
    int code = make_file(s->path, e);
    code = code != 0 ? code : search_write(&strict, seed, 0, count, s->path, e);
    if (code != 0) {
        return code;
    }
    diagnostic_init(&found);
    code = suite_load(&s->suite, s->path, &found, e);
    diagnostic_free(&found);
    return code;
}

void regress_search_end(regress_search_t *s)
{
    if (s->path[0] != '\0') {
        (void)unlink(s->path);
    }
    suite_free(&s->suite);
}
