/* SPDX-License-Identifier: Apache-2.0 */
/* Datasets of parts of one study become the dataset of the whole: the same bytes as if it had been run at once.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_MERGE_H
#define DATASET_MERGE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

typedef struct merge_t {
    const char *const *part; /* [parts] paths; borrowed */
    size_t parts;            /* >= 1 */
    const char *path;        /* of the whole; borrowed */
    int overwrite;
    void (*progress)(void *context, int64_t done, int64_t total); /* in records; may be NULL */
    void *context;
    const volatile sig_atomic_t *interrupt; /* not 0: give up, nothing is left; may be NULL */
} merge_t;

/* Merges. ERROR_ARGUMENT: parts of different studies, seeds, cores or builds (which two), of another libm than this machine's, a
 * trace, a record that two parts hold, one that none holds; ERROR_INTERRUPTED; the errors of reader.h, record.h and writer.h. */
int merge_run(const merge_t *m, error_t *e) __attribute__((warn_unused_result));

#endif
