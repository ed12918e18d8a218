/* SPDX-License-Identifier: Apache-2.0 */
/* A folder that appears under its name only when all that is in it is whole.
 *
 * Its files are written into PATH.part, each synced and hashed as it is closed; then that folder gets its name. Every
 * such folder holds README.txt, whose first line is OUTBOX_MARK: only a folder with it is ever replaced.
 *
 * Thread rule: an outbox belongs to one thread.
 */
#ifndef ANALYSIS_OUTBOX_H
#define ANALYSIS_OUTBOX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"

#define OUTBOX_HASH_SIZE 65 /* SHA-256 in hexadecimal digits, and the final zero */
#define OUTBOX_FILES_MAX 32
#define OUTBOX_NAME_SIZE 64
#define OUTBOX_README "README.txt"
#define OUTBOX_MARK "Exported from a dataset of thecasim. Everything in this folder is simulated."

typedef struct outbox_file_t {
    char name[OUTBOX_NAME_SIZE];
    const char *title; /* borrowed for the life of the outbox */
    const char *media; /* media type; borrowed likewise */
    int64_t bytes;
    char sha256[OUTBOX_HASH_SIZE];
} outbox_file_t;

typedef struct outbox_t {
    char *path, *part; /* owned */
    int overwrite;
    size_t files;
    outbox_file_t file[OUTBOX_FILES_MAX]; /* those that are closed, in their order */
} outbox_t;

/* Makes PATH.part. ERROR_EXISTS when there is something at `path` and it may not be overwritten, or is no export; or when
 * PATH.part is there, of another export or of one that was killed. ERROR_FILE_OPEN, ERROR_MEMORY. outbox_abandon is legal
 * after a failure. */
int outbox_begin(outbox_t *o, const char *path, int overwrite, error_t *e)
    __attribute__((warn_unused_result));

/* Opens a file of that name in it; *f is NULL on an error. ERROR_FILE_OPEN, ERROR_INVARIANT: too many files or too long a
 * name. */
int outbox_open(outbox_t *o, const char *name, FILE **f, error_t *e)
    __attribute__((warn_unused_result));

/* Closes it, also on an error; it is then on the disk and in o->file. ERROR_FILE_WRITE, ERROR_FILE_READ. */
int outbox_close(outbox_t *o, FILE *f, const char *name, const char *title, const char *media,
                 error_t *e) __attribute__((warn_unused_result));

/* A whole file at once. */
int outbox_text(outbox_t *o, const char *name, const char *title, const char *media,
                const char *text, error_t *e) __attribute__((warn_unused_result));

/* Gives the folder its name. What had it before is moved aside to PATH.old, and its files are removed once the new one stands
 * there. ERROR_EXISTS as of outbox_begin, ERROR_MEMORY, ERROR_FILE_WRITE: what was there is there still; but where the old
 * folder could not be emptied, the new one has the name, and the text of the error says where the old one is. */
int outbox_commit(outbox_t *o, error_t *e) __attribute__((warn_unused_result));

/* Removes PATH.part, unless it was committed, and frees what the outbox holds. Legal on a zeroed one. */
void outbox_abandon(outbox_t *o);

#endif
