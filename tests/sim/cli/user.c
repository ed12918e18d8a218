/* SPDX-License-Identifier: Apache-2.0 */
/* Has the shell run what a user would type. */
#define _XOPEN_SOURCE 700
#include "tests/sim/cli/user.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/folder.h"

#define LINE_SIZE 4096

/* Copies a line with both signs filled in. */
static void fill(char to[LINE_SIZE], const char *from)
{
    const char *build = getenv("BUILD");
    size_t used = 0;
    for (const char *at = from; *at != '\0' && used < LINE_SIZE; at++) {
        const char *word = *at == '@' ? folder_of_test() : build != NULL ? build : "build/release";
        const int sign = *at == '@' || *at == '%';
        used +=
            (size_t)snprintf(to + used, LINE_SIZE - used, sign ? "%s" : "%.1s", sign ? word : at);
    }
    cr_assert_lt(used, LINE_SIZE, "a line that is too long: %s", from);
}

int user_shell(const char *line)
{
    char filled[LINE_SIZE];
    fill(filled, line);
    const int status = system(filled);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int user_run_in(user_t *u, const char *environment, const char *arguments)
{
    char line[LINE_SIZE];
    const int length =
        snprintf(line, sizeof line, "%s %%/thecasim %s >@/out 2>@/err", environment, arguments);
    cr_assert_lt(length, LINE_SIZE, "a line that is too long: %s", arguments);
    u->code = user_shell(line);
    (void)user_read("out", u->out, sizeof u->out);
    (void)user_read("err", u->err, sizeof u->err);
    return u->code;
}

int user_run(user_t *u, const char *arguments)
{
    return user_run_in(u, "", arguments);
}

int user_run_limited(user_t *u, size_t bytes, const char *arguments)
{
    struct rlimit before, limit;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = bytes;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0); /* which a child inherits */
    (void)user_run(u, arguments);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    return u->code;
}

char *user_path(char *path, size_t size, const char *name)
{
    return folder_path(path, size, name);
}

bool user_has(const char *name)
{
    char path[256];
    return access(user_path(path, sizeof path, name), F_OK) == 0;
}

void user_write(const char *name, const char *text)
{
    char path[256];
    FILE *f = fopen(user_path(path, sizeof path, name), "wb");
    cr_assert_not_null(f, "%s", path);
    cr_assert_geq(fputs(text, f), 0);
    cr_assert_eq(fclose(f), 0);
}

char *user_read(const char *name, char *text, size_t size)
{
    folder_read(name, text, size);
    return text;
}
