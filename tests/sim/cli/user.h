/* SPDX-License-Identifier: Apache-2.0 */
/* A user at a shell, in the folder of the tree, with a folder of the test's own. In a line @ is the test's folder, % the build's. */
#ifndef TESTS_SIM_CLI_USER_H
#define TESTS_SIM_CLI_USER_H

#include <stdbool.h>
#include <stddef.h>

#define USER_OUTPUT_SIZE 65536

/* Three patients for two days, without a warning. Goes on with where to: "-o @/a.h5". */
#define USER_SMALL                                                                                 \
    "run configs/baclofen-maintenance.yaml --set study.patients=3 --set study.horizon='2 day' "    \
    "--set events=[] "

/* What the last command printed, as far as there is room, and its exit code; 128: it did not end by itself. */
typedef struct user_t {
    int code;
    char out[USER_OUTPUT_SIZE];
    char err[USER_OUTPUT_SIZE];
} user_t;

/* Runs a line of the shell; returns its exit code. */
int user_shell(const char *line);

/* Runs `thecasim ARGUMENTS`; returns its exit code. */
int user_run(user_t *u, const char *arguments);

/* The same where no file may grow beyond so many bytes: every write beyond fails as on a full disk. */
int user_run_limited(user_t *u, size_t bytes, const char *arguments);

/* The same with `ENVIRONMENT` before it: "NAME=VALUE ...". */
int user_run_in(user_t *u, const char *environment, const char *arguments);

/* Of a file in the test's folder: its path, written to path[size] and returned; whether it is there; writes it; reads the text in it, at
 * most size - 1 bytes, and returns it. */
char *user_path(char *path, size_t size, const char *name);
bool user_has(const char *name);
void user_write(const char *name, const char *text);
char *user_read(const char *name, char *text, size_t size);

#endif
