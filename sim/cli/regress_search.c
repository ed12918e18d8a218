/* SPDX-License-Identifier: Apache-2.0 */
/* A suite drawn from a seed, in a file for as long as it is needed. */
#include "cli/regress_search.h"

#include "regress/search.h"

#include <string.h>
#include <unistd.h>

int regress_search_begin(regress_search_t *s, const suite_t *like, uint64_t seed, size_t count,
                         error_t *e)
{
    diagnostic_t found;
    suite_t strict = *like;
    memset(s, 0, sizeof *s);
    strict.must_live = 1;
    int code = scratch_file("search", s->path, e);
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
