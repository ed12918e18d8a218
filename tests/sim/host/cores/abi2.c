/* SPDX-License-Identifier: Apache-2.0 */
/* A core for tests of loading: of an ABI that this program does not speak. */
#include "dosing_core.h"

const dosing_entry_t *dosing_entry(void)
{
    static const dosing_entry_t entry = {.abi_major = DOSING_ABI_MAJOR + 1u,
                                         .table_size = sizeof(dosing_entry_t),
                                         .state_size = 1u,
                                         .state_align = 1u,
                                         .core_id = "test core of another ABI"};
    return &entry;
}
