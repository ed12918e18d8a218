/* SPDX-License-Identifier: Apache-2.0 */
/* A core against the golden trace of a released one. */
#include "cli/regress_golden.h"

#include "cli/command.h"
#include "cli/report_file.h"
#include "config/text_file.h"
#include "regress/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is kept; "" where nothing is yet and it may be made. */
static int read_kept(const char *path, bool write, char **kept, error_t *e)
{
    char *bytes = NULL;
    size_t length = 0;
    if (write && access(path, F_OK) != 0) {
        *kept = strdup("");
        return *kept != NULL ? 0 : ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a golden trace");
    }
    const int code = text_file_read(path, &bytes, &length, e);
    *kept = code == 0 ? strndup(bytes, length) : NULL;
    free(bytes);
    return code == 0 && *kept == NULL
               ? ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a golden trace")
               : code;
}

static int write_text(const void *context, FILE *out, error_t *e)
{
    return fputs(context, out) != EOF
               ? 0
               : ERROR_RAISE(e, ERROR_FILE_WRITE, "a golden trace was not written");
}

static int say(const char *path, const char *kept, const char *now, bool write, error_t *e)
{
    const bool differs = golden_differ(kept, now, stdout);
    if (!write) {
        printf("%s: %s\n", differs ? "FAIL" : "PASS",
               differs ? "the candidate does not do what is kept; --write keeps what it does"
                       : "the candidate does what is kept");
        return differs ? CLI_FAILED : CLI_DONE;
    }
    if (report_file(path, write_text, now, e) < 0) {
        return -1;
    }
    printf("%s: %s\n", path,
           differs ? "written; review the lines above" : "written; nothing differs");
    return CLI_DONE;
}

int regress_golden(pool_t *pool, const char *path, bool write, int *side, error_t *e)
{
    char *kept = NULL, *now = NULL;
    int code = read_kept(path, write, &kept, e);
    code = code != 0 ? code : golden_text(pool, &now, side, e);
    code = code != 0 ? -1 : say(path, kept, now, write, e);
    free(kept);
    free(now);
    return code;
}
