/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of loading: it ends its process as it is loaded. */
#include "dosing_core.h"

#include <stdlib.h>

__attribute__((constructor)) static void end(void)
{
    _Exit(3);
}

const dosing_entry_t *dosing_entry(void)
{
    return NULL;
}
