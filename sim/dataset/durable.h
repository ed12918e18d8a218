/* SPDX-License-Identifier: Apache-2.0 */
/* Gives a whole file its name, so that a loss of power leaves the old file or the new one, and never a part of it.
 *
 * Thread rule: any thread.
 */
#ifndef DATASET_DURABLE_H
#define DATASET_DURABLE_H

#include "error.h"

/* Puts the closed file `part` on the disk, then renames it to `path`, in whose place it stands. Both are of one file system.
 * ERROR_FILE_WRITE with the system's reason: `part` is there still, and what had the name before. */
int durable_rename(const char *part, const char *path, error_t *e)
    __attribute__((warn_unused_result));

#endif
