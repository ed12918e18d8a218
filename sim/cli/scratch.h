/* SPDX-License-Identifier: Apache-2.0 */
/* Places for what a command needs while it runs: below TMPDIR, or where the system has such. */
#ifndef SIM_CLI_SCRATCH_H
#define SIM_CLI_SCRATCH_H

#include "error.h"

#define SCRATCH_PATH_SIZE 512

/* Makes an empty folder, or an empty file, of a name of its own that begins with "thecasim-" and `what`; its path is the caller's to
 * remove. ERROR_FILE_OPEN with the system's reason; `path` is "" then. */
int scratch_folder(const char *what, char path[SCRATCH_PATH_SIZE], error_t *e)
    __attribute__((warn_unused_result));
int scratch_file(const char *what, char path[SCRATCH_PATH_SIZE], error_t *e)
    __attribute__((warn_unused_result));

#endif
