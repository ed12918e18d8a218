/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a frozen cohort, which appears under its name whole or not at all: PATH.part until then. The same head and people give the
 * same bytes. Memory: one block of rows a field.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program. SIGXFSZ must be ignored by the program.
 */
#ifndef DATASET_FROZEN_WRITER_H
#define DATASET_FROZEN_WRITER_H

#include "dataset/frozen.h"

typedef struct frozen_writer_t frozen_writer_t;

/* Begins a file for the fields of *head, which is borrowed until the end. *w is NULL on an error: ERROR_EXISTS where path exists and
 * `overwrite` is 0; ERROR_FILE_OPEN; ERROR_FILE_WRITE; ERROR_LIBRARY; ERROR_MEMORY; ERROR_ARGUMENT: too many fields. */
int frozen_writer_create(frozen_writer_t **w, const char *path, const frozen_head_t *head,
                         int overwrite, error_t *e) __attribute__((warn_unused_result));

/* Adds people: rows[people * head->fields], person after person. After an error only frozen_writer_abandon is legal. */
int frozen_writer_append(frozen_writer_t *w, const double *rows, size_t people, error_t *e)
    __attribute__((warn_unused_result));

/* Ends the file with the limits of the head as they are now, and gives it its name; hash of FROZEN_HASH_SIZE. Frees *w, also on an error, which leaves
 * nothing of it. */
int frozen_writer_commit(frozen_writer_t **w, char hash[FROZEN_HASH_SIZE], error_t *e)
    __attribute__((warn_unused_result));

/* Gives up: nothing is left. Legal on NULL. */
void frozen_writer_abandon(frozen_writer_t **w);

#endif
