/* SPDX-License-Identifier: Apache-2.0 */
/* Files in a folder of a temporary name, hashed as they are closed. */
#include "export/outbox.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset/durable.h"

#define BLOCK 65536

/* `folder` and `rest` as one path, which the caller frees; NULL without memory. */
static char *joined(const char *folder, const char *rest)
{
    const size_t size = strlen(folder) + strlen(rest) + 1;
    char *path = malloc(size);
    if (path != NULL) {
        (void)snprintf(path, size, "%s%s", folder, rest);
    }
    return path;
}

/* Removes a folder of files; one that holds a folder stays, with that folder in it. */
static int remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return -1;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    (void)closedir(folder);
    return rmdir(path);
}

static int is_export(const char *path)
{
    char line[sizeof OUTBOX_MARK] = "";
    char *readme = joined(path, "/" OUTBOX_README);
    FILE *f = readme != NULL ? fopen(readme, "r") : NULL;
    if (f != NULL) {
        line[fread(line, 1, sizeof line - 1, f)] = '\0';
        (void)fclose(f);
    }
    free(readme);
    return strcmp(line, OUTBOX_MARK) == 0;
}

static int may_have_name(const char *path, int overwrite, error_t *e)
{
    struct stat there;
    if (lstat(path, &there) != 0) {
        return errno == ENOENT ? 0
                               : ERROR_RAISE(e, ERROR_FILE_OPEN, "%s: %s", path, strerror(errno));
    }
    if (!overwrite) {
        return ERROR_RAISE(e, ERROR_EXISTS, "%s exists already; --force replaces it", path);
    }
    if (!S_ISDIR(there.st_mode) || !is_export(path)) {
        return ERROR_RAISE(e, ERROR_EXISTS,
                           "%s is no folder that an export wrote, and is not replaced: choose "
                           "another name, or remove it",
                           path);
    }
    return 0;
}

int outbox_begin(outbox_t *o, const char *path, int overwrite, error_t *e)
{
    size_t length = strlen(path);
    memset(o, 0, sizeof *o);
    o->overwrite = overwrite;
    o->path = joined(path, "");
    while (o->path != NULL && length > 1 && o->path[length - 1] == '/') {
        o->path[--length] = '\0';
    }
    char *part = o->path != NULL ? joined(o->path, ".part") : NULL;
    if (part == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "no memory for a path");
    }
    int code = may_have_name(o->path, overwrite, e);
    if (code == 0 && mkdir(part, 0777) != 0) {
        const int why = errno;
        code = why == EEXIST
                   ? ERROR_RAISE(e, ERROR_EXISTS,
                                 "%s is there: another export writes it, or one was killed; if "
                                 "none runs, remove it",
                                 part)
                   : ERROR_RAISE(e, ERROR_FILE_OPEN, "%s cannot be made: %s", part, strerror(why));
    }
    if (code == 0) {
        o->part = part;
    } else {
        free(part);
    }
    return code;
}

/* Path of a file in the folder being written. */
static char *within(const outbox_t *o, const char *name)
{
    char entry[OUTBOX_NAME_SIZE + 2];
    (void)snprintf(entry, sizeof entry, "/%s", name);
    return joined(o->part, entry);
}

int outbox_open(outbox_t *o, const char *name, FILE **f, error_t *e)
{
    *f = NULL;
    if (o->files == OUTBOX_FILES_MAX || strlen(name) >= OUTBOX_NAME_SIZE) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "no room for file %s of an export", name);
    }
    char *path = within(o, name);
    *f = path != NULL ? fopen(path, "w+") : NULL;
    const int why = errno;
    free(path);
    return *f != NULL ? 0
                      : ERROR_RAISE(e, ERROR_FILE_OPEN, "%s/%s: %s", o->part, name, strerror(why));
}

/* The file from its beginning: how long it is, and its hash. 0, or -1 where it cannot be read. */
static int take_hash(FILE *f, outbox_file_t *file)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    uint8_t *block = malloc(BLOCK);
    (void)crypto_hash_sha256_init(&state);
    rewind(f);
    for (size_t n = 1; block != NULL && n > 0; file->bytes += (int64_t)n) {
        n = fread(block, 1, BLOCK, f);
        (void)crypto_hash_sha256_update(&state, block, n);
    }
    (void)crypto_hash_sha256_final(&state, digest);
    (void)sodium_bin2hex(file->sha256, sizeof file->sha256, digest, sizeof digest);
    const int failed = block == NULL || ferror(f);
    free(block);
    return failed ? -1 : 0;
}

int outbox_close(outbox_t *o, FILE *f, const char *name, const char *title, const char *media,
                 error_t *e)
{
    outbox_file_t *file = &o->file[o->files];
    int code = 0;
    errno = 0;
    if (ferror(f) || fflush(f) != 0 || fsync(fileno(f)) != 0) {
        code = ERROR_RAISE(e, ERROR_FILE_WRITE, "%s/%s: %s; free some space, then export again",
                           o->part, name, errno != 0 ? strerror(errno) : "a write failed");
    }
    *file = (outbox_file_t){.title = title, .media = media};
    (void)snprintf(file->name, sizeof file->name, "%s", name);
    if (code == 0 && take_hash(f, file) != 0) {
        code = ERROR_RAISE(e, ERROR_FILE_READ, "%s/%s cannot be read back", o->part, name);
    }
    (void)fclose(f);
    o->files += code == 0;
    return code;
}

int outbox_text(outbox_t *o, const char *name, const char *title, const char *media,
                const char *text, error_t *e)
{
    FILE *f = NULL;
    const int code = outbox_open(o, name, &f, e);
    if (code != 0) {
        return code;
    }
    (void)fputs(text, f);
    return outbox_close(o, f, name, title, media, e);
}

int outbox_commit(outbox_t *o, error_t *e)
{
    char *old = joined(o->path, ".old");
    int code = old != NULL ? may_have_name(o->path, o->overwrite, e)
                           : ERROR_RAISE(e, ERROR_MEMORY, "no memory for a path");
    const int replaces = code == 0 && access(o->path, F_OK) == 0;
    if (replaces && (access(old, F_OK) == 0 || rename(o->path, old) != 0)) {
        code = ERROR_RAISE(e, ERROR_FILE_WRITE,
                           "%s cannot be moved aside to %s; is something there already?", o->path,
                           old);
    }
    if (code == 0) {
        code = durable_rename(o->part, o->path, e);
        if (code != 0 && replaces) {
            (void)rename(old, o->path);
        }
    }
    if (code == 0) {
        free(o->part);
        o->part = NULL;
        if (replaces && remove_folder(old) != 0) {
            code = ERROR_RAISE(e, ERROR_FILE_WRITE,
                               "%s is written; what it replaces is in %s and holds a folder: "
                               "remove it yourself",
                               o->path, old);
        }
    }
    free(old);
    return code;
}

void outbox_abandon(outbox_t *o)
{
    if (o->part != NULL) {
        (void)remove_folder(o->part);
    }
    free(o->part);
    free(o->path);
    o->part = o->path = NULL;
}
