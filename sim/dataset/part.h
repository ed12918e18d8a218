/* SPDX-License-Identifier: Apache-2.0 */
/* A file that appears under its name whole or not at all: until then it is PATH.part, and nobody else's file is written over. */
#ifndef DATASET_PART_H
#define DATASET_PART_H

#include "error.h"

/* Private to part.c, but for `path` and `part`. All zero: none. */
typedef struct part_t {
    char *path, *part; /* owned */
    int overwrite;
    int made; /* PATH.part is ours to remove */
} part_t;

/* Begins: PATH.part is there, empty. ERROR_EXISTS where path exists and `overwrite` is 0; ERROR_FILE_OPEN; ERROR_MEMORY. After an error
 * part_drop is due all the same. */
int part_begin(part_t *p, const char *path, int overwrite, error_t *e)
    __attribute__((warn_unused_result));

/* Gives PATH.part, which is closed, its name, the disk first. ERROR_EXISTS where there has come to be such a file; ERROR_FILE_WRITE. */
int part_name(part_t *p, error_t *e) __attribute__((warn_unused_result));

/* Removes PATH.part where it has not got its name, and frees. Legal on a zeroed *p. */
void part_drop(part_t *p);

#endif
