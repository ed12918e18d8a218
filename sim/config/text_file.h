/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a config file. */
#ifndef CONFIG_TEXT_FILE_H
#define CONFIG_TEXT_FILE_H

#include <stddef.h>

#include "error.h"

/* Reads at most one byte above ENCODING_FILE_MAX, so that a device or a huge file costs bounded memory. *text
 * is the caller's to free, also after a failure; *length its bytes. Errors: ERROR_FILE_OPEN,
 * ERROR_FILE_READ (path and reason in `e`), ERROR_MEMORY. */
int text_file_read(const char *path, char **text, size_t *length, error_t *e)
    __attribute__((warn_unused_result));

#endif
