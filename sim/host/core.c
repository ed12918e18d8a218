/* SPDX-License-Identifier: Apache-2.0 */
/* Loading dosing cores, and refusing those that would not fit. */
#include "host/core.h"

#include <dlfcn.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define STATE_BYTES_LIMIT (1u << 20)
#define ID_LENGTH_MAX 63u

core_t core_builtin(void)
{
    return (core_t){dosing_entry(), NULL, CORE_CODE_BUILTIN, NULL};
}

static int check_id(const char *id, const char *name, error_t *e)
{
    if (id == NULL) {
        return ERROR_RAISE(e, ERROR_CORE_ABI, "%s: the core has no core_id", name);
    }
    const size_t length = strnlen(id, ID_LENGTH_MAX + 1u);
    if (length == 0u || length > ID_LENGTH_MAX) {
        return ERROR_RAISE(e, ERROR_CORE_ABI, "%s: core_id must have 1 to %u characters", name,
                           ID_LENGTH_MAX);
    }
    for (size_t i = 0; i < length; i++) {
        if (id[i] < ' ' || id[i] > '~') {
            return ERROR_RAISE(e, ERROR_CORE_ABI, "%s: core_id is not printable ASCII", name);
        }
    }
    return 0;
}

static int check_layout(const dosing_entry_t *entry, const char *name, error_t *e)
{
    const uint32_t align = entry->state_align;
    if (align == 0u || (align & (align - 1u)) != 0u || align > 64u) {
        return ERROR_RAISE(e, ERROR_CORE_ABI,
                           "%s: state_align is %u; it must be a power of two up to 64", name,
                           align);
    }
    if (entry->state_size == 0u || entry->state_size > STATE_BYTES_LIMIT) {
        return ERROR_RAISE(e, ERROR_CORE_ABI, "%s: state_size is %u; it must be 1 to %u", name,
                           entry->state_size, STATE_BYTES_LIMIT);
    }
    if (entry->init == NULL || entry->wake == NULL || entry->receive == NULL) {
        return ERROR_RAISE(e, ERROR_CORE_ABI, "%s: init, wake or receive is missing from its table",
                           name);
    }
    return check_id(entry->core_id, name, e);
}

int core_check(const dosing_entry_t *entry, const char *name, error_t *e)
{
    if (entry == NULL) {
        return ERROR_RAISE(e, ERROR_CORE_ABI, "%s: %s() gave no table", name, DOSING_ENTRY_SYMBOL);
    }
    if (entry->abi_major != DOSING_ABI_MAJOR) {
        return ERROR_RAISE(
            e, ERROR_CORE_ABI,
            "%s: built for ABI %u, this program speaks ABI %u; rebuild the core with "
            "this version's dosing_core.h",
            name, entry->abi_major, DOSING_ABI_MAJOR);
    }
    if (entry->table_size < sizeof(dosing_entry_t)) {
        return ERROR_RAISE(e, ERROR_CORE_ABI,
                           "%s: its entry table has %u bytes, at least %zu are needed; rebuild the "
                           "core with this version's dosing_core.h",
                           name, entry->table_size, sizeof(dosing_entry_t));
    }
    return check_layout(entry, name, e);
}

/* dlopen searches the system's folders for a name without '/': a core is a file that was named. */
static void *open_library(const char *path, error_t *e)
{
    char local[4096];
    const int written =
        snprintf(local, sizeof local, "%s%s", strchr(path, '/') != NULL ? "" : "./", path);
    if (written < 0 || (size_t)written >= sizeof local) {
        (void)ERROR_RAISE(e, ERROR_CORE_LOAD, "%.80s...: the path is too long", path);
        return NULL;
    }
    void *library = dlopen(local, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *reason = dlerror();
        (void)ERROR_RAISE(e, ERROR_CORE_LOAD,
                          "%s: not a loadable core (%s); give the path of a shared object such as "
                          "dosing_core.so",
                          path, reason != NULL ? reason : "no reason given");
    }
    return library;
}

/* BLAKE2b-256 of the file, in hex. */
static int hash_file(const char *path, char code[CORE_CODE_SIZE], error_t *e)
{
    unsigned char bytes[16384];
    unsigned char hash[(CORE_CODE_SIZE - 1) / 2];
    crypto_generichash_state state;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return ERROR_RAISE(e, ERROR_FILE_READ, "cannot read %s: %s", path, strerror(errno));
    }
    (void)crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t n = fread(bytes, 1, sizeof bytes, file); n > 0;
         n = fread(bytes, 1, sizeof bytes, file)) {
        (void)crypto_generichash_update(&state, bytes, n);
    }
    const int failed = ferror(file);
    (void)fclose(file);
    if (failed) {
        return ERROR_RAISE(e, ERROR_FILE_READ, "cannot read %s to its end", path);
    }
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    (void)sodium_bin2hex(code, CORE_CODE_SIZE, hash, sizeof hash);
    return 0;
}

static int identify(core_t *core, const char *path, error_t *e)
{
    if (strcmp(core->entry->core_id, dosing_entry()->core_id) == 0) {
        (void)snprintf(core->code, sizeof core->code, CORE_CODE_BUILTIN);
        return 0;
    }
    return hash_file(path, core->code, e);
}

int core_load(const char *path, core_t *core, error_t *e)
{
    const dosing_entry_t *(*find)(void) = NULL;
    *core = (core_t){NULL, NULL, "", NULL};
    void *library = open_library(path, e);
    if (library == NULL) {
        return ERROR_CORE_LOAD;
    }
    *(void **)&find = dlsym(library, DOSING_ENTRY_SYMBOL); /* the form POSIX gives for dlsym */
    int status = 0;
    if (find == NULL) {
        status = ERROR_RAISE(e, ERROR_CORE_LOAD,
                             "%s: a shared object, but not a dosing core: it has no symbol %s",
                             path, DOSING_ENTRY_SYMBOL);
    } else {
        status = core_check(find(), path, e);
    }
    if (status == 0) {
        *core = (core_t){find(), library, "", NULL};
        status = identify(core, path, e);
    }
    if (status < 0) {
        dlclose(library);
        *core = (core_t){NULL, NULL, "", NULL};
    }
    return status;
}

void core_close(core_t *core)
{
    if (core->library != NULL) {
        dlclose(core->library);
    }
    *core = (core_t){NULL, NULL, "", NULL};
}
