/* SPDX-License-Identifier: Apache-2.0 */
/* Dosing cores: the one built in, and others loaded from shared objects.
 *
 * Thread rule: load and close on one thread; an open core may be used by any number, one state each.
 */
#ifndef HOST_CORE_H
#define HOST_CORE_H

#include "dosing_core.h"

#include "error.h"

typedef struct core_t {
    const dosing_entry_t *entry; /* valid until core_close */
    void *library;               /* dlopen handle, or NULL for the built-in core */
} core_t;

/* The core linked into the program; needs no close, though core_close is legal. */
core_t core_builtin(void);

/* Loads a core from a shared object and checks it. `path` with no '/' is taken as a file of the current folder.
 * ERROR_CORE_LOAD: no such file, not a shared object, or no symbol dosing_entry. ERROR_CORE_ABI: core_check. On error
 * *core is {NULL, NULL}. */
int core_load(const char *path, core_t *core, error_t *e) __attribute__((warn_unused_result));

/* Checks an entry table: ABI major, table size at least the one known here, state alignment a power of two up to
 * 64, state size up to 1 MiB, no function missing, a printable core_id. `name` is for the message. ERROR_CORE_ABI. */
int core_check(const dosing_entry_t *entry, const char *name, error_t *e)
    __attribute__((warn_unused_result));

/* Unloads; no state of this core may be used afterwards. Legal twice and after a failed load. */
void core_close(core_t *core);

#endif
