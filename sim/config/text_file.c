/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a file whole. */
#include "config/text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/encoding.h"

int text_file_read(const char *path, char **text, size_t *length, error_t *e)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", path, strerror(errno));
    int status = 0;
    *text = malloc(ENCODING_FILE_MAX + 1);
    if (*text == NULL)
        status = ERROR_RAISE(e, ERROR_MEMORY, "no memory to read %s", path);
    else
        *length = fread(*text, 1, ENCODING_FILE_MAX + 1, file);
    if (status == 0 && ferror(file))
        status = ERROR_RAISE(e, ERROR_FILE_READ, "%s: %s", path, strerror(errno));
    fclose(file);
    char *smaller = status == 0 ? realloc(*text, *length + 1) : NULL;
    if (smaller != NULL)
        *text = smaller;
    return status;
}
