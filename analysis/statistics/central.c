/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a dataset at the central values of its parameters. */
#include "statistics/central.h"

int central_open(reader_t **r, const char *path, error_t *e)
{
    int rc = reader_open(r, path, e);
    rc = rc != 0 ? rc : reader_show(*r, READER_CENTRAL, e);
    if (rc != 0) {
        reader_close(r);
    }
    return rc;
}
