/* SPDX-License-Identifier: Apache-2.0 */
/* Dosing cores: the one built in, and others loaded from shared objects.
 *
 * Which core it is: the id that it gives of itself, and `code`. The built-in core's id ends in a hash of its sources, which
 * the Makefile computes and puts into dosing_core.so too: where a loaded core has the same id, it was built from the same
 * sources, and its code is "built-in" as well. Of any other core its id proves nothing: its code is the BLAKE2b-256 of its
 * file in 64 hex digits, so that cores of one id are told apart, and so are two builds of one source. Not promised: to
 * see through a core that gives the built-in core's id, hash included, and is another.
 *
 * Thread rule: load and close on one thread; an open core may be used by any number, one state each.
 */
#ifndef HOST_CORE_H
#define HOST_CORE_H

#include "dosing_core.h"

#include "error.h"

#define CORE_CODE_SIZE 65
#define CORE_CODE_BUILTIN "built-in"

/* A core is an upgrade where it has one before it: a patient's pumps have that at first, and at the first reset by software that the
 * study's script imposes this one takes its place, in the pump that is there and in those to come. */
typedef struct core_t core_t;
struct core_t {
    const dosing_entry_t *entry; /* valid until core_close */
    void *library;               /* dlopen handle, or NULL for the built-in core */
    char code[CORE_CODE_SIZE];   /* see above; "" in a core_t made by hand */
    const core_t *before;        /* borrowed; NULL: none */
};

/* The core linked into the program; needs no close, though core_close is legal. */
core_t core_builtin(void);

/* Loads a core from a shared object and checks it. `path` with no '/' is taken as a file of the current folder.
 * ERROR_CORE_LOAD: no such file, not a shared object, or no symbol dosing_entry. ERROR_FILE_READ: the file cannot be read to
 * the end. ERROR_CORE_ABI: core_check. On error *core is empty. */
int core_load(const char *path, core_t *core, error_t *e) __attribute__((warn_unused_result));

/* Checks an entry table: ABI major, table size at least the one known here, state alignment a power of two up to
 * 64, state size up to 1 MiB, no function missing, a printable core_id. `name` is for the message. ERROR_CORE_ABI. */
int core_check(const dosing_entry_t *entry, const char *name, error_t *e)
    __attribute__((warn_unused_result));

/* Unloads; no state of this core may be used afterwards. Legal twice and after a failed load. */
void core_close(core_t *core);

#endif
